package io.anax.engine;

import io.anax.Hot;
import io.anax.memory.Memory;
import org.jspecify.annotations.Nullable;

/// Messages from one shard to one other: a ring with one writer and one reader, the only place where two
/// shards meet. What the writer did to a message before [#offer] the reader sees after [#take].
///
/// ```
///  off-heap      0         8           128
///               +---------+-----------+--------+
///               | written | read seen | read   |     the writer's and the reader's line are 128 bytes
///               +---------+-----------+--------+     apart: no false sharing, not even with the
///  on the heap  a ring of messages,                  prefetch of the next line
///               place = counter modulo SLOTS
/// ```
final class Mailbox {
    /// A message is a batch, and few are under way at once; the sender keeps what does not fit.
    static final int SLOTS = 256;

    private static final long SPACING_BYTES = 128;

    private final @Nullable Message[] ring = new @Nullable Message[SLOTS];
    private final long written = Memory.allocate(2 * SPACING_BYTES);
    private final long readSeen = written + Long.BYTES; // how the writer last saw it
    private final long read = written + SPACING_BYTES;

    Mailbox() {
        Memory.putLong(written, 0);
        Memory.putLong(readSeen, 0);
        Memory.putLong(read, 0);
    }

    /// By the writer. False when the ring is full.
    @Hot
    boolean offer(Message message) {
        long count = Memory.getLong(written);
        if (count - Memory.getLong(readSeen) == SLOTS && isFull(count)) {
            return false;
        }
        ring[(int) count & SLOTS - 1] = message;
        Memory.putLongRelease(written, count + 1);
        return true;
    }

    /// Looks what the reader took meanwhile: its line comes over only when the ring seemed full.
    private boolean isFull(long count) {
        long taken = Memory.getLongAcquire(read);
        Memory.putLong(readSeen, taken);
        return count - taken == SLOTS;
    }

    /// By the reader. Null when there is none.
    @Hot
    @Nullable
    Message take() {
        long count = Memory.getLong(read);
        if (count == Memory.getLongAcquire(written)) {
            return null;
        }
        int at = (int) count & SLOTS - 1;
        Message message = ring[at];
        ring[at] = null;
        Memory.putLongRelease(read, count + 1);
        return message;
    }

    /// By the reader.
    boolean isEmpty() {
        return Memory.getLong(read) == Memory.getLongAcquire(written);
    }

    /// When neither side is running any more.
    void close() {
        Memory.free(written, 2 * SPACING_BYTES);
    }

    /// Whether a shard sleeps, so that who sends it something knows to wake it: one long off-heap.
    ///
    /// The sleeper says so and then looks into its mailboxes; the sender fills a mailbox and then looks
    /// whether the other sleeps. With a fence between the two steps on both sides at least one of them
    /// sees the other.
    static final class Sleep {
        private static final int AWAKE = 0;
        private static final int ASLEEP = 1;

        private final long state = Memory.allocate(SPACING_BYTES);

        Sleep() {
            Memory.putLong(state, AWAKE);
        }

        /// By the owner, before it looks a last time whether there is something to do.
        void begin() {
            Memory.putLongRelease(state, ASLEEP);
            Memory.fullFence();
        }

        void end() {
            Memory.putLongRelease(state, AWAKE);
        }

        /// By a sender, after it sent: whether it has to wake the owner. One of many senders is told so.
        boolean isToBeWoken() {
            Memory.fullFence();
            if (Memory.getLongAcquire(state) == AWAKE) {
                return false;
            }
            Memory.putLongRelease(state, AWAKE); // two senders may both come here: then it is woken twice
            return true;
        }

        void close() {
            Memory.free(state, SPACING_BYTES);
        }
    }
}
