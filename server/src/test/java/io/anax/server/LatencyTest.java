package io.anax.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.engine.LatencyMonitor.Event;
import io.anax.engine.LatencyMonitor.Sample;
import java.util.List;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class LatencyTest {
    @Test
    void theWorstOfEachSecondIsThatOfAllShards() {
        var one = new Event("command", List.of(new Sample(10, 5), new Sample(12, 7)), 40);
        var other = new Event("command", List.of(new Sample(10, 6), new Sample(11, 1)), 30);
        var fast = new Event("fast-command", List.of(new Sample(10, 1)), 1);
        assertThat(LatencyCommands.merged(List.of(List.of(one), List.of(other, fast), List.of())))
                .containsExactly(
                        new Event("command", List.of(new Sample(10, 6), new Sample(11, 1), new Sample(12, 7)), 40),
                        fast);
    }

    @Test
    void noMoreSecondsThanOneShardKeeps() {
        var even = LongStream.range(0, 160).mapToObj(i -> new Sample(2 * i, 1)).toList();
        var odd =
                LongStream.range(0, 160).mapToObj(i -> new Sample(2 * i + 1, 1)).toList();
        var merged = LatencyCommands.merged(
                List.of(List.of(new Event("command", even, 1)), List.of(new Event("command", odd, 1))));
        assertThat(merged.getFirst().samples()).hasSize(160).startsWith(new Sample(160, 1));
    }

    @Test
    void aGraphIsReadFromTheTop() {
        var event = new Event("command", List.of(new Sample(99, 50), new Sample(88, 75), new Sample(40, 100)), 120);
        assertThat(LatencyGraph.of(event, 100))
                .isEqualTo("command - high 100 ms, low 50 ms (all time high 120 ms)\n" + "-".repeat(80)
                        + "\n  #\n _|\n ||\n_||\n   \n111\ns2m\n s \n");
    }

    /// The bounds are those of Redis: 1, 2, 4, 8, 16, 33, 66, 132 …
    @Test
    void aHistogramCountsWhatTookNoLonger() {
        var histogram = new Histogram(1_000_000_000, 2);
        for (long nanos : new long[] {500, 1500, 30_000, 40_000, 1_000_000_000}) {
            histogram.recordValue(nanos);
        }
        assertThat(LatencyCommands.buckets(histogram)).containsExactly(1L, 1L, 2L, 2L, 33L, 3L, 66L, 4L, 1082130L, 5L);
    }
}
