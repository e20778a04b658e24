package io.anax.engine;

import io.anax.Limits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Moments at which one shard was slow, by what it was slow at: what LATENCY shows. Of each second only
/// the worst moment is kept.
public final class LatencyMonitor {
    private final Map<String, Series> series = new TreeMap<>();

    /// The worst of one second since 1970.
    public record Sample(long second, long millis) {}

    /// Oldest sample first, at least one; `worstMillis` is of all times. Never changes.
    public record Event(String name, List<Sample> samples, long worstMillis) {
        public Sample last() {
            return samples.getLast();
        }
    }

    private static final class Series {
        final ArrayDeque<Sample> samples = new ArrayDeque<>();
        long worstMillis;
    }

    void add(String event, long second, long millis) {
        Series of = series.computeIfAbsent(event, _ -> new Series());
        of.worstMillis = Math.max(of.worstMillis, millis);
        Sample last = of.samples.peekLast();
        if (last != null && last.second == second) {
            if (millis <= last.millis) {
                return;
            }
            of.samples.removeLast();
        }
        of.samples.addLast(new Sample(second, millis));
        if (of.samples.size() > Limits.LATENCY_SAMPLES_MAX) {
            of.samples.removeFirst();
        }
    }

    public List<Event> events() {
        return series.entrySet().stream()
                .map(entry ->
                        new Event(entry.getKey(), List.copyOf(entry.getValue().samples), entry.getValue().worstMillis))
                .toList();
    }

    /// Forgets the events that are meant; returns their names.
    public List<String> reset(Predicate<String> meant) {
        var names = new ArrayList<>(series.keySet());
        names.removeIf(meant.negate());
        names.forEach(series::remove);
        return names;
    }
}
