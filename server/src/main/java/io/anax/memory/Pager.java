package io.anax.memory;

import java.util.ArrayList;
import java.util.List;

/// Waits for the system in the place of the shards, by a thread of its own: touches blocks before they are
/// needed and unmaps what is free. The first touch of a huge page takes 6 to 8 ms in a virtual machine whose
/// host has to find the memory first; to unmap 512 MB took 58.
public final class Pager implements AutoCloseable {
    private final List<Desk> desks = new ArrayList<>();
    private Runnable wake = () -> {};

    /// What wakes the thread that calls [#work], from any other.
    public void wakeUp(Runnable wake) {
        this.wake = wake;
    }

    /// For one more shard; before the thread runs.
    Desk open() {
        var desk = new Desk();
        desks.add(desk);
        return desk;
    }

    /// By the pager's thread: all that there is to do; false if there was nothing.
    public boolean work() {
        boolean any = false;
        for (Desk desk : desks) {
            any |= desk.touchAhead();
        }
        for (Desk desk : desks) {
            any |= desk.unmapAll();
        }
        return any;
    }

    /// When neither the pager's thread nor a shard runs any more.
    @Override
    public void close() {
        desks.forEach(Desk::close);
        desks.clear();
    }

    /// Where one shard and the pager meet. The block ahead belongs to the pager while it is wanted, else to
    /// the shard. What is to be unmapped lies in a ring with one writer and one reader.
    ///
    /// ```
    ///  0         128        256     384
    /// +---------+----------+-------+---------------------------+
    /// | ahead   | written  | read  | 64 times address, size    |   128 bytes apart: no false sharing
    /// +---------+----------+-------+---------------------------+
    /// ```
    final class Desk {
        private static final int SLOTS = 64;
        private static final int SLOT_BYTES = 2 * Long.BYTES;
        private static final int SPACING_BYTES = 128;
        private static final int RING = 3 * SPACING_BYTES;
        private static final int SIZE = RING + SLOTS * SLOT_BYTES;

        /// No address: those of blocks are multiples of their size.
        private static final long WANTED = 1;

        private final long ahead = Memory.allocate(SIZE); // NONE, WANTED or a block
        private final long written = ahead + SPACING_BYTES;
        private final long read = written + SPACING_BYTES;

        private Desk() {
            Memory.putLong(ahead, Memory.NONE);
            Memory.putLong(written, 0);
            Memory.putLong(read, 0);
        }

        /// By the shard: it will need a block soon.
        void want() {
            if (Memory.getLongAcquire(ahead) == Memory.NONE) {
                Memory.putLongRelease(ahead, WANTED);
                wake.run();
            }
        }

        /// By the shard: a block that is touched, or none yet.
        long take() {
            long block = Memory.getLongAcquire(ahead);
            if (block == WANTED) {
                return Memory.NONE;
            }
            Memory.putLongRelease(ahead, Memory.NONE);
            return block;
        }

        /// By the shard.
        boolean hasBlock() {
            long block = Memory.getLongAcquire(ahead);
            return block != Memory.NONE && block != WANTED;
        }

        /// By the shard: whether the pager will do it. Not when it is that far behind.
        boolean unmap(long address, long size) {
            long count = Memory.getLong(written);
            if (count - Memory.getLongAcquire(read) == SLOTS) {
                return false;
            }
            Memory.putLong(slot(count), address);
            Memory.putLong(slot(count) + Long.BYTES, size);
            Memory.putLongRelease(written, count + 1);
            wake.run();
            return true;
        }

        private long slot(long count) {
            return ahead + RING + (count & SLOTS - 1) * SLOT_BYTES;
        }

        private boolean touchAhead() {
            if (Memory.getLongAcquire(ahead) != WANTED) {
                return false;
            }
            Memory.putLongRelease(ahead, touchedBlock());
            return true;
        }

        /// None when the system has no more: the shard will find out itself.
        private static long touchedBlock() {
            long block;
            try {
                block = BlockPool.mapHuge();
            } catch (MemoryExhaustedException _) {
                return Memory.NONE;
            }
            for (long page = block; page < block + BlockPool.BLOCK_SIZE; page += Memory.PAGE_SIZE) {
                Memory.rawPutInt(page, 0);
            }
            return block;
        }

        private boolean unmapAll() {
            long first = Memory.getLong(read);
            long count = first;
            while (count != Memory.getLongAcquire(written)) {
                Memory.giveBack(Memory.getLong(slot(count)), Memory.getLong(slot(count) + Long.BYTES));
                Memory.putLongRelease(read, ++count);
            }
            return count != first;
        }

        private void close() {
            boolean _ = unmapAll();
            long block = take();
            if (block != Memory.NONE) {
                Memory.giveBack(block, BlockPool.BLOCK_SIZE);
            }
            Memory.free(ahead, SIZE);
        }
    }
}
