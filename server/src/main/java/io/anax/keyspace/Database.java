package io.anax.keyspace;

import io.anax.memory.LongList;
import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import io.anax.table.Dashtable;
import io.anax.table.Entry;
import io.anax.table.EntryMover;
import io.anax.table.KeyHash;
import io.anax.types.StringValue;
import io.anax.types.Type;
import io.anax.types.Value;
import org.jspecify.annotations.Nullable;

/// One logical database of one shard: keys to values, with deadlines.
///
/// An expired key is never seen: whoever comes across it removes it. Whoever reads a value finds it
/// with `find`; whoever changes a value where it lies finds it with `findToChange`, which tells a
/// snapshot before, and calls `changed` after. The methods that end in `Found` act on the entry of
/// the last `find`, `findToChange`, `peek` or `put`; nothing else may happen between.
///
/// ```
///   Database --> Dashtable (none until the first key comes) --> Entry --> parts of large values
///            \-> WatchedKeys
/// ```
///
/// An entry's address is valid until the next change of its database.
public final class Database {
    /// No entry.
    public static final long NONE = Entry.NONE;

    /// The deadline of a key that lives until somebody removes it.
    public static final long NEVER = Entry.NEVER;

    /// As a deadline to put: the one that the key has. NEVER for a new key.
    public static final long KEEP = -1;

    /// Deadlines in one sample of the average, and its share of it: one part of so many, as in Redis.
    private static final int TTL_SAMPLE = 20;

    private static final int TTL_PARTS = 50;

    private static final int RANDOM_TRIES_MAX = 100; // as Redis: then an expired key is as good as none

    private final int tenant;
    private final int index;
    private final Databases shard;
    private final SlabAllocator allocator;
    private final Statistics statistics;
    private final Stamps stamps;
    private final SplitMix random;
    private final Reclaimer reclaimer;
    private final WatchedKeys watched = new WatchedKeys();

    private @Nullable Dashtable table; // null: no key since it was created or trimmed
    private long expiresCount;
    private long found = NONE;
    private long foundHash;
    private boolean placed; // the table still knows where `found` is
    long expiryPosition; // where the active expiry goes on
    private long ttlSumMillis; // of those that it saw since the average was taken
    private int ttlCount;
    private double averageTtlMillis;

    Database(int tenant, int index, Databases shard) {
        this.tenant = tenant;
        this.index = index;
        this.shard = shard;
        allocator = shard.allocator();
        statistics = shard.statistics();
        stamps = shard.stamps();
        random = shard.random();
        reclaimer = shard.reclaimer();
    }

    public int tenant() {
        return tenant;
    }

    public int index() {
        return index;
    }

    public SlabAllocator allocator() {
        return allocator;
    }

    Stamps stamps() {
        return stamps;
    }

    // ---- finding --------------------------------------------------------------------------------

    /// The entry of a key, of any type, or NONE. Counts a hit or a miss and remembers the access.
    public long find(long hash, long key, int keyLength, long nowMillis) {
        long entry = locate(hash, key, keyLength, nowMillis);
        if (entry == NONE) {
            statistics.misses++;
            return NONE;
        }
        statistics.hits++;
        stamps.touch(entry, nowMillis);
        return entry;
    }

    /// As above; throws [WrongTypeException] when the value is of another type.
    public long find(long hash, long key, int keyLength, Type type, long nowMillis) {
        return checked(find(hash, key, keyLength, nowMillis), type);
    }

    /// For who will change the value where it lies, or may. Counts no hit and no miss, as Redis.
    public long findToChange(long hash, long key, int keyLength, Type type, long nowMillis) {
        long entry = checked(locate(hash, key, keyLength, nowMillis), type);
        if (entry != NONE) {
            stamps.touch(entry, nowMillis);
            table().beforeFoundChanges();
        }
        return entry;
    }

    /// The entry of a key without leaving a trace: OBJECT, EXISTS of a background task, TTL.
    public long peek(long hash, long key, int keyLength, long nowMillis) {
        return locate(hash, key, keyLength, nowMillis);
    }

