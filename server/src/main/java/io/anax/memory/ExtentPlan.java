package io.anax.memory;

import java.util.Arrays;
import java.util.BitSet;

/// Which blocks of [Extents] a defragmentation empties: those with the fewest live units, as long as
/// each of their extents finds a hole in those that stay. Tried out in a table of all holes by size,
/// each extent taking the smallest that is large enough, as it will be.
final class ExtentPlan {
    private static final int UNITS = Extents.UNITS;

    private final BlockList blocks;
    private final int[] holes = new int[UNITS]; // how many of each size there are
    private final BitSet sizes = new BitSet(UNITS); // of which there is at least one
    private final int[] holesBefore = new int[UNITS];

    ExtentPlan(BlockList blocks) {
        this.blocks = blocks;
    }

    LongList choose(double maxUtilization) {
        var chosen = new LongList();
        for (long liveAndIndex : emptiestFirst()) {
            long block = blocks.get((int) liveAndIndex);
            if (Extents.liveUnits(block) > maxUtilization * UNITS) {
                break;
            }
            if (fitsElsewhere(block)) {
                chosen.add(block);
            }
        }
        return chosen;
    }

    /// Notes all holes. Live units in the upper half of each value, the index of the block in the lower.
    private long[] emptiestFirst() {
        long[] order = new long[blocks.size()];
        for (int i = 0; i < order.length; i++) {
            long block = blocks.get(i);
            addHoles(block, 1);
            order[i] = (long) Extents.liveUnits(block) << Integer.SIZE | i;
        }
        Arrays.sort(order);
        return order;
    }

    private void addHoles(long block, int count) {
        for (int at = Extents.nextHole(block, 1); at < UNITS; ) {
            int end = Extents.holeEnd(block, at);
            addHole(end - at, count);
            at = Extents.nextHole(block, end);
        }
    }

    private void addHole(int size, int count) {
        holes[size] += count;
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
