package io.anax.net;

/// Decides who hears the events of a new channel.
@FunctionalInterface
public interface Acceptor {
    /// Called within [SocketPoller#poll()]. May already write, close, or [Channel#detach()] the
    /// channel; a detached channel has no events here, and what is returned is not used.
    SocketEvents accepted(Channel channel);
}
