package io.anax.table;

import io.anax.Hot;
import io.anax.Limits;
import io.anax.memory.LongList;
import io.anax.memory.Memory;
import io.anax.memory.Owner;
import io.anax.memory.SlabAllocator;
import org.jspecify.annotations.Nullable;

/// A hash table of entries at long addresses that grows and shrinks one segment at a time.
///
/// ```
///  hash --> Directory --> Segment --> Bucket --> Entry
///           top bits      home by     finger-    the key
///           of position   next bits   prints     itself
/// ```
///
/// A lookup costs three cache misses: directory word, bucket, entry. Each of them can be asked for
/// ahead of time (touchBucket, touchEntry), so that those of a pipeline overlap.
///
/// **Growth.** A segment that has no room within PROBES buckets of an entry's home gets STEP more
/// buckets, and splits in two when it has 32. No step touches more than one segment when it grows,
/// or two when they merge: at most 672 entries are hashed again.
///
/// **Place.** `find` and `evictionCandidate` remember where they were, and `removeFound`,
/// `replaceFound` and `beforeFoundChanges` act there, until the next change of the table.
///
/// **Snapshot.** Each entry carries the version of the table at which it was written. The cut gives
/// the table a new version and a listener; what has another version than the table is from before
/// the cut, and the listener hears of it before it changes. The walk (`scan`) takes such entries
/// and gives them the table's version. So one entry is handed over for one change, however large
/// its neighbours are, and an entry that merely moves (growth) need not be. A version in each
/// bucket lost: the first change hands over 21 entries, a growing segment 672.
///
/// The entries belong to the caller: the table frees none.
public final class Dashtable {
    /// No entry.
    public static final long NONE = Entry.NONE;

    /// What a segment takes, in bytes, in a table of more than some dozen.
    public static final int SEGMENT_BYTES_MIN = Segment.BUCKETS_MIN * Bucket.SIZE;

    public static final int SEGMENT_BYTES_MAX = Segment.BUCKETS_MAX * Bucket.SIZE;

    /// Buckets that an insertion tries before the segment grows. More keep it fuller and make
    /// searches longer. Measured, fills of 1M to 10M entries, STEP 8: bytes an entry (mean / worst
    /// / at 5M and 10M), buckets read by a hit / by a miss at 5M:
    ///
    /// ```
    ///   4 probes   8.2 / 9.0 / 8.5    1.03 / 1.25
    ///   6 probes   7.9 / 8.7 / 7.7    1.06 / 1.55
    ///   8 probes   7.7 / 8.5 / 7.3    1.08 / 1.84
    ///  12 probes   7.5 / 8.3 / 6.9    1.11 / 2.30
    /// ```
    private static final int PROBES = 6;

    /// A segment shrinks when its entries fill at most so much of what it would become: it grows again
    /// at 90 % or so. Measured, bytes an entry after 1M insertions, 90 % deleted, and 1M random changes
    /// more (a new table of that size: 7.9): at 50 % 16.0 and 13.3, at 80 % 9.4 and 8.0, at 85 % 8.4
    /// and 7.9. A segment grows or shrinks some 400 times in those changes, at 50 % 300 times.
    private static final int SHRINK_LOAD_PERCENT = 80;

    /// One removal in 16 asks whether the segment should shrink (and one that empties a bucket).
    private static final int SHRINK_CHECK_MASK = 15;

    /// Random slots tried before the nearest entry is taken; one in four or more is good.
    private static final int RANDOM_TRIES_MAX = 64;

    private final Thread owner = Owner.current();
    private final SlabAllocator allocator;
    private final Directory directory;
    private long size;
    private long segmentBytes;
    private @Nullable EvictionOrder evictionOrder; // null: nothing was evicted so far
    private long evictionPosition;
    private long newcomer; // the last entry inserted, NONE when it has been made up for
    private long newcomerPosition;

    @SuppressWarnings("unused") // so that the loads are not optimised away
    private long touched;

