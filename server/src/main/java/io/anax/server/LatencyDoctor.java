package io.anax.server;

import io.anax.engine.LatencyMonitor.Event;
import io.anax.engine.LatencyMonitor.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// LATENCY DOCTOR: what the latency monitor saw, and what may be done about it.
final class LatencyDoctor {
    private final Config config;
    private final List<String> advice = new ArrayList<>();

    private LatencyDoctor(Config config) {
        this.config = config;
    }

    static String report(List<Event> events, Config config, long nowSecond) {
        if (events.isEmpty()) {
            return config.number(Directive.LATENCY_MONITOR_THRESHOLD) == 0
                    ? "The latency monitor is off. CONFIG SET latency-monitor-threshold <milliseconds> switches it on.\n"
                    : "No latency spike was seen so far.\n";
        }
        return new LatencyDoctor(config).report(events, nowSecond);
    }

    private String report(List<Event> events, long nowSecond) {
        var report = new StringBuilder("Latency spikes were seen:\n\n");
        for (int i = 0; i < events.size(); i++) {
            report.append(i + 1)
                    .append(". ")
                    .append(line(events.get(i), nowSecond))
                    .append('\n');
            advise(events.get(i));
        }
        report.append("\nWhat may help:\n\n");
        for (String what : advice) {
            report.append("- ").append(what).append('\n');
        }
        return report.toString();
    }

    private static String line(Event event, long nowSecond) {
        var samples = event.samples();
        long average = samples.stream().mapToLong(Sample::millis).sum() / samples.size();
        long deviation = samples.stream()
                        .mapToLong(sample -> Math.abs(average - sample.millis()))
                        .sum()
                / samples.size();
        double period = (double) Math.max(1, nowSecond - samples.getFirst().second()) / samples.size();
        return String.format(
                Locale.ROOT,
                "%s: %d latency spikes (average %dms, mean deviation %dms, period %.2f sec)."
                        + " Worst all time event %dms.",
                event.name(),
                samples.size(),
                average,
                deviation,
                period,
                event.worstMillis());
    }

    private void advise(Event event) {
        if (event.name().equals("fast-command")) {
            advice.add("Even short commands took long, so the machine did not give the server its time: look for"
                    + " other programs on its cores, for a limit of the container, and for swapping.");
            return;
        }
        long slowlogMicros = config.number(Directive.SLOWLOG_LOG_SLOWER_THAN);
        long thresholdMicros = 1000 * config.number(Directive.LATENCY_MONITOR_THRESHOLD);
        if (slowlogMicros < 0 || slowlogMicros > thresholdMicros) {
            advice.add("The slow log misses commands that the latency monitor sees: CONFIG SET"
                    + " slowlog-log-slower-than " + thresholdMicros + " makes it keep them.");
        }
        advice.add("SLOWLOG GET shows which commands took long, and on how much data they worked.");
    }
}
