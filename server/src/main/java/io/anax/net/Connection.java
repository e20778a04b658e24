package io.anax.net;

import io.anax.engine.Client;
import io.anax.engine.Link;
import io.anax.engine.Shard;

/// Joins a socket to a client of the shard: bytes go up, replies go down.
final class Connection implements SocketEvents, Link {
    private final Channel channel;
    private final Client client;
    private final Runnable whenClosed;
    private boolean isEnded;

    /// Takes a fresh connection; the shard may greet it with a refusal. `whenClosed` is run once.
    Connection(Channel channel, Shard shard, long clientId, boolean isSurplus, Runnable whenClosed) {
        this.channel = channel;
        this.whenClosed = whenClosed;
        channel.keepAlive(shard.settings().keepAliveSeconds());
        this.client = shard.connect(channel, clientId, isSurplus, channel.output(), this);
        send();
    }

    @Override
    public void received(Channel from, long address, int size) {
        client.received(address, size);
        send();
    }

    @Override
    public void outputGrew() {
        send();
    }

    @Override
    public void closeAfterSend() {
        channel.closeAfterSend();
    }

    @Override
    public void close() {
        channel.close();
    }

    private void send() {
        if (!client.output().isEmpty()) {
            channel.wantSend();
        }
        if (client.isClosing() || isEnded && !client.isOwedReplies()) {
            channel.closeAfterSend();
        } else if (client.isBehind()) {
            channel.pauseReceive();
        } else {
            channel.resumeReceive();
        }
    }

    /// The peer sends no more; it still gets the replies to what it sent.
    @Override
    public void ended(Channel from) {
        isEnded = true;
        send();
    }

    @Override
    public void sent(Channel from) {
        client.resume();
        send();
    }

    @Override
    public void closed(Channel from) {
        client.close();
        whenClosed.run();
    }
}