    // Where the last find ended.
    private long placePosition;
    private int placeHome;
    private int placeIndex;
    private int placeSlot = Bucket.NONE;
    private long placeBucket;

    private @Nullable ChangeListener listener; // null: no snapshot is going on
    private int version;

    public Dashtable(SlabAllocator allocator) {
        this.allocator = allocator;
        directory = new Directory(allocator, newSegment(0, Segment.BUCKETS_FIRST));
    }

    public long size() {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        return size;
    }

    /// What the table itself takes from the allocator, without the entries.
    public long memoryBytes() {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        return segmentBytes + SlabAllocator.usableSize(directory.sizeBytes());
    }

    /// Gives back all but the entries, which the caller frees before.
    public void close() {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        for (long position = 0; position <= KeyHash.POSITION_MASK; ) {
            long segment = directory.segment(position);
            freeSegment(segment);
            position = endOfSegment(segment, position);
        }
        directory.close();
        size = 0;
        forgetPlace();
    }

    /// The entry with this key, or NONE.
    @Hot
    public long find(long hash, long key, int length) {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        long position = KeyHash.position(hash);
        byte fingerprint = KeyHash.fingerprint(hash);
        long segment = directory.segment(position);
        int home = Segment.home(segment, position);
        int index = home;
        for (int step = Segment.buckets(segment); step > 0; step--) {
            long bucket = Segment.bucket(segment, index);
            for (int matches = Bucket.matches(bucket, fingerprint); matches != 0; matches &= matches - 1) {
                int slot = Integer.numberOfTrailingZeros(matches);
                long entry = Bucket.entry(bucket, slot);
                if (Entry.hasKey(entry, key, length)) {
                    remember(position, home, index, bucket, slot);
                    return entry;
                }
            }
            if (Bucket.overflow(bucket) == 0) {
                break;
            }
            index = Segment.next(segment, index);
        }
        forgetPlace();
        return NONE;
    }

    /// Adds an entry whose key is not here.
    @Hot
    public void insert(long hash, long entry) {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        assert KeyHash.hash(Entry.key(entry), Entry.keyLength(entry)) == hash : "not the hash of the key";
        assert find(hash, Entry.key(entry), Entry.keyLength(entry)) == NONE : "the key is here already";
        Entry.setVersion(entry, version);
        long position = KeyHash.position(hash);
        long segment = directory.segment(position);
        byte fingerprint = KeyHash.fingerprint(hash);
        int index = Segment.place(segment, Segment.home(segment, position), probes(segment), fingerprint, entry);
        while (index == Segment.NOWHERE) {
            segment = grow(position);
            index = Segment.place(segment, Segment.home(segment, position), probes(segment), fingerprint, entry);
        }
        size++;
        forgetPlace();
        if (evictionOrder != null) {
            evictionOrder.settle(Segment.bucket(segment, index));
            newcomer = entry;
            newcomerPosition = position;
        }
    }

    /// Puts another entry with the same key in the place of the one found, which the caller frees. It takes
    /// the visits over.
    @Hot
    public void replaceFound(long entry) {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        beforeFoundChanges();
        Entry.copyVisits(Bucket.entry(placeBucket, placeSlot), entry);
        Entry.setVersion(entry, version);
        Bucket.setEntry(placeBucket, placeSlot, entry);
    }

    /// Takes the entry found out of the table; the caller frees it.
    @Hot
    public void removeFound() {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        beforeFoundChanges();
        byte fingerprint = Bucket.fingerprint(placeBucket, placeSlot);
        Segment.remove(directory.segment(placePosition), placeHome, placeIndex, placeSlot);
        size--;
        boolean check = Bucket.isEmpty(placeBucket) || (fingerprint & SHRINK_CHECK_MASK) == 0;
        forgetPlace();
        if (check) {
            shrink(placePosition);
        }
    }

    /// To be called before the entry found is changed where it lies.
    @Hot
    public void beforeFoundChanges() {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        assert placeSlot != Bucket.NONE : "nothing was found, or the table changed since";
        if (listener != null) {
            handOver(listener);
        }
    }

