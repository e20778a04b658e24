package io.anax.compatibility;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Commands as no sane client would send them, the same ones for the same seed: few keys, so that they
/// meet; odd numbers; options in any order; now and then an argument too many or too few.
///
/// No deadline lies between now and a minute from now, so the clock decides nothing, where no server looks
/// for expired keys by itself.
final class RandomCommands {
    private static final List<String> KEYS = List.of("a", "b", "c", "d", "e", "", "{t}x", "{t}y", "k".repeat(70));
    private static final List<String> INTEGERS = List.of(
            "0",
            "1",
            "-1",
            "5",
            "100",
            "-128",
            "127",
            "128",
            "32767",
            "-32769",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "007",
            "+1",
            "-0",
            " 1",
            "1 ",
            "",
            "1.0",
            "abc",
            "0x10",
            "1e3");
    private static final List<String> REALS = List.of(
            "0.1",
            "-0.1",
            "1.5",
            "3.0e3",
            "1e20",
            "-1e20",
            "1e-10",
            "10.50",
            "0",
            "inf",
            "-inf",
            "nan",
            "",
            " 1",
            "1 ",
            "abc",
            ".5",
            "5.",
            "0x1p3",
            "1e5000",
            "123456789.123");
    private static final List<String> WORDS = List.of(
            "hello",
            "world",
            "ohmytext",
            "mynewtext",
            "",
            "\0\r\n\u00ff",
            "x".repeat(44),
            "x".repeat(45),
            "ab".repeat(2100),
            "ab".repeat(6000),
            "xyz".repeat(30_000));
    private static final List<String> DATABASES = List.of("0", "1", "2", "0", "1", "2", "16", "-1", "abc", "");

    private static final List<String> COUNTED_KEYS = List.of("h1", "h2", "h3", "{t}h");
    private static final String SHORT_KEY = "short";

    private final Random random;
    private final long nowSeconds;
    private boolean countsNext;
    private List<String> command = new ArrayList<>();

    RandomCommands(long seed, long nowSeconds) {
        this.random = new Random(seed);
        this.nowSeconds = nowSeconds;
    }

    /// Finds every key there may be, so those gone by are forgotten: DBSIZE counts them as long as nobody
    /// looked, and who looks how far (MSETNX, up to the first that is there) differs.
    static List<String> findAll() {
        var command = new ArrayList<>(List.of("EXISTS", SHORT_KEY));
        command.addAll(KEYS);
        command.addAll(COUNTED_KEYS);
        return command;
    }

    List<String> next() {
        if (countsNext) {
            countsNext = false;
            return List.of("DBSIZE");
        }
        command = new ArrayList<>();
        switch (random.nextInt(15)) {
            case 10, 11, 12 -> bits();
            case 13, 14 -> hyperLogLog();
            case 0, 1 -> set();
            case 2, 3 -> number();
            case 4 -> bytes();
            case 5 -> several();
            case 6, 7 -> deadline();
            case 8 -> names();
            default -> look();
        }
        if (countsNext) {
            return command; // whole
        }
        if (oneIn(40)) {
            command.removeLast();
        } else if (oneIn(40)) {
            add(oneOf("extra", "", "GET", "0"));
        }
        return command.isEmpty() ? List.of("PING") : command;
    }

    private void set() {
        switch (random.nextInt(6)) {
            case 0 -> add(oneOf("SETNX", "GETSET"), key(), value());
            case 1 -> add(oneOf("SETEX"), key(), seconds(), value());
            case 2 -> add("PSETEX", key(), millis(), value());
            default -> {
                add("SET", key(), value());
                for (int i = random.nextInt(4); i > 0; i--) {
                    setOption();
                }
            }
        }
    }

    private void setOption() {
        switch (random.nextInt(6)) {
            case 0 -> add(oneOf("NX", "XX"));
            case 1 -> add("GET");
            case 2 -> add("KEEPTTL");
            case 3 -> add("foo");
            default -> timeOption();
        }
    }

    private void timeOption() {
        switch (random.nextInt(4)) {
            case 0 -> add("ex", seconds());
            case 1 -> add("PX", millis());
            case 2 -> add("EXAT", momentSeconds());
            default -> add("pxat", momentMillis());
        }
    }

    private void number() {
        switch (random.nextInt(5)) {
            case 0 -> add(oneOf("INCR", "DECR"), key());
            case 1, 2 -> add(oneOf("INCRBY", "DECRBY"), key(), oneOf(INTEGERS));
            case 3 -> add("INCRBYFLOAT", key(), oneOf(oneIn(3) ? INTEGERS : REALS));
            default -> add("SET", key(), oneOf(oneIn(2) ? INTEGERS : REALS));
        }
    }

