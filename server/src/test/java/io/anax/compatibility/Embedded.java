package io.anax.compatibility;

import io.anax.server.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/// Our server inside the JVM of the test: quick to start, its assertions and memory checks in force. One
/// at a time: the seed of the hashes belongs to the process.
final class Embedded implements AutoCloseable {
    private final Server server;

    private Embedded(Server server) {
        this.server = server;
    }

    /// With the poller of `-Danax.io`, or else the one that serves best here; with as many threads as
    /// `-Danax.threads` says, or else one.
    static Embedded start() {
        return start(System.getProperty("anax.io", "auto"));
    }

    static Embedded start(String poller) {
        return start(poller, System.getProperty("anax.threads", "1"));
    }

    static Embedded start(String poller, String threads) {
        try {
            return new Embedded(Server.start(Map.of("io", poller, "threads", threads)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The pollers worth a test: the one of `-Danax.io`, or else both.
    static List<String> pollers() {
        String only = System.getProperty("anax.io");
        return only == null ? List.of("auto", "nio") : List.of(only);
    }

    int port() {
        return server.port();
    }

    RespClient connect() {
        return RespClient.connect(server.port());
    }

    @Override
    public void close() {
        server.close();
    }
}