    private long locate(long hash, long key, int keyLength, long nowMillis) {
        Dashtable keys = table;
        long entry = keys == null ? NONE : keys.find(hash, key, keyLength);
        found = entry;
        foundHash = hash;
        placed = true;
        if (entry != NONE && Expiry.isExpired(entry, nowMillis)) {
            if (shard.isHeld(hash)) {
                shard.metExpired(this, hash);
            } else {
                expireFound();
            }
            return NONE;
        }
        return entry;
    }

    private static long checked(long entry, Type type) {
        if (entry != NONE && Entry.type(entry) != type.number()) {
            throw WrongTypeException.INSTANCE;
        }
        return entry;
    }

    // ---- putting --------------------------------------------------------------------------------

    /// Sets a string, whatever the key held before. The bytes must not lie in a value of this
    /// database. `deadlineMillis` may be NEVER or KEEP.
    public void putString(
            long hash, long key, int keyLength, long value, long valueLength, long deadlineMillis, long nowMillis) {
        int encoding = StringValue.encoding(value, valueLength);
        int size = StringValue.valueSize(encoding, valueLength);
        long entry = put(hash, key, keyLength, Type.STRING, encoding, size, deadlineMillis, nowMillis);
        StringValue.write(allocator, Entry.value(entry), encoding, value, valueLength);
        changed(hash);
    }

    /// As above for one that is large, with a pause after each piece of it: others see the old value until
    /// all is copied, and keep it when a pause throws. The key must be held.
    public void putLargeString(
            long hash,
            long key,
            int keyLength,
            long value,
            long valueLength,
            long deadlineMillis,
            long nowMillis,
            Runnable pause) {
        long bytes = allocator.allocate(valueLength);
        try {
            StringValue.copyInPieces(value, bytes, valueLength, pause);
        } catch (RuntimeException | Error e) {
            allocator.free(bytes, valueLength);
            throw e;
        }
        int size = StringValue.valueSize(StringValue.LARGE, valueLength);
        long entry = put(hash, key, keyLength, Type.STRING, StringValue.LARGE, size, deadlineMillis, nowMillis);
        StringValue.writeLarge(Entry.value(entry), bytes, valueLength);
        changed(hash);
    }

    public void putInteger(long hash, long key, int keyLength, long integer, long deadlineMillis, long nowMillis) {
        int encoding = StringValue.encoding(integer);
        int size = StringValue.valueSize(encoding, 0);
        long entry = put(hash, key, keyLength, Type.STRING, encoding, size, deadlineMillis, nowMillis);
        StringValue.writeInteger(Entry.value(entry), encoding, integer);
        changed(hash);
    }

    /// Makes an entry with room for a value of `valueSize` bytes, whatever the key held before, and
    /// returns it. The caller writes the value at once and calls `changed`.
    public long put(
            long hash, long key, int keyLength, Type type, int encoding, int valueSize, long deadlineMillis, long now) {
        Dashtable keys = table();
        long old = keys.find(hash, key, keyLength);
        if (old == NONE) {
            long deadline = deadlineMillis == KEEP ? NEVER : deadlineMillis;
            long entry = newEntry(key, keyLength, type, encoding, valueSize, deadline, now);
            keys.insert(hash, entry);
            return nowFound(entry, hash, false);
        }
        boolean expired = Expiry.isExpired(old, now);
        if (expired) {
            statistics.expired++;
        }
        long deadline = deadlineMillis != KEEP ? deadlineMillis : expired ? NEVER : Entry.deadline(old);
        return nowFound(overwritten(old, type, encoding, valueSize, deadline, now), hash, true);
    }

