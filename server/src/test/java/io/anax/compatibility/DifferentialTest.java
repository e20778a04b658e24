package io.anax.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.compatibility.RespClient.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Twenty thousand random commands, to Redis and to us: every reply is the same to the byte, except
/// where [#INTENDED] says why not. A failure names the seed; `-Danax.seed=…` runs it again.
final class DifferentialTest {
    private static final int COMMANDS = 20_000;
    private static final int BATCH = 25;
    private static final int DIFFERENCES_SHOWN = 20;

    /// The two servers see a command at two moments, so times to live differ by what lies between.
    private static final long TOLERANCE_MILLIS = 2000;

    private static final Set<String> TOLD_IN_SECONDS = Set.of("TTL", "EXPIRETIME");
    private static final Set<String> TOLD_IN_MILLIS = Set.of("PTTL", "PEXPIRETIME");

    /// A difference that is meant to be.
    private record Intended(String why, String command, String ours, String redis) {}

    private static final List<Intended> INTENDED = List.of(
            new Intended("a number is stored as one, whichever command wrote it", "OBJECT ENCODING", "int", "embstr"),
            new Intended("as above, of a string that had been appended to", "OBJECT ENCODING", "int", "raw"));

    /// Redis 7.2, whose replies ours are, looks at all arguments of these before it looks for the key; 7.0
    /// answered for a key that is not there, or of another type, at once.
    private static final Set<String> ARGUMENTS_FIRST = Set.of("BITCOUNT", "BITPOS");

    private static final Set<String> KEY_FIRST_REPLIES =
            Set.of("0", "-1", "-WRONGTYPE Operation against a key holding the wrong kind of value");

    /// A deadline has 48 bits: it ends in the year 10889, where Redis's goes on for some million years.
    private static final long LAST_DEADLINE_MILLIS = (1L << 48) - 1;

    @ParameterizedTest
    @ValueSource(strings = {"2", "3"})
    void randomCommandsAreAnsweredAsByRedis(String version) {
        long seed = Long.getLong("anax.seed", System.nanoTime());
        System.out.println("DifferentialTest: RESP" + version + " -Danax.seed=" + seed);
        var commands = new RandomCommands(seed, System.currentTimeMillis() / 1000);
        var differences = new ArrayList<String>();
        try (var redis = RedisServer.start("--enable-debug-command", "yes");
                var anax = Embedded.start();
                var theirs = redis.connect();
                var ours = anax.connect()) {
            for (var server : List.of(theirs, ours)) {
                server.send("HELLO", version);
                assertThat(server.send("DEBUG", "SET-ACTIVE-EXPIRE", "0").text())
                        .isEqualTo("OK");
            }
            for (int i = 0; i < COMMANDS && differences.size() < DIFFERENCES_SHOWN; i += BATCH) {
                int before = differences.size();
                compare(commands, theirs, ours, differences);
                if (differences.size() > before) { // start anew, so that a difference is not told twice
                    theirs.send("FLUSHALL");
                    ours.send("FLUSHALL");
                }
            }
        }
        assertThat(String.join("\n", differences)).as("seed %d", seed).isEmpty();
    }

    /// One batch, pipelined: as programs do it, and quicker.
    private static void compare(RandomCommands commands, RespClient theirs, RespClient ours, List<String> differences) {
        var batch = new ArrayList<List<String>>();
        for (int i = 0; i < BATCH; i++) {
            List<String> command = commands.next();
            batch.add(command);
            theirs.write(command.toArray(String[]::new));
            ours.write(command.toArray(String[]::new));
        }
        for (List<String> command : batch) {
            var expected = theirs.read();
            var actual = ours.read();
            if (!same(command, actual, expected) && !isIntended(command, actual, expected)) {
                differences.add("%s%n    ours   %s%n    Redis  %s"
                        .formatted(shortened(command), shortened(actual), shortened(expected)));
            }
        }
    }

    private static boolean same(List<String> command, Reply actual, Reply expected) {
        if (actual.equals(expected)) {
            return true;
        }
        String name = command.getFirst();
        long unit = TOLD_IN_SECONDS.contains(name) ? 1000 : TOLD_IN_MILLIS.contains(name) ? 1 : 0;
        return unit > 0
                && actual.value() instanceof Long a
                && expected.value() instanceof Long b
                && a > 0
                && b > 0
                && Math.abs(a - b) * unit <= TOLERANCE_MILLIS;
    }

    private static boolean isIntended(List<String> command, Reply actual, Reply expected) {
        if (isBeyondDeadlines(command.getFirst(), expected)) {
            return true;
        }
        if (ARGUMENTS_FIRST.contains(command.getFirst())
                && actual.isProblem()
                && KEY_FIRST_REPLIES.contains(expected.text())) {
            return true;
        }
        return INTENDED.stream()
                .anyMatch(one -> String.join(" ", command).startsWith(one.command())
                        && actual.text().equals(one.ours())
                        && expected.text().equals(one.redis()));
    }

    private static boolean isBeyondDeadlines(String name, Reply expected) {
        long unit = TOLD_IN_SECONDS.contains(name) ? 1000 : TOLD_IN_MILLIS.contains(name) ? 1 : 0;
        boolean told = unit > 0 && expected.value() instanceof Long;
        boolean untilThen = name.endsWith("EXPIRETIME");
        long last = untilThen ? LAST_DEADLINE_MILLIS : LAST_DEADLINE_MILLIS - System.currentTimeMillis();
        return told && expected.value() instanceof Long value && value > last / unit;
    }

    private static String shortened(Object reply) {
        String text = reply.toString();
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }
}
