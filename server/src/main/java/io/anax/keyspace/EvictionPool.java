package io.anax.keyspace;

import io.anax.Limits;
import io.anax.memory.Memory;
import io.anax.table.Entry;
import io.anax.table.KeyHash;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The best candidates that sampling came across, as in Redis: kept from one eviction to the next,
/// so that a handful of samples finds nearly what looking at all keys would. Keeps copies of the
/// keys, since entries move and go.
///
/// ```
///   scores     [how much it deserves to go]   higher goes first
///   databases  [whose key it is]
///   keys       [1 KiB each, outside the heap]
/// ```
final class EvictionPool implements AutoCloseable {
    private static final int CAPACITY = Limits.EVICTION_POOL_ENTRIES;
    private static final int KEY_SIZE = Limits.EVICTION_POOL_KEY_BYTES_MAX;

    private final long keys = Memory.allocate((long) CAPACITY * KEY_SIZE);
    private final long[] scores = new long[CAPACITY];
    private final int[] keyLengths = new int[CAPACITY];
    private final @Nullable Database[] databases = new Database[CAPACITY]; // null: the place is free
    private int count;

    @Override
    public void close() {
        Memory.free(keys, (long) CAPACITY * KEY_SIZE);
    }

    void clear() {
        count = 0;
    }

    /// Keeps the key if it deserves to go more than the least of those here.
    void offer(Database database, long entry, long score) {
        int keyLength = Entry.keyLength(entry);
        if (keyLength > KEY_SIZE) {
            return;
        }
        int at = count < CAPACITY ? count : lowest();
        if (count == CAPACITY && scores[at] >= score) {
            return;
        }
        count = Math.max(count, at + 1);
        scores[at] = score;
        databases[at] = database;
        keyLengths[at] = keyLength;
        Memory.copy(Entry.key(entry), key(at), keyLength);
    }

    /// Takes the candidate that deserves most to go: the place to ask `database` and `entry` about,
    /// until the next `offer`; -1 when there is none.
    int takeHighest() {
        if (count == 0) {
            return -1;
        }
        swap(highest(), --count);
        return count;
    }

    /// That of the one that deserves most to go; below all scores when there is none.
    long highestScore() {
        return count == 0 ? Long.MIN_VALUE : scores[highest()];
    }

    private int highest() {
        int highest = 0;
        for (int i = 1; i < count; i++) {
            highest = scores[i] > scores[highest] ? i : highest;
        }
        return highest;
    }

    Database database(int at) {
        return Objects.requireNonNull(databases[at]);
    }

    long score(int at) {
        return scores[at];
    }

    /// The entry of the candidate, NONE when it is gone.
    long entry(int at, long nowMillis) {
        long hash = KeyHash.hash(key(at), keyLengths[at]);
        return database(at).peek(hash, key(at), keyLengths[at], nowMillis);
    }

    private int lowest() {
        int lowest = 0;
        for (int i = 1; i < count; i++) {
            lowest = scores[i] < scores[lowest] ? i : lowest;
        }
        return lowest;
    }

    private void swap(int one, int other) {
        if (one == other) {
            return;
        }
        long score = scores[one];
        scores[one] = scores[other];
        scores[other] = score;
        Database database = databases[one];
        databases[one] = databases[other];
        databases[other] = database;
        int oneLength = keyLengths[one];
        int otherLength = keyLengths[other];
        for (int i = 0; i < Math.max(oneLength, otherLength); i++) {
            byte kept = Memory.getByte(key(one) + i);
            Memory.putByte(key(one) + i, Memory.getByte(key(other) + i));
            Memory.putByte(key(other) + i, kept);
        }
        keyLengths[one] = otherLength;
        keyLengths[other] = oneLength;
    }

    private long key(int at) {
        return keys + (long) at * KEY_SIZE;
    }
}