    private long overwritten(long old, Type type, int encoding, int valueSize, long deadline, long now) {
        long oldSize = Value.sizeBytes(old);
        long newSize = Entry.value(old) - old + valueSize;
        if (Entry.flags(old) == flags(deadline) && sameSize(oldSize, newSize)) {
            table().beforeFoundChanges();
            Value.freeParts(allocator, old);
            Entry.setKind(old, type.number(), encoding);
            setDeadlineField(old, deadline);
            stamps.touch(old, now);
            return old;
        }
        expiresCount -= Entry.hasDeadline(old) ? 1 : 0;
        long entry = newEntry(Entry.key(old), Entry.keyLength(old), type, encoding, valueSize, deadline, now);
        table().replaceFound(entry);
        stamps.touch(entry, now);
        Value.freeParts(allocator, old);
        allocator.free(old, oldSize);
        return entry;
    }

    /// Makes the value area of the entry found `valueSize` bytes large, with as much of the old value
    /// as fits; head and key stay. Returns the entry, which may have moved. For packed values.
    public long resizeFound(int valueSize) {
        restorePlace();
        long old = found;
        long headSize = Entry.value(old) - old;
        long oldSize = Value.sizeBytes(old);
        if (sameSize(oldSize, headSize + valueSize)) {
            table().beforeFoundChanges();
            return old;
        }
        long entry = allocator.allocate(headSize + valueSize);
        Memory.copy(old, entry, Math.min(oldSize, headSize + valueSize));
        table().replaceFound(entry);
        allocator.free(old, oldSize);
        return found = entry;
    }

    /// Sets the string found to a number; deadline and place stay.
    public void setIntegerFound(long integer) {
        restorePlace();
        assert Entry.type(found) == Type.STRING.number();
        int encoding = StringValue.encoding(integer);
        table().beforeFoundChanges();
        long entry = found;
        if (encoding != Entry.encoding(entry)) {
            Value.freeParts(allocator, entry);
            entry = withValueSize(entry, StringValue.valueSize(encoding, 0));
            Entry.setKind(entry, Type.STRING.number(), encoding);
        }
        StringValue.writeInteger(Entry.value(entry), encoding, integer);
        changed(foundHash);
    }

    /// Lets a string have at least `length` bytes, the new ones zero, and returns where they may be
    /// written, until the next change. Makes the key when there is none. For APPEND, SETRANGE, SETBIT.
    public long growString(long hash, long key, int keyLength, long length, long nowMillis) {
        long entry = findToChange(hash, key, keyLength, Type.STRING, nowMillis);
        long bytes = entry == NONE ? newZeros(hash, key, keyLength, length, nowMillis) : grown(entry, length);
        changed(hash);
        return bytes;
    }

    /// Gives a string that is there room to grow to `length` bytes in place. What has to move is copied
    /// aside, with a pause after each piece, and the string stays as it was when one throws. The key must
    /// be held.
    public void makeRoom(long hash, long key, int keyLength, long length, long nowMillis, Runnable pause) {
        long entry = peek(hash, key, keyLength, nowMillis);
        long capacity = StringValue.capacityFor(entry, length);
        long bytes = allocator.allocate(capacity);
        try {
            StringValue.copyText(entry, bytes, pause);
        } catch (RuntimeException | Error e) {
            allocator.free(bytes, capacity);
            throw e;
        }
        long same = findToChange(hash, key, keyLength, Type.STRING, nowMillis); // others ran meanwhile
        assert same == entry : "a held key was moved";
        long oldLength = StringValue.length(entry);
        Value.freeParts(allocator, entry);
        entry = withValueSize(entry, StringValue.valueSize(StringValue.LARGE, length));
        Entry.setKind(entry, Type.STRING.number(), StringValue.LARGE);
        StringValue.writeLarge(Entry.value(entry), bytes, oldLength, capacity);
    }

    /// Adds bytes at the end of a string that is there, with a pause after each piece. They are seen when
    /// all are there; none is added when a pause throws. The key must be held.
    public void appendString(long hash, long key, int keyLength, long from, long size, long nowMillis, Runnable pause) {
        long entry = peek(hash, key, keyLength, nowMillis);
        long length = StringValue.length(entry) + size;
        if (!StringValue.isLarge(entry) || StringValue.largeCapacity(entry) < length) {
            makeRoom(hash, key, keyLength, length, nowMillis, pause);
        }
        StringValue.writeRoom(peek(hash, key, keyLength, nowMillis), from, size, pause);
        StringValue.takeRoom(findToChange(hash, key, keyLength, Type.STRING, nowMillis), length);
        changed(hash);
    }

