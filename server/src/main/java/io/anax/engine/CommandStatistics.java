package io.anax.engine;

import io.anax.command.Command;
import java.util.Map;
import java.util.TreeMap;

/// What one shard counted of its commands. The owner thread writes; INFO reads.
public final class CommandStatistics {
    /// Different error codes that are counted one by one; as Redis, so that a client that makes up
    /// codes costs bounded memory.
    private static final int ERROR_CODES_MAX = 128;

    private final long[] calls;
    private final long[] nanos;
    private final long[] failures;
    private final long[] rejections;
    private final Map<String, Long> errors = new TreeMap<>();
    private long total;
    private long errorReplies;

    CommandStatistics(int commandCount) {
        calls = new long[commandCount];
        nanos = new long[commandCount];
        failures = new long[commandCount];
        rejections = new long[commandCount];
    }

    void ran(int commandId, long tookNanos) {
        calls[commandId]++;
        nanos[commandId] += tookNanos;
        total++;
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
        if (errors.size() < ERROR_CODES_MAX || errors.containsKey(code)) {
            errors.merge(code, 1L, Long::sum);
        }
    }

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

    public long total() {
        return total;
    }

    public long errorReplies() {
        return errorReplies;
    }

    public Map<String, Long> errors() {
        return Map.copyOf(errors);
    }

    /// CONFIG RESETSTAT.
    public void reset() {
        java.util.Arrays.fill(calls, 0);
        java.util.Arrays.fill(nanos, 0);
        java.util.Arrays.fill(failures, 0);
        java.util.Arrays.fill(rejections, 0);
        errors.clear();
        total = 0;
        errorReplies = 0;
    }
}
