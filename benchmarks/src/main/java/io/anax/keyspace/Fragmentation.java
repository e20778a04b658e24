package io.anax.keyspace;

import io.anax.Limits;
import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import io.anax.table.KeyHash;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// Measures what a defragmentation gives back and what it costs: fills, deletes 70 % at random, refills
/// with other sizes, and lets the [Defragmenter] work in slices. Linux only: asks /proc for the resident
/// memory. Argument: megabytes of data, 500 if none.
public final class Fragmentation {
    private static final int KEY_SIZE = Integer.BYTES;
    private static final int VALUE_SIZE_MAX = 1 << 16;
    private static final int PAGE_SIZE = 4096;

    private final SlabAllocator allocator = new SlabAllocator();
    private final Databases databases = new Databases(allocator, 1);
    private final Database db = databases.at(0);
    private final SplitMix random = new SplitMix(1);
    private final Clock clock = new SystemClock();
    private final long key = Memory.allocate(KEY_SIZE);
    private final long value = Memory.allocate(VALUE_SIZE_MAX);
    private final long residentAtStart;
    private int nextKey;

    private Fragmentation() throws IOException {
        Memory.fill(value, VALUE_SIZE_MAX, (byte) 'v');
        residentAtStart = residentBytes();
    }

    public static void main(String[] arguments) throws IOException {
        long bytes = (arguments.length == 0 ? 500L : Long.parseLong(arguments[0])) << 20;
        new Fragmentation().run("small values", bytes, 20, 100, 120, 300);
        new Fragmentation().run("medium values", bytes, 200, 800, 850, 1500);
        new Fragmentation().run("large, then small", bytes, 4000, 9000, 100, 400);
    }

    private void run(String name, long bytes, int oldMin, int oldMax, int newMin, int newMax) throws IOException {
        System.out.println(name);
        fill(bytes, oldMin, oldMax);
        report("filled");
        int end = nextKey;
        while (allocator.usedBytes() > bytes * 3 / 10) {
            putKey(random.below(end));
            db.remove(KeyHash.hash(key, KEY_SIZE), key, KEY_SIZE, 0);
        }
        report("70 % deleted");
        fill(bytes * 9 / 10, newMin, newMax);
        report("refilled");
        defragment();
        report("defragmented");
        databases.close();
        allocator.close();
        Memory.free(key, KEY_SIZE);
        Memory.free(value, VALUE_SIZE_MAX);
    }

    private void fill(long bytes, int sizeMin, int sizeMax) {
        while (allocator.usedBytes() < bytes) {
            putKey(nextKey++);
            int size = sizeMin + random.below(sizeMax - sizeMin + 1);
            db.putString(KeyHash.hash(key, KEY_SIZE), key, KEY_SIZE, value, size, Database.NEVER, 0);
        }
    }

    private void putKey(int number) {
        Memory.putInt(key, number);
    }

    private void defragment() {
        var defragmenter = new Defragmenter(databases, clock);
        var slice = new Slice(clock);
        long begin = cpuNanos();
        long worst = 0;
        int slices = 0;
        while (defragmenter.isDue(0) || databases.statistics().isDefragmenting()) {
            long sliceBegin = cpuNanos();
            slice.begin(Limits.SLICE_NANOS);
            defragmenter.run(slice, 0);
            worst = Math.max(worst, cpuNanos() - sliceBegin);
            slices++;
        }
        var statistics = databases.statistics();
        System.out.printf(
                "  %d slices, %.0f ms of CPU, worst slice %.0f us; keys moved %d, looked at %d%n",
                slices,
                (cpuNanos() - begin) / 1e6,
                worst / 1e3,
                statistics.movedKeys(),
                statistics.movedKeys() + statistics.keptKeys());
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private void report(String when) throws IOException {
        double used = allocator.usedBytes();
        System.out.printf(
                "  %-14s used %4.0f MB, reserved/used %.3f, resident/used %.3f%n",
                when, used / 1e6, allocator.reservedBytes() / used, (residentBytes() - residentAtStart) / used);
    }

    private static long residentBytes() throws IOException {
        String pages = Files.readString(Path.of("/proc/self/statm")).split(" ")[1];
        return Long.parseLong(pages) * PAGE_SIZE;
    }

    private static final class SystemClock implements Clock {
        @Override
        public long millis() {
            return System.currentTimeMillis();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }
    }
}