    private long newZeros(long hash, long key, int keyLength, long length, long nowMillis) {
        int encoding = StringValue.rawEncoding(length);
        int size = StringValue.valueSize(encoding, length);
        long entry = put(hash, key, keyLength, Type.STRING, encoding, size, NEVER, nowMillis);
        return StringValue.writeZeros(allocator, Entry.value(entry), encoding, length);
    }

    private long grown(long old, long wanted) {
        if (StringValue.isLarge(old)) {
            return StringValue.growLarge(allocator, old, Math.max(wanted, StringValue.length(old)));
        }
        long length = Math.max(wanted, StringValue.length(old));
        int encoding = StringValue.rawEncoding(length);
        int valueSize = StringValue.valueSize(encoding, length);
        boolean embedded = encoding != StringValue.LARGE && Entry.encoding(old) > StringValue.INT64;
        if (embedded && sameSize(StringValue.sizeBytes(old), Entry.value(old) - old + valueSize)) {
            return StringValue.growEmbedded(old, length);
        }
        return grownElsewhere(old, encoding, valueSize, length);
    }

    private long grownElsewhere(long old, int encoding, int valueSize, long length) {
        long headSize = Entry.value(old) - old;
        long oldSize = StringValue.sizeBytes(old);
        long entry = allocator.allocate(headSize + valueSize);
        Memory.copy(old, entry, headSize);
        Entry.setKind(entry, Type.STRING.number(), encoding);
        long bytes = StringValue.writeZeros(allocator, entry + headSize, encoding, length);
        StringValue.copyText(old, bytes);
        table().replaceFound(entry);
        allocator.free(old, oldSize);
        found = entry;
        return bytes;
    }

    private long newEntry(
            long key, int keyLength, Type type, int encoding, int valueSize, long deadline, long nowMillis) {
        int flags = flags(deadline);
        long entry = allocator.allocate((long) Entry.headSize(flags, keyLength) + valueSize);
        Entry.write(entry, type.number(), encoding, flags, key, keyLength);
        setDeadlineField(entry, deadline);
        stamps.start(entry, nowMillis);
        expiresCount += deadline == NEVER ? 0 : 1;
        return entry;
    }

    private int flags(long deadline) {
        return (deadline == NEVER ? 0 : Entry.DEADLINE) | stamps.flag();
    }

    private static void setDeadlineField(long entry, long deadline) {
        if (deadline != NEVER) {
            Entry.setDeadline(entry, deadline);
        }
    }

    /// The entry found with another size of its value, whose bytes are undefined.
    private long withValueSize(long old, int valueSize) {
        long headSize = Entry.value(old) - old;
        long oldSize = Value.sizeBytes(old);
        if (sameSize(oldSize, headSize + valueSize)) {
            return old;
        }
        long entry = allocator.allocate(headSize + valueSize);
        Memory.copy(old, entry, headSize);
        table().replaceFound(entry);
        allocator.free(old, oldSize);
        return found = entry;
    }

    private static boolean sameSize(long oneSize, long otherSize) {
        return SlabAllocator.usableSize(oneSize) == SlabAllocator.usableSize(otherSize);
    }

    // ---- removing, moving -----------------------------------------------------------------------

    /// Whether the key was here.
    public boolean remove(long hash, long key, int keyLength, long nowMillis) {
        if (locate(hash, key, keyLength, nowMillis) == NONE) {
            return false;
        }
        removeFound();
        return true;
    }

    public void removeFound() {
        restorePlace();
        long entry = found;
        expiresCount -= Entry.hasDeadline(entry) ? 1 : 0;
        table().removeFound();
        reclaimer.free(entry);
        found = NONE;
        changed(foundHash);
    }