    /// From now on entries are written with this version (below VERSIONS, another one than before). With a
    /// listener: the cut of a snapshot. Without: it has ended.
    ///
    /// At its end the walk has given all entries the table's version. A snapshot that is given up
    /// should walk on for that, without writing; up to VERSIONS - 2 in a row may fail to.
    public void changeListener(@Nullable ChangeListener listener, byte version) {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        assert version >= 0 && version < Entry.VERSIONS : version;
        assert listener == null || version != this.version : "a cut needs a new version";
        this.listener = listener;
        this.version = version;
    }

    /// The version that entries are written with; those with another are from before the cut.
    public byte version() {
        return (byte) version;
    }

    /// Loads the home bucket. The sum is only there so that the loads are done.
    @Hot
    public long touchBucket(long hash) {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        long bucket = homeBucket(hash);
        int sum = Memory.getByte(bucket) + Memory.getByte(bucket + Bucket.SIZE / 2);
        return sum;
    }

    /// Loads the entry that the home bucket has for this hash, if any. After touchBucket.
    @Hot
    public long touchEntry(long hash) {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        long bucket = homeBucket(hash);
        int matches = Bucket.matches(bucket, KeyHash.fingerprint(hash));
        return matches == 0 ? 0 : Memory.getByte(Bucket.entry(bucket, Integer.numberOfTrailingZeros(matches)));
    }

    /// Adds the entries from this position on that share a home, and returns the position at which
    /// to go on, 0 at the end. Positions are bounds in the order of the hashes, so a walk from 0 to
    /// 0 meets each entry that was there all the time exactly once, whatever grew or shrank
    /// meanwhile.
    public long scan(long position, LongList out) {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        long segment = directory.segment(position);
        long end = Segment.endOfHome(segment, position);
        int index = Segment.home(segment, position);
        for (int step = Segment.buckets(segment); step > 0; step--) {
            long bucket = Segment.bucket(segment, index);
            addBetween(position, end, bucket, out);
            if (Bucket.overflow(bucket) == 0) {
                break;
            }
            index = Segment.next(segment, index);
        }
        return end & KeyHash.POSITION_MASK;
    }

    /// The entry that should leave next, as if found; NONE when there was none in some buckets, though
    /// there may be in the next call. `volatileOnly`: only with a deadline.
    ///
    /// An entry that came makes one of its neighbours leave, so that each part of the table stays as
    /// full as it is, and entries that come are what a bucket's order measures time by. If more has to
    /// leave than comes, a hand goes round all buckets and leaves those alone of which all entries were
    /// visited since its last visit.
    public long evictionCandidate(boolean volatileOnly) {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        if (evictionOrder == null) {
            evictionOrder = new EvictionOrder();
        }
        long entry = newcomer == NONE ? NONE : candidateNear(evictionOrder, volatileOnly);
        newcomer = NONE;
        return entry == NONE ? candidateAtHand(evictionOrder, volatileOnly) : entry;
    }

    private long candidateNear(EvictionOrder order, boolean volatileOnly) {
        long segment = directory.segment(newcomerPosition);
        int index = EvictionOrder.fullestNeighbour(segment, Segment.home(segment, newcomerPosition));
        long bucket = Segment.bucket(segment, index);
        touched += Segment.touchEntries(bucket);
        order.playRound(bucket);
        return leaves(segment, index, candidate(order, bucket, true, volatileOnly));
    }

    private long candidateAtHand(EvictionOrder order, boolean volatileOnly) {
        for (int step = 0; step < Limits.EVICTION_BUCKETS_MAX; step++) {
            long segment = directory.segment(evictionPosition);
            int index = Segment.home(segment, evictionPosition);
            long bucket = Segment.bucket(segment, index);
            evictionPosition = Segment.endOfHome(segment, evictionPosition) & KeyHash.POSITION_MASK;
            touched += Segment.touchEntries(bucket);
            order.playRound(bucket);
            long entry = leaves(segment, index, candidate(order, bucket, false, volatileOnly));
            if (entry != NONE) {
                return entry;
            }
        }
        forgetPlace();
        return NONE;
    }

