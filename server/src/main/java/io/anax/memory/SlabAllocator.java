package io.anax.memory;

/// The memory of one shard: slabs of [SizeClass] sizes in pages of 64 KiB, cut from blocks of 2 MiB that
/// come from the system and go back to it when they are empty.
///
/// ```
///  block, 2 MiB, aligned                           page, 64 KiB, aligned
///  +--------+--------+-----+---------+             +------------------+------+------+-----+
///  | page 0 | page 1 |  …  | page 31 |             | header, 64 bytes | slab | slab |  …  |
///  +--------+--------+-----+---------+             +------------------+------+------+-----+
///
///  page header  0 class 4 | 4 live slabs 4 | 8 free list 4 | 12 fresh 4 | 16 next page 8 | 24 previous page 8
///                | 56 evacuating 4: being emptied by the defragmentation, so not in the list and not filled
///  page 0 also  32 pages in use, one bit each 4 | 40 next block 8 | 48 previous block 8
///  free list    offset in the page of the first freed slab, which holds that of the next; 0 ends it
///  fresh        offset of the first slab that was never used: an untouched page is not resident
/// ```
///
/// The pages of a class that have room form a list; the first is filled before the next, so that pages
/// run empty. Sizes above [SizeClass#LARGEST] take a run of pages, above [#RUN_MAX] a mapping of their own.
public final class SlabAllocator implements AutoCloseable {
    static final int PAGE_SIZE = 1 << 16;
    static final int BLOCK_SIZE = 1 << 21;
    private static final int PAGES = BLOCK_SIZE / PAGE_SIZE;
    private static final int HEADER_SIZE = 64;
    private static final long RUN_MAX = (PAGES / 2) * (long) PAGE_SIZE - HEADER_SIZE;
    private static final int MAPPING_GRANULE = 1 << 12;
    /// Blocks looked at for a run of pages before a new one is taken: bounds the search.
    private static final int BLOCKS_SEARCHED_MAX = 64;

    private static final int CLASS = 0;
    private static final int LIVE = 4;
    private static final int FREE_LIST = 8;
    private static final int FRESH = 12;
    private static final int NEXT = 16;
    private static final int PREVIOUS = 24;
    private static final int USED_PAGES = 32;
    private static final int NEXT_BLOCK = 40;
    private static final int PREVIOUS_BLOCK = 48;
    private static final int EVACUATING = 56;

    private final long[] pagesWithRoom = new long[SizeClass.COUNT];
    private long blocksWithRoom;
    private long spareBlock;
    private long usedBytes;
    private long reservedBytes;
    private long blockCount;
    private final LongList evacuating = new LongList();

    /// Memory of at least `sizeBytes`, at a multiple of 4. Its content is whatever was there.
    public long allocate(long sizeBytes) {
        assert sizeBytes > 0 : "an allocation of " + sizeBytes;
        long address;
        if (sizeBytes <= SizeClass.LARGEST) {
            address = allocateSlab(SizeClass.indexOf((int) sizeBytes));
        } else if (sizeBytes <= RUN_MAX) {
            address = allocateRun(sizeBytes);
        } else {
            address = Memory.map(usableSize(sizeBytes), false);
            reservedBytes += usableSize(sizeBytes);
        }
        usedBytes += usableSize(sizeBytes);
        if (Memory.CHECKED) {
            CheckedMemory.allocated(address, usableSize(sizeBytes));
        }
        return address;
    }

    /// Gives back what [#allocate] gave for this size, or for one of the same usable size.
    public void free(long address, long sizeBytes) {
        if (Memory.CHECKED) {
            CheckedMemory.freed(address, usableSize(sizeBytes));
        }
        usedBytes -= usableSize(sizeBytes);
        if (sizeBytes <= SizeClass.LARGEST) {
            freeSlab(address);
        } else if (sizeBytes <= RUN_MAX) {
            freePages(address & -PAGE_SIZE, pagesOf(sizeBytes));
        } else {
            Memory.unmap(address, usableSize(sizeBytes));
            reservedBytes -= usableSize(sizeBytes);
        }
    }

    /// What an allocation of this size really occupies: it may grow so far in place.
    public static long usableSize(long sizeBytes) {
        if (sizeBytes <= SizeClass.LARGEST) {
            return SizeClass.size(SizeClass.indexOf((int) sizeBytes));
        }
        if (sizeBytes <= RUN_MAX) {
            return pagesOf(sizeBytes) * (long) PAGE_SIZE - HEADER_SIZE;
        }
        return (sizeBytes + MAPPING_GRANULE - 1) & -MAPPING_GRANULE;
    }

    /// Bytes in live allocations, rounded as they are.
    public long usedBytes() {
        return usedBytes;
    }

    /// Bytes that the system gave.
    public long reservedBytes() {
        return reservedBytes;
    }

    private static int pagesOf(long sizeBytes) {
        return (int) ((sizeBytes + HEADER_SIZE + PAGE_SIZE - 1) / PAGE_SIZE);
    }