    private void bytes() {
        switch (random.nextInt(6)) {
            case 0 -> add("APPEND", key(), value());
            case 1 -> add("SETRANGE", key(), oneOf("0", "1", "5", "50", "5000", "-1", "abc", "536870912"), value());
            case 2 -> add(oneOf("GETRANGE", "SUBSTR"), key(), oneOf(INTEGERS), oneOf(INTEGERS));
            case 3 -> add("STRLEN", key());
            case 4 -> add("GETDEL", key());
            default -> lcs();
        }
    }

    /// On short values only: it takes the product of their lengths.
    private void lcs() {
        add("SET", SHORT_KEY, oneOf("ohmytext", "mynewtext", "", "aabbaabb", "123"));
        if (oneIn(2)) {
            return;
        }
        command.clear();
        add("LCS", SHORT_KEY, oneOf(SHORT_KEY, "none"));
        for (int i = random.nextInt(3); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> add("IDX");
                case 1 -> add("LEN");
                case 2 -> add("WITHMATCHLEN");
                default -> add("MINMATCHLEN", oneOf(INTEGERS));
            }
        }
    }

    private void bits() {
        switch (random.nextInt(8)) {
            case 0 -> add("SETBIT", key(), bitOffset(), oneIn(10) ? oneOf(INTEGERS) : oneOf("0", "1"));
            case 1 -> add("GETBIT", key(), bitOffset());
            case 2 -> {
                add("BITCOUNT", key());
                bitRange(2);
            }
            case 3 -> {
                add("BITPOS", key(), oneIn(10) ? oneOf(INTEGERS) : oneOf("0", "1"));
                bitRange(random.nextInt(3));
            }
            case 4, 5 -> {
                add("BITOP", oneIn(20) ? "foo" : oneOf("AND", "or", "XOR", "Not"), key(), key());
                for (int i = random.nextInt(command.get(1).equals("Not") && !oneIn(8) ? 1 : 4); i > 0; i--) {
                    add(key());
                }
            }
            default -> {
                add(oneIn(4) ? "BITFIELD_RO" : "BITFIELD", key());
                for (int i = random.nextInt(5); i > 0; i--) {
                    bitfieldOperation(command.getFirst().equals("BITFIELD_RO") && !oneIn(10));
                }
            }
        }
    }

    /// The names end up in the bytes, so GET compares every register.
    private void hyperLogLog() {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> elements(random.nextInt(oneIn(10) ? 600 : 6));
            case 3 -> add("PFCOUNT", counted());
            case 4 -> {
                add("PFCOUNT", counted());
                others();
            }
            case 5, 6 -> {
                add("PFMERGE", counted());
                others();
            }
            case 7 -> add("PFDEBUG", oneOf("ENCODING", "decode", "DECODE", "foo", "TODENSE", "GETREG"), counted());
            case 8 -> add("SETRANGE", counted(), oneIn(2) ? "4" : "0", oneOf("hyll", "\1", "\2", "HYLL"));
            default -> add(oneOf("GET", "DEL", "STRLEN", "GET"), counted());
        }
    }

    private void elements(int count) {
        add("PFADD", counted());
        for (int i = 0; i < count; i++) {
            add(oneIn(3) ? oneOf(WORDS) : "e" + random.nextInt(5000));
        }
    }

    private void others() {
        for (int i = random.nextInt(4); i > 0; i--) {
            add(counted());
        }
    }

    /// Mostly a key that holds nothing but a HyperLogLog.
    private String counted() {
        return oneIn(20) ? key() : oneOf(COUNTED_KEYS);
    }

    private void bitRange(int bounds) {
        for (int i = bounds; i > 0; i--) {
            add(oneIn(8) ? oneOf(INTEGERS) : String.valueOf(random.nextInt(400) - 200));
        }
        if (bounds == 2 && oneIn(2)) {
            add(oneIn(20) ? "foo" : oneOf("BIT", "bit", "BYTE"));
        }
    }

    private void bitfieldOperation(boolean onlyGet) {
        if (onlyGet) {
            add("GET", bitfieldType(), bitfieldOffset());
            return;
        }
        switch (random.nextInt(5)) {
            case 0 -> add("get", bitfieldType(), bitfieldOffset());
            case 1 -> add("SET", bitfieldType(), bitfieldOffset(), oneOf(INTEGERS));
            case 2 -> add("OVERFLOW", oneIn(10) ? "foo" : oneOf("WRAP", "sat", "FAIL"));
            default -> add("INCRBY", bitfieldType(), bitfieldOffset(), bitfieldNumber());
        }
    }

    private String bitfieldType() {
        return oneIn(20) ? oneOf("u64", "i65", "i0", "u", "", "I8") : oneOf("u", "i") + (1 + random.nextInt(63));
    }

    private String bitfieldOffset() {
        return oneIn(3) ? "#" + (oneIn(10) ? farOffset() : String.valueOf(random.nextInt(20))) : bitOffset();
    }

    /// So that neither of two servers answers with a number that it calls an error most of the time.
    private String bitfieldNumber() {
        return oneIn(10) ? oneOf(INTEGERS) : String.valueOf(random.nextLong() >> random.nextInt(64));
    }

    /// Mostly in the first bytes, where the strings are; never so far that memory is worth a thought.
    private String bitOffset() {
        if (oneIn(15)) {
            return farOffset();
        }
        return String.valueOf(random.nextInt(oneIn(20) ? 500_000 : oneIn(4) ? 40_000 : 200));
    }

    /// None, or one that no string has.
    private String farOffset() {
        return oneOf("-1", "abc", "", "4294967296", "9223372036854775807", "9223372036854775808");
    }

    private void several() {
        String name = oneOf("MSET", "MSETNX", "MGET", "DEL", "UNLINK", "EXISTS", "TOUCH");
        add(name);
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            add(key());
            if (name.startsWith("MSET")) {
                add(value());
            }
        }
    }

    private void deadline() {
        switch (random.nextInt(7)) {
            case 0 -> add("EXPIRE", key(), seconds());
            case 1 -> add("PEXPIRE", key(), millis());
            case 2 -> add("EXPIREAT", key(), momentSeconds());
            case 3 -> add("PEXPIREAT", key(), momentMillis());
            case 4 -> add("PERSIST", key());
            case 5 -> {
                add("GETEX", key());
                if (oneIn(4)) {
                    add("PERSIST");
                } else {
                    timeOption();
                }
            }
            default -> add(oneOf("TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME"), key());
        }
        if (command.getFirst().contains("PIRE") && command.size() == 3) {
            for (int i = random.nextInt(3); i > 0; i--) {
                add(oneOf("NX", "XX", "GT", "lt", "GT", "LT", "foo"));
            }
        }
    }

    private void names() {
        switch (random.nextInt(6)) {
            case 0 -> add(oneOf("RENAME", "RENAMENX"), key(), key());
            case 1 -> add("MOVE", key(), oneOf(DATABASES));
            case 2 -> add("SELECT", oneOf(DATABASES));
            case 3 -> {
                command.addAll(findAll());
                countsNext = true;
            }
            default -> {
                add("COPY", key(), key());
                if (oneIn(2)) {
                    add("DB", oneOf(DATABASES));
                }
                if (oneIn(2)) {
                    add(oneOf("REPLACE", "replace", "foo"));
                }
            }
        }
    }

    private void look() {
        switch (random.nextInt(5)) {
            case 0 -> add("OBJECT", "ENCODING", key());
            case 3 -> add("OBJECT", "FREQ", key());
            case 1 -> add("TYPE", key());
            case 2 -> add(oneOf("FLUSHDB", "NOSUCH", "OBJECT", "PING", "ECHO"));
            default -> add("GET", key());
        }
    }

    private String seconds() {
        return oneIn(5)
                ? oneOf("0", "-1", "abc", "", "9223372036854775807", "-9223372036854775808", "1.5")
                : String.valueOf(60 + random.nextInt(100_000));
    }

    private String millis() {
        return oneIn(5)
                ? oneOf("0", "-1", "abc", "", "9223372036854775807", "-9223372036854775808")
                : String.valueOf(60_000 + random.nextInt(100_000_000));
    }

    private String momentSeconds() {
        return oneIn(5)
                ? oneOf("0", "-1", "1", "abc", "9223372036854775807")
                : String.valueOf(nowSeconds + 600 + random.nextInt(100_000));
    }

    private String momentMillis() {
        return oneIn(5)
                ? oneOf("0", "-1", "1", "abc", "9223372036854775807")
                : String.valueOf(1000 * (nowSeconds + 600) + random.nextInt(100_000_000));
    }

    private String key() {
        return oneOf(KEYS);
    }

    private String value() {
        return switch (random.nextInt(3)) {
            case 0 -> oneOf(INTEGERS);
            case 1 -> oneOf(REALS);
            default -> oneOf(WORDS);
        };
    }

    private void add(String... words) {
        command.addAll(List.of(words));
    }

    private boolean oneIn(int count) {
        return random.nextInt(count) == 0;
    }

    private String oneOf(String... words) {
        return words[random.nextInt(words.length)];
    }

    private String oneOf(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }
}