    /// Gives the entry found another key, in this database or another one of this shard, whatever
    /// was there. Its deadline goes with it. The key's bytes must not lie in either database.
    public void moveFound(Database to, long toHash, long toKey, int toKeyLength, long nowMillis) {
        restorePlace();
        long old = found;
        long valueSize = Value.sizeBytes(old) - (Entry.value(old) - old);
        int flags = Entry.flags(old);
        long entry = allocator.allocate(Entry.headSize(flags, toKeyLength) + valueSize);
        long value = Entry.write(entry, Entry.type(old), Entry.encoding(old), flags, toKey, toKeyLength);
        copyFields(old, entry, flags);
        Memory.copy(Entry.value(old), value, valueSize);
        expiresCount -= Entry.hasDeadline(old) ? 1 : 0;
        table().removeFound();
        allocator.free(old, Entry.value(old) - old + valueSize);
        found = NONE;
        changed(foundHash);
        to.take(toHash, entry, nowMillis);
    }

    /// Puts an entry of this shard's into the table, whatever its key held before.
    void take(long hash, long entry, long nowMillis) {
        locate(hash, Entry.key(entry), Entry.keyLength(entry), nowMillis);
        if (found != NONE) {
            removeFound(); // perhaps an expired one, which stays where it is while its key is held
        }
        expiresCount += Entry.hasDeadline(entry) ? 1 : 0;
        table().insert(hash, entry);
        nowFound(entry, hash, false);
        changed(hash);
    }

    private static void copyFields(long from, long to, int flags) {
        if ((flags & Entry.DEADLINE) != 0) {
            Entry.setDeadline(to, Entry.deadline(from));
        }
        if ((flags & Entry.STAMP) != 0) {
            Entry.setStamp(to, Entry.stamp(from));
        }
        if ((flags & Entry.CLIENT_FLAGS) != 0) {
            Entry.setClientFlags(to, Entry.clientFlags(from));
        }
        if ((flags & Entry.CAS) != 0) {
            Entry.setCas(to, Entry.cas(from));
        }
    }

    /// Removes all keys at once; their memory comes back in slices. See [Reclaimer].
    public void clear() {
        if (table != null) {
            reclaimer.add(table);
            table = null;
        }
        expiresCount = 0;
        expiryPosition = 0;
        averageTtlMillis = 0;
        forgetTtls();
        found = NONE;
        watched.allChanged();
    }

    /// Exchanges the keys; those who watch a key of either see it changed. Two of one shard.
    void swap(Database other) {
        Dashtable keys = table;
        table = other.table;
        other.table = keys;
        long count = expiresCount;
        expiresCount = other.expiresCount;
        other.expiresCount = count;
        double average = averageTtlMillis;
        averageTtlMillis = other.averageTtlMillis;
        other.averageTtlMillis = average;
        forgetTtls();
        other.forgetTtls();
        expiryPosition = 0;
        other.expiryPosition = 0;
        found = NONE;
        other.found = NONE;
        watched.allChanged();
        other.watched.allChanged();
    }

    // ---- deadlines ------------------------------------------------------------------------------

    /// Gives the entry found a deadline, or none with NEVER. Returns the entry, which may have moved.
    public long setDeadlineFound(long deadlineMillis) {
        restorePlace();
        long old = found;
        boolean had = Entry.hasDeadline(old);
        boolean has = deadlineMillis != NEVER;
        if (had == has) {
            table().beforeFoundChanges();
        } else {
            expiresCount += has ? 1 : -1;
            withFlags(has ? Entry.flags(old) | Entry.DEADLINE : Entry.flags(old) & ~Entry.DEADLINE);
        }
        setDeadlineField(found, deadlineMillis);
        changed(foundHash);
        return found;
    }

    private void withFlags(int flags) {
        long old = found;
        long valueSize = Value.sizeBytes(old) - (Entry.value(old) - old);
        int keyLength = Entry.keyLength(old);
        long entry = allocator.allocate(Entry.headSize(flags, keyLength) + valueSize);
        long value = Entry.write(entry, Entry.type(old), Entry.encoding(old), flags, Entry.key(old), keyLength);
        copyFields(old, entry, flags & Entry.flags(old));
        Memory.copy(Entry.value(old), value, valueSize);
        table().replaceFound(entry);
        allocator.free(old, Entry.value(old) - old + valueSize);
        found = entry;
    }

