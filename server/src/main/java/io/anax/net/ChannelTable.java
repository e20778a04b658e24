package io.anax.net;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The channels of a ring by their number, which the kernel hands back with every completion.
/// Places are used again; the generation tells who had one before.
final class ChannelTable {
    private static final int INITIAL_COUNT = 64;

    private @Nullable Channel[] channels = new @Nullable Channel[INITIAL_COUNT];
    private int[] free = new int[INITIAL_COUNT]; // a stack of places that were given back
    private int freeCount;
    private int places; // ever used
    private int generation;

    int count() {
        return places - freeCount;
    }

    /// Places in use or free: the bound for [#orNull].
    int places() {
        return places;
    }

    Channel at(int index) {
        return Objects.requireNonNull(channels[index]);
    }

    @Nullable
    Channel orNull(int index) {
        return channels[index];
    }

    void add(Channel channel) {
        int index = freeCount > 0 ? free[--freeCount] : newPlace();
        channels[index] = channel;
        channel.index = index;
        channel.generation = generation++;
    }

    private int newPlace() {
        if (places == channels.length) {
            channels = Arrays.copyOf(channels, 2 * places);
            free = Arrays.copyOf(free, 2 * places);
        }
        return places++;
    }

    void remove(Channel channel) {
        assert channels[channel.index] == channel : "not here";
        channels[channel.index] = null;
        free[freeCount++] = channel.index;
    }
}
