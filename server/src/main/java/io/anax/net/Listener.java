package io.anax.net;

import java.nio.file.Path;

/// Where to accept connections. A server has several: one for each address it is bound to.
public sealed interface Listener {
    /// Waiting connections that the kernel keeps for us.
    int backlog();

    /// `host` is a name or a numeric address, IPv4 or IPv6; `*` and `::*` are all addresses of one
    /// kind. Port 0 takes a free one. With `shared` (SO_REUSEPORT) the listener of each shard binds
    /// the same port, and the kernel spreads connections over them.
    /// Connections have [Channel#keepAlive] of so many seconds from the start.
    record Tcp(String host, int port, int backlog, boolean shared, int keepAliveSeconds) implements Listener {}

    /// A socket in the file system. An old file of that name is removed first, and ours at the end.
    /// `permissions` are those of chmod, 0 leaves them as they come.
    record Unix(Path path, int backlog, int permissions) implements Listener {}
}
