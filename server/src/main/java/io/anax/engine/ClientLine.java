package io.anax.engine;

import io.anax.command.Session;

/// One client as CLIENT LIST shows it: the fields of Redis that mean something here.
///
/// ```
///  flags   N nothing of these, O monitors, c closes after its replies, b waits for the end of a pause,
///          U unix socket, e no eviction, T leaves no trace
///  events  r is read from, w has output to be sent
/// ```
final class ClientLine {
    private final StringBuilder line = new StringBuilder();

    private ClientLine() {}

    static String of(Client client, Shard shard) {
        return new ClientLine().append(client, shard);
    }

    private String append(Client client, Shard shard) {
        Session session = client.session();
        long now = shard.nowMillis();
        long outputBytes = client.output().sizeBytes();
        line.append("id=").append(session.id());
        field("addr", session.address());
        field("laddr", session.localAddress());
        field("name", session.name());
        field("age", (now - session.createdMillis()) / 1000);
        field("idle", (now - session.lastActiveMillis()) / 1000);
        field("flags", flags(client));
        field("db", session.database());
        field("sub", 0);
        field("psub", 0);
        field("ssub", 0);
        field("multi", -1);
        field("qbuf", client.inputBytes());
        field("qbuf-free", client.inputCapacityBytes() - client.inputBytes());
        field("obl", outputBytes);
        field("tot-mem", client.heldBytes());
        field("events", outputBytes > 0 ? "rw" : "r");
        field("cmd", shard.commandName(session.lastCommand()));
        field("user", "default");
        field("redir", -1);
        field("resp", session.resp());
        field("lib-name", session.libraryName());
        field("lib-ver", session.libraryVersion());
        return line.append('\n').toString();
    }

    private void field(String name, Object value) {
        line.append(' ').append(name).append('=').append(value);
    }

    private static String flags(Client client) {
        Session session = client.session();
        var flags = new StringBuilder();
        flag(flags, session.isMonitoring(), 'O');
        flag(flags, client.isHeld(), 'b');
        flag(flags, client.isClosing(), 'c');
        flag(flags, session.address().endsWith(":0"), 'U'); // no port
        flag(flags, !session.isEvictable(), 'e');
        flag(flags, session.isQuiet(), 'T');
        return flags.isEmpty() ? "N" : flags.toString();
    }

    private static void flag(StringBuilder flags, boolean isSet, char flag) {
        if (isSet) {
            flags.append(flag);
        }
    }
}
