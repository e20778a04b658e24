package io.anax.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Every command that both have, as COMMAND describes it: what is derived from our usage lines must be
/// what Redis wrote down by hand. Without this test the derivation is a guess.
final class CommandTableCompatibilityTest {
    /// What COMMAND says of a command, by place. Tips are advice to proxies and differ as they like.
    private static final Map<Integer, String> COMPARED = new TreeMap<>(Map.of(
            1, "arity",
            2, "flags",
            3, "first key",
            4, "last key",
            5, "step",
            6, "categories",
            8, "key specs"));

    private static final int SUBCOMMANDS = 9;

    /// `command: what` that is different on purpose, and why.
    private static final Map<String, String> INTENDED = Map.of(
            "sort: key specs", "we do not list the keys that BY and GET make up: they are not in the request",
            "sort_ro: key specs", "as SORT");

    @Test
    void everyCommandIsDescribedAsInRedis() {
        var differences = new ArrayList<String>();
        try (var redis = RedisServer.start();
                var anax = AnaxProcess.start();
                var theirs = redis.connect();
                var ours = anax.connect()) {
            theirs.run("HELLO 3");
            ours.run("HELLO 3");
            var expected = described(theirs.run("COMMAND"));
            var actual = described(ours.run("COMMAND"));
            for (String name : actual.keySet()) {
                if (expected.containsKey(name)) {
                    compare(name, actual.get(name), expected.get(name), differences);
                }
            }
        }
        assertThat(String.join("\n", differences)).isEmpty();
    }

    private static void compare(String name, List<?> actual, List<?> expected, List<String> differences) {
        COMPARED.forEach((place, what) -> {
            Object ours = comparable(actual.get(place));
            Object theirs = comparable(expected.get(place));
            String title = name + ": " + what;
            if (!ours.equals(theirs) && !INTENDED.containsKey(title)) {
                differences.add(title + " " + ours + " should be " + theirs);
            }
        });
    }

    /// Flags and categories are sets; their order means nothing. Notes on key specs are prose.
    private static Object comparable(Object value) {
        return switch (value) {
            case List<?> list when list.stream().allMatch(String.class::isInstance) -> new TreeSet<>(list);
            case List<?> list -> list.stream().map(CommandTableCompatibilityTest::comparable).toList();
            case Map<?, ?> map -> {
                var comparable = new TreeMap<Object, Object>();
                map.forEach((name, of) -> comparable.put(name, comparable(of)));
                comparable.remove("notes");
                yield comparable;
            }
            default -> value;
        };
    }

    /// By full name, subcommands included.
    private static Map<String, List<?>> described(RespClient.Reply reply) {
        var all = new LinkedHashMap<String, List<?>>();
        for (Object command : reply.list()) {
            add((List<?>) command, all);
        }
        return all;
    }

    private static void add(List<?> command, Map<String, List<?>> all) {
        all.put((String) command.getFirst(), command);
        for (Object subcommand : (List<?>) command.get(SUBCOMMANDS)) {
            add((List<?>) subcommand, all);
        }
    }
}