    /// The slot of the first entry that was not visited before the bucket's round, of those that may leave;
    /// `visitedToo`: else of the first that was, and the newcomer only if there is no other.
    private int candidate(EvictionOrder order, long bucket, boolean visitedToo, boolean volatileOnly) {
        int chosen = Bucket.NONE;
        int count = Bucket.count(bucket);
        for (int slot = 0; slot < count; slot++) {
            if (volatileOnly && !Entry.hasDeadline(Bucket.entry(bucket, slot))) {
                continue;
            }
            if (!order.linedUpAgain(slot) && !isNewcomer(bucket, slot)) {
                return slot;
            }
            if (visitedToo && (chosen == Bucket.NONE || isNewcomer(bucket, chosen))) {
                chosen = slot;
            }
        }
        return chosen;
    }

    /// The entry in this slot, as if found; NONE when it is none.
    private long leaves(long segment, int index, int slot) {
        if (slot == Bucket.NONE) {
            return NONE;
        }
        long bucket = Segment.bucket(segment, index);
        long entry = Bucket.entry(bucket, slot);
        long position = KeyHash.position(hashOf(entry));
        remember(position, Segment.home(segment, position), index, bucket, slot);
        return entry;
    }

    private boolean isNewcomer(long bucket, int slot) {
        return Bucket.entry(bucket, slot) == newcomer;
    }

    /// Some entry, each as likely as any other; NONE only in an empty table. The chance is the
    /// argument's: 64 random bits.
    ///
    /// A position is drawn evenly, then a slot of its bucket. So an entry is the likelier the fewer
    /// buckets share the range of hashes; to make up for that, one drawn from larger ones is dropped
    /// now and then. What was dropped, and a free slot, is drawn again.
    public long randomEntry(long random) {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        if (size == 0) {
            return NONE;
        }
        long bits = random;
        for (int tries = 0; tries < RANDOM_TRIES_MAX; tries++) {
            bits = nextRandom(bits);
            long bucket = homeBucket(bits);
            int slot = (int) ((bits >>> 48) * Bucket.SLOTS >>> 16);
            if (slot < Bucket.count(bucket) && isKept(bits)) {
                return Bucket.entry(bucket, slot);
            }
        }
        return firstEntryFrom(KeyHash.position(bits));
    }

    /// Whether an entry of the bucket at this position, which was drawn, counts: always in the finest
    /// division of the hashes there may be, half the time where buckets have twice the range.
    private boolean isKept(long bits) {
        long segment = directory.segment(KeyHash.position(bits));
        long buckets = (long) Segment.buckets(segment) << Segment.depth(segment);
        long finest = (long) Math.max(Segment.buckets(segment), directory.finestBuckets()) << directory.bits();
        return Long.remainderUnsigned(nextRandom(bits), finest) < buckets;
    }

    /// Adds up to `count` entries from neighbouring buckets at a random place, each entry as likely as
    /// any other: neighbours in the table have nothing in common but some bits of their hashes, and one
    /// miss brings many.
    public void sample(long random, int count, LongList out) {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        long bits = random;
        for (int tries = 0; tries < RANDOM_TRIES_MAX; tries++) {
            bits = nextRandom(bits);
            int slot = (int) ((bits >>> 48) * Bucket.SLOTS >>> 16);
            if (slot < Bucket.count(homeBucket(bits)) && isKept(bits)) {
                break;
            }
        }
        addFrom(KeyHash.position(bits), bits, (int) Math.min(count, size), out);
    }

