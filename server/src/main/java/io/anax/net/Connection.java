package io.anax.net;

import io.anax.engine.Client;
import io.anax.engine.Shard;

/// Joins a socket to a client of the shard: bytes go up, replies go down.
public final class Connection implements SocketEvents {
    private final Client client;

    private Connection(Client client) {
        this.client = client;
    }

    /// Takes a fresh connection; the shard may greet it with a refusal.
    public static SocketEvents accept(Channel channel, Shard shard) {
        Client client = shard.connect(
                channel.output(),
                channel.remoteAddress(),
                channel.localAddress(),
                channel.isUnixSocket(),
                channel::closeAfterSend);
        var connection = new Connection(client);
        connection.send(channel);
        return connection;
    }

    @Override
    public void received(Channel channel, long address, int size) {
        client.received(address, size);
        send(channel);
    }

    private void send(Channel channel) {
        if (!client.output().isEmpty()) {
            channel.wantSend();
        }
        if (client.isClosing()) {
            channel.closeAfterSend();
        } else if (client.isBehind()) {
            channel.pauseReceive();
        }
    }

    @Override
    public void sent(Channel channel) {
        if (!client.isBehind()) {
            channel.resumeReceive();
        }
    }

    @Override
    public void closed(Channel channel) {
        client.close();
    }
}
