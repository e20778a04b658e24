package io.anax.table;

import io.anax.Hot;
import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;

/// A run of buckets that cover one range of hashes. All that must be known of it fits in the word
/// that names it, so that a lookup goes from the directory to the bucket without a stop.
///
/// ```
///  bit  63          46 45    40 39                            0
///      +--------------+--------+-------------------------------+
///      | bucket count | depth  | address in granules           |
///      | 18 bits      | 6 bits | 40 bits                       |
///      +--------------+--------+-------------------------------+
///
///  address  +----------+----------+-------+--------------+
///           | bucket 0 | bucket 1 |  ...  | bucket n - 1 |   n x 128 B, see Bucket
///           +----------+----------+-------+--------------+
///  depth    how many top bits of the position all its entries share
/// ```
///
/// The bits below the shared ones are a fraction of the range; times the count it is the home
/// bucket: the order of (segment, home) is the order of the hashes, whatever the count. An entry
/// whose home is full goes on to the next bucket, behind the last one to the first. Each full
/// bucket that it passes counts it as overflow, so a search ends at the first bucket that nobody
/// passed.
///
/// A header in front of the buckets (the usual way) lost: it costs a cache miss for each lookup,
/// and 2 KB and a bit is a bad size for an allocator. The count of entries would be the only thing
/// in it that changes often, and nobody needs it but the rare shrink, which counts.
final class Segment {
    /// No segment.
    static final long NONE = 0;

    /// No bucket.
    static final int NOWHERE = -1;

    /// A table begins with so few, and an idle tenant pays for no more.
    static final int BUCKETS_FIRST = 2;

    /// From here on it grows in steps instead of doubling, and below here only a lone segment
    /// falls.
    static final int BUCKETS_MIN = 16;

    /// Where it splits into two of BUCKETS_MIN.
    static final int BUCKETS_MAX = 2 * BUCKETS_MIN;

    /// Small steps keep buckets full, large ones move entries more seldom. Measured, fills of 1M to
    /// 10M entries: with 6 probes 4 buckets a step cost 7.25 B an entry (worst 7.4), 8 cost 7.9 (8.7);
    /// with 4 probes 16 cost 9.6 (11.8). Times of insertion did not differ beyond the noise.
    static final int STEP = 8;

    private static final int ADDRESS_BITS = Granule.BITS;
    private static final long ADDRESS_MASK = (1L << ADDRESS_BITS) - 1;
    private static final int DEPTH_BITS = 6;
    private static final int DEPTH_MASK = (1 << DEPTH_BITS) - 1;
    private static final int COUNT_SHIFT = ADDRESS_BITS + DEPTH_BITS;
    static final int BUCKETS_LIMIT = (1 << Long.SIZE - COUNT_SHIFT) - 1;

    private Segment() {}

    /// An empty one.
    static long allocate(SlabAllocator allocator, int depth, int buckets) {
        assert buckets > 0 && buckets <= BUCKETS_LIMIT : buckets;
        assert depth >= 0 && depth <= DEPTH_MASK : depth;
        long size = (long) buckets * Bucket.SIZE;
        long address = allocator.allocate(size);
        Memory.fill(address, size, (byte) 0);
        return word(address, depth, buckets);
    }

    static void free(SlabAllocator allocator, long segment) {
        allocator.free(address(segment), size(segment));
    }

    /// The same segment in another place.
    static long movedTo(long address, long segment) {
        Memory.copy(address(segment), address, size(segment));
        return word(address, depth(segment), buckets(segment));
    }

    static long address(long segment) {
        return Granule.address(segment & ADDRESS_MASK);
    }

    static int depth(long segment) {
        return (int) (segment >>> ADDRESS_BITS) & DEPTH_MASK;
    }

    static int buckets(long segment) {
        return (int) (segment >>> COUNT_SHIFT);
    }

    static long size(long segment) {
        return (long) buckets(segment) * Bucket.SIZE;
    }

    @Hot
    static long bucket(long segment, int index) {
        assert index >= 0 && index < buckets(segment) : index;
        return address(segment) + (long) index * Bucket.SIZE;
    }

    /// The bucket after this one in a circle.
    static int next(long segment, int index) {
        int next = index + 1;
        return next == buckets(segment) ? 0 : next;
    }

    /// Multiply-shift over the bits below the shared ones.
    @Hot
    static int home(long segment, long position) {
        return (int) (below(segment, position) * buckets(segment) >>> KeyHash.POSITION_BITS);
    }

    /// The first position behind those that have the same home as this one; two to the 40th behind
    /// the last.
    static long endOfHome(long segment, long position) {
        long next = home(segment, position) + 1L << KeyHash.POSITION_BITS;
        long below = ceilingOf(next, buckets(segment));
        int depth = depth(segment);
        return start(position, depth) + (below + (1L << depth) - 1 >>> depth);
    }

    /// The first position of the range of this depth that holds this position.
    static long start(long position, int depth) {
        return position & ~(KeyHash.POSITION_MASK >>> depth);
    }

    /// How many buckets the next larger segment has.
    static int grown(int buckets) {
        return buckets < BUCKETS_MIN ? buckets * 2 : buckets + STEP;
    }

    /// How many buckets the next smaller segment has.
    static int shrunk(int buckets) {
        return buckets <= BUCKETS_MIN ? buckets / 2 : buckets - STEP;
    }

    /// Puts an entry into the first bucket from its home on that has room, trying no more than
    /// `probes`, behind the others there. Returns the index of the bucket, or NOWHERE.
    @Hot
    static int place(long segment, int home, int probes, byte fingerprint, long entry) {
        int index = home;
        for (int step = 0; step < probes; step++) {
            long bucket = bucket(segment, index);
            if (!Bucket.isFull(bucket)) {
                passed(segment, home, index);
                Bucket.append(bucket, fingerprint, entry);
                return index;
            }
            index = next(segment, index);
        }
        return NOWHERE;
    }

    private static void passed(long segment, int home, int index) {
        for (int full = home; full != index; full = next(segment, full)) {
            Bucket.addOverflow(bucket(segment, full));
        }
    }

    /// Takes an entry out that has its home in one bucket and lives in another, or the same.
    @Hot
    static void remove(long segment, int home, int index, int slot) {
        for (int passed = home; passed != index; passed = next(segment, passed)) {
            Bucket.subtractOverflow(bucket(segment, passed));
        }
        Bucket.remove(bucket(segment, index), slot);
    }

    /// Entries in all buckets: reads one cache line of each, so only the rare shrink asks.
    static int count(long segment) {
        int count = 0;
        for (int index = 0; index < buckets(segment); index++) {
            count += Bucket.count(bucket(segment, index));
        }
        return count;
    }

    /// Loads each entry of a bucket without waiting for one before the next: a miss alone costs
    /// some 300 ns, sixteen at once 10 each. The sum is only there so that the loads are done.
    static long touchEntries(long bucket) {
        long sum = 0;
        int count = Bucket.count(bucket);
        for (int slot = 0; slot < count; slot++) {
            sum += Memory.getByte(Bucket.entry(bucket, slot));
        }
        return sum;
    }

    private static long below(long segment, long position) {
        return position << depth(segment) & KeyHash.POSITION_MASK;
    }

    private static long ceilingOf(long dividend, int divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    private static long word(long address, int depth, int buckets) {
        return Granule.of(address) | (long) depth << ADDRESS_BITS | (long) buckets << COUNT_SHIFT;
    }
}