    /// Adds entries from this bucket on. Of the last one, some in a row from any slot: the order of the
    /// slots has a meaning.
    private void addFrom(long from, long random, int wanted, LongList out) {
        long position = from;
        int missing = wanted;
        for (int step = 0; missing > 0 && step < Limits.EVICTION_BUCKETS_MAX; step++) {
            long segment = directory.segment(position);
            long bucket = Segment.bucket(segment, Segment.home(segment, position));
            int there = Bucket.count(bucket);
            int taken = Math.min(missing, there);
            int first = there == 0 ? 0 : (int) Long.remainderUnsigned(nextRandom(random + step), there);
            for (int i = 0; i < taken; i++) {
                out.add(Bucket.entry(bucket, (first + i) % there));
            }
            missing -= taken;
            position = Segment.endOfHome(segment, position) & KeyHash.POSITION_MASK;
        }
    }

    /// Moves what the allocator wants elsewhere (to empty a block): the entries of one bucket, at the
    /// beginning of a segment its buckets, and at that of the table the directory. Returns the
    /// position at which to go on, 0 at the end.
    public long defragment(long position, EntryMover mover) {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        if (position == 0) {
            directory.defragment();
        }
        if (position == Segment.start(position, Segment.depth(directory.segment(position)))) {
            moveSegment(position);
        }
        long segment = directory.segment(position);
        long bucket = Segment.bucket(segment, Segment.home(segment, position));
        touched += Segment.touchEntries(bucket);
        for (int slot = Bucket.count(bucket) - 1; slot >= 0; slot--) {
            long entry = Bucket.entry(bucket, slot);
            long moved = mover.moved(entry);
            if (moved != entry) {
                Bucket.setEntry(bucket, slot, moved);
            }
        }
        forgetPlace();
        return Segment.endOfHome(segment, position) & KeyHash.POSITION_MASK;
    }

    /// As [#defragment], but moves only the segment that begins at this position.
    public long defragmentSegment(long position) {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        moveSegment(position);
        forgetPlace();
        return endOfSegment(directory.segment(position), position) & KeyHash.POSITION_MASK;
    }

    private void moveSegment(long position) {
        long segment = directory.segment(position);
        long bytes = Segment.size(segment);
        if (allocator.shouldMove(Segment.address(segment), bytes)) {
            directory.replace(position, Segment.movedTo(allocator.allocate(bytes), segment));
            Segment.free(allocator, segment);
        }
    }

    private void handOver(ChangeListener listener) {
        long entry = Bucket.entry(placeBucket, placeSlot);
        if (Entry.version(entry) != version) {
            listener.beforeChange(placeBucket, placeSlot);
            Entry.setVersion(entry, version);
        }
    }

    @Hot
    private void remember(long position, int home, int index, long bucket, int slot) {
        placePosition = position;
        placeHome = home;
        placeIndex = index;
        placeBucket = bucket;
        placeSlot = slot;
    }

    @Hot
    private void forgetPlace() {
        placeSlot = Bucket.NONE;
    }

    @Hot
    private long homeBucket(long hash) {
        long position = KeyHash.position(hash);
        long segment = directory.segment(position);
        return Segment.bucket(segment, Segment.home(segment, position));
    }

    private void addBetween(long position, long end, long bucket, LongList out) {
        touched += Segment.touchEntries(bucket);
        int count = Bucket.count(bucket);
        for (int slot = 0; slot < count; slot++) {
            long entry = Bucket.entry(bucket, slot);
            long at = KeyHash.position(hashOf(entry));
            if (at >= position && at < end) {
                out.add(entry);
            }
        }
    }

    private long firstEntryFrom(long from) {
        long position = from;
        while (true) {
            long segment = directory.segment(position);
            long bucket = Segment.bucket(segment, Segment.home(segment, position));
            if (!Bucket.isEmpty(bucket)) {
                return Bucket.entry(bucket, 0);
            }
            position = Segment.endOfHome(segment, position) & KeyHash.POSITION_MASK;
        }
    }

    private static long hashOf(long entry) {
        return KeyHash.hash(Entry.key(entry), Entry.keyLength(entry));
    }

