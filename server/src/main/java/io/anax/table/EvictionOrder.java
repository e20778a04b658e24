package io.anax.table;

import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;

/// In which order entries leave a table that is full: decided bucket by bucket, by the order of the
/// slots and the visited bits, and tuned by what should not have left.
///
/// ```
///  slot   0     1   ...        k         ...        n
///       +-----+-----+-----+---------+-----+-----+-------+
///       | out |     |     | newcomer|     |     | last  |
///       +-----+-----+-----+---------+-----+-----+-------+
///          ^                   ^                    ^
///        goes next     entry point * n     visited ones come here
/// ```
///
/// **A round** of a bucket, when it has to give one up: what was visited since the last round goes to
/// the end and is proven from now on; of the rest the first leaves.
///
/// **The entry point** says where newcomers line up. At the end: nearly LRU, which follows a load that
/// moves on. Near the front: who is not visited soon is gone soon, which keeps the often used and lets
/// scans pass by. Which is right shows by the *ghosts*, the hashes of some that left: when a
/// newcomer's ghost is found that left unproven, it had too little time, and the point goes up; one
/// that left proven had to make room for newcomers, and it goes down. As in ARC the steps are larger
/// for the kind that has fewer ghosts. Who comes back so is proven at once.
///
/// Shares of hits (cache of 1 % of the keys; Zipf 0.99 / with 20 % scans / with drift), in a model of
/// 17 entries a bucket; HitRatioTest counts those of the table itself:
///
/// ```
///   this                                 0.638  0.502  0.495
///   entry point fixed at 1 / 0.5 / 0.2   0.566  0.428  0.495 / 0.610  0.483  0.469 / 0.636  0.502  0.398
///   SIEVE in the bucket of the newcomer  0.640  0.508  0.432
///   SIEVE, a hand over all buckets       0.609  0.469  0.439
///   exact LRU / exact SIEVE              0.567  0.428  0.498 / 0.642  0.510  0.421
/// ```
final class EvictionOrder {
    /// Ghosts kept; of a large table those of a sample of the hashes.
    private static final int GHOSTS = 1 << 9;
    private static final int GHOST_SIZE = Integer.BYTES;

    // A ghost is bits of the hash, one bit that says proven, one that it is there.
    private static final int PRESENT = 1;
    private static final int PROVEN = 2;
    private static final int GHOST_HASH_SHIFT = 32;

    private static final double POINT_FIRST = 0.5;
    private static final double POINT_MIN = 0.1; // lower, and newcomers have no time at all
    private static final double STEP = 0.002; // some hundred ghosts move the point far
    private static final double WEIGHT_MAX = 8;

    /// Buckets among which the one is chosen that gives an entry up for one that came.
    private static final int NEIGHBOURS = 8;

    private final SlabAllocator allocator;
    private final long ghosts;
    private int provenGhosts;
    private int unprovenGhosts;
    private double point = POINT_FIRST;

    // Those visited, while a round goes on.
    private final long[] visited = new long[Bucket.SLOTS];
    private final byte[] visitedFingerprints = new byte[Bucket.SLOTS];

    EvictionOrder(SlabAllocator allocator) {
        this.allocator = allocator;
        ghosts = allocator.allocate(sizeBytes());
        Memory.fill(ghosts, sizeBytes(), (byte) 0);
    }

    static long sizeBytes() {
        return (long) GHOSTS * GHOST_SIZE;
    }

    void close() {
        allocator.free(ghosts, sizeBytes());
    }

    /// A newcomer, in the last slot of its bucket, takes its place. `count`: entries of the table.
    void settle(long bucket, long hash, long count) {
        int last = Bucket.count(bucket) - 1;
        if (isSampled(hash, count) && wasHere(hash)) {
            Entry.setProven(Bucket.entry(bucket, last), true);
        }
        Bucket.moveForward(bucket, last, (int) Math.round(point * last));
    }

    /// Whether it left unproven. Its ghost has served, whatever it says.
    private boolean wasHere(long hash) {
        long at = ghostAt(hash);
        int ghost = Memory.getInt(at);
        if ((ghost & ~PROVEN) != ghost(hash, false)) {
            return false;
        }
        boolean proven = (ghost & PROVEN) != 0;
        movePoint(proven);
        count(ghost, -1);
        Memory.putInt(at, 0);
        return !proven;
    }

    private void movePoint(boolean proven) {
        double same = Math.max(1, proven ? provenGhosts : unprovenGhosts);
        double other = proven ? unprovenGhosts : provenGhosts;
        double step = STEP * Math.clamp(other / same, 1, WEIGHT_MAX);
        point = Math.clamp(proven ? point - step : point + step, POINT_MIN, 1);
    }

    /// The entry in this slot has been chosen to leave.
    void leaves(long bucket, int slot, long hash, long count) {
        if (isSampled(hash, count)) {
            long at = ghostAt(hash);
            count(Memory.getInt(at), -1);
            int ghost = ghost(hash, Entry.isProven(Bucket.entry(bucket, slot)));
            count(ghost, 1);
            Memory.putInt(at, ghost);
        }
    }

    private void count(int ghost, int sign) {
        if ((ghost & PROVEN) != 0) {
            provenGhosts += sign;
        } else if ((ghost & PRESENT) != 0) {
            unprovenGhosts += sign;
        }
    }

    /// Ghosts last about as long as it takes for all entries of the table to leave.
    private static boolean isSampled(long hash, long count) {
        return (KeyHash.position(hash) & sampleMask(count)) == 0;
    }

    private static long sampleMask(long count) {
        return Math.max(1, Long.highestOneBit(count / GHOSTS)) - 1;
    }

    private long ghostAt(long hash) {
        long mixed = hash * 0x9E37_79B9_7F4A_7C15L; // the low bits of the sampled are all the same
        return ghosts + (mixed >>> Long.SIZE - Integer.numberOfTrailingZeros(GHOSTS)) * GHOST_SIZE;
    }

    private static int ghost(long hash, boolean proven) {
        return (int) (hash >>> GHOST_HASH_SHIFT) & ~(PROVEN | PRESENT) | (proven ? PROVEN : 0) | PRESENT;
    }

    /// An entry came to a bucket: which of it and its neighbours shall give one up. The fullest, so that
    /// all become equally full, and entries have about as long everywhere.
    static int fullestNeighbour(long segment, int home) {
        int first = home & -NEIGHBOURS;
        int end = Math.min(first + NEIGHBOURS, Segment.buckets(segment));
        int fullest = home;
        for (int index = first; index < end; index++) {
            if (Bucket.count(Segment.bucket(segment, index)) > Bucket.count(Segment.bucket(segment, fullest))) {
                fullest = index;
            }
        }
        return fullest;
    }

    /// Plays a round; returns how many entries were not visited: they are the first ones.
    int playRound(long bucket) {
        int count = Bucket.count(bucket);
        int kept = 0;
        int visitedCount = 0;
        for (int slot = 0; slot < count; slot++) {
            long entry = Bucket.entry(bucket, slot);
            byte fingerprint = Bucket.fingerprint(bucket, slot);
            if (Entry.visited(entry)) {
                Entry.clearVisited(entry);
                Entry.setProven(entry, true);
                visited[visitedCount] = entry;
                visitedFingerprints[visitedCount++] = fingerprint;
            } else {
                Bucket.set(bucket, kept++, fingerprint, entry);
            }
        }
        for (int i = 0; i < visitedCount; i++) {
            Bucket.set(bucket, kept + i, visitedFingerprints[i], visited[i]);
        }
        return kept;
    }

    double entryPoint() {
        return point;
    }
}
