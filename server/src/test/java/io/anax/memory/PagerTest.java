package io.anax.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.server.PagerThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The pager's steps by the test's own thread, then by its own.
final class PagerTest {
    private static final int BLOCK = BlockPool.BLOCK_SIZE;

    private final long heldAtStart = Memory.allocatedBytes();
    private final Pager pager = new Pager();

    @AfterEach
    void nothingIsLost() {
        pager.close();
        assertThat(Memory.allocatedBytes()).isEqualTo(heldAtStart);
    }

    @Test
    void aBlockIsAheadOnceItWasPrepared() {
        var pool = new BlockPool(pager.open());
        long first = pool.take(true);
        assertThat(pager.work()).as("before a block is wanted").isFalse();
        pool.prepare();
        assertThat(pool.reservedBytes()).isEqualTo(BLOCK);
        assertThat(pager.work()).isTrue();
        assertThat(pool.reservedBytes()).as("one ahead").isEqualTo(2 * BLOCK);
        pool.prepare();
        assertThat(pager.work()).as("there is one").isFalse();

        long mapped = Memory.allocatedBytes();
        long second = pool.take(true);
        assertThat(Memory.allocatedBytes()).as("the one ahead is taken").isEqualTo(mapped);
        assertThat(pool.reservedBytes()).isEqualTo(2 * BLOCK);
        long third = pool.take(true);
        assertThat(Memory.allocatedBytes()).as("none was ahead").isEqualTo(mapped + BLOCK);
        assertThat(List.of(first, second, third)).doesNotHaveDuplicates().allMatch(block -> block % BLOCK == 0);
        for (long block : List.of(first, second, third)) {
            pool.give(block);
        }
        pool.trim();
    }

    @Test
    void whereOneIsSpareNoneIsPrepared() {
        var pool = new BlockPool(pager.open());
        pool.give(pool.take(false));
        pool.prepare();
        assertThat(pager.work()).isFalse();
        pool.trim();
    }

    @Test
    void theNextBlockIsPreparedWhenTheLastIsHalfFull() {
        try (var allocator = new SlabAllocator(pager)) {
            int slabs = SlabAllocator.BLOCK_SIZE / SlabAllocator.PAGE_SIZE * 15; // of 4 KiB, 15 in a page
            var addresses = new ArrayList<Long>();
            for (int i = 0; i < slabs; i++) {
                addresses.add(allocator.allocate(4096));
                boolean isPrepared = pager.work();
                assertThat(isPrepared).as("slab " + i).isEqualTo(i == slabs / 2 - 15);
            }
            assertThat(allocator.reservedBytes()).isEqualTo(2 * BLOCK);
            addresses.add(allocator.allocate(4096));
            assertThat(allocator.reservedBytes()).as("the prepared one").isEqualTo(2 * BLOCK);
            addresses.forEach(address -> allocator.free(address, 4096));
        }
    }

    @Test
    void afterAFirstExtentNoBlockIsPrepared() {
        try (var allocator = new SlabAllocator(pager)) {
            long size = 900_000; // two in a block
            var addresses = new ArrayList<Long>();
            for (int blocks = 1; blocks <= 3; blocks++) {
                addresses.add(allocator.allocate(size));
                assertThat(pager.work()).as("block " + blocks).isEqualTo(blocks > 1);
                addresses.add(allocator.allocate(size));
                assertThat(pager.work()).as("block " + blocks).isFalse();
            }
            addresses.forEach(address -> allocator.free(address, size));
        }
    }

    @Test
    void aBlockThatComesTooLateIsNotLost() {
        var pool = new BlockPool(pager.open());
        pool.give(pool.take(true));
        pool.dropSpare();
        assertThat(pager.work()).as("the spare one is to be unmapped").isTrue();
        pool.prepare();
        pool.trim();
        assertThat(pager.work()).as("it is still wanted").isTrue();
        assertThat(pool.reservedBytes()).isEqualTo(BLOCK);
        pool.trim();
        assertThat(pool.reservedBytes()).isZero();
        assertThat(pager.work()).as("it is to be unmapped").isTrue();
        assertThat(pager.work()).isFalse();
    }

    @Test
    void aShardWhosePagerIsFarBehindUnmapsItself() {
        try (var allocator = new SlabAllocator(pager)) {
            long size = 2_000_000;
            var addresses = new ArrayList<Long>();
            for (int i = 0; i < 100; i++) {
                addresses.add(allocator.allocate(size));
            }
            long held = Memory.allocatedBytes();
            addresses.forEach(address -> allocator.free(address, size));
            assertThat(held - Memory.allocatedBytes()).isBetween(30 * size, 40 * size);
            assertThat(pager.work()).isTrue();
            assertThat(allocator.reservedBytes()).isZero();
        }
    }

    @Test
    void mappingsAreUnmappedByThePager() {
        try (var allocator = new SlabAllocator(pager)) {
            var sizes = List.of(2_000_000L, 9_000_000L, 33_000_000L);
            var addresses = new ArrayList<Long>();
            for (long size : sizes) {
                addresses.add(allocator.allocate(size));
            }
            long held = Memory.allocatedBytes();
            long sum = allocator.reservedBytes();
            for (int i = 0; i < sizes.size(); i++) {
                allocator.free(addresses.get(i), sizes.get(i));
            }
            assertThat(allocator.reservedBytes()).isZero();
            assertThat(Memory.allocatedBytes()).isEqualTo(held);
            assertThat(pager.work()).isTrue();
            assertThat(held - Memory.allocatedBytes()).isEqualTo(sum);
        }
    }

    /// Two shards and the pager at the same time: a block belongs to one of them.
    @Test
    void runsBesideShards() throws InterruptedException {
        var beside = new PagerThread(pager);
        var failures = new ArrayList<Throwable>();
        var threads = new ArrayList<Thread>();
        for (int id = 0; id < 2; id++) {
            long seed = System.nanoTime();
            System.out.println("seed " + seed);
            var allocator = new SlabAllocator(pager);
            var thread = new Thread(() -> allocateAndFree(allocator, new Random(seed)));
            thread.setUncaughtExceptionHandler((_, failure) -> failures.add(failure));
            threads.add(thread);
        }
        beside.start();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofMinutes(1))).isTrue();
        }
        assertThat(failures).isEmpty();
        beside.stop();
    }

    private static void allocateAndFree(SlabAllocator allocator, Random random) {
        record Allocation(long address, long size, long pattern) {}
        try (allocator) {
            var live = new ArrayList<Allocation>();
            for (int i = 0; i < 2_000; i++) {
                if (live.size() < 60 && random.nextInt(100) < 60) {
                    long size = 100_000 + random.nextInt(random.nextInt(50) == 0 ? 10_000_000 : 900_000);
                    var one = new Allocation(allocator.allocate(size), size, random.nextLong());
                    Memory.putLong(one.address, one.pattern);
                    Memory.putLong(one.address + size - Long.BYTES, one.pattern);
                    live.add(one);
                } else if (!live.isEmpty()) {
                    var one = live.remove(random.nextInt(live.size()));
                    assertThat(Memory.getLong(one.address)).isEqualTo(one.pattern);
                    assertThat(Memory.getLong(one.address + one.size - Long.BYTES))
                            .isEqualTo(one.pattern);
                    allocator.free(one.address, one.size);
                }
            }
            live.forEach(one -> allocator.free(one.address, one.size));
        }
    }
}
