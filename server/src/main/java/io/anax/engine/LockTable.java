package io.anax.engine;

import io.anax.memory.Memory;
import io.anax.memory.Workspace;

/// Which keys of a shard the tickets in its queue are for: for each key how many want to share it and
/// how many want it alone. An intent is no promise: whose turn it is, the [TransactionQueue] says. The
/// table only answers, in some nanoseconds, whether a command can conflict with anybody at all.
///
/// ```
///  slot      fingerprint 8 | shared 4 | exclusive 4      open addressing, linear probing, at most half full
///            0: empty
/// ```
///
/// A key is its [Ticket#fingerprintAt]: two keys with the same one wait for each other for nothing. The slots
/// lie outside the heap: a client decides how many keys its command has.
final class LockTable {
    private static final int SLOTS_AT_FIRST = 64;

    /// A larger table does not stay when it is empty: 64 KiB.
    private static final int SLOTS_KEPT_MAX = 1 << 12;

    private static final long FIBONACCI = 0x9E37_79B9_7F4A_7C15L;
    private static final int SLOT_SIZE = 16;
    private static final int SHARED = 8;
    private static final int EXCLUSIVE = 12;

    private final Workspace workspace;
    private long slots; // their address
    private int slotCount; // a power of two
    private int used;
    private int sharedKeys; // intents on keys, all together
    private int exclusiveKeys;
    private int sharedShard; // intents on the whole shard
    private int exclusiveShard;

    LockTable(Workspace workspace) {
        this.workspace = workspace;
        allocate(SLOTS_AT_FIRST);
    }

    private void allocate(int count) {
        slots = workspace.allocate((long) count * SLOT_SIZE);
        slotCount = count;
        Memory.fill(slots, (long) count * SLOT_SIZE, (byte) 0);
    }

    /// Nobody waits and nobody holds: every command may run.
    boolean isEmpty() {
        return (sharedKeys | exclusiveKeys | sharedShard | exclusiveShard) == 0;
    }

    /// Whether nobody has an intent that conflicts with this one.
    boolean isFree(long fingerprint, boolean alone) {
        if (exclusiveShard > 0 || (alone && sharedShard > 0)) {
            return false;
        }
        long slot = find(fingerprint);
        return fingerprint(slot) == 0 || count(slot, EXCLUSIVE) == 0 && (!alone || count(slot, SHARED) == 0);
    }

    /// The same for an intent on all keys.
    boolean isShardFree(boolean alone) {
        return (exclusiveShard | exclusiveKeys) == 0 && (!alone || (sharedShard | sharedKeys) == 0);
    }

    void acquire(long fingerprint, boolean alone) {
        assert fingerprint != 0;
        long slot = find(fingerprint);
        if (fingerprint(slot) == 0) {
            if (2 * (used + 1) > slotCount) {
                grow(2 * slotCount);
                slot = find(fingerprint);
            }
            Memory.putLong(slot, fingerprint);
            used++;
        }
        change(slot, alone ? EXCLUSIVE : SHARED, 1);
        sharedKeys += alone ? 0 : 1;
        exclusiveKeys += alone ? 1 : 0;
    }

    void release(long fingerprint, boolean alone) {
        long slot = find(fingerprint);
        assert fingerprint(slot) == fingerprint : "was not acquired";
        change(slot, alone ? EXCLUSIVE : SHARED, -1);
        sharedKeys -= alone ? 0 : 1;
        exclusiveKeys -= alone ? 1 : 0;
        if ((count(slot, SHARED) | count(slot, EXCLUSIVE)) == 0) {
            remove(slot);
        }
    }

    void acquireShard(boolean alone) {
        exclusiveShard += alone ? 1 : 0;
        sharedShard += alone ? 0 : 1;
    }

    void releaseShard(boolean alone) {
        exclusiveShard -= alone ? 1 : 0;
        sharedShard -= alone ? 0 : 1;
        assert exclusiveShard >= 0 && sharedShard >= 0 : "released more often than acquired";
    }

