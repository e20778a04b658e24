package io.anax.memory;

import java.util.Arrays;

/// Which blocks of slabs a defragmentation empties: those with the fewest live bytes, as many as the others can
/// take in. By blocks and not by pages, because only a whole block goes back to the system: emptying
/// the emptiest pages of each class left one or two free pages in every block and gave nothing back.
///
/// The sum: a block that goes takes its free slabs and free pages with it, and its live slabs need as
/// many elsewhere, of their class, or free pages to be cut into them.
final class EvacuationPlan {
    private final BlockList blocks;
    private int[] room = new int[SizeClass.COUNT]; // free slabs of each class in blocks that stay
    private int[] roomAfter = new int[SizeClass.COUNT]; // the same, were the block looked at to go
    private final int[] leaving = new int[SizeClass.COUNT]; // live slabs of the block looked at
    private int freePages; // in blocks that stay

    EvacuationPlan(BlockList blocks) {
        this.blocks = blocks;
    }

    LongList choose(double maxUtilization) {
        long[] order = emptiestFirst();
        var chosen = new LongList();
        for (long liveAndIndex : order) {
            long block = blocks.get((int) liveAndIndex);
            if (liveAndIndex >>> Integer.SIZE > maxUtilization * SlabAllocator.BLOCK_SIZE) {
                break;
            }
            if (fitsElsewhere(block)) {
                chosen.add(block);
            }
        }
        return chosen;
    }

    /// Live bytes in the upper half of each value, the index of the block in the lower.
    private long[] emptiestFirst() {
        long[] order = new long[blocks.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = survey(blocks.get(i)) << Integer.SIZE | i;
        }
        Arrays.sort(order);
        return order;
    }

    /// Adds the block's room to the sums; returns its live bytes.
    private long survey(long block) {
        long liveBytes = 0;
        int used = SlabAllocator.usedPages(block);
        freePages += Integer.SIZE - Integer.bitCount(used);
        for (int left = used; left != 0; left &= left - 1) {
            long page = SlabAllocator.page(block, Integer.numberOfTrailingZeros(left));
            int sizeClass = SlabAllocator.sizeClass(page);
            int live = SlabAllocator.liveCount(page);
            room[sizeClass] += SlabAllocator.capacity(sizeClass) - live;
            liveBytes += (long) live * SizeClass.size(sizeClass);
        }
        return liveBytes;
    }

    /// Takes the block out of the sums, and its live slabs into them, if there is room. If not it stays,
    /// and others may still go: the block filled last bears the only free slabs of many a class.
    private boolean fitsElsewhere(long block) {
        int freePagesAfter = leave(block);
        for (int sizeClass = 0; sizeClass < SizeClass.COUNT; sizeClass++) {
            int missing = leaving[sizeClass] - roomAfter[sizeClass];
            if (missing > 0) {
                int capacity = SlabAllocator.capacity(sizeClass);
                int pages = (missing + capacity - 1) / capacity;
                freePagesAfter -= pages;
                roomAfter[sizeClass] += pages * capacity;
            }
            roomAfter[sizeClass] -= leaving[sizeClass];
        }
        if (freePagesAfter < 0) {
            return false;
        }
        freePages = freePagesAfter;
        int[] before = room;
        room = roomAfter;
        roomAfter = before;
        return true;
    }

    /// Counts what leaves with the block; returns the free pages that remain.
    private int leave(long block) {
        System.arraycopy(room, 0, roomAfter, 0, room.length);
        Arrays.fill(leaving, 0);
        int used = SlabAllocator.usedPages(block);
        for (int left = used; left != 0; left &= left - 1) {
            long page = SlabAllocator.page(block, Integer.numberOfTrailingZeros(left));
            int sizeClass = SlabAllocator.sizeClass(page);
            int live = SlabAllocator.liveCount(page);
            roomAfter[sizeClass] -= SlabAllocator.capacity(sizeClass) - live;
            leaving[sizeClass] += live;
        }
        return freePages - (Integer.SIZE - Integer.bitCount(used));
    }
}