    private long allocateSlab(int sizeClass) {
        long page = pagesWithRoom[sizeClass];
        if (page == Memory.NONE) {
            page = newPage(sizeClass);
        }
        int size = SizeClass.size(sizeClass);
        int offset = Memory.rawGetInt(page + FREE_LIST);
        int fresh = Memory.rawGetInt(page + FRESH);
        if (offset != 0) {
            Memory.rawPutInt(page + FREE_LIST, Memory.rawGetInt(page + offset));
        } else {
            offset = fresh;
            fresh += size;
            Memory.rawPutInt(page + FRESH, fresh);
        }
        Memory.rawPutInt(page + LIVE, Memory.rawGetInt(page + LIVE) + 1);
        if (Memory.rawGetInt(page + FREE_LIST) == 0 && fresh + size > PAGE_SIZE) {
            unlinkPage(page, sizeClass);
        }
        return page + offset;
    }

    private void freeSlab(long address) {
        long page = address & -PAGE_SIZE;
        int sizeClass = Memory.rawGetInt(page + CLASS);
        int size = SizeClass.size(sizeClass);
        int head = Memory.rawGetInt(page + FREE_LIST);
        boolean wasFull = head == 0 && Memory.rawGetInt(page + FRESH) + size > PAGE_SIZE;
        Memory.rawPutInt(address, head);
        Memory.rawPutInt(page + FREE_LIST, (int) (address - page));
        int live = Memory.rawGetInt(page + LIVE) - 1;
        Memory.rawPutInt(page + LIVE, live);
        boolean isEvacuating = Memory.rawGetInt(page + EVACUATING) != 0;
        if (wasFull && !isEvacuating) {
            linkPage(page, sizeClass);
        }
        if (live == 0 && !isEvacuating) {
            unlinkPage(page, sizeClass);
            freePages(page, 1);
        }
    }

    private long newPage(int sizeClass) {
        long page = takePages(1);
        Memory.rawPutInt(page + CLASS, sizeClass);
        Memory.rawPutInt(page + LIVE, 0);
        Memory.rawPutInt(page + FREE_LIST, 0);
        Memory.rawPutInt(page + FRESH, HEADER_SIZE);
        Memory.rawPutInt(page + EVACUATING, 0);
        linkPage(page, sizeClass);
        return page;
    }

    private void linkPage(long page, int sizeClass) {
        long next = pagesWithRoom[sizeClass];
        Memory.rawPutLong(page + NEXT, next);
        Memory.rawPutLong(page + PREVIOUS, Memory.NONE);
        if (next != Memory.NONE) {
            Memory.rawPutLong(next + PREVIOUS, page);
        }
        pagesWithRoom[sizeClass] = page;
    }

    private void unlinkPage(long page, int sizeClass) {
        long next = Memory.rawGetLong(page + NEXT);
        long previous = Memory.rawGetLong(page + PREVIOUS);
        if (previous == Memory.NONE) {
            pagesWithRoom[sizeClass] = next;
        } else {
            Memory.rawPutLong(previous + NEXT, next);
        }
        if (next != Memory.NONE) {
            Memory.rawPutLong(next + PREVIOUS, previous);
        }
    }

    private long allocateRun(long sizeBytes) {
        return takePages(pagesOf(sizeBytes)) + HEADER_SIZE;
    }

    /// A run of free pages, of a block that has it or of a new one.
    private long takePages(int count) {
        long block = blocksWithRoom;
        for (int i = 0; block != Memory.NONE && i < BLOCKS_SEARCHED_MAX; i++) {
            int at = freeRun(Memory.rawGetInt(block + USED_PAGES), count);
            if (at >= 0) {
                return takeFrom(block, at, count);
            }
            block = Memory.rawGetLong(block + NEXT_BLOCK);
        }
        return takeFrom(newBlock(), 0, count);
    }

    /// Where `count` zeros stand in a row among the 32 bits; -1 if nowhere.
    private static int freeRun(int used, int count) {
        int starts = ~used;
        for (int i = 1; i < count; i++) {
            starts &= ~used >>> i;
        }
        return starts == 0 ? -1 : Integer.numberOfTrailingZeros(starts);
    }

    private long takeFrom(long block, int page, int count) {
        int used = Memory.rawGetInt(block + USED_PAGES) | pageBits(page, count);
        Memory.rawPutInt(block + USED_PAGES, used);
        if (used == -1) {
            unlinkBlock(block);
        }
        return block + page * (long) PAGE_SIZE;
    }

    private static int pageBits(int page, int count) {
        return (int) (((1L << count) - 1) << page);
    }

    private void freePages(long first, int count) {
        long block = first & -BLOCK_SIZE;
        int before = Memory.rawGetInt(block + USED_PAGES);
        int used = before & ~pageBits((int) (first - block) / PAGE_SIZE, count);
        Memory.rawPutInt(block + USED_PAGES, used);
        if (before == -1) {
            linkBlock(block);
        }
        if (used == 0) {
            unlinkBlock(block);
            releaseBlock(block);
        }
    }

