package io.anax.engine;

import io.anax.Hot;
import io.anax.Limits;
import io.anax.command.Command;
import io.anax.command.CommandFlag;
import io.anax.command.Session;
import io.anax.protocol.Request;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// What one shard counted of its commands, how long they took, and which of them were slow. Only its own
/// thread writes and reads.
public final class CommandStatistics {
    private static final int LATENCY_DIGITS = 2; // 1 % is exact enough, and 24 KiB a command that is used

    private final long[] calls;
    private final long[] nanos;
    private final long[] failures;
    private final long[] rejections;
    private final @Nullable Histogram[] latencies; // null: not called since it is kept
    private final Map<String, Long> errors = new TreeMap<>();
    private final Slowlog slowlog = new Slowlog();
    private final LatencyMonitor latencyMonitor = new LatencyMonitor();
    private long total;
    private long errorReplies;
    private boolean keepsLatencies = true;
    private long slowlogMicros = Long.MAX_VALUE;
    private long latencyMillis = Long.MAX_VALUE;
    private long slowNanos = Long.MAX_VALUE; // the smaller of both: all that a fast command asks for

    CommandStatistics(int commandCount) {
        calls = new long[commandCount];
        nanos = new long[commandCount];
        failures = new long[commandCount];
        rejections = new long[commandCount];
        latencies = new @Nullable Histogram[commandCount];
    }

    /// A command ran, whatever came of it. One that was [#rejected] did not.
    @Hot
    void ran(Command command, Request request, Session session, long tookNanos, long nowMillis) {
        int id = command.id();
        calls[id]++;
        nanos[id] += tookNanos;
        total++;
        if (keepsLatencies) {
            latency(id).recordValue(Math.clamp(tookNanos, 1, Limits.COMMAND_LATENCY_NANOS_MAX));
        }
        if (tookNanos >= slowNanos) {
            slow(command, request, session, tookNanos / 1000, nowMillis);
        }
    }

    @Hot
    private Histogram latency(int id) {
        Histogram latency = latencies[id];
        return latency == null ? newLatency(id) : latency;
    }

    private Histogram newLatency(int id) {
        var latency = new Histogram(Limits.COMMAND_LATENCY_NANOS_MAX, LATENCY_DIGITS);
        latencies[id] = latency;
        return latency;
    }

    private void slow(Command command, Request request, Session session, long tookMicros, long nowMillis) {
        if (tookMicros >= slowlogMicros && !command.has(CommandFlag.SKIP_SLOWLOG)) {
            slowlog.add(command, request, session, tookMicros, nowMillis);
        }
        if (tookMicros / 1000 >= latencyMillis) {
            String event = command.has(CommandFlag.FAST) ? "fast-command" : "command";
            latencyMonitor.add(event, nowMillis / 1000, tookMicros / 1000);
        }
    }

    /// A handler gave an error.
    void failed(Command command, String error) {
        failures[command.id()]++;
        countError(error);
    }

    /// A command was refused before it ran.
    void rejected(Command command, String error) {
        rejections[command.id()]++;
        countError(error);
    }

    /// A request that is no command.
    void unknown(String error) {
        countError(error);
    }

    private void countError(String error) {
        errorReplies++;
        int blank = error.indexOf(' ');
        String code = blank < 0 ? error : error.substring(0, blank);
        if (errors.size() < Limits.ERROR_CODES_MAX || errors.containsKey(code)) {
            errors.merge(code, 1L, Long::sum);
        }
    }

    // ---- settings ---------------------------------------------------------------------------------

    /// From how long on a command is slow: in microseconds for the slow log, negative for never; in
    /// milliseconds for the latency monitor, 0 for never.
    public void slowFrom(long forSlowlogMicros, long forMonitorMillis) {
        slowlogMicros = forSlowlogMicros < 0 ? Long.MAX_VALUE : forSlowlogMicros;
        latencyMillis = forMonitorMillis == 0 ? Long.MAX_VALUE : forMonitorMillis;
        slowNanos = Math.min(times(slowlogMicros, 1000), times(latencyMillis, 1_000_000));
    }

    private static long times(long duration, long nanos) {
        return duration > Long.MAX_VALUE / nanos ? Long.MAX_VALUE : duration * nanos;
    }

    /// `latency-tracking`; what was kept goes when it is switched off.
    public void keepLatencies(boolean on) {
        keepsLatencies = on;
        if (!on) {
            Arrays.fill(latencies, null);
        }
    }

    // ---- what was counted -------------------------------------------------------------------------

    public long calls(int commandId) {
        return calls[commandId];
    }

    public long nanos(int commandId) {
        return nanos[commandId];
    }

    public long failures(int commandId) {
        return failures[commandId];
    }

    public long rejections(int commandId) {
        return rejections[commandId];
    }

    /// How long the calls of a command took, in nanoseconds; a copy. Null if there were none.
    public @Nullable Histogram latencies(int commandId) {
        Histogram latency = latencies[commandId];
        return latency == null ? null : latency.copy();
    }

    public long total() {
        return total;
    }

    public long errorReplies() {
        return errorReplies;
    }

    public Map<String, Long> errors() {
        return Map.copyOf(errors);
    }

    public Slowlog slowlog() {
        return slowlog;
    }

    public LatencyMonitor latencyMonitor() {
        return latencyMonitor;
    }

    /// CONFIG RESETSTAT: slow log and latency monitor have commands of their own for that.
    public void reset() {
        Arrays.fill(calls, 0);
        Arrays.fill(nanos, 0);
        Arrays.fill(failures, 0);
        Arrays.fill(rejections, 0);
        Arrays.fill(latencies, null);
        errors.clear();
        total = 0;
        errorReplies = 0;
    }
}
