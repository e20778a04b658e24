package io.anax.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.command.Command;
import io.anax.command.CommandFamily;
import io.anax.command.CommandFlag;
import io.anax.command.CommandTable;
import io.anax.command.Session;
import io.anax.memory.Memory;
import io.anax.protocol.Peer;
import io.anax.protocol.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CommandStatisticsTest {
    private static final long MILLI = 1_000_000;

    private final CommandTable commands = new CommandTable(CommandFamily.family("string")
            .add("GET key", _ -> {}, CommandFlag.FAST)
            .add("SET key value [value ...]", _ -> {})
            .add("EXEC", _ -> {}, CommandFlag.SKIP_SLOWLOG)
            .add("AUTH [username] password", _ -> {})
            .add("HELLO [protover [AUTH username password] [SETNAME clientname]]", _ -> {})
            .container("CONFIG")
            .add("CONFIG SET parameter value [parameter value ...]", _ -> {}));
    private final CommandStatistics statistics = new CommandStatistics(commands.count());
    private final Session session = new Session(1, Peer.of("1.2.3.4:5", "1.2.3.4:6"), true, 0);
    private long block;
    private int blockSize;

    @AfterEach
    void free() {
        release();
    }

    private void release() {
        if (blockSize > 0) {
            Memory.free(block, blockSize);
            blockSize = 0;
        }
    }

    private Request request(String... words) {
        release();
        byte[] bytes = String.join("", words).getBytes(StandardCharsets.ISO_8859_1);
        blockSize = Math.max(1, bytes.length);
        block = Memory.allocate(blockSize);
        Memory.copy(bytes, 0, block, bytes.length);
        var request = new Request();
        long at = block;
        for (String word : words) {
            request.add(at, word.length());
            at += word.length();
        }
        return request;
    }

    private void ran(long nanos, long nowMillis, String... words) {
        Request request = request(words);
        Command command = commands.find(request);
        assertThat(command).isNotNull();
        statistics.ran(command, request, session, nanos, nowMillis);
    }

    private List<String> slowest() {
        return statistics.slowlog().newest(1).getFirst().arguments().stream()
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .toList();
    }

    @Test
    void aCommandIsSlowFromItsThresholdOn() {
        statistics.slowFrom(10, 0);
        ran(9_999, 1, "GET", "a");
        assertThat(statistics.slowlog().length()).isZero();
        ran(10_000, 1_500, "GET", "b");
        var entry = statistics.slowlog().newest(10).getFirst();
        assertThat(entry.micros()).isEqualTo(10);
        assertThat(entry.millis()).isEqualTo(1_500);
        assertThat(entry.address()).isEqualTo("1.2.3.4:5");
        assertThat(slowest()).containsExactly("GET", "b");
    }

    @Test
    void nothingIsSlowWhenBothAreOff() {
        statistics.slowFrom(-1, 0);
        ran(Long.MAX_VALUE, 1, "GET", "a");
        assertThat(statistics.slowlog().length()).isZero();
        assertThat(statistics.latencyMonitor().events()).isEmpty();
    }

    @Test
    void thresholdsBeyondAllNumbersAreNever() {
        statistics.slowFrom(Long.MAX_VALUE, Long.MAX_VALUE);
        ran(Long.MAX_VALUE - 1, 1, "GET", "a");
        assertThat(statistics.slowlog().length()).isZero();
    }

    @Test
    void someCommandsAreNeverInTheSlowLog() {
        statistics.slowFrom(0, 0);
        ran(1, 1, "EXEC");
        assertThat(statistics.slowlog().length()).isZero();
    }

    @Test
    void theSlowLogKeepsTheNewest() {
        statistics.slowFrom(0, 0);
        statistics.slowlog().lengthMax(3);
        for (int i = 0; i < 10; i++) {
            ran(1, i, "GET", "key" + i);
        }
        assertThat(statistics.slowlog().newest(100))
                .extracting(Slowlog.Entry::number)
                .containsExactly(9L, 8L, 7L);
        statistics.slowlog().lengthMax(1);
        assertThat(statistics.slowlog().length()).isEqualTo(1);
        statistics.slowlog().lengthMax(0);
        ran(1, 1, "GET", "a");
        assertThat(statistics.slowlog().length()).isZero();
    }

    @Test
    void longArgumentsAndManyAreCut() {
        statistics.slowFrom(0, 0);
        ran(1, 1, "SET", "k".repeat(128), "v".repeat(130));
        assertThat(slowest()).containsExactly("SET", "k".repeat(128), "v".repeat(128) + "... (2 more bytes)");
        String[] words = new String[40];
        java.util.Arrays.fill(words, "v");
        words[0] = "SET";
        ran(1, 1, words);
        assertThat(slowest()).hasSize(32).endsWith("v", "... (9 more arguments)");
    }

    @Test
    void passwordsAreNotWrittenDown() {
        statistics.slowFrom(0, 0);
        ran(1, 1, "auth", "secret");
        assertThat(slowest()).containsExactly("auth", "(redacted)");
        ran(1, 1, "AUTH", "me", "secret");
        assertThat(slowest()).containsExactly("AUTH", "(redacted)", "(redacted)");
        ran(1, 1, "HELLO", "3", "Auth", "me", "secret", "SETNAME", "auth");
        assertThat(slowest()).containsExactly("HELLO", "3", "Auth", "(redacted)", "(redacted)", "SETNAME", "auth");
        ran(1, 1, "CONFIG", "SET", "timeout", "5", "RequirePass", "secret", "maxmemory", "1");
        assertThat(slowest())
                .containsExactly("CONFIG", "SET", "timeout", "5", "RequirePass", "(redacted)", "maxmemory", "1");
    }

    @Test
    void theMonitorKeepsTheWorstOfEachSecond() {
        statistics.slowFrom(-1, 5);
        ran(4 * MILLI, 1_000, "SET", "a", "b");
        ran(5 * MILLI, 1_000, "SET", "a", "b");
        ran(9 * MILLI, 1_900, "SET", "a", "b");
        ran(6 * MILLI, 1_999, "SET", "a", "b");
        ran(7 * MILLI, 2_000, "SET", "a", "b");
        ran(8 * MILLI, 2_000, "GET", "a");
        assertThat(statistics.latencyMonitor().events())
                .containsExactly(
                        new LatencyMonitor.Event(
                                "command",
                                List.of(new LatencyMonitor.Sample(1, 9), new LatencyMonitor.Sample(2, 7)),
                                9),
                        new LatencyMonitor.Event("fast-command", List.of(new LatencyMonitor.Sample(2, 8)), 8));
        assertThat(statistics.latencyMonitor().reset("command"::equals)).containsExactly("command");
        assertThat(statistics.latencyMonitor().events()).hasSize(1);
    }

    @Test
    void theMonitorForgetsWhatIsOld() {
        statistics.slowFrom(-1, 1);
        ran(99 * MILLI, 1000, "GET", "a");
        for (int second = 2; second < 200; second++) {
            ran(MILLI, second * 1000L, "GET", "a");
        }
        var event = statistics.latencyMonitor().events().getFirst();
        assertThat(event.samples()).hasSize(160).endsWith(new LatencyMonitor.Sample(199, 1));
        assertThat(event.worstMillis()).isEqualTo(99);
    }

    @Test
    void latenciesAreKeptForEachCommandThatWasCalled() {
        ran(500, 1, "GET", "a");
        ran(0, 1, "GET", "a");
        ran(100_000 * MILLI, 1, "GET", "a"); // more than a second is a second
        var latencies = statistics.latencies(0);
        assertThat(latencies).isNotNull();
        assertThat(latencies.getTotalCount()).isEqualTo(3);
        assertThat(latencies.getMaxValue()).isBetween(1_000_000_000L, 1_010_000_000L);
        assertThat(statistics.latencies(1)).isNull();
        assertThat(statistics.calls(0)).isEqualTo(3);
        statistics.keepLatencies(false);
        ran(500, 1, "GET", "a");
        assertThat(statistics.latencies(0)).isNull();
    }

    @Test
    void aClientCannotMakeUpErrorCodesWithoutEnd() {
        for (int i = 0; i < 1000; i++) {
            statistics.unknown("CODE" + i + " text");
        }
        assertThat(statistics.errors()).hasSize(128);
        assertThat(statistics.errorReplies()).isEqualTo(1000);
    }

    @Test
    void resetForgetsCountersOnly() {
        statistics.slowFrom(0, 1);
        ran(5 * MILLI, 1, "GET", "a");
        statistics.failed(commands.command(0), "ERR x");
        statistics.rejected(commands.command(0), "NOAUTH x");
        assertThat(statistics.errors()).containsEntry("ERR", 1L).containsEntry("NOAUTH", 1L);
        statistics.reset();
        assertThat(statistics.total()).isZero();
        assertThat(statistics.calls(0) + statistics.nanos(0) + statistics.failures(0) + statistics.rejections(0))
                .isZero();
        assertThat(statistics.latencies(0)).isNull();
        assertThat(statistics.errors()).isEmpty();
        assertThat(statistics.slowlog().length()).isEqualTo(1);
        assertThat(statistics.latencyMonitor().events()).hasSize(1);
    }
}
