package io.anax.table;

import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
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

/// A lookup that finds, one that does not, an insertion with the removal that makes room for it, and
/// sixteen lookups staged. The keys are 16 bytes, the values 64; the hash of the key is included.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DashtableBenchmark {
    private static final int KEY_SIZE = 16;
    private static final int VALUE_SIZE = 64;
    private static final int BATCH = 16;
    private static final long MISSING = 1L << 40;

    @Param({"100000", "5000000"})
    public int entries;

    private final SlabAllocator allocator = new SlabAllocator();
    private final long key = allocator.allocate(KEY_SIZE);
    private final long[] batch = new long[BATCH];
    private final Dashtable table = new Dashtable(allocator);
    private long random = 1;
    private long oldest;
    private long youngest;

    @Setup(Level.Trial)
    public void fill() {
        while (youngest < entries) {
            insertYoungest();
        }
    }

    @TearDown(Level.Trial)
    public void report() {
        System.out.printf("%n%.2f bytes of table an entry%n", (double) table.memoryBytes() / table.size());
    }

    @Benchmark
    public long hit() {
        writeKey(oldest + nextRandom());
        return table.find(KeyHash.hash(key, KEY_SIZE), key, KEY_SIZE);
    }

    @Benchmark
    public long miss() {
        writeKey(MISSING + nextRandom());
        return table.find(KeyHash.hash(key, KEY_SIZE), key, KEY_SIZE);
    }

    /// The time is that of sixteen lookups.
    @Benchmark
    public long hitStaged() {
        long sum = 0;
        for (int i = 0; i < BATCH; i++) {
            batch[i] = oldest + nextRandom();
            writeKey(batch[i]);
            sum += table.touchBucket(KeyHash.hash(key, KEY_SIZE));
        }
        for (int i = 0; i < BATCH; i++) {
            writeKey(batch[i]);
            sum += table.touchEntry(KeyHash.hash(key, KEY_SIZE));
        }
        for (int i = 0; i < BATCH; i++) {
            writeKey(batch[i]);
            sum += table.find(KeyHash.hash(key, KEY_SIZE), key, KEY_SIZE);
        }
        return sum;
    }

    /// The time is that of both, with allocation.
    @Benchmark
    public void insertAndRemove() {
        insertYoungest();
        writeKey(oldest++);
        long entry = table.find(KeyHash.hash(key, KEY_SIZE), key, KEY_SIZE);
        table.removeFound();
        allocator.free(entry, Entry.headSize(0, KEY_SIZE) + VALUE_SIZE);
    }

    private void insertYoungest() {
        writeKey(youngest++);
        long entry = allocator.allocate(Entry.headSize(0, KEY_SIZE) + VALUE_SIZE);
        Memory.putLong(Entry.write(entry, 0, 0, 0, key, KEY_SIZE), youngest);
        table.insert(KeyHash.hash(key, KEY_SIZE), entry);
    }

    private void writeKey(long n) {
        Memory.putLong(key, n);
        Memory.putLong(key + Long.BYTES, n);
    }

    private long nextRandom() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return (random >>> 32) * entries >>> 32;
    }
}
