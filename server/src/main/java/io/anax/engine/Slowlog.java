package io.anax.engine;

import io.anax.Limits;
import io.anax.command.Command;
import io.anax.command.Session;
import io.anax.memory.Memory;
import io.anax.protocol.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// The last slow commands of one shard, the newest first, as SLOWLOG shows them.
public final class Slowlog {
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long lengthMax = 128;
    private long nextNumber;

    /// One slow command. Its number is unique on its shard only; never changes.
    public record Entry(long number, long millis, long micros, List<byte[]> arguments, String address, String name) {}

    /// `slowlog-max-len`: older entries go.
    public void lengthMax(long entries) {
        lengthMax = entries;
        trim();
    }

    void add(Command command, Request request, Session session, long micros, long nowMillis) {
        var arguments = arguments(command, request);
        entries.addFirst(new Entry(nextNumber++, nowMillis, micros, arguments, session.address(), session.name()));
        trim();
    }

    private void trim() {
        while (entries.size() > lengthMax) {
            entries.removeLast();
        }
    }

    /// The newest ones, no more than `most`.
    public List<Entry> newest(long most) {
        return entries.stream().limit(most).toList();
    }

    public int length() {
        return entries.size();
    }

    public void reset() {
        entries.clear();
    }

    /// The last one says how many are missing, when there are too many.
    private static List<byte[]> arguments(Command command, Request request) {
        int count = Math.min(request.count(), Limits.SLOWLOG_ARGUMENTS_MAX);
        var arguments = new ArrayList<byte[]>(count);
        for (int i = 0; i < count; i++) {
            boolean rest = i == count - 1 && count < request.count();
            arguments.add(
                    rest ? ascii("... (" + (request.count() - i) + " more arguments)") : argument(command, request, i));
        }
        return List.copyOf(arguments);
    }

    private static byte[] argument(Command command, Request request, int i) {
        if (Redaction.hides(command, request, i)) {
            return Redaction.HIDDEN;
        }
        int length = request.length(i);
        int kept = Math.min(length, Limits.SLOWLOG_ARGUMENT_BYTES_MAX);
        byte[] begin = Memory.bytes(request.address(i), kept);
        if (kept == length) {
            return begin;
        }
        byte[] end = ascii("... (" + (length - kept) + " more bytes)");
        byte[] whole = new byte[begin.length + end.length];
        System.arraycopy(begin, 0, whole, 0, begin.length);
        System.arraycopy(end, 0, whole, begin.length, end.length);
        return whole;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