    /// Removes the entry found because its time has come.
    void expireFound() {
        statistics.expired++;
        removeFound();
    }

    /// Removes the key of an entry whose time has come; false when it has to stay since it is held.
    boolean expire(long entry) {
        select(entry);
        boolean goes = !shard.isHeld(foundHash);
        if (goes) {
            expireFound();
        }
        return goes;
    }

    /// Removes the expired ones among the keys of a bucket.
    void removeExpired(long hash, long nowMillis) {
        var batch = new LongList();
        long _ = scan(KeyHash.position(hash), batch);
        for (int i = 0; i < batch.size(); i++) {
            if (Expiry.isExpired(batch.get(i), nowMillis)) {
                expire(batch.get(i));
            }
        }
    }

    /// Removes the key of this entry to make room.
    void evict(long entry) {
        select(entry);
        if (!shard.isHeld(foundHash)) {
            evictFound();
        }
    }

    private void evictFound() {
        statistics.evicted++;
        removeFound();
    }

    /// Evicts the key that the table's own order names; false when it found none in some buckets.
    boolean evictNext(boolean volatileOnly) {
        Dashtable keys = table;
        long entry = keys == null ? NONE : keys.evictionCandidate(volatileOnly);
        if (entry == NONE) {
            return false;
        }
        found = entry;
        foundHash = hashOf(entry);
        placed = true;
        if (!shard.isHeld(foundHash)) { // else the hand has passed it
            evictFound();
        }
        return true;
    }

    // ---- the whole database ---------------------------------------------------------------------

    public long size() {
        return table == null ? 0 : table.size();
    }

    /// Keys that have a deadline, expired ones that nobody came across yet included.
    public long expiresCount() {
        return expiresCount;
    }

    /// About how long keys with a deadline still have, on average; 0 as long as nobody knows. As in
    /// Redis a moving average over what the active expiry comes across.
    public long averageTtlMillis() {
        return expiresCount == 0 ? 0 : (long) averageTtlMillis;
    }

    /// The active expiry came across a key that has so long to live.
    void sawTtl(long millis) {
        ttlSumMillis += millis;
        if (++ttlCount == TTL_SAMPLE) {
            averageTtl();
        }
    }

    /// Takes what was seen into the average: at the end of the table too, since a small one has few.
    void averageTtl() {
        if (ttlCount > 0) {
            double seen = (double) ttlSumMillis / ttlCount;
            averageTtlMillis = averageTtlMillis == 0 ? seen : averageTtlMillis + (seen - averageTtlMillis) / TTL_PARTS;
        }
        forgetTtls();
    }

    private void forgetTtls() {
        ttlSumMillis = 0;
        ttlCount = 0;
    }

    /// Adds the next few entries in the order of hashes and returns where to go on, 0 at the end.
    /// Those that are expired are among them: ask [Expiry#isExpired].
    public long scan(long position, LongList out) {
        return table == null ? 0 : table.scan(position, out);
    }

    /// Some entry, each as likely as the others; NONE when there is none (or only expired ones, as
    /// far as a hundred tries tell).
    public long randomEntry(long nowMillis) {
        for (int tries = 0; table != null && tries < RANDOM_TRIES_MAX; tries++) {
            long entry = table.randomEntry(random.next());
            if (entry == NONE || !Expiry.isExpired(entry, nowMillis)) {
                return entry;
            }
        }
        return NONE;
    }

    /// Adds up to `count` entries from a random place.
    void sample(int count, LongList out) {
        if (table != null) {
            table.sample(random.next(), count, out);
        }
    }

    /// Whether the eviction policy keeps how often a key is used (LFU) instead of when.
    public boolean keepsFrequency() {
        return stamps.areCounters();
    }