    /// One empty block is kept: a load that swings around a block's edge makes no system calls.
    private void releaseBlock(long block) {
        if (spareBlock == Memory.NONE) {
            spareBlock = block;
        } else {
            Memory.unmap(block, BLOCK_SIZE);
            reservedBytes -= BLOCK_SIZE;
            blockCount--;
        }
    }

    private long newBlock() {
        long block = spareBlock;
        spareBlock = Memory.NONE;
        if (block == Memory.NONE) {
            block = Memory.map(BLOCK_SIZE, true);
            // The first block comes without huge pages: a small store stays small.
            if (blockCount++ > 0) {
                Memory.adviseHugePages(block, BLOCK_SIZE);
            }
            reservedBytes += BLOCK_SIZE;
        }
        Memory.rawPutInt(block + USED_PAGES, 0);
        linkBlock(block);
        return block;
    }

    private void linkBlock(long block) {
        Memory.rawPutLong(block + NEXT_BLOCK, blocksWithRoom);
        Memory.rawPutLong(block + PREVIOUS_BLOCK, Memory.NONE);
        if (blocksWithRoom != Memory.NONE) {
            Memory.rawPutLong(blocksWithRoom + PREVIOUS_BLOCK, block);
        }
        blocksWithRoom = block;
    }

    private void unlinkBlock(long block) {
        long next = Memory.rawGetLong(block + NEXT_BLOCK);
        long previous = Memory.rawGetLong(block + PREVIOUS_BLOCK);
        if (previous == Memory.NONE) {
            blocksWithRoom = next;
        } else {
            Memory.rawPutLong(previous + NEXT_BLOCK, next);
        }
        if (next != Memory.NONE) {
            Memory.rawPutLong(next + PREVIOUS_BLOCK, previous);
        }
    }

    /// Chooses the emptiest pages of every class, as many as the room in the others can take in. What
    /// [#shouldMove] says lies there is to be allocated anew and freed, and then [#endDefragmentation]
    /// gives the emptied pages back. Returns how many pages were chosen.
    public int planDefragmentation() {
        assert evacuating.isEmpty() : "a defragmentation is under way";
        for (int sizeClass = 0; sizeClass < SizeClass.COUNT; sizeClass++) {
            planClass(sizeClass);
        }
        return evacuating.size();
    }

    private void planClass(int sizeClass) {
        int capacity = (PAGE_SIZE - HEADER_SIZE) / SizeClass.size(sizeClass);
        long[] pages = pagesByLiveCount(sizeClass);
        long room = 0;
        for (long page : pages) {
            room += capacity - Memory.rawGetInt(page + LIVE);
        }
        for (long page : pages) {
            int live = Memory.rawGetInt(page + LIVE);
            room -= capacity; // its own room goes, and its slabs need as much elsewhere
            if (room < 0) {
                return;
            }
            assert live > 0 : "an empty page is nobody's";
            unlinkPage(page, sizeClass);
            Memory.rawPutInt(page + EVACUATING, 1);
            evacuating.add(page);
        }
    }

    /// The pages of a class that have room, the emptiest first.
    private long[] pagesByLiveCount(int sizeClass) {
        var pages = new LongList();
        for (long page = pagesWithRoom[sizeClass]; page != Memory.NONE; page = Memory.rawGetLong(page + NEXT)) {
            // The count, then the page's number: both fit a long, and the order is that of the counts.
            pages.add((long) Memory.rawGetInt(page + LIVE) << 32 + 16 | page / PAGE_SIZE);
        }
        long[] sorted = new long[pages.size()];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = pages.get(i);
        }
        java.util.Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = (sorted[i] & (1L << 48) - 1) * PAGE_SIZE;
        }
        return sorted;
    }

    /// Whether an allocation lies in a page that is being emptied.
    public boolean shouldMove(long address, long sizeBytes) {
        return sizeBytes <= SizeClass.LARGEST && Memory.rawGetInt((address & -PAGE_SIZE) + EVACUATING) != 0;
    }

    /// Ends what [#planDefragmentation] began: empty pages go back, the others are filled again.
    public void endDefragmentation() {
        for (int i = 0; i < evacuating.size(); i++) {
            long page = evacuating.get(i);
            Memory.rawPutInt(page + EVACUATING, 0);
            if (Memory.rawGetInt(page + LIVE) == 0) {
                freePages(page, 1);
            } else {
                linkPage(page, Memory.rawGetInt(page + CLASS));
            }
        }
        evacuating.clear();
    }

    /// All allocations must have been freed.
    @Override
    public void close() {
        assert usedBytes == 0 : usedBytes + " bytes were not freed";
        if (spareBlock != Memory.NONE) {
            Memory.unmap(spareBlock, BLOCK_SIZE);
            reservedBytes -= BLOCK_SIZE;
            spareBlock = Memory.NONE;
        }
    }
}
