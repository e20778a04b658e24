package io.anax.protocol;

/// Who is at the other end of a connection. The system is asked only when somebody wants to know.
public interface Peer {
    /// As CLIENT LIST shows it, `127.0.0.1:53012` or `/path:0`.
    String address();

    /// The same of our end.
    String localAddress();

    /// On this machine: through a unix socket or the loopback interface.
    boolean isLocal();

    /// One on this machine whose addresses are known.
    static Peer of(String address, String localAddress) {
        return new Known(address, localAddress, true);
    }

    /// A peer that nobody has to be asked about.
    record Known(String address, String localAddress, boolean isLocal) implements Peer {}
}
