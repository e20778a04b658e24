package io.anax.memory;

import java.util.Arrays;

/// Which blocks and pages of slabs a defragmentation empties. Made in steps of a block, since a look
/// at all page headers of a large shard takes milliseconds; meanwhile blocks come and go, which makes the
/// sums inexact and nothing worse: what does not fit is put into new pages.
///
/// ```
///   SURVEY   what is live, what is free, of each class
///   BLOCKS   the emptiest blocks go, as many as the others can take in
///   PAGES    in the others the emptiest pages of each class go, as many as its other pages can take in
/// ```
///
/// Only a whole block goes back to the system: emptying the emptiest pages alone left one or two free
/// pages in every block and gave nothing back. Emptying blocks alone stops where each holds some full
/// pages, for which others have no free ones: those come from emptied pages, in the next plan.
///
/// A plan for pages only leaves out BLOCKS and looks at a range of classes: what it empties stays with the
/// shard, for pages of other classes.
final class EvacuationPlan {
    private enum Phase {
        SURVEY,
        BLOCKS,
        PAGES,
        DONE
    }

    /// How full a block or page is, in so many steps: sorts them well enough.
    private static final int LEVELS = 32;

    private final SlabAllocator allocator;
    private final BlockList blocks;
    private final boolean pagesOnly;
    private final int firstClass; // those whose pages may go
    private final int lastClass;
    private final int levelMax; // fuller ones stay
    private final LongList[] order = new LongList[LEVELS]; // indexes of blocks by how full they are
    private final int[] live = new int[SizeClass.COUNT]; // slabs of each class
    private final int[] pages = new int[SizeClass.COUNT]; // in blocks that stay
    private final int[] pagesAt = new int[SizeClass.COUNT * LEVELS]; // the same by how full they are
    private final int[] quota = new int[SizeClass.COUNT]; // pages that may still go
    private int[] room = new int[SizeClass.COUNT]; // free slabs in blocks that stay
    private int[] roomAfter = new int[SizeClass.COUNT]; // the same, were the block looked at to go
    private final int[] leaving = new int[SizeClass.COUNT]; // live slabs of the block looked at
    private int freePages; // in blocks that stay

    private Phase phase = Phase.SURVEY;
    private int level;
    private int next; // block, in the list of the phase
    private int pagesToEmpty;

    /// Of blocks, and of pages of all classes.
    EvacuationPlan(SlabAllocator allocator, BlockList blocks, double maxUtilization) {
        this(allocator, blocks, maxUtilization, false, 0, SizeClass.COUNT - 1);
    }

    /// Of pages of these classes.
    EvacuationPlan(SlabAllocator allocator, BlockList blocks, double maxUtilization, int firstClass, int lastClass) {
        this(allocator, blocks, maxUtilization, true, firstClass, lastClass);
    }

    private EvacuationPlan(
            SlabAllocator allocator,
            BlockList blocks,
            double maxUtilization,
            boolean pagesOnly,
            int firstClass,
            int lastClass) {
        this.allocator = allocator;
        this.blocks = blocks;
        this.pagesOnly = pagesOnly;
        this.firstClass = firstClass;
        this.lastClass = lastClass;
        levelMax = (int) Math.ceil(maxUtilization * LEVELS) - 1;
        Arrays.setAll(order, _ -> new LongList());
    }

    boolean isForPagesOnly() {
        return pagesOnly;
    }

    int pagesToEmpty() {
        return pagesToEmpty;
    }

    /// Looks at one more block; false when the plan is complete.
    boolean step() {
        switch (phase) {
            case SURVEY -> surveyNext();
            case BLOCKS -> chooseNext();
            case PAGES -> choosePagesOfNext();
            case DONE -> {}
        }
        return phase != Phase.DONE;
    }

    // ---- SURVEY ---------------------------------------------------------------------------------

    private void surveyNext() {
        if (next >= blocks.size()) {
            endSurvey();
            return;
        }
        int index = next++;
        int blockLevel = survey(blocks.get(index));
        if (blockLevel <= levelMax) {
            order[blockLevel].add(index);
        }
    }

    private void endSurvey() {
        if (pagesOnly) {
            settleQuotas();
            begin(Phase.PAGES);
        } else {
            begin(Phase.BLOCKS);
        }
    }

