package io.anax.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One setting of the server: its name in a configuration file, on the command line (`--name`), in the
/// environment (`ANAX_NAME`) and in CONFIG GET, what values it takes, and what it is for. Names and
/// meanings are Redis's where the thing is the same.
enum Directive {
    PORT("port", "6379", Group.NETWORK, Kind.number(0, 65535), false, "TCP port; 0: none"),
    BIND(
            "bind",
            "* -::*",
            Group.NETWORK,
            Kind.TEXT,
            false,
            "Addresses to listen on; one behind a - may be missing on this machine"),
    UNIXSOCKET("unixsocket", "", Group.NETWORK, Kind.TEXT, false, "Path of a unix socket to listen on"),
    TCP_BACKLOG(
            "tcp-backlog",
            "511",
            Group.NETWORK,
            Kind.number(1, 65535),
            false,
            "Connections that may wait to be accepted"),
    TIMEOUT(
            "timeout",
            "0",
            Group.NETWORK,
            Kind.number(0, Integer.MAX_VALUE),
            true,
            "Seconds after which an idle client is closed; 0: never"),
    MAXCLIENTS("maxclients", "10000", Group.NETWORK, Kind.number(1, 1_000_000), true, "Clients at the same time"),
    IO(
            "io",
            "auto",
            Group.NETWORK,
            Kind.choice("auto", "uring", "nio"),
            false,
            "How to talk to the kernel: io_uring, or JDK NIO, or the better one that works here"),
    PROTO_MAX_BULK_LEN("proto-max-bulk-len", "512mb", Group.NETWORK, Kind.MEMORY, true, "Longest argument"),
    REQUIREPASS("requirepass", "", Group.SECURITY, Kind.TEXT, true, "Password that clients must give; empty: none"),
    PROTECTED_MODE(
            "protected-mode",
            "yes",
            Group.SECURITY,
            Kind.YES_NO,
            true,
            "Refuse clients of other machines while there is no password"),
    THREADS(
            "threads",
            "0",
            Group.GENERAL,
            Kind.number(0, 4096),
            false,
            "Shards, each with a thread of its own; 0: one for each processor"),
    DATABASES("databases", "16", Group.GENERAL, Kind.number(1, 16384), false, "Logical databases for SELECT"),
    MAXMEMORY("maxmemory", "0", Group.MEMORY, Kind.MEMORY, true, "Bytes that data may take; 0: no limit"),
    MAXMEMORY_POLICY(
            "maxmemory-policy",
            "noeviction",
            Group.MEMORY,
            Kind.choice(
                    "noeviction",
                    "allkeys-sieve",
                    "volatile-sieve",
                    "allkeys-lru",
                    "volatile-lru",
                    "allkeys-lfu",
                    "volatile-lfu",
                    "allkeys-random",
                    "volatile-random",
                    "volatile-ttl"),
            true,
            "Which keys go when memory is full"),
    MAXMEMORY_SAMPLES(
            "maxmemory-samples",
            "5",
            Group.MEMORY,
            Kind.number(1, 64),
            true,
            "Keys looked at for each one that lru, lfu or ttl evicts"),
    LFU_LOG_FACTOR(
            "lfu-log-factor",
            "10",
            Group.MEMORY,
            Kind.number(0, Integer.MAX_VALUE),
            true,
            "How slowly the counter of lfu grows"),
    LFU_DECAY_TIME(
            "lfu-decay-time",
            "1",
            Group.MEMORY,
            Kind.number(0, Integer.MAX_VALUE),
            true,
            "Minutes after which the counter of lfu falls by one");

    private static final List<Directive> ALL = List.of(values());

    private final String word;
    private final String byDefault;
    private final Group group;
    private final Kind kind;
    private final boolean mutable;
    private final String help;

    /// The headings of `--help`.
    enum Group {
        GENERAL("General"),
        NETWORK("Network"),
        SECURITY("Security"),
        MEMORY("Memory");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /// What values a directive takes.
    sealed interface Kind {
        record Text() implements Kind {}

