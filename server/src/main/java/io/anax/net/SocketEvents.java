package io.anax.net;

/// Hears what happens to one channel. Called only from within [SocketPoller#poll()], on its thread.
public interface SocketEvents {
    /// Bytes arrived; they are valid during this call only.
    void received(Channel channel, long address, int size);

    /// The peer sends no more, but may still read: whoever still owes it replies closes after them.
    default void ended(Channel channel) {
        channel.closeAfterSend();
    }

    /// Output that did not go out at once, or was longer than a chunk, has become shorter: a chance
    /// to go on for who held back. Short replies that go out at once are not reported.
    void sent(Channel channel);

    /// The last event of a channel, exactly once, whatever the reason. Nothing of it is used any
    /// more; its output is empty.
    void closed(Channel channel);
}