    /// Adds what the block has to the sums; returns how full it is.
    private int survey(long block) {
        long liveBytes = 0;
        int used = SlabAllocator.usedPages(block);
        freePages += Integer.SIZE - Integer.bitCount(used);
        for (int left = used; left != 0; left &= left - 1) {
            long page = SlabAllocator.page(block, Integer.numberOfTrailingZeros(left));
            int sizeClass = SlabAllocator.sizeClass(page);
            int count = SlabAllocator.liveCount(page);
            live[sizeClass] += count;
            room[sizeClass] += SlabAllocator.capacity(sizeClass) - count;
            countPage(page, sizeClass, 1);
            liveBytes += (long) count * SizeClass.size(sizeClass);
        }
        return (int) Math.min(LEVELS - 1, liveBytes * LEVELS / SlabAllocator.BLOCK_SIZE);
    }

    private void countPage(long page, int sizeClass, int sign) {
        pages[sizeClass] += sign;
        pagesAt[sizeClass * LEVELS + pageLevel(page, sizeClass)] += sign;
    }

    private static int pageLevel(long page, int sizeClass) {
        return Math.min(LEVELS - 1, SlabAllocator.liveCount(page) * LEVELS / SlabAllocator.capacity(sizeClass));
    }

    private void begin(Phase following) {
        phase = following;
        next = 0;
    }

    // ---- BLOCKS ---------------------------------------------------------------------------------

    private void chooseNext() {
        if (next < order[level].size()) {
            int index = (int) order[level].get(next++);
            if (isCandidate(index) && fitsElsewhere(blocks.get(index))) {
                choose(blocks.get(index));
            }
        } else if (++level < LEVELS) {
            next = 0;
        } else {
            settleQuotas();
            begin(Phase.PAGES);
        }
    }

    /// Blocks that went since the survey left their indexes to others, or to none.
    private boolean isCandidate(int index) {
        return index < blocks.size() && !SlabAllocator.isEvacuating(blocks.get(index));
    }

    /// Whether the others have room for what lives in the block. If not it stays, and others may still
    /// go: the block filled last bears the only free slabs of many a class.
    private boolean fitsElsewhere(long block) {
        int freePagesAfter = leave(block);
        for (int sizeClass = 0; sizeClass < SizeClass.COUNT; sizeClass++) {
            int missing = leaving[sizeClass] - roomAfter[sizeClass];
            if (missing > 0) {
                int capacity = SlabAllocator.capacity(sizeClass);
                int newPages = (missing + capacity - 1) / capacity;
                freePagesAfter -= newPages;
                roomAfter[sizeClass] += newPages * capacity;
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
            int count = SlabAllocator.liveCount(page);
            roomAfter[sizeClass] -= SlabAllocator.capacity(sizeClass) - count;
            leaving[sizeClass] += count;
        }
        return freePages - (Integer.SIZE - Integer.bitCount(used));
    }

    private void choose(long block) {
        int used = SlabAllocator.usedPages(block);
        for (int left = used; left != 0; left &= left - 1) {
            long page = SlabAllocator.page(block, Integer.numberOfTrailingZeros(left));
            countPage(page, SlabAllocator.sizeClass(page), -1);
        }
        pagesToEmpty += Integer.bitCount(used);
        allocator.evacuateBlock(block);
    }

    // ---- PAGES ----------------------------------------------------------------------------------

    /// As many pages of a class may go as it has more than its live slabs fill.
    private void settleQuotas() {
        for (int sizeClass = firstClass; sizeClass <= lastClass; sizeClass++) {
            int capacity = SlabAllocator.capacity(sizeClass);
            int needed = (live[sizeClass] + capacity - 1) / capacity;
            quota[sizeClass] = Math.max(0, pages[sizeClass] - needed);
        }
    }

    private void choosePagesOfNext() {
        if (next >= blocks.size()) {
            begin(Phase.DONE);
            return;
        }
        long block = blocks.get(next++);
        if (!SlabAllocator.isEvacuating(block)) {
            choosePages(block);
        }
    }

    private void choosePages(long block) {
        for (int left = SlabAllocator.usedPages(block); left != 0; left &= left - 1) {
            long page = SlabAllocator.page(block, Integer.numberOfTrailingZeros(left));
            int sizeClass = SlabAllocator.sizeClass(page);
            if (quota[sizeClass] > 0 && isAmongEmptiest(page, sizeClass)) {
                quota[sizeClass]--;
                pagesToEmpty++;
                allocator.evacuatePage(page);
            }
        }
    }

    /// Whether the emptier pages leave enough of the quota for those of this level.
    private boolean isAmongEmptiest(long page, int sizeClass) {
        int pageLevel = pageLevel(page, sizeClass);
        if (pageLevel > levelMax) {
            return false;
        }
        int emptier = 0;
        for (int below = 0; below < pageLevel; below++) {
            emptier += pagesAt[sizeClass * LEVELS + below];
        }
        boolean isChosen = emptier < quota[sizeClass];
        if (isChosen) {
            pagesAt[sizeClass * LEVELS + pageLevel]--;
        }
        return isChosen;
    }
}