        record YesNo() implements Kind {}

        record Memory() implements Kind {}

        record Number(long min, long max) implements Kind {}

        record Choice(List<String> words) implements Kind {}

        Kind TEXT = new Text();
        Kind YES_NO = new YesNo();
        Kind MEMORY = new Memory();

        static Kind number(long min, long max) {
            return new Number(min, max);
        }

        static Kind choice(String... words) {
            return new Choice(List.of(words));
        }
    }

    Directive(String word, String byDefault, Group group, Kind kind, boolean mutable, String help) {
        this.word = word;
        this.byDefault = byDefault;
        this.group = group;
        this.kind = kind;
        this.mutable = mutable;
        this.help = help;
    }

    static List<Directive> all() {
        return ALL;
    }

    String word() {
        return word;
    }

    String byDefault() {
        return byDefault;
    }

    Group group() {
        return group;
    }

    /// Whether CONFIG SET may change it while the server runs.
    boolean isMutable() {
        return mutable;
    }

    String help() {
        return help;
    }

    /// `ANAX_MAXMEMORY_POLICY`
    String variable() {
        return "ANAX_" + word.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /// The directive of this name.
    static Directive named(String word) throws ConfigException {
        for (Directive directive : ALL) {
            if (directive.word.equalsIgnoreCase(word)) {
                return directive;
            }
        }
        throw new ConfigException(
                "unknown directive '" + word + "'; the nearest known name is '" + nearest(word) + "'");
    }

    /// The value as it is kept and shown: sizes in bytes, words in lower case.
    String checked(String value) throws ConfigException {
        return switch (kind) {
            case Kind.Text _ -> value;
            case Kind.YesNo _ -> oneOf(value, List.of("yes", "no"));
            case Kind.Choice choice -> oneOf(value, choice.words());
            case Kind.Memory _ -> Long.toString(bytes(value));
            case Kind.Number number -> Long.toString(number(value, number));
        };
    }

    private String oneOf(String value, List<String> words) throws ConfigException {
        String lower = value.toLowerCase(Locale.ROOT);
        if (!words.contains(lower)) {
            throw new ConfigException(
                    "'" + word + "' must be one of " + String.join(", ", words) + ", not '" + value + "'");
        }
        return lower;
    }

    private long number(String value, Kind.Number range) throws ConfigException {
        try {
            long number = Long.parseLong(value);
            if (number >= range.min() && number <= range.max()) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new ConfigException("'" + word + "' must be a number between " + range.min() + " and " + range.max()
                + ", not '" + value + "'");
    }

    /// `100`, `100b`, `1k` = 1000, `1kb` = 1024, and so on up to `gb`, as Redis reads them.
    private long bytes(String value) throws ConfigException {
        String lower = value.toLowerCase(Locale.ROOT);
        int digits = 0;
        while (digits < lower.length() && Character.isDigit(lower.charAt(digits))) {
            digits++;
        }
        long unit = switch (lower.substring(digits)) {
            case "", "b" -> 1;
            case "k" -> 1000;
            case "kb" -> 1L << 10;
            case "m" -> 1000_000;
            case "mb" -> 1L << 20;
            case "g" -> 1000_000_000;
            case "gb" -> 1L << 30;
            default -> 0;
        };
        try {
            if (unit > 0 && digits > 0) {
                return Math.multiplyExact(Long.parseLong(lower.substring(0, digits)), unit);
            }
        } catch (ArithmeticException | NumberFormatException _) {
            // said below
        }
        throw new ConfigException("'" + word + "' must be a size such as 100mb or 2gb, not '" + value + "'");
    }

    private static String nearest(String word) {
        var best = new ArrayList<Directive>(ALL);
        best.sort((a, b) -> Integer.compare(distance(a.word, word), distance(b.word, word)));
        return best.getFirst().word;
    }

    /// Levenshtein's distance, over names of at most a few dozen characters.
    private static int distance(String a, String b) {
        String other = b.length() > 64 ? b.substring(0, 64) : b;
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
