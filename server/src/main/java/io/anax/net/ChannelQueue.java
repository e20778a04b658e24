package io.anax.net;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Channels that want something of their poller, in the order they asked. A channel knows whether
/// it is in, and is in once.
final class ChannelQueue {
    private static final int INITIAL_COUNT = 64;

    private @Nullable Channel[] channels = new @Nullable Channel[INITIAL_COUNT]; // a ring: its length is a power of two
    private int first;
    private int count;

    int count() {
        return count;
    }

    void add(Channel channel) {
        if (count == channels.length) {
            grow();
        }
        channels[first + count & channels.length - 1] = channel;
        count++;
    }

    Channel removeFirst() {
        assert count > 0;
        Channel channel = Objects.requireNonNull(channels[first]);
        channels[first] = null; // or it would keep a closed connection alive
        first = first + 1 & channels.length - 1;
        count--;
        return channel;
    }

    private void grow() {
        @Nullable Channel[] grown = Arrays.copyOfRange(channels, first, first + 2 * channels.length);
        System.arraycopy(channels, 0, grown, channels.length - first, first);
        channels = grown;
        first = 0;
    }
}
