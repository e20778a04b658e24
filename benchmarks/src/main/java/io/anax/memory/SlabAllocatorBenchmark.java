package io.anax.memory;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to free an allocation and to make another, among a million that live: the same one again,
/// while all of it is in the cache; and a random one, of another size, as a keyspace under load does it.
/// Beside malloc, the C library's, with the same sequence.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SlabAllocatorBenchmark {
    private static final int LIVE = 1 << 20;
    private static final int SIZE_MIN = 24;
    private static final int SIZE_RANGE = 256;

    @Param({"slab", "malloc"})
    public String allocator = "slab";

    private final SlabAllocator slab = new SlabAllocator();
    private final long[] addresses = new long[LIVE];
    private final short[] sizes = new short[LIVE];
    private boolean isSlab;
    private long random = 1;

    @Setup(Level.Trial)
    public void fill() {
        isSlab = allocator.equals("slab");
        for (int i = 0; i < LIVE; i++) {
            sizes[i] = nextSize();
            addresses[i] = allocate(sizes[i]);
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        for (int i = 0; i < LIVE; i++) {
            free(addresses[i], sizes[i]);
        }
        slab.close();
    }

    @Benchmark
    public long sameAgain() {
        free(addresses[0], sizes[0]);
        return addresses[0] = allocate(sizes[0]);
    }

    @Benchmark
    public long another() {
        int i = (int) (nextRandom() & LIVE - 1);
        free(addresses[i], sizes[i]);
        sizes[i] = nextSize();
        return addresses[i] = allocate(sizes[i]);
    }

    private long allocate(int sizeBytes) {
        return isSlab ? slab.allocate(sizeBytes) : Memory.allocate(sizeBytes);
    }

    private void free(long address, int sizeBytes) {
        if (isSlab) {
            slab.free(address, sizeBytes);
        } else {
            Memory.free(address, sizeBytes);
        }
    }

    private short nextSize() {
        return (short) (SIZE_MIN + nextRandom() % SIZE_RANGE);
    }

    private long nextRandom() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return random >>> 32;
    }
}
