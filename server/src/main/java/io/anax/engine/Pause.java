package io.anax.engine;

import io.anax.command.Command;
import io.anax.command.CommandFlag;
import io.anax.command.Session;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// CLIENT PAUSE on one shard: until a moment, the commands of its clients wait, or those that may change
/// data. Who has to wait is let go on in the order in which they came. Keys do not expire on their own
/// meanwhile, so that nothing changes.
///
/// ```
///  none ──begin──> writes or all ──end, or the moment──> over ──letGo──> none
/// ```
public final class Pause {
    /// What has to wait. The order is that of strictness.
    public enum Kind {
        NONE,
        WRITES,
        ALL
    }

    private final List<Client> waiting = new ArrayList<>();
    private Kind kind = Kind.NONE;
    private long untilMillis;

    /// Of two pauses at once the stricter and the longer is in force, as in Redis.
    public void begin(Kind what, long until, long nowMillis) {
        if (!isOn(nowMillis)) {
            kind = Kind.NONE;
            untilMillis = until;
        }
        kind = what.compareTo(kind) > 0 ? what : kind;
        untilMillis = Math.max(untilMillis, until);
    }

    public void end() {
        kind = Kind.NONE;
    }

    boolean isOn(long nowMillis) {
        return kind != Kind.NONE && nowMillis < untilMillis;
    }

    /// Whether a command of a client has to wait. One that will be refused is refused at once.
    boolean holds(@Nullable Command command, int argumentCount, Session session, long nowMillis) {
        return isOn(nowMillis)
                && command != null
                && command.accepts(argumentCount)
                && (session.authenticated() || command.has(CommandFlag.NO_AUTH))
                && (kind == Kind.ALL || command.has(CommandFlag.WRITE) || command.has(CommandFlag.MAY_REPLICATE));
    }

    void add(Client client) {
        waiting.add(client);
    }

    void remove(Client client) {
        waiting.remove(client);
    }

    /// Lets all go on once it is over; they may come back at once, when one of them begins another.
    int letGo(long nowMillis) {
        if (waiting.isEmpty() || isOn(nowMillis)) {
            return 0;
        }
        var released = List.copyOf(waiting);
        waiting.clear();
        released.forEach(Client::released);
        return released.size();
    }

    public int waitingCount() {
        return waiting.size();
    }
}
