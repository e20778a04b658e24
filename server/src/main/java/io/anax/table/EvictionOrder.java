package io.anax.table;

/// In which order entries leave a table that is full: decided bucket by bucket, by the order of the
/// slots and the visits, and tuned by what the time in a bucket is worth.
///
/// ```
///  slot   0     1   ...  n/3  ...   n/2   ...     k      ...    n
///       +-----+-----+-----+-----+----------+-----+----------+-----+------+
///       | out |     |     |     |          |     | newcomer |     | last |
///       +-----+-----+-----+-----+----------+-----+----------+-----+------+
///          ^     front ---^          ^                 ^              ^
///      goes next       visited twice or more    entry point * n    visited once
/// ```
///
/// **A round** of a bucket, when it has to give one up: what was visited since the last round is proven
/// from now on and lines up again; of the rest the first leaves. Visited once, it goes to the end. Visited
/// again, the middle will do: it is visited soon, or its time is over.
///
/// **The entry point** says where newcomers line up. At the end: nearly LRU, which follows a load that
/// moves on. Near the front: who is not visited soon is gone soon, which keeps the often used and lets
/// scans pass by. Which is right shows in *front*, the third that leaves next: there the entries that
/// are proven and those that are not have got all the time they get. The kind of which a larger share
/// was visited since the last round deserves more, and the point moves. A newcomer's visit counts twice:
/// it is the first of more.
///
/// Shares of hits (cache of 1 % of the keys; Zipf 0.99 / with 20 % scans / with a ranking that moves by a
/// key every 10, 30, 100 reads) in a model of 17 entries a bucket; HitRatioTest counts those of the table:
///
/// ```
///   this                             0.633  0.496   0.500 0.565 0.598
///   those visited again to the end   0.633  0.497   0.495 0.552 0.591
///   the point moved by ghosts (ARC)  0.633  0.496   0.495 0.457 0.556
///   the point fixed at 1             0.567  0.428   0.496 0.545 0.560
///   fixed at 0.5                     0.611  0.484   0.469 0.549 0.591
///   fixed at 0.2                     0.632  0.492   0.398 0.495 0.575
/// ```
final class EvictionOrder {
    private static final int FRONT = 3; // one part of so many

    private static final double POINT_FIRST = 0.5;
    private static final double POINT_MIN = 0.15; // lower, and newcomers have no time at all
    private static final double STEP = 0.02; // at most, as soon as so many rounds were judged:
    private static final int ROUNDS_PER_STEP = 1000;
    private static final double NEWCOMER_WEIGHT = 2;

    /// Entries judged below which a share says nothing: the kind is as good as never in front.
    private static final int JUDGED_MIN = 8;

    /// Buckets among which the one is chosen that gives an entry up for one that came.
    private static final int NEIGHBOURS = 8;

    private double point = POINT_FIRST;
    private int rounds;
    private final Front newcomers = new Front();
    private final Front proven = new Front();

    // Those on their way to another slot, while a round goes on.
    private final Parked visitedOnce = new Parked();
    private final Parked visitedAgain = new Parked();

    // What the last round did.
    private int againFrom;
    private int againEnd;
    private int onceFrom;

    /// Entries of one kind that were in front when their bucket had a round, and those visited by then.
    private static final class Front {
        private int judged;
        private int visited;

        double share() {
            return (visited + 0.5) / (judged + 1);
        }

        void clear() {
            judged = 0;
            visited = 0;
        }
    }

    private static final class Parked {
        private final long[] entries = new long[Bucket.SLOTS];
        private final byte[] fingerprints = new byte[Bucket.SLOTS];
        private int count;

        void take(long bucket, int slot) {
            entries[count] = Bucket.entry(bucket, slot);
            fingerprints[count++] = Bucket.fingerprint(bucket, slot);
        }

        /// Puts all there, as proven ones.
        void put(long bucket, int slot) {
            for (int i = 0; i < count; i++) {
                Entry.prove(entries[i]);
                Bucket.set(bucket, slot + i, fingerprints[i], entries[i]);
            }
            count = 0;
        }
    }

    /// A newcomer, in the last slot of its bucket, takes its place.
    void settle(long bucket) {
        int last = Bucket.count(bucket) - 1;
        Bucket.moveForward(bucket, last, (int) Math.round(point * last));
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

    /// Plays a round.
    void playRound(long bucket) {
        int count = Bucket.count(bucket);
        judge(bucket, count / FRONT);
        int unvisited = 0;
        for (int slot = 0; slot < count; slot++) {
            long entry = Bucket.entry(bucket, slot);
            if (!Entry.visited(entry)) {
                Bucket.copy(bucket, slot, unvisited++);
            } else if (Entry.visitedAgain(entry)) {
                visitedAgain.take(bucket, slot);
            } else {
                visitedOnce.take(bucket, slot);
            }
        }
        int again = visitedAgain.count;
        againFrom = Math.min(unvisited, (count + 1) / 2);
        againEnd = againFrom + again;
        onceFrom = unvisited + again;
        for (int slot = unvisited - 1; slot >= againFrom; slot--) {
            Bucket.copy(bucket, slot, slot + again);
        }
        visitedAgain.put(bucket, againFrom);
        visitedOnce.put(bucket, onceFrom);
    }

    /// Of a slot of the bucket that had the last round: whether its entry lined up again.
    boolean linedUpAgain(int slot) {
        return slot >= againFrom && slot < againEnd || slot >= onceFrom;
    }

    private void judge(long bucket, int front) {
        for (int slot = 0; slot < front; slot++) {
            long entry = Bucket.entry(bucket, slot);
            Front kind = Entry.isProven(entry) ? proven : newcomers;
            kind.judged++;
            kind.visited += Entry.visited(entry) ? 1 : 0;
        }
        if (++rounds == ROUNDS_PER_STEP) {
            point = Math.clamp(point + STEP * verdict(), POINT_MIN, 1);
            rounds = 0;
            newcomers.clear();
            proven.clear();
        }
    }

    /// From -1, newcomers have too much time, to 1, they have too little.
    private double verdict() {
        if (newcomers.judged < JUDGED_MIN) {
            return -1;
        }
        if (proven.judged < JUDGED_MIN) {
            return 1;
        }
        double newcomer = NEWCOMER_WEIGHT * newcomers.share();
        double other = proven.share();
        return (newcomer - other) / (newcomer + other);
    }
}
