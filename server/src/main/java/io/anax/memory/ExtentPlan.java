package io.anax.memory;

import java.util.Arrays;
import java.util.BitSet;

/// Which blocks of [Extents] a defragmentation empties: those with the fewest live units, as long as
/// each of their extents finds a hole in those that stay. Tried out in a table of all holes by size,
/// each extent taking the smallest that is large enough, as it will be.
/// Made in steps of a block, while blocks come and go; see [EvacuationPlan].
final class ExtentPlan {
    private static final int UNITS = Extents.UNITS;

    /// How full a block is, in so many steps: sorts them well enough.
    private static final int LEVELS = 32;

    private final Extents extents;
    private final BlockList blocks;
    private final int levelMax; // fuller ones stay
    private final LongList[] order = new LongList[LEVELS]; // indexes of blocks by how full they are
    private final int[] holes = new int[UNITS]; // how many of each size there are
    private final BitSet sizes = new BitSet(UNITS); // of which there is at least one
    private final int[] holesBefore = new int[UNITS];
    private boolean surveyed;
    private int level;
    private int next; // block, or the next of the level
    private long bytesToMove;

    ExtentPlan(Extents extents, BlockList blocks, double maxUtilization) {
        this.extents = extents;
        this.blocks = blocks;
        levelMax = (int) Math.ceil(maxUtilization * LEVELS) - 1;
        Arrays.setAll(order, _ -> new LongList());
    }

    /// Bytes of the extents in the blocks chosen.
    long bytesToMove() {
        return bytesToMove;
    }

    /// Looks at one more block; false when the plan is complete.
    boolean step() {
        if (!surveyed) {
            surveyNext();
        } else if (level < LEVELS) {
            chooseNext();
        }
        return level < LEVELS;
    }

    private void surveyNext() {
        if (next >= blocks.size()) {
            surveyed = true;
            next = 0;
            return;
        }
        int index = next++;
        long block = blocks.get(index);
        addHoles(block, 1);
        int blockLevel = Extents.liveUnits(block) * LEVELS / UNITS;
        if (blockLevel <= levelMax) {
            order[blockLevel].add(index);
        }
    }

    private void chooseNext() {
        if (next == order[level].size()) {
            level++;
            next = 0;
            return;
        }
        int index = (int) order[level].get(next++);
        if (isCandidate(index) && fitsElsewhere(blocks.get(index))) {
            bytesToMove += Extents.liveUnits(blocks.get(index)) * (long) Extents.UNIT_SIZE;
            extents.evacuate(blocks.get(index));
        }
    }

    /// Blocks that went since the survey left their indexes to others, or to none.
    private boolean isCandidate(int index) {
        return index < blocks.size() && !Extents.isEvacuating(blocks.get(index));
    }

    private void addHoles(long block, int count) {
        for (int at = Extents.nextHole(block, 1); at < UNITS; ) {
            int end = Extents.holeEnd(block, at);
            addHole(end - at, count);
            at = Extents.nextHole(block, end);
        }
    }

    private void addHole(int size, int count) {
        holes[size] = Math.max(0, holes[size] + count); // a hole may be gone that was noted
        sizes.set(size, holes[size] > 0);
    }

    /// Takes the block out of the table and its extents into it; if one finds no hole all is as before.
    private boolean fitsElsewhere(long block) {
        System.arraycopy(holes, 0, holesBefore, 0, UNITS);
        addHoles(block, -1);
        for (int at = Extents.nextExtent(block, 1); at < UNITS; at = Extents.nextExtent(block, at + 1)) {
            int size = Extents.extentEnd(block, at) - at;
            int hole = sizes.nextSetBit(size);
            if (hole < 0) {
                restoreHoles();
                return false;
            }
            addHole(hole, -1);
            if (hole > size) {
                addHole(hole - size, 1);
            }
        }
        return true;
    }

    private void restoreHoles() {
        for (int size = 1; size < UNITS; size++) {
            holes[size] = holesBefore[size];
            sizes.set(size, holes[size] > 0);
        }
    }
}
