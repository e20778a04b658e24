package io.anax.engine;

import io.anax.Limits;
import io.anax.command.Command;
import io.anax.command.CommandFlag;
import io.anax.command.Session;
import io.anax.keyspace.Clock;
import io.anax.memory.Memory;
import io.anax.protocol.Quoted;
import io.anax.protocol.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// MONITOR on one shard: the clients here that see every command of all shards, and which shards have such
/// clients. While nobody monitors, a command costs one look at a boolean.
///
/// ```
///  +1339518083.107412 [0 127.0.0.1:60866] "set" "key" "a \"value\""
///   second.micros      database, client    arguments
/// ```
///
/// A line that comes from another shard may overtake an older one of a third: that one was on its way when
/// the newer was sent, so it is here one turn later at most. Therefore lines wait for a turn, and are shown
/// in the order of their time.
public final class Monitors {
    private final Shard shard;
    private final List<Client> here = new ArrayList<>();
    private final int[] watchers; // by shard: how many clients monitor there
    private final List<Line> lines = new ArrayList<>();
    private int oldCount; // the first so many lines came before this turn
    private boolean on;
    private long calibratedNanos;
    private long calibratedMicros;

    /// When a command ended, by the clock that all threads share, and what is shown behind the time.
    private record Line(long nanos, byte[] text) {}

    Monitors(Shard shard, int shardCount) {
        this.shard = shard;
        this.watchers = new int[shardCount];
    }

    boolean isOn() {
        return on;
    }

    // ---- who monitors -----------------------------------------------------------------------------

    /// A client of that shard monitors from now on.
    void watchedFrom(int shardId) {
        watchers[shardId]++;
        on = true;
    }

    private void unwatchedFrom(int shardId) {
        watchers[shardId]--;
        on = false;
        for (int count : watchers) {
            on |= count > 0;
        }
    }

    /// A client of this shard, after all shards know.
    void add(Client client) {
        here.add(client);
    }

    /// Its connection is gone, or RESET made it a client like others.
    void remove(Client client) {
        if (here.remove(client)) {
            unwatchedFrom(shard.id());
            int home = shard.id();
            for (int id = 0; id < watchers.length; id++) {
                if (id != home) {
                    shard.post(id, there -> there.monitors().unwatchedFrom(home));
                }
            }
        }
    }

    // ---- what they see ----------------------------------------------------------------------------

    /// A command ran here. Those of administrators are nobody's business, as in Redis.
    void show(Command command, Request request, Session session) {
        if (command.has(CommandFlag.ADMIN) || command.has(CommandFlag.SKIP_MONITOR)) {
            return;
        }
        var line = new Line(shard.clock().nanos(), text(command, request, session));
        for (int id = 0; id < watchers.length; id++) {
            if (watchers[id] == 0) {
                continue;
            }
            if (id == shard.id()) {
                take(line);
            } else {
                shard.post(id, there -> there.monitors().take(line));
            }
        }
    }

    private void take(Line line) {
        lines.add(line);
        if (watchers.length == 1) {
            showLines(1);
        }
    }

    /// To be called once a turn, after what other shards sent was taken. Returns how many lines were or will
    /// be shown: none lets the shard sleep.
    int turn() {
        int count = lines.size();
        if (count > 0) {
            long newest = Long.MIN_VALUE;
            for (Line old : lines.subList(0, oldCount)) {
                newest = Math.max(newest, old.nanos);
            }
            lines.sort(Comparator.comparingLong(Line::nanos));
            int ready = 0;
            while (ready < count && lines.get(ready).nanos <= newest) {
                ready++;
            }
            showLines(ready);
            oldCount = lines.size();
        }
        return count;
    }

    private void showLines(int count) {
        var ready = lines.subList(0, count);
        ready.forEach(this::show);
        ready.clear();
    }

    private void show(Line line) {
        byte[] time = time(line.nanos);
        for (Client client : List.copyOf(here)) {
            if (!client.session().isMonitoring()) {
                remove(client);
            } else if (client.output().sizeBytes() > Limits.MONITOR_OUTPUT_BYTES_MAX) {
                remove(client);
                client.drop();
            } else if (client.session().hasMonitoringBegun()) {
                client.push(time);
                client.push(line.text);
            }
        }
    }

    /// `+seconds.micros`
    private byte[] time(long nanos) {
        long micros = micros(nanos);
        var time = new StringBuilder("+").append(micros / 1_000_000).append('.');
        String fraction = String.valueOf(micros % 1_000_000);
        return time.repeat("0", 6 - fraction.length())
                .append(fraction)
                .toString()
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] text(Command command, Request request, Session session) {
        var text = new StringBuilder(" [").append(session.database()).append(' ');
        text.append(place(session.address())).append(']');
        for (int i = 0; i < request.count(); i++) {
            if (text.length() > Limits.MONITOR_LINE_CHARACTERS_MAX) {
                text.append(" ... (").append(request.count() - i).append(" more arguments)");
                break;
            }
            text.append(' ');
            Quoted.append(argument(command, request, i), text);
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /// A unix socket is written otherwise than in CLIENT LIST: `unix:/path` instead of `/path:0`.
    private static String place(String address) {
        return address.endsWith(":0") ? "unix:" + address.substring(0, address.length() - 2) : address;
    }

    private static String argument(Command command, Request request, int i) {
        if (Redaction.hides(command, request, i)) {
            return new String(Redaction.HIDDEN, StandardCharsets.ISO_8859_1);
        }
        int size = request.length(i);
        int shown = Math.min(size, Limits.MONITOR_ARGUMENT_BYTES_MAX);
        String text = new String(Memory.bytes(request.address(i), shown), StandardCharsets.ISO_8859_1);
        return shown == size ? text : text + "... (" + (size - shown) + " more bytes)";
    }

    /// The time in microseconds: the clock's milliseconds, and what has passed since these were read.
    private long micros(long nanos) {
        Clock clock = shard.clock();
        long nowNanos = clock.nanos();
        long exact = clock.millis() * 1000;
        long now = calibratedMicros + (nowNanos - calibratedNanos) / 1000;
        if (now < exact - 1000 || now > exact + 2000) { // set, or drifted away
            calibratedNanos = nowNanos;
            calibratedMicros = exact;
        }
        return calibratedMicros + (nanos - calibratedNanos) / 1000;
    }
}
