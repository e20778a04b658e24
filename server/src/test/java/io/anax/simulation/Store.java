package io.anax.simulation;

import io.anax.compatibility.RespClient.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the whole store holds and what each command does to it: two databases of strings, and nothing
/// but the rules. Never changes; a command makes another one.
record Store(Map<String, String> first, Map<String, String> second) {
    static final Store EMPTY = new Store(Map.of(), Map.of());

    private static final Problem NO_SUCH_KEY = new Problem("ERR no such key");
    private static final Problem OVERFLOW = new Problem("ERR increment or decrement would overflow");
    private static final Problem NOT_AN_INTEGER = new Problem("ERR value is not an integer or out of range");

    /// What a command replies, and the store after it.
    record Outcome(@Nullable Object reply, Store after) {}

    Outcome run(int database, List<String> words) {
        Map<String, String> keys = database == 0 ? first : second;
        String name = words.getFirst();
        String key = words.size() > 1 ? words.get(1) : "";
        return switch (name) {
            case "GET" -> same(keys.get(key));
            case "MGET" -> same(valuesOf(keys, rest(words)));
            case "EXISTS" -> same(countOf(keys, rest(words)));
            case "DBSIZE" -> same((long) keys.size());
            case "SET" -> set(database, keys, words);
            case "INCR" -> increment(database, keys, key);
            case "APPEND" -> append(database, keys, key, words.get(2));
            case "GETDEL" -> new Outcome(keys.get(key), with(database, without(keys, List.of(key))));
            case "DEL" -> new Outcome(countedOnce(keys, rest(words)), with(database, without(keys, rest(words))));
            case "MSET" -> new Outcome("OK", with(database, setAll(keys, words)));
            case "MSETNX" -> setNew(database, keys, words);
            case "RENAME", "RENAMENX" -> rename(database, keys, words);
            case "COPY" -> copy(database, keys, words);
            case "FLUSHALL" -> new Outcome("OK", EMPTY);
            case "SWAPDB" -> new Outcome("OK", words.get(1).equals(words.get(2)) ? this : new Store(second, first));
            default -> throw new AssertionError("the model does not know " + name);
        };
    }

    private Outcome same(@Nullable Object reply) {
        return new Outcome(reply, this);
    }

    private Store with(int database, Map<String, String> keys) {
        return database == 0 ? new Store(keys, second) : new Store(first, keys);
    }

    private static List<String> rest(List<String> words) {
        return words.subList(1, words.size());
    }

    private static List<@Nullable String> valuesOf(Map<String, String> keys, List<String> asked) {
        var values = new ArrayList<@Nullable String>();
        asked.forEach(key -> values.add(keys.get(key)));
        return values;
    }

    private static long countOf(Map<String, String> keys, List<String> asked) {
        return asked.stream().filter(keys::containsKey).count();
    }

    private static long countedOnce(Map<String, String> keys, List<String> asked) {
        return asked.stream().distinct().filter(keys::containsKey).count();
    }

    private static Map<String, String> put(Map<String, String> keys, String key, String value) {
        var changed = new HashMap<>(keys);
        changed.put(key, value);
        return changed;
    }

    private static Map<String, String> without(Map<String, String> keys, List<String> gone) {
        var changed = new HashMap<>(keys);
        gone.forEach(changed::remove);
        return changed;
    }

    private static Map<String, String> setAll(Map<String, String> keys, List<String> words) {
        var changed = new HashMap<>(keys);
        for (int i = 1; i < words.size(); i += 2) {
            changed.put(words.get(i), words.get(i + 1));
        }
        return changed;
    }

    private Outcome set(int database, Map<String, String> keys, List<String> words) {
        var after = with(database, put(keys, words.get(1), words.get(2)));
        return new Outcome(words.size() > 3 ? keys.get(words.get(1)) : "OK", after); // SET key value GET
    }

    private Outcome increment(int database, Map<String, String> keys, String key) {
        String old = keys.getOrDefault(key, "0");
        if (!isInteger(old)) {
            return same(NOT_AN_INTEGER);
        }
        if (Long.parseLong(old) == Long.MAX_VALUE) {
            return same(OVERFLOW);
        }
        long sum = Long.parseLong(old) + 1;
        return new Outcome(sum, with(database, put(keys, key, String.valueOf(sum))));
    }

    private static boolean isInteger(String text) {
        try {
            return String.valueOf(Long.parseLong(text)).equals(text);
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private Outcome append(int database, Map<String, String> keys, String key, String value) {
        String longer = keys.getOrDefault(key, "") + value;
        return new Outcome((long) longer.length(), with(database, put(keys, key, longer)));
    }

    private Outcome setNew(int database, Map<String, String> keys, List<String> words) {
        for (int i = 1; i < words.size(); i += 2) {
            if (keys.containsKey(words.get(i))) {
                return same(0L);
            }
        }
        return new Outcome(1L, with(database, setAll(keys, words)));
    }

    private Outcome rename(int database, Map<String, String> keys, List<String> words) {
        String from = words.get(1);
        String to = words.get(2);
        boolean always = words.getFirst().equals("RENAME");
        String value = keys.get(from);
        if (value == null) {
            return same(NO_SUCH_KEY);
        }
        if (!always && keys.containsKey(to)) {
            return same(0L);
        }
        var after = with(database, put(without(keys, List.of(from)), to, value));
        return new Outcome(always ? "OK" : 1L, after);
    }

    private Outcome copy(int database, Map<String, String> keys, List<String> words) {
        String value = keys.get(words.get(1));
        boolean replaces = words.size() > 3; // COPY source destination REPLACE
        if (value == null || !replaces && keys.containsKey(words.get(2))) {
            return same(0L);
        }
        return new Outcome(1L, with(database, put(keys, words.get(2), value)));
    }
}
