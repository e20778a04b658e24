package io.anax.engine;

import java.util.Arrays;

/// Which keys of a shard the tickets in its queue are for: for each key how many want to share it and
/// how many want it alone. An intent is no promise: whose turn it is, the [TransactionQueue] says. The
/// table only answers, in some nanoseconds, whether a command can conflict with anybody at all.
///
/// ```
///  slot      fingerprint | shared | exclusive      open addressing, linear probing, at most half full
///            0: empty
/// ```
///
/// A key is its [Ticket#fingerprintAt]: two keys with the same one wait for each other for nothing.
final class LockTable {
    private static final int SLOTS_AT_FIRST = 64;
    private static final long FIBONACCI = 0x9E37_79B9_7F4A_7C15L;

    private long[] fingerprints = new long[SLOTS_AT_FIRST];
    private int[] shared = new int[SLOTS_AT_FIRST];
    private int[] exclusive = new int[SLOTS_AT_FIRST];
    private int used;
    private int sharedKeys; // intents on keys, all together
    private int exclusiveKeys;
    private int sharedShard; // intents on the whole shard
    private int exclusiveShard;

    /// Nobody waits and nobody holds: every command may run.
    boolean isEmpty() {
        return (sharedKeys | exclusiveKeys | sharedShard | exclusiveShard) == 0;
    }

    /// Whether nobody has an intent that conflicts with this one.
    boolean isFree(long fingerprint, boolean alone) {
        if (exclusiveShard > 0 || (alone && sharedShard > 0)) {
            return false;
        }
        int slot = find(fingerprint);
        return fingerprints[slot] == 0 || exclusive[slot] == 0 && (!alone || shared[slot] == 0);
    }

    /// The same for an intent on all keys.
    boolean isShardFree(boolean alone) {
        return (exclusiveShard | exclusiveKeys) == 0 && (!alone || (sharedShard | sharedKeys) == 0);
    }

    void acquire(long fingerprint, boolean alone) {
        assert fingerprint != 0;
        int slot = find(fingerprint);
        if (fingerprints[slot] == 0) {
            if (2 * (used + 1) > fingerprints.length) {
                grow();
                slot = find(fingerprint);
            }
            fingerprints[slot] = fingerprint;
            used++;
        }
        if (alone) {
            exclusive[slot]++;
            exclusiveKeys++;
        } else {
            shared[slot]++;
            sharedKeys++;
        }
    }

    void release(long fingerprint, boolean alone) {
        int slot = find(fingerprint);
        assert fingerprints[slot] == fingerprint : "was not acquired";
        if (alone) {
            exclusive[slot]--;
            exclusiveKeys--;
        } else {
            shared[slot]--;
            sharedKeys--;
        }
        assert shared[slot] >= 0 && exclusive[slot] >= 0 : "released more often than acquired";
        if ((shared[slot] | exclusive[slot]) == 0) {
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

    void clear() {
        if (used > 0) {
            Arrays.fill(fingerprints, 0);
            Arrays.fill(shared, 0);
            Arrays.fill(exclusive, 0);
        }
        used = 0;
        sharedKeys = 0;
        exclusiveKeys = 0;
        sharedShard = 0;
        exclusiveShard = 0;
    }

    /// The slot of the fingerprint, or the empty one where it would go.
    private int find(long fingerprint) {
        int slot = home(fingerprint);
        while (fingerprints[slot] != 0 && fingerprints[slot] != fingerprint) {
            slot = slot + 1 & fingerprints.length - 1;
        }
        return slot;
    }

    private int home(long fingerprint) {
        return (int) (fingerprint * FIBONACCI >>> 32) & fingerprints.length - 1;
    }

    /// Moves up who was pushed behind, so that no tombstone is needed.
    private void remove(int at) {
        int mask = fingerprints.length - 1;
        int hole = at;
        for (int slot = hole + 1 & mask; fingerprints[slot] != 0; slot = slot + 1 & mask) {
            int distance = slot - home(fingerprints[slot]) & mask;
            if (distance >= (slot - hole & mask)) {
                copy(slot, hole);
                hole = slot;
            }
        }
        fingerprints[hole] = 0;
        shared[hole] = 0;
        exclusive[hole] = 0;
        used--;
    }

    private void copy(int from, int to) {
        fingerprints[to] = fingerprints[from];
        shared[to] = shared[from];
        exclusive[to] = exclusive[from];
    }

    private void grow() {
        long[] oldFingerprints = fingerprints;
        int[] oldShared = shared;
        int[] oldExclusive = exclusive;
        fingerprints = new long[2 * oldFingerprints.length];
        shared = new int[fingerprints.length];
        exclusive = new int[fingerprints.length];
        for (int i = 0; i < oldFingerprints.length; i++) {
            if (oldFingerprints[i] != 0) {
                int slot = find(oldFingerprints[i]);
                fingerprints[slot] = oldFingerprints[i];
                shared[slot] = oldShared[i];
                exclusive[slot] = oldExclusive[i];
            }
        }
    }

    void checkInvariants() {
        int filled = 0;
        int sharedSum = 0;
        int exclusiveSum = 0;
        for (int i = 0; i < fingerprints.length; i++) {
            assert fingerprints[i] != 0 || (shared[i] | exclusive[i]) == 0 : "counters of an empty slot";
            assert fingerprints[i] == 0 || (shared[i] | exclusive[i]) != 0 : "a slot without an intent";
            assert fingerprints[i] == 0 || find(fingerprints[i]) == i : "not to be found";
            filled += fingerprints[i] == 0 ? 0 : 1;
            sharedSum += shared[i];
            exclusiveSum += exclusive[i];
        }
        assert filled == used && 2 * used <= fingerprints.length : filled + " of " + used;
        assert sharedSum == sharedKeys && exclusiveSum == exclusiveKeys;
    }
}