    /// Seconds since the last access as far as the eviction policy keeps them, else 0.
    public long idleSeconds(long entry, long nowMillis) {
        return stamps.idleSeconds(entry, nowMillis);
    }

    /// How often it is used, 0 to 255, as far as the eviction policy keeps it, else 0.
    public int frequency(long entry, long nowMillis) {
        return stamps.frequency(entry, nowMillis);
    }

    /// Bytes of the table itself, without the entries.
    public long tableBytes() {
        return table == null ? 0 : table.memoryBytes();
    }

    /// Loads the bucket of a key, so that the misses of a pipeline overlap; the sum is for the sink.
    public long touchBucket(long hash) {
        return table == null ? 0 : table.touchBucket(hash);
    }

    /// Loads the entry of a key, after `touchBucket`.
    public long touchEntry(long hash) {
        return table == null ? 0 : table.touchEntry(hash);
    }

    /// The table for a snapshot; null when there is none, and so no key.
    @Nullable
    Dashtable tableToCut() {
        return table;
    }

    /// One step of a defragmentation; see [Dashtable#defragment]. Entries move.
    long defragment(long position, EntryMover mover) {
        found = NONE;
        return table == null ? 0 : table.defragment(position, mover);
    }

    /// The same for the table's segments alone; see [Dashtable#defragmentSegment].
    long defragmentSegment(long position) {
        found = NONE;
        return table == null ? 0 : table.defragmentSegment(position);
    }

    /// Gives back an empty table.
    void trim() {
        if (table != null && table.size() == 0) {
            table.close();
            table = null;
        }
    }

    // ---- watching -------------------------------------------------------------------------------

    /// To be called after a value was changed where it lies; the other methods do it themselves.
    public void changed(long hash) {
        if (!watched.isEmpty()) {
            watched.changed(hash);
        }
    }

    /// Begins to watch a key; returns its version now. Each call needs its `unwatch`.
    public long watch(long hash, long key, int keyLength, long nowMillis) {
        locate(hash, key, keyLength, nowMillis); // one that has expired before is no change later
        return watched.watch(hash);
    }

    /// The version of a watched key; another one than `watch` returned means that it changed, were it
    /// only that its time has come.
    public long watchedVersion(long hash, long key, int keyLength, long nowMillis) {
        locate(hash, key, keyLength, nowMillis);
        return watched.version(hash);
    }

    public void unwatch(long hash) {
        watched.unwatch(hash);
    }

    // ---- the place of the last find -------------------------------------------------------------

    private Dashtable table() {
        Dashtable keys = table;
        if (keys == null) {
            keys = new Dashtable(allocator);
            keys.changeListener(null, shard.version());
            table = keys;
        }
        return keys;
    }

    private long nowFound(long entry, long hash, boolean known) {
        found = entry;
        foundHash = hash;
        placed = known;
        return entry;
    }

    private void select(long entry) {
        nowFound(entry, hashOf(entry), false);
    }

    /// An insertion forgets the place in the table; looks for it again when somebody needs it.
    private void restorePlace() {
        assert found != NONE : "nothing was found";
        if (!placed) {
            long again = table().find(foundHash, Entry.key(found), Entry.keyLength(found));
            assert again == found : "the entry is not of this database";
            placed = true;
        }
    }

    private static long hashOf(long entry) {
        return KeyHash.hash(Entry.key(entry), Entry.keyLength(entry));
    }

    public void checkInvariants() {
        watched.checkInvariants();
        if (table == null) {
            assert expiresCount == 0;
            return;
        }
        table.checkInvariants();
        var entries = new LongList();
        long position = 0;
        do {
            position = table.scan(position, entries);
        } while (position != 0);
        long deadlines = 0;
        for (int i = 0; i < entries.size(); i++) {
            deadlines += Entry.hasDeadline(entries.get(i)) ? 1 : 0;
        }
        assert entries.size() == table.size() : entries.size() + " entries scanned, size " + table.size();
        assert deadlines == expiresCount : deadlines + " deadlines, counted " + expiresCount;
    }
}
