package io.anax.memory;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The memory of one shard: slabs of [SizeClass] sizes in pages of 64 KiB, cut from blocks of 2 MiB
/// that come from the system and go back to it when they are empty. Sizes above
/// [SizeClass#LARGEST] are left to [Extents], which have blocks of their own, and above a mebibyte
/// to the system.
///
/// ```
///  block, 2 MiB, aligned                           page, 64 KiB, aligned
///  +--------+--------+-----+---------+             +------------------+------+------+-----+
///  | page 0 | page 1 |  …  | page 31 |             | header, 64 bytes | slab | slab |  …  |
///  +--------+--------+-----+---------+             +------------------+------+------+-----+
///
///  page header  0 class 4 | 4 live slabs 4 | 8 free list 4 | 12 fresh 4 | 16 next page 8 | 24 previous page 8
///                | 56 evacuating 4: being emptied by the defragmentation, so not in the list and not filled
///  page 0 also  32 pages in use, one bit each 4 | 36 index among the blocks 4 | 40 next block 8
///                | 48 previous block 8 | 60 evacuating block 4
///  free list    offset in the page of the first freed slab, which holds that of the next; 0 ends it
///  fresh        offset of the first slab that was never used: an untouched page is not resident
/// ```
///
/// The pages of a class that have room form a list; the first is filled before the next, so that pages
/// run empty. What a defragmentation empties says [EvacuationPlan].
public final class SlabAllocator implements AutoCloseable {
    static final int PAGE_SIZE = 1 << 16;
    static final int BLOCK_SIZE = BlockPool.BLOCK_SIZE;
    private static final int HEADER_SIZE = 64;
    /// Pages of the last block that are in use when the next one is prepared. At 24 the pager was too late
    /// for every tenth block of a fill on one core, at 16 as seldom as when it began with the last block.
    private static final int PAGES_BEFORE_NEXT = 16;

    private static final int MAPPING_GRANULE = 1 << 12;
    private static final long HUGE_MAPPING_MIN = 4L * BLOCK_SIZE;

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
    private static final int EVACUATING_BLOCK = 60;

    private final long[] pagesWithRoom = new long[SizeClass.COUNT];
    private long blocksWithRoom;
    private long usedBytes;
    private long mappedBytes; // those with a mapping of their own
    private final BlockPool pool;
    private final Extents extents;
    private final BlockList blocks = new BlockList();
    private @Nullable EvacuationPlan plan; // null: no defragmentation is under way
    private int blocksToRestore; // at the end of one: those with a smaller index

    /// Memory that waits for the system itself.
    public SlabAllocator() {
        this(new BlockPool(null));
    }

    /// Memory for which `pager` waits for the system; closed before it.
    public SlabAllocator(Pager pager) {
        this(new BlockPool(pager.open()));
    }

    private SlabAllocator(BlockPool pool) {
        this.pool = pool;
        extents = new Extents(pool);
    }

    /// Memory of at least `sizeBytes`, at an even address. Its content is whatever was there.
    public long allocate(long sizeBytes) {
        assert sizeBytes > 0 : "an allocation of " + sizeBytes;
        long address;
        if (sizeBytes <= SizeClass.LARGEST) {
            address = allocateSlab(SizeClass.indexOf((int) sizeBytes));
        } else if (sizeBytes <= Extents.SIZE_MAX) {
            address = extents.allocate(sizeBytes);
        } else {
            address = allocateMapping(usableSize(sizeBytes));
        }
        usedBytes += usableSize(sizeBytes);
        if (Memory.CHECKED) {
            CheckedMemory.allocated(address, usableSize(sizeBytes));
        }
        return address;
    }

