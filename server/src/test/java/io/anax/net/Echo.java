package io.anax.net;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Sends back what it hears, and holds back while the peer does not read.
final class Echo implements SocketEvents {
    static final long PAUSE_BYTES = 1 << 18;
    static final long RESUME_BYTES = 1 << 16;

    final AtomicInteger acceptedCount = new AtomicInteger();
    final AtomicInteger endedCount = new AtomicInteger();
    final AtomicInteger closedCount = new AtomicInteger();
    final AtomicLong receivedBytes = new AtomicLong();
    final AtomicLong outputMaxBytes = new AtomicLong();
    final List<Channel> channels = new ArrayList<>(); // of the shard's thread

    SocketEvents accept(Channel channel) {
        acceptedCount.incrementAndGet();
        channels.add(channel);
        return this;
    }

    @Override
    public void received(Channel channel, long address, int size) {
        receivedBytes.addAndGet(size);
        channel.output().append(address, size);
        channel.wantSend();
        outputMaxBytes.accumulateAndGet(channel.outputSizeBytes(), Math::max);
        if (channel.outputSizeBytes() > PAUSE_BYTES) {
            channel.pauseReceive();
        }
    }

    @Override
    public void ended(Channel channel) {
        endedCount.incrementAndGet();
        channel.closeAfterSend();
    }

    @Override
    public void sent(Channel channel) {
        if (channel.outputSizeBytes() < RESUME_BYTES) {
            channel.resumeReceive();
        }
    }

    @Override
    public void closed(Channel channel) {
        if (!channels.remove(channel)) {
            throw new AssertionError("closed twice");
        }
        closedCount.incrementAndGet();
    }
}
