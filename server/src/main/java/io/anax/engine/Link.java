package io.anax.engine;

/// The connection of a client, as the engine sees it.
public interface Link {
    /// There is output that no [Client#received] waits for.
    void outputGrew();

    /// Sends what the client is owed, then closes.
    void closeAfterSend();

    /// Drops what the client is owed, and closes.
    void close();
}
