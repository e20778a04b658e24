package io.anax.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Commands on few keys, so that clients get into each other's way. Values are new each time, so that a
/// reply tells who wrote what it shows.
final class RandomOperations {
    private final Random random;
    private final List<String> keys = new ArrayList<>();
    private final int severalInTen; // how many of ten commands have several keys
    private final int wholeInTwoHundred; // how many are on all keys
    private int nextValue = 1;

    RandomOperations(Random random, int keyCount) {
        this.random = random;
        this.severalInTen = 1 + random.nextInt(7);
        this.wholeInTwoHundred = random.nextInt(random.nextInt(4) == 0 ? 50 : 10);
        for (int i = 0; i < keyCount; i++) {
            keys.add(String.valueOf((char) ('a' + i)));
        }
    }

    List<String> next() {
        if (random.nextInt(200) < wholeInTwoHundred) {
            return whole();
        }
        return random.nextInt(10) < severalInTen ? several() : single();
    }

    private List<String> whole() {
        return switch (random.nextInt(4)) {
            case 0 -> List.of("FLUSHALL");
            case 1 -> List.of("SWAPDB", "0", "1");
            default -> List.of("DBSIZE");
        };
    }

    private List<String> single() {
        return switch (random.nextInt(10)) {
            case 0, 1 -> List.of("SET", key(), value());
            case 2, 3 -> List.of("SET", key(), value(), "GET");
            case 4 -> List.of("INCR", key());
            case 5 -> List.of("APPEND", key(), value());
            case 6 -> List.of("GETDEL", key());
            case 7 -> List.of("DEL", key());
            default -> List.of("GET", key());
        };
    }

    private List<String> several() {
        return switch (random.nextInt(12)) {
            case 0, 1 -> pairs("MSET");
            case 2, 3 -> pairs("MSETNX");
            case 4 -> List.of("RENAME", key(), key());
            case 5 -> List.of("RENAMENX", key(), key());
            case 6 -> copy();
            case 7 -> keysOf("DEL");
            case 8 -> keysOf("EXISTS");
            default -> keysOf("MGET");
        };
    }

    private List<String> copy() {
        int from = random.nextInt(keys.size());
        int to = (from + 1 + random.nextInt(keys.size() - 1)) % keys.size();
        return random.nextBoolean()
                ? List.of("COPY", keys.get(from), keys.get(to))
                : List.of("COPY", keys.get(from), keys.get(to), "REPLACE");
    }

    private List<String> keysOf(String name) {
        var words = new ArrayList<>(List.of(name));
        for (int i = 2 + random.nextInt(3); i > 0; i--) {
            words.add(key());
        }
        return words;
    }

    private List<String> pairs(String name) {
        var words = new ArrayList<>(List.of(name));
        for (int i = 2 + random.nextInt(3); i > 0; i--) {
            words.add(key());
            words.add(value());
        }
        return words;
    }

    private String key() {
        return keys.get(random.nextInt(keys.size()));
    }

    /// A number, or a word for INCR to stumble over.
    private String value() {
        int value = nextValue++;
        return random.nextInt(8) == 0 ? "w" + value : String.valueOf(1000 * value);
    }
}
