package io.anax.server;

import io.anax.engine.LatencyMonitor.Event;
import io.anax.engine.LatencyMonitor.Sample;
import java.util.List;
import java.util.Locale;

/// LATENCY GRAPH: the samples of an event as columns of characters, below each how long ago it was.
///
/// ```
///  command - high 100 ms, low 50 ms (all time high 100 ms)
///  -------------------------------------------------------
///   #
///   |         four rows of three steps each: _ o # are the top of a column, | its body
///   |
///  _|
///
///  10         read from the top: 1 second, 0 seconds ago
///  ss
/// ```
final class LatencyGraph {
    private static final int COLUMNS = 80;
    private static final int ROWS = 4;
    private static final char[] TOPS = {'_', 'o', '#'};
    private static final int STEPS = ROWS * TOPS.length;

    private final List<Sample> samples;
    private final long nowSecond;
    private final long low;
    private final long high;
    private final StringBuilder graph = new StringBuilder();

    private LatencyGraph(List<Sample> samples, long nowSecond) {
        this.samples = samples;
        this.nowSecond = nowSecond;
        low = samples.stream().mapToLong(Sample::millis).min().orElse(0);
        high = samples.stream().mapToLong(Sample::millis).max().orElse(0);
    }

    static String of(Event event, long nowSecond) {
        return new LatencyGraph(event.samples(), nowSecond).draw(event);
    }

    private String draw(Event event) {
        graph.append(String.format(
                Locale.ROOT,
                "%s - high %d ms, low %d ms (all time high %d ms)\n",
                event.name(),
                high,
                low,
                event.worstMillis()));
        graph.append("-".repeat(COLUMNS)).append('\n');
        for (int begin = 0; begin < samples.size(); begin += COLUMNS) {
            graph.append(begin == 0 ? "" : "\n");
            draw(samples.subList(begin, Math.min(samples.size(), begin + COLUMNS)));
        }
        return graph.toString();
    }

    private void draw(List<Sample> part) {
        for (int row = 0; row < ROWS; row++) {
            char[] line = new char[part.size()];
            for (int i = 0; i < line.length; i++) {
                line[i] = column(step(part.get(i)), ROWS - 1 - row);
            }
            graph.append(line).append('\n');
        }
        graph.append(" ".repeat(part.size())).append('\n');
        drawAges(part);
    }

    /// How high a column is, 0 to STEPS - 1.
    private int step(Sample sample) {
        long range = Math.max(1, high - low);
        return (int) Math.min(STEPS - 1, (sample.millis() - low) * STEPS / range);
    }

    /// What is seen of a column at so many rows above the bottom.
    private static char column(int step, int rowsAbove) {
        int inRow = step - rowsAbove * TOPS.length;
        if (inRow < 0) {
            return ' ';
        }
        return inRow < TOPS.length ? TOPS[inRow] : '|';
    }

    private void drawAges(List<Sample> part) {
        var ages = part.stream().map(sample -> age(nowSecond - sample.second())).toList();
        int longest = ages.stream().mapToInt(String::length).max().orElse(0);
        for (int row = 0; row < longest; row++) {
            char[] line = new char[part.size()];
            for (int i = 0; i < line.length; i++) {
                String age = ages.get(i);
                line[i] = row < age.length() ? age.charAt(row) : ' ';
            }
            graph.append(line).append('\n');
        }
    }

    private static String age(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m";
        }
        return seconds < 86_400 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }
}