    /// Huge pages only for what fills a few: a value of 1.1 MB shall not cost 2 MiB.
    private long allocateMapping(long size) {
        boolean huge = size >= HUGE_MAPPING_MIN;
        long address = Memory.map(size, huge);
        if (huge) {
            Memory.adviseHugePages(address, size);
        }
        mappedBytes += size;
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
        } else if (sizeBytes <= Extents.SIZE_MAX) {
            extents.free(address, sizeBytes);
        } else {
            pool.unmap(address, usableSize(sizeBytes));
            mappedBytes -= usableSize(sizeBytes);
        }
    }

    /// What an allocation of this size really occupies: it may grow so far in place.
    public static long usableSize(long sizeBytes) {
        if (sizeBytes <= SizeClass.LARGEST) {
            return SizeClass.size(SizeClass.indexOf((int) sizeBytes));
        }
        if (sizeBytes <= Extents.SIZE_MAX) {
            return Extents.usableSize(sizeBytes);
        }
        return (sizeBytes + MAPPING_GRANULE - 1) & -MAPPING_GRANULE;
    }

    /// Whether an allocation of this size is zero when it comes: one with a mapping of its own, whose pages
    /// are not even there before somebody writes to them.
    public static boolean comesZeroed(long sizeBytes) {
        return sizeBytes > Extents.SIZE_MAX;
    }

    /// Bytes in live allocations, rounded as they are.
    public long usedBytes() {
        return usedBytes;
    }

    /// Bytes that the system gave.
    public long reservedBytes() {
        return pool.reservedBytes() + mappedBytes;
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
        if (live == 0) {
            if (!isEvacuating) {
                unlinkPage(page, sizeClass);
            }
            freePage(page);
        }
    }

    private long newPage(int sizeClass) {
        long page = takePage();
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

    /// A free page, of a block that has it or of a new one.
    private long takePage() {
        long block = blocksWithRoom == Memory.NONE ? newBlock() : blocksWithRoom;
        int index = Integer.numberOfTrailingZeros(~usedPages(block));
        int used = usedPages(block) | 1 << index;
        Memory.rawPutInt(block + USED_PAGES, used);
        if (used == -1) {
            unlinkBlock(block);
        } else if (Integer.bitCount(used) == PAGES_BEFORE_NEXT
                && Memory.rawGetLong(block + NEXT_BLOCK) == Memory.NONE) {
            pool.prepare();
        }
        return page(block, index);
    }

    private void freePage(long page) {
        long block = BlockPool.blockOf(page);
        int before = usedPages(block);
        int used = before & ~(1 << pageIndex(page));
        Memory.rawPutInt(block + USED_PAGES, used);
        boolean isEvacuating = isEvacuating(block);
        if (before == -1 && !isEvacuating) {
            linkBlock(block);
        }
        if (used == 0) {
            if (!isEvacuating) {
                unlinkBlock(block);
            }
            blocks.remove(block);
            pool.give(block);
        }
    }

    private static int pageIndex(long page) {
        return (int) (page - BlockPool.blockOf(page)) / PAGE_SIZE;
    }

    /// The first block comes without huge pages: a small store stays small.
    private long newBlock() {
        long block = pool.take(!blocks.isEmpty());
        Memory.rawPutInt(block + USED_PAGES, 0);
        Memory.rawPutInt(block + EVACUATING_BLOCK, 0);
        blocks.add(block);
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

    // ---- defragmentation ------------------------------------------------------------------------

    /// Begins a defragmentation: while `planSome` returns true it chooses blocks and pages to empty, in
    /// which nothing new is put. What [#shouldMove] says lies there is to be allocated anew and freed; a
    /// block goes back to the system with its last page. Blocks and pages fuller than `maxUtilization`,
    /// 0 to 1, stay as they are: moving much to win little is not worth it.
    public void beginDefragmentation(double maxUtilization) {
        assert plan == null : "a defragmentation is under way";
        plan = new EvacuationPlan(this, blocks, maxUtilization);
        extents.beginDefragmentation(maxUtilization);
        blocksToRestore = Integer.MAX_VALUE;
    }

    /// As [#beginDefragmentation], but only pages with slabs for these sizes, in bytes, are emptied. They stay
    /// with the shard, for slabs of other sizes: what grows next needs the less from the system.
    public void beginDefragmentationOfPages(int sizeMin, int sizeMax, double maxUtilization) {
        assert plan == null : "a defragmentation is under way";
        plan = new EvacuationPlan(this, blocks, maxUtilization, SizeClass.indexOf(sizeMin), SizeClass.indexOf(sizeMax));
        blocksToRestore = Integer.MAX_VALUE;
    }

    /// One step, some microseconds; false when the plan is complete.
    public boolean planSome() {
        return running().step() || extents.planSome();
    }

    private EvacuationPlan running() {
        return Objects.requireNonNull(plan, "no defragmentation is under way");
    }

    /// How many pages of 64 KiB the plan wants empty.
    public int pagesToEmpty() {
        return running().pagesToEmpty() + (int) ((extents.bytesToMove() + PAGE_SIZE - 1) / PAGE_SIZE);
    }

    void evacuateBlock(long block) {
        int used = usedPages(block);
        Memory.rawPutInt(block + EVACUATING_BLOCK, 1);
        for (int left = used; left != 0; left &= left - 1) {
            evacuatePage(page(block, Integer.numberOfTrailingZeros(left)));
        }
        if (used != -1) {
            unlinkBlock(block);
        }
    }

    void evacuatePage(long page) {
        Memory.rawPutInt(page + EVACUATING, 1);
        int sizeClass = sizeClass(page);
        if (liveCount(page) != capacity(sizeClass)) { // full ones are in no list
            unlinkPage(page, sizeClass);
        }
    }

    /// Ends a defragmentation, block by block: what is not empty by now is filled again, and the spare
    /// block goes too, if giving back was the purpose. False when all is done.
    public boolean endSome() {
        // From the last one on: if one goes meanwhile, what takes its place was restored or is to be.
        blocksToRestore = Math.min(blocksToRestore, blocks.size());
        if (blocksToRestore > 0) {
            restore(blocks.get(--blocksToRestore));
            return true;
        }
        if (!running().isForPagesOnly()) {
            pool.dropSpare();
        }
        plan = null;
        extents.endDefragmentation();
        return false;
    }

    private void restore(long block) {
        int used = usedPages(block);
        for (int left = used; left != 0; left &= left - 1) {
            long page = page(block, Integer.numberOfTrailingZeros(left));
            if (Memory.rawGetInt(page + EVACUATING) != 0) {
                restorePage(page);
            }
        }
        if (isEvacuating(block)) {
            Memory.rawPutInt(block + EVACUATING_BLOCK, 0);
            if (used != -1) {
                linkBlock(block);
            }
        }
    }

    private void restorePage(long page) {
        Memory.rawPutInt(page + EVACUATING, 0);
        int sizeClass = sizeClass(page);
        if (liveCount(page) != capacity(sizeClass)) {
            linkPage(page, sizeClass);
        }
    }

    static boolean isEvacuating(long block) {
        return Memory.rawGetInt(block + EVACUATING_BLOCK) != 0;
    }

    static int usedPages(long block) {
        return Memory.rawGetInt(block + USED_PAGES);
    }

    static long page(long block, int index) {
        return block + index * (long) PAGE_SIZE;
    }

    /// The class of a page's slabs.
    static int sizeClass(long page) {
        return Memory.rawGetInt(page + CLASS);
    }

    static int liveCount(long page) {
        return Memory.rawGetInt(page + LIVE);
    }

    static int capacity(int sizeClass) {
        return (PAGE_SIZE - HEADER_SIZE) / SizeClass.size(sizeClass);
    }

    /// Whether an allocation lies where all is to be moved away. Never one with a mapping of its own.
    public boolean shouldMove(long address, long sizeBytes) {
        if (sizeBytes <= SizeClass.LARGEST) {
            return Memory.rawGetInt((address & -PAGE_SIZE) + EVACUATING) != 0;
        }
        return sizeBytes <= Extents.SIZE_MAX && extents.shouldMove(address);
    }

    /// Asserts all that is true between two calls; for tests.
    void checkInvariants() {
        assert usedBytes >= 0 && usedBytes <= reservedBytes() : usedBytes + " used of " + reservedBytes();
        for (int sizeClass = 0; sizeClass < SizeClass.COUNT; sizeClass++) {
            long previous = Memory.NONE;
            for (long page = pagesWithRoom[sizeClass]; page != Memory.NONE; page = Memory.rawGetLong(page + NEXT)) {
                assert Memory.rawGetLong(page + PREVIOUS) == previous : "the list of pages is broken at " + page;
                assert Memory.rawGetInt(page + EVACUATING) == 0 : "an evacuating page is to be filled: " + page;
                checkPage(page, sizeClass);
                previous = page;
            }
        }
        checkBlocks();
        extents.checkInvariants();
    }

    private static void checkPage(long page, int sizeClass) {
        assert sizeClass(page) == sizeClass : "page " + page + " is of another class";
        int size = SizeClass.size(sizeClass);
        int capacity = capacity(sizeClass);
        int freshCount = (PAGE_SIZE - Memory.rawGetInt(page + FRESH)) / size;
        int live = liveCount(page);
        int freed = 0;
        for (int at = Memory.rawGetInt(page + FREE_LIST); at != 0; at = Memory.rawGetInt(page + at)) {
            assert (at - HEADER_SIZE) % size == 0 && at < Memory.rawGetInt(page + FRESH) : "free list leads to " + at;
            freed++;
            assert freed <= capacity : "the free list is a ring";
        }
        assert live > 0 && live < capacity : live + " live of " + capacity + " in a page with room";
        assert live + freed + freshCount == capacity : live + " + " + freed + " + " + freshCount + " of " + capacity;
        assert (usedPages(BlockPool.blockOf(page)) & 1 << pageIndex(page)) != 0 : "the page is free: " + page;
    }

    private void checkBlocks() {
        int withRoom = 0;
        blocks.checkInvariants();
        for (int i = 0; i < blocks.size(); i++) {
            long block = blocks.get(i);
            boolean isEvacuating = isEvacuating(block);
            assert !pool.isSpare(block) : "the spare block is in use";
            assert usedPages(block) != 0 : "an empty block was kept: " + block;
            withRoom += usedPages(block) != -1 && !isEvacuating ? 1 : 0;
        }
        int listed = 0;
        long previous = Memory.NONE;
        for (long block = blocksWithRoom; block != Memory.NONE; block = Memory.rawGetLong(block + NEXT_BLOCK)) {
            assert usedPages(block) != -1 : "a full block is to be filled: " + block;
            assert !isEvacuating(block) : "an evacuating one is to be filled: " + block;
            assert Memory.rawGetLong(block + PREVIOUS_BLOCK) == previous : "the list of blocks is broken at " + block;
            previous = block;
            listed++;
        }
        assert listed == withRoom : listed + " blocks in the list, " + withRoom + " with room";
    }

    /// Gives back to the system what is free.
    public void trim() {
        pool.trim();
    }

    /// All allocations must have been freed.
    @Override
    public void close() {
        assert usedBytes == 0 : usedBytes + " bytes were not freed";
        pool.trim();
    }
}
