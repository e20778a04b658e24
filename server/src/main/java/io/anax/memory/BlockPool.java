package io.anax.memory;

/// Blocks of 2 MiB from the system, aligned so that the first byte of a block is found from any address
/// in it. One empty block is kept: a load that swings around a block's edge makes no system calls.
final class BlockPool {
    static final int BLOCK_SIZE = (int) Memory.HUGE_PAGE_SIZE;

    private long spare;
    private long reservedBytes;

    /// The block that an address of an allocation lies in.
    static long blockOf(long address) {
        return address & -BLOCK_SIZE;
    }

    /// A block of any content; a new one with huge pages where they are wanted and the system has them.
    long take(boolean huge) {
        long block = spare;
        spare = Memory.NONE;
        if (block == Memory.NONE) {
            block = Memory.map(BLOCK_SIZE, true);
            reservedBytes += BLOCK_SIZE;
            if (huge) {
                Memory.adviseHugePages(block, BLOCK_SIZE);
            }
        }
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

    private void giveBack(long block) {
        Memory.giveBack(block, BLOCK_SIZE);
        reservedBytes -= BLOCK_SIZE;
    }

    boolean isSpare(long block) {
        return block == spare;
    }

    /// Bytes that the system gave, the spare block included.
    long reservedBytes() {
        return reservedBytes;
    }
}
