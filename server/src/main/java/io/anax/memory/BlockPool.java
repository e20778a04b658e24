package io.anax.memory;

import org.jspecify.annotations.Nullable;

/// Blocks of 2 MiB from the system, aligned so that the first byte of a block is found from any address
/// in it. One empty block is kept: a load that swings around a block's edge makes no system calls. One
/// with huge pages lies ready at the [Pager]'s desk.
final class BlockPool {
    static final int BLOCK_SIZE = (int) Memory.HUGE_PAGE_SIZE;

    private final Pager.@Nullable Desk desk; // null: the shard waits for the system itself
    private long spare;
    private long reservedBytes;

    BlockPool(Pager.@Nullable Desk desk) {
        this.desk = desk;
    }

    /// The block that an address of an allocation lies in.
    static long blockOf(long address) {
        return address & -BLOCK_SIZE;
    }

    /// A block of any content; a new one with huge pages where they are wanted and the system has them.
    long take(boolean huge) {
        long block = spare;
        spare = Memory.NONE;
        if (block == Memory.NONE) {
            block = huge ? takeHuge() : mapSmall();
            reservedBytes += BLOCK_SIZE;
        }
        return block;
    }

    /// One with huge pages will be needed soon: the pager begins with it.
    void prepare() {
        if (desk != null && spare == Memory.NONE) {
            desk.want();
        }
    }

    /// Where the pager has none ready, one with small pages: they come one by one, each in microseconds.
    private long takeHuge() {
        if (desk == null) {
            return mapHuge();
        }
        long block = desk.take();
        return block == Memory.NONE ? mapSmall() : block;
    }

    private static long mapSmall() {
        return Memory.map(BLOCK_SIZE, true);
    }

    /// Not resident yet.
    static long mapHuge() {
        long block = Memory.map(BLOCK_SIZE, true);
        Memory.adviseHugePages(block, BLOCK_SIZE);
        return block;
    }

    void give(long block) {
        if (spare == Memory.NONE) {
            spare = block;
        } else {
            giveBack(block);
        }
    }

    void dropSpare() {
        if (spare != Memory.NONE) {
            giveBack(spare);
            spare = Memory.NONE;
        }
    }

    /// Gives back to the system what is kept and what lies ready.
    void trim() {
        dropSpare();
        long ready = desk == null ? Memory.NONE : desk.take();
        if (ready != Memory.NONE) {
            unmap(ready, BLOCK_SIZE);
        }
    }

    private void giveBack(long block) {
        unmap(block, BLOCK_SIZE);
        reservedBytes -= BLOCK_SIZE;
    }

    /// Any mapping, not only a block.
    void unmap(long address, long sizeBytes) {
        if (desk == null || !desk.unmap(address, sizeBytes)) {
            Memory.giveBack(address, sizeBytes);
        }
    }

    boolean isSpare(long block) {
        return block == spare;
    }

    /// Bytes that the system gave, the spare block and the one that lies ready included.
    long reservedBytes() {
        return reservedBytes + (desk != null && desk.hasBlock() ? BLOCK_SIZE : 0);
    }
}