    /// So many intents on other keys follow: one growth instead of many.
    void reserve(int keys) {
        int needed = slotCount;
        while (2L * (used + keys) > needed) {
            needed *= 2;
        }
        if (needed > slotCount) {
            grow(needed);
        }
    }

    /// Nobody has an intent any more.
    void clear() {
        if (slotCount > SLOTS_KEPT_MAX) {
            shrink();
        } else if (used > 0) {
            Memory.fill(slots, (long) slotCount * SLOT_SIZE, (byte) 0);
        }
        used = 0;
        sharedKeys = 0;
        exclusiveKeys = 0;
        sharedShard = 0;
        exclusiveShard = 0;
    }

    private static long fingerprint(long slot) {
        return Memory.getLong(slot);
    }

    private static int count(long slot, int which) {
        return Memory.getInt(slot + which);
    }

    private static void change(long slot, int which, int by) {
        int count = count(slot, which) + by;
        assert count >= 0 : "released more often than acquired";
        Memory.putInt(slot + which, count);
    }

    private long slot(int index) {
        return slots + (long) (index & slotCount - 1) * SLOT_SIZE;
    }

    /// The slot of the fingerprint, or the empty one where it would go.
    private long find(long fingerprint) {
        int index = home(fingerprint);
        long slot = slot(index);
        while (fingerprint(slot) != 0 && fingerprint(slot) != fingerprint) {
            slot = slot(++index);
        }
        return slot;
    }

    private int home(long fingerprint) {
        return (int) (fingerprint * FIBONACCI >>> 32) & slotCount - 1;
    }

    private int index(long slot) {
        return (int) ((slot - slots) / SLOT_SIZE);
    }

    /// Moves up who was pushed behind, so that no tombstone is needed.
    private void remove(long at) {
        int mask = slotCount - 1;
        int hole = index(at);
        for (int i = hole + 1 & mask; fingerprint(slot(i)) != 0; i = i + 1 & mask) {
            int distance = i - home(fingerprint(slot(i))) & mask;
            if (distance >= (i - hole & mask)) {
                Memory.copy(slot(i), slot(hole), SLOT_SIZE);
                hole = i;
            }
        }
        Memory.fill(slot(hole), SLOT_SIZE, (byte) 0);
        used--;
        if (used == 0 && slotCount > SLOTS_KEPT_MAX) {
            shrink();
        }
    }

    /// Of an empty table.
    private void shrink() {
        close();
        allocate(SLOTS_AT_FIRST);
    }

    private void grow(int newCount) {
        long oldSlots = slots;
        int oldCount = slotCount;
        allocate(newCount);
        long oldEnd = oldSlots + (long) oldCount * SLOT_SIZE;
        for (long old = oldSlots; old < oldEnd; old += SLOT_SIZE) {
            if (fingerprint(old) != 0) {
                Memory.copy(old, find(fingerprint(old)), SLOT_SIZE);
            }
        }
        workspace.free(oldSlots, (long) oldCount * SLOT_SIZE);
    }

    /// Gives its memory back.
    void close() {
        workspace.free(slots, (long) slotCount * SLOT_SIZE);
    }

    void checkInvariants() {
        int filled = 0;
        int sharedSum = 0;
        int exclusiveSum = 0;
        for (int i = 0; i < slotCount; i++) {
            long slot = slot(i);
            int intents = count(slot, SHARED) | count(slot, EXCLUSIVE);
            assert fingerprint(slot) != 0 || intents == 0 : "counters of an empty slot";
            assert fingerprint(slot) == 0 || intents != 0 : "a slot without an intent";
            assert fingerprint(slot) == 0 || find(fingerprint(slot)) == slot : "not to be found";
            filled += fingerprint(slot) == 0 ? 0 : 1;
            sharedSum += count(slot, SHARED);
            exclusiveSum += count(slot, EXCLUSIVE);
        }
        assert filled == used && 2 * used <= slotCount : filled + " of " + used;
        assert sharedSum == sharedKeys && exclusiveSum == exclusiveKeys;
    }
}
