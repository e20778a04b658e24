package io.anax.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    private static RedisServer redis;
    private static AnaxProcess anax;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
        anax = AnaxProcess.start();
    }

    @AfterAll
    static void stop() {
        if (redis != null) {
            redis.close();
        }
        if (anax != null) {
            anax.close();
        }
    }

    @Test
    void everyCommandIsDescribedAsInRedis() {
        var differences = new ArrayList<String>();
        try (var theirs = redis.connect();
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COMMAND INFO get nosuch",
                "COMMAND INFO nosuch|get get|nosuch",
                "COMMAND DOCS nosuch",
                "COMMAND LIST FILTERBY PATTERN 'getr*'",
                "COMMAND LIST FILTERBY PATTERN 'GETR*'",
                "COMMAND LIST FILTERBY ACLCAT nosuch",
                "COMMAND LIST FILTERBY MODULE none",
                "COMMAND LIST FILTERBY NOSUCH x",
                "COMMAND LIST x",
                "COMMAND COUNT x",
                "COMMAND nosuch",
                "COMMAND GETKEYS",
                "COMMAND GETKEYS GET a",
                "COMMAND GETKEYS GET",
                "COMMAND GETKEYS GET a b",
                "COMMAND GETKEYS nosuch a",
                "COMMAND GETKEYS PING a",
                "COMMAND GETKEYS CLIENT nosuch",
                "COMMAND GETKEYS MSET a 1 b 2",
                "COMMAND GETKEYS LCS a b",
                "COMMAND GETKEYS RENAME a b",
                "COMMAND GETKEYSANDFLAGS MSET a 1 b 2",
                "COMMAND GETKEYSANDFLAGS RENAME a b",
                "COMMAND GETKEYSANDFLAGS PING a",
                "COMMAND GETKEYSANDFLAGS OBJECT ENCODING a",
            })
    void repliesAreThoseOfRedis(String line) {
        for (String version : List.of("2", "3")) {
            try (var theirs = redis.connect();
                    var ours = anax.connect()) {
                theirs.send("HELLO", version);
                ours.send("HELLO", version);
                assertThat(ours.run(line).rawText())
                        .as("%s in RESP%s", line, version)
                        .isEqualTo(theirs.run(line).rawText());
            }
        }
    }

    private static void compare(String name, List<?> actual, List<?> expected, List<String> differences) {
        COMPARED.forEach((place, what) -> {
            Object ours = comparable(actual.get(place));
            Object theirs = comparable(expected.get(place));
            String title = name + ": " + what;
            boolean same = ours.equals(theirs);
            if (!same && !INTENDED.containsKey(title)) {
                differences.add(title + " " + ours + " should be " + theirs);
            }
            if (same && INTENDED.containsKey(title)) {
                differences.add(title + " is the same: take it off the list");
            }
        });
    }

    /// Flags and categories are sets; their order means nothing. Notes on key specs are prose.
    private static Object comparable(Object value) {
        return switch (value) {
            case List<?> list when list.stream().allMatch(String.class::isInstance) -> new TreeSet<>(list);
            case List<?> list ->
                list.stream().map(CommandTableCompatibilityTest::comparable).toList();
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
