package io.anax.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SlabAllocatorTest {
    private record Allocation(long address, int size, long pattern) {}

    private final long heldAtStart = Memory.allocatedBytes();
    private final SlabAllocator allocator = new SlabAllocator();
    private final List<Allocation> live = new ArrayList<>();
    private Random random = new Random(0);

    @AfterEach
    void nothingIsLost() {
        freeAll();
        allocator.checkInvariants();
        assertThat(allocator.usedBytes()).isZero();
        assertThat(allocator.reservedBytes()).as("one spare block").isLessThanOrEqualTo(SlabAllocator.BLOCK_SIZE);
        allocator.close();
        assertThat(allocator.reservedBytes()).isZero();
        assertThat(Memory.allocatedBytes()).isEqualTo(heldAtStart);
    }

    @Test
    void classesGrowAndWasteLittle() {
        int previous = 0;
        for (int index = 0; index < SizeClass.COUNT; index++) {
            int size = SizeClass.size(index);
            assertThat(size).isGreaterThan(previous).isLessThanOrEqualTo(SizeClass.LARGEST);
            assertThat(size % SizeClass.GRANULE).isZero();
            previous = size;
        }
        for (int size = 1; size <= SizeClass.LARGEST; size++) {
            int index = SizeClass.indexOf(size);
            assertThat(SizeClass.size(index)).isGreaterThanOrEqualTo(size);
            assertThat(index == 0 || SizeClass.size(index - 1) < size)
                    .as("the smallest class of %d", size)
                    .isTrue();
            assertThat(SizeClass.size(index) - size).as("waste of %d", size).isLessThan(Math.max(4, size / 16 + 1));
        }
    }

    @Test
    void everySizeFromOneByteToTenMegabytesCanBeUsed() {
        for (int size = 1; size <= 10 << 20; size += 1 + size / 50) {
            long address = allocate(size);
            assertThat(address % SizeClass.GRANULE).isZero();
            assertThat(SlabAllocator.usableSize(size)).isGreaterThanOrEqualTo(size);
            long last = address + SlabAllocator.usableSize(size) - 1;
            Memory.putByte(last, Memory.getByte(last)); // checked mode objects if it is not ours
            if (live.size() > 100) {
                freeRandom(); // verifies it
            }
        }
        verify();
    }

    @Test
    void aValueOfElevenHundredKilobytesDoesNotCostTwoMegabytes() {
        assertThat(SlabAllocator.usableSize(1_100_000)).isLessThan(1_100_000 + 4096);
    }

    @Test
    void everySizeAtAnEdgeIsServed() {
        for (int edge : new int[] {SizeClass.LARGEST, Extents.UNIT_SIZE * 9, Extents.SIZE_MAX, 8 << 20}) {
            for (int size = edge - 2; size <= edge + 2; size++) {
                allocate(size);
                allocate(size);
            }
            check("edge " + edge);
        }
    }

    /// Kibibytes from and to, and how many percent may be lost: half a unit each, holes, the last block.
    @Test
    void largeSizesWasteLittle() {
        random = new Random(33);
        for (int[] range : new int[][] {{8, 16, 6}, {16, 32, 5}, {33, 128, 5}, {33, 1024, 5}, {200, 300, 5}}) {
            long requested = 0;
            while (requested < 192L << 20) {
                int size = (range[0] << 10) + 1 + random.nextInt(range[1] - range[0] << 10);
                live.add(new Allocation(allocator.allocate(size), size, 0));
                requested += size;
            }
            double waste = (double) allocator.reservedBytes() / requested - 1;
            System.out.printf("%d to %d KiB: %.1f %% waste%n", range[0], range[1], 100 * waste);
            assertThat(waste).as("from %d to %d KiB", range[0], range[1]).isLessThan(range[2] / 100.0);
            freeAll();
        }
    }

    /// Where one was freed between two that live, exactly as much fits again.
    @Test
    void aHoleIsFilledAndNeighboursGrowTogether() {
        int size = 100 << 10;
        for (int i = 0; i < 20; i++) {
            allocate(size);
        }
        long reserved = allocator.reservedBytes();
        for (int i = 1; i < 20; i += 2) {
            Allocation freed = live.get(i);
            allocator.free(freed.address, size);
            long again = allocator.allocate(size);
            assertThat(again).isEqualTo(freed.address);
            live.set(i, new Allocation(again, size, freed.pattern));
            stamp(live.get(i));
        }
        for (int i = 0; i < 6; i++) { // in an order that joins to the left, to the right and both
            Allocation freed = live.remove(5 + new int[] {2, 0, 2, 0, 1, 0}[i]);
            allocator.free(freed.address, size);
            allocator.checkInvariants();
        }
        allocate(6 * size);
        assertThat(allocator.reservedBytes()).isEqualTo(reserved);
        check("grown together");
    }

    @Test
    void randomOperationsKeepEveryByte() {
        for (long seed = 1; seed <= 4; seed++) {
            random = new Random(seed);
            for (int step = 0; step < 30_000; step++) {
                boolean grows = step / 5_000 % 2 == 0;
                if (live.isEmpty() || random.nextInt(100) < (grows ? 60 : 35)) {
                    allocate(randomSize());
                } else {
                    freeRandom();
                }
                if (step % 5_000 == 0) {
                    check("seed " + seed + " step " + step);
                }
            }
            check("seed " + seed);
            freeAll();
        }
    }

    @Test
    void defragmentationUnderRandomOperationsKeepsEveryByte() {
        random = new Random(77);
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 4_000; i++) {
                allocate(1 + random.nextInt(500));
            }
            for (int i = 0; i < 3_500; i++) {
                freeRandom();
            }
            plan(1.0);
            allocator.checkInvariants();
            for (int i = 0; i < live.size(); i++) {
                moveIfWanted(i);
                if (i % 3 == 0) {
                    allocate(1 + random.nextInt(500));
                    freeRandom();
                }
            }
            allocator.checkInvariants();
            end();
            check("round " + round);
        }
    }

    @Test
    void defragmentationOfLargeOnesUnderRandomOperationsKeepsEveryByte() {
        for (long seed = 1; seed <= 5; seed++) {
            random = new Random(seed);
            for (int i = 0; i < 600; i++) {
                allocate(randomLargeSize());
            }
            for (int i = 0; i < 450; i++) {
                freeRandom();
            }
            plan(1.0);
            allocator.checkInvariants();
            for (int i = 0; i < live.size(); i++) {
                moveIfWanted(i);
                if (i % 3 == 0) {
                    allocate(randomLargeSize());
                    freeRandom();
                    allocator.checkInvariants();
                }
            }
            if (seed % 2 == 0) {
                freeAll(); // also those that were to be moved
            }
            end();
            check("seed " + seed);
        }
    }

    /// Blocks are chosen and given up one by one, and others work between the steps.
    @Test
    void allocationsComeAndGoBetweenTheStepsOfADefragmentation() {
        for (long seed = 1; seed <= 6; seed++) {
            random = new Random(seed);
            for (int round = 0; round < 3; round++) {
                grow(80 << 20);
                shrink(40 << 20);
                allocator.beginDefragmentation(1.0);
                while (allocator.planSome()) {
                    comeAndGo();
                }
                for (int i = 0; i < live.size(); i += 1 + random.nextInt(3)) {
                    moveIfWanted(i);
                }
                while (allocator.endSome()) {
                    comeAndGo();
                }
                check("seed " + seed + " round " + round);
                assertNothingIsEvacuated();
            }
            freeAll();
        }
    }

    private void grow(long usedBytes) {
        while (allocator.usedBytes() < usedBytes) {
            allocate(random.nextInt(40) == 0 ? randomLargeSize() : 1 + random.nextInt(8_000));
        }
    }

    private void shrink(long usedBytes) {
        while (allocator.usedBytes() > usedBytes) {
            freeRandom();
        }
    }

    private void comeAndGo() {
        switch (random.nextInt(8)) {
            case 0, 1 -> grow(allocator.usedBytes() + random.nextInt(1 << 20));
            case 2 -> shrink(allocator.usedBytes() * 63 / 64);
            case 3 -> freeBlockOf(live.get(random.nextInt(live.size())).address);
            default -> {}
        }
        allocator.checkInvariants();
    }

    /// Empties a whole block, so that another takes its place in the list of blocks.
    private void freeBlockOf(long address) {
        long block = BlockPool.blockOf(address);
        for (int i = live.size() - 1; i >= 0 && live.size() > 1; i--) {
            if (BlockPool.blockOf(live.get(i).address) == block) {
                Collections.swap(live, i, live.size() - 1);
                Allocation last = live.removeLast();
                verify(last);
                allocator.free(last.address, last.size);
            }
        }
    }

    private void assertNothingIsEvacuated() {
        for (Allocation a : live) {
            assertThat(allocator.shouldMove(a.address, a.size)).as("%s", a).isFalse();
        }
    }

    @Test
    void afterSeventyPercentOfRandomDeletesLargeValuesAreMovedTogether() {
        random = new Random(4712);
        fill(192 << 20, 9 << 10, 1 << 20);
        while (allocator.usedBytes() > (192 << 20) * 3L / 10) {
            freeRandom();
        }
        double before = ratio();
        int pages = plan(1.0);
        for (int i = 0; i < live.size(); i++) {
            moveIfWanted(i);
        }
        end();
        check("defragmented");
        System.out.printf("large: reserved/used: %.3f before, %.3f after, %d pages%n", before, ratio(), pages);
        assertThat(before).isGreaterThan(2);
        assertThat(ratio()).isLessThanOrEqualTo(1.10);
    }

    @Test
    void afterSeventyPercentOfRandomDeletesAndARefillOneTenthIsLostAtMost() {
        random = new Random(4711);
        fill(96 << 20, 200, 800);
        while (allocator.usedBytes() > (96 << 20) * 3L / 10) {
            freeRandom();
        }
        fill(60 << 20, 850, 1500);
        double before = ratio();
        int pages = plan(1.0);
        for (int i = 0; i < live.size(); i++) {
            moveIfWanted(i);
        }
        end();
        check("defragmented");
        System.out.printf("reserved/used: %.3f before, %.3f after, %d pages emptied%n", before, ratio(), pages);
        assertThat(before).isGreaterThan(1.3);
        assertThat(ratio()).isLessThanOrEqualTo(1.10);
    }

    @Test
    void aPlanLeavesBlocksThatAreFullEnough() {
        random = new Random(5);
        fill(24 << 20, 64, 64);
        for (int i = live.size() / 5; i > 0; i--) {
            freeRandom();
        }
        int pagesOfABlock = 32; // the last one is not full
        assertThat(plan(0.5)).isLessThanOrEqualTo(pagesOfABlock);
        end();
        assertThat(plan(0.95)).isGreaterThan(pagesOfABlock);
        allocator.checkInvariants();
        end(); // before anything was moved
        check("given up");
    }

    @Test
    void pagesOfSomeSizesAreEmptiedForOthers() {
        fill(12 << 20, 3072, 3072);
        shrink(3 << 20);
        fill(1 << 20, 900, 900);
        shrink(3 << 20);
        long reserved = allocator.reservedBytes();
        allocator.beginDefragmentationOfPages(2048, 4096, 0.95);
        while (allocator.planSome()) {
            assertThat(allocator.pagesToEmpty()).isNotNegative();
        }
        int emptied = allocator.pagesToEmpty();
        assertThat(emptied).isGreaterThan(100);
        for (int i = 0; i < live.size(); i++) {
            if (live.get(i).size == 900) {
                assertThat(allocator.shouldMove(live.get(i).address, 900)).isFalse();
            }
            moveIfWanted(i);
        }
        end();
        allocator.checkInvariants();
        assertThat(allocator.reservedBytes()).as("pages stay with the shard").isEqualTo(reserved);
        fill(emptied * (SlabAllocator.PAGE_SIZE - 200L), 100, 100);
        assertThat(allocator.reservedBytes()).as("and serve other sizes").isEqualTo(reserved);
    }

    @Test
    void emptyPagesServeOtherClasses() {
        fill(8 << 20, 100, 100);
        long reserved = allocator.reservedBytes();
        freeAll();
        fill(7 << 20, 900, 900);
        assertThat(allocator.reservedBytes()).isLessThanOrEqualTo(reserved);
    }

    private int plan(double maxUtilization) {
        allocator.beginDefragmentation(maxUtilization);
        while (allocator.planSome()) {
            assertThat(allocator.pagesToEmpty()).isNotNegative();
        }
        return allocator.pagesToEmpty();
    }

    private void end() {
        while (allocator.endSome()) {
            assertThat(allocator.usedBytes()).isNotNegative();
        }
    }

    private double ratio() {
        return (double) allocator.reservedBytes() / allocator.usedBytes();
    }

    private void fill(long bytes, int smallest, int largest) {
        long end = allocator.usedBytes() + bytes;
        while (allocator.usedBytes() < end) {
            allocate(smallest + random.nextInt(largest - smallest + 1));
        }
    }

    private int randomSize() {
        return switch (random.nextInt(200)) {
            case 0 -> 1 + random.nextInt(200_000);
            case 1 -> 1 + random.nextInt(3_000_000) / 10 * (random.nextInt(10) + 1);
            case 2, 3, 4, 5, 6, 7, 8, 9 -> 1 + random.nextInt(40_000);
            case 10, 11 -> randomLargeSize();
            default -> 1 + random.nextInt(1_000);
        };
    }

    private int randomLargeSize() {
        int largest = 10 << random.nextInt(8); // KiB
        return SizeClass.LARGEST + 1 + random.nextInt(Math.min(largest << 10, Extents.SIZE_MAX - SizeClass.LARGEST));
    }

    private long allocate(int size) {
        long address = allocator.allocate(size);
        var allocation = new Allocation(address, size, random.nextLong());
        live.add(allocation);
        stamp(allocation);
        return address;
    }

    // Both ends of an allocation bear its pattern: what overlaps it destroys one of them.
    private void stamp(Allocation a) {
        if (a.size >= Long.BYTES) {
            Memory.putLong(a.address + a.size - Long.BYTES, ~a.pattern);
            Memory.putLong(a.address, a.pattern);
        } else {
            Memory.fill(a.address, a.size, (byte) a.pattern);
        }
    }

    private void verify(Allocation a) {
        boolean isWhole = a.size < Long.BYTES
                ? Memory.getByte(a.address) == (byte) a.pattern
                        && Memory.getByte(a.address + a.size - 1) == (byte) a.pattern
                : Memory.getLong(a.address) == a.pattern
                        && (a.size < 2 * Long.BYTES || Memory.getLong(a.address + a.size - Long.BYTES) == ~a.pattern);
        assertThat(isWhole).as("content of %s", a).isTrue();
    }

    private void verify() {
        live.forEach(this::verify);
    }

    private void check(String what) {
        verify();
        allocator.checkInvariants();
        long used =
                live.stream().mapToLong(a -> SlabAllocator.usableSize(a.size)).sum();
        assertThat(allocator.usedBytes()).as(what).isEqualTo(used);
    }

    private void moveIfWanted(int index) {
        Allocation old = live.get(index);
        if (!allocator.shouldMove(old.address, old.size)) {
            return;
        }
        long moved = allocator.allocate(old.size);
        assertThat(allocator.shouldMove(moved, old.size))
                .as("a new place is not to be left")
                .isFalse();
        Memory.copy(old.address, moved, old.size);
        allocator.free(old.address, old.size);
        live.set(index, new Allocation(moved, old.size, old.pattern));
    }

    private void freeRandom() {
        int index = random.nextInt(live.size());
        Allocation last = live.removeLast();
        Allocation freed = index == live.size() ? last : live.set(index, last);
        verify(freed);
        allocator.free(freed.address, freed.size);
    }

    private void freeAll() {
        live.forEach(a -> allocator.free(a.address, a.size));
        live.clear();
    }
}
