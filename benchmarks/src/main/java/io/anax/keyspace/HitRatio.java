package io.anax.keyspace;

import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import io.anax.table.KeyHash;
import java.util.LinkedHashMap;
import java.util.Map;

/// Measures what share of the reads each eviction policy answers, in a cache of 1 % of the keys:
/// the product's own databases and eviction against an exact LRU. Prints a table; the same numbers
/// each time.
///
/// ```
///   zipf    keys drawn by Zipf 0.99 out of a million
///   scans   the same, and every fifth read is the next key of an endless walk
///   drift   the same as zipf, but the ranking moves by one key every ten reads
/// ```
///
/// A read that misses puts the key. All policies have the same bytes; exact LRU gets as many keys as
/// the policy before it held. One read is one second for LRU and LFU, as if the cache were slow:
/// so their clocks tell accesses apart as well as they ever can.
public final class HitRatio {
    private static final int KEYS = 1_000_000;
    private static final int CACHED = KEYS / 100;
    private static final int READS = 3_000_000;
    private static final int WARM_UP = 500_000;
    private static final int VALUE_SIZE = 64;
    private static final int SCAN_EVERY = 5;
    private static final int DRIFT_EVERY = 10;
    private static final double EXPONENT = 0.99;

    private enum Load {
        ZIPF,
        SCANS,
        DRIFT
    }

    private HitRatio() {}

    public static void main(String[] arguments) {
        double[] zipf = cumulated();
        System.out.printf("%-26s %8s %8s %8s %10s%n", "policy", "zipf", "scans", "drift", "keys held");
        row(zipf, EvictionPolicy.ALLKEYS_ADAPTIVE, 1, 1000);
        exactRow(zipf);
        row(zipf, EvictionPolicy.ALLKEYS_LRU, 5, 1000);
        row(zipf, EvictionPolicy.ALLKEYS_LRU, 10, 1000);
        row(zipf, EvictionPolicy.ALLKEYS_LFU, 5, 1);
        row(zipf, EvictionPolicy.ALLKEYS_LFU, 10, 1);
        row(zipf, EvictionPolicy.ALLKEYS_RANDOM, 1, 1000);
    }

    private static void row(double[] zipf, EvictionPolicy policy, int samples, int millisPerRead) {
        var line = new StringBuilder();
        long held = 0;
        for (Load load : Load.values()) {
            try (var cache = new Cache(policy, samples, millisPerRead)) {
                line.append("%8.4f ".formatted(run(load, zipf, cache)));
                held = cache.count();
            }
        }
        String name = policy.label() + (samples > 1 ? ", " + samples + " samples" : "");
        System.out.printf("%-26s %s %9d%n", name, line, held);
    }

    private static void exactRow(double[] zipf) {
        var line = new StringBuilder();
        for (Load load : Load.values()) {
            line.append("%8.4f ".formatted(run(load, zipf, new ExactLru())));
        }
        System.out.printf("%-26s %s %9d%n", "exact LRU", line, CACHED);
    }

    private static double run(Load load, double[] zipf, Reads cache) {
        var random = new SplitMix(7);
        long hits = 0;
        int scan = 0;
        for (int i = 0; i < WARM_UP + READS; i++) {
            int key;
            if (load == Load.SCANS && i % SCAN_EVERY == 0) {
                key = KEYS + scan++; // keys that nobody reads twice
            } else {
                int shift = load == Load.DRIFT ? i / DRIFT_EVERY : 0;
                key = (rank(zipf, random.real()) + shift) % KEYS;
            }
            boolean hit = cache.read(key);
            hits += hit && i >= WARM_UP ? 1 : 0;
        }
        return (double) hits / READS;
    }

    private static double[] cumulated() {
        double[] sums = new double[KEYS];
        double sum = 0;
        for (int rank = 0; rank < KEYS; rank++) {
            sum += 1 / Math.pow(rank + 1, EXPONENT);
            sums[rank] = sum;
        }
        for (int rank = 0; rank < KEYS; rank++) {
            sums[rank] /= sum;
        }
        return sums;
    }

    private static int rank(double[] sums, double at) {
        int low = 0;
        int high = KEYS - 1;
        while (low < high) {
            int middle = low + high >>> 1;
            if (sums[middle] < at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private sealed interface Reads {
        /// Whether the key was there; it is now.
        boolean read(int key);
    }

    private static final class ExactLru implements Reads {
        private final Map<Integer, Boolean> order = new LinkedHashMap<>(CACHED * 2, 0.75f, true);

        @Override
        public boolean read(int key) {
            if (order.get(key) != null) {
                return true;
            }
            order.put(key, true);
            if (order.size() > CACHED) {
                order.remove(order.keySet().iterator().next());
            }
            return false;
        }
    }

    /// The product itself, with as many bytes as CACHED keys take.
    private static final class Cache implements Reads, AutoCloseable {
        private static final int KEY_SIZE = Integer.BYTES;

        private final SlabAllocator allocator = new SlabAllocator();
        private final Databases databases = new Databases(allocator, 1);
        private final Eviction eviction = new Eviction(databases);
        private final Database db = databases.at(0);
        private final Slice slice = new Slice(new Stopped());
        private final long key = Memory.allocate(KEY_SIZE);
        private final long value = Memory.allocate(VALUE_SIZE);
        private final int millisPerRead;
        private final long limitBytes;
        private long nowMillis = 1_000_000;
        private long countSum;
        private long reads;

        Cache(EvictionPolicy policy, int samples, int millisPerRead) {
            this.millisPerRead = millisPerRead;
            eviction.policy(policy);
            eviction.samples(samples);
            Memory.fill(value, VALUE_SIZE, (byte) 'v');
            slice.begin(1);
            for (int i = 0; i < CACHED; i++) {
                put(KEYS * 2 + i);
            }
            limitBytes = allocator.usedBytes();
        }

        private void put(int number) {
            Memory.putInt(key, number);
            long hash = KeyHash.hash(key, KEY_SIZE);
            db.putString(hash, key, KEY_SIZE, value, VALUE_SIZE, Database.NEVER, nowMillis);
        }

        @Override
        public boolean read(int number) {
            nowMillis += millisPerRead;
            countSum += db.size();
            reads++;
            Memory.putInt(key, number);
            if (db.find(KeyHash.hash(key, KEY_SIZE), key, KEY_SIZE, nowMillis) != Database.NONE) {
                return true;
            }
            put(number);
            boolean below = eviction.run(slice, limitBytes, nowMillis);
            assert below;
            return false;
        }

        long count() {
            return countSum / reads;
        }

        @Override
        public void close() {
            eviction.close();
            databases.close();
            allocator.close();
            Memory.free(key, KEY_SIZE);
            Memory.free(value, VALUE_SIZE);
        }
    }

    /// Slices never end.
    private static final class Stopped implements Clock {
        @Override
        public long millis() {
            return 0;
        }

        @Override
        public long nanos() {
            return 0;
        }
    }
}