    private static long nextRandom(long random) {
        long z = random + 0x9E37_79B9_7F4A_7C15L; // SplitMix64
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    private static int probes(long segment) {
        return Math.min(PROBES, Segment.buckets(segment));
    }

    /// Makes room for one more entry at this position, as a rule. Returns the segment that now owns
    /// it.
    private long grow(long position) {
        long segment = directory.segment(position);
        if (Segment.buckets(segment) < Segment.BUCKETS_MAX
                || Segment.depth(segment) == Limits.TABLE_DIRECTORY_BITS_MAX) {
            directory.replace(position, resized(segment, Segment.grown(Segment.buckets(segment))));
        } else {
            split(position, segment);
        }
        return directory.segment(position);
    }

    private void split(long position, long segment) {
        int depth = Segment.depth(segment) + 1;
        long left = newSegment(depth, Segment.BUCKETS_MIN);
        long right = newSegment(depth, Segment.BUCKETS_MIN);
        for (int index = 0; index < Segment.buckets(segment); index++) {
            long bucket = Segment.bucket(segment, index);
            touched += Segment.touchEntries(bucket);
            int count = Bucket.count(bucket);
            for (int slot = 0; slot < count; slot++) {
                long entry = Bucket.entry(bucket, slot);
                long at = KeyHash.position(hashOf(entry));
                byte fingerprint = Bucket.fingerprint(bucket, slot);
                if ((at >>> KeyHash.POSITION_BITS - depth & 1) == 0) {
                    left = placed(left, at, fingerprint, entry);
                } else {
                    right = placed(right, at, fingerprint, entry);
                }
            }
        }
        directory.split(position, left, right);
        freeSegment(segment);
    }

    /// Places an entry in a new segment, which grows when the split was so uneven; at its full size
    /// it holds all that the old one did.
    private long placed(long segment, long position, byte fingerprint, long entry) {
        long grown = segment;
        while (Segment.place(grown, Segment.home(grown, position), probes(grown), fingerprint, entry)
                == Segment.NOWHERE) {
            if (Segment.buckets(grown) == Segment.BUCKETS_MAX) {
                placeAnywhere(grown, position, fingerprint, entry);
                break;
            }
            grown = resized(grown, Segment.grown(Segment.buckets(grown)));
        }
        return grown;
    }

    private static void placeAnywhere(long segment, long position, byte fingerprint, long entry) {
        int home = Segment.home(segment, position);
        int index = Segment.place(segment, home, Segment.buckets(segment), fingerprint, entry);
        assert index != Segment.NOWHERE : "a segment with room has none";
    }

    /// The same entries in another number of buckets; frees the old ones.
    private long resized(long segment, int buckets) {
        long resized = newSegment(Segment.depth(segment), buckets);
        move(segment, resized);
        return resized;
    }

    private void move(long from, long to) {
        for (int index = 0; index < Segment.buckets(from); index++) {
            long bucket = Segment.bucket(from, index);
            touched += Segment.touchEntries(bucket);
            int count = Bucket.count(bucket);
            for (int slot = 0; slot < count; slot++) {
                long entry = Bucket.entry(bucket, slot);
                placeAnywhere(to, KeyHash.position(hashOf(entry)), Bucket.fingerprint(bucket, slot), entry);
            }
        }
        freeSegment(from);
    }

    /// Merges the segment with its buddy, or makes it smaller, when so little is left that it will
    /// not grow again soon; then looks again. Each round moves at most what 24 buckets hold.
    private void shrink(long position) {
        while (mergeIfSmall(position) || stepDownIfSmall(position)) {
            assert directory.segment(position) != Segment.NONE;
        }
    }

    private boolean mergeIfSmall(long position) {
        long segment = directory.segment(position);
        if (Segment.depth(segment) == 0) {
            return false;
        }
        long buddy = directory.buddy(position, segment);
        if (buddy == Segment.NONE) {
            return false;
        }
        int buckets = mergedBuckets(Segment.count(segment) + Segment.count(buddy));
        if (buckets >= Segment.buckets(segment) + Segment.buckets(buddy)) {
            return false;
        }
        long merged = newSegment(Segment.depth(segment) - 1, buckets);
        move(segment, merged);
        move(buddy, merged);
        directory.merge(position, merged);
        return true;
    }

    /// How many buckets two segments with so many entries would have as one; BUCKETS_MAX is too many, it
    /// would split again soon.
    private static int mergedBuckets(int count) {
        int buckets = Segment.BUCKETS_MIN;
        while (buckets < Segment.BUCKETS_MAX && !fits(count, buckets)) {
            buckets = Segment.grown(buckets);
        }
        return buckets < Segment.BUCKETS_MAX ? buckets : Integer.MAX_VALUE;
    }

    private boolean stepDownIfSmall(long position) {
        long segment = directory.segment(position);
        int smallest = Segment.depth(segment) == 0 ? Segment.BUCKETS_FIRST : Segment.BUCKETS_MIN;
        int buckets = Segment.buckets(segment);
        if (buckets == smallest || !fits(Segment.count(segment), Segment.shrunk(buckets))) {
            return false;
        }
        directory.replace(position, resized(segment, Segment.shrunk(buckets)));
        return true;
    }

    private static boolean fits(int count, int buckets) {
        return count <= buckets * Bucket.SLOTS * SHRINK_LOAD_PERCENT / 100;
    }

    private long newSegment(int depth, int buckets) {
        long segment = Segment.allocate(allocator, depth, buckets);
        segmentBytes += SlabAllocator.usableSize(Segment.size(segment));
        return segment;
    }

    private void freeSegment(long segment) {
        segmentBytes -= SlabAllocator.usableSize(Segment.size(segment));
        Segment.free(allocator, segment);
    }

    private static long endOfSegment(long segment, long position) {
        return position + (1L << KeyHash.POSITION_BITS - Segment.depth(segment));
    }

    /// Counts, fingerprints, overflow counts, and that each entry is found from its home.
    public void checkInvariants() {
        assert Owner.current() == owner : "table touched from " + Thread.currentThread();
        directory.checkInvariants();
        long entries = 0;
        long bytes = 0;
        for (long position = 0; position <= KeyHash.POSITION_MASK; ) {
            long segment = directory.segment(position);
            bytes += SlabAllocator.usableSize(Segment.size(segment));
            entries += checkSegment(segment, position);
            position = endOfSegment(segment, position);
        }
        assert entries == size : entries + " entries, size " + size;
        assert bytes == segmentBytes : bytes + " bytes, counted " + segmentBytes;
    }

    private static int checkSegment(long segment, long start) {
        int buckets = Segment.buckets(segment);
        int[] overflow = new int[buckets];
        int entries = 0;
        for (int index = 0; index < buckets; index++) {
            long bucket = Segment.bucket(segment, index);
            int count = Bucket.count(bucket);
            for (int slot = 0; slot < Bucket.SLOTS; slot++) {
                assert (Bucket.fingerprint(bucket, slot) == 0) == (slot >= count) : "a gap before slot " + slot;
            }
            for (int slot = 0; slot < count; slot++) {
                long hash = hashOf(Bucket.entry(bucket, slot));
                long position = KeyHash.position(hash);
                assert Bucket.fingerprint(bucket, slot) == KeyHash.fingerprint(hash) : "wrong fingerprint";
                assert Segment.start(position, Segment.depth(segment)) == start : "in the wrong segment";
                for (int at = Segment.home(segment, position); at != index; at = Segment.next(segment, at)) {
                    overflow[at]++;
                }
            }
            entries += count;
        }
        for (int index = 0; index < buckets; index++) {
            int counted = Bucket.overflow(Segment.bucket(segment, index));
            assert counted == Math.min(overflow[index], Bucket.OVERFLOW_MAX) || counted == Bucket.OVERFLOW_MAX
                    : counted + " overflows, found " + overflow[index];
        }
        return entries;
    }
}
