package io.anax.engine;

import io.anax.memory.GrowingLongs;
import io.anax.memory.Workspace;
import org.jspecify.annotations.Nullable;

/// A place in the queue of one shard, with the keys for which it was taken. Its owner may use these keys
/// from its turn on until the ticket is given back.
///
/// ```
///  keys     hash of the key, bit 0 set: wanted alone; several of them
///  shard    instead of keys: all of the shard, alone or shared
/// ```
final class Ticket {
    /// Who hears that his turn has come. Called by the shard's loop, never from within a command.
    interface Owner {
        void turn();
    }

    private static final long ALONE = 1;

    private final Owner owner;
    private final GrowingLongs keys;
    private boolean wantsShard;
    private boolean wantsShardAlone;
    long id;
    boolean isTurn;
    boolean isQueued;

    @Nullable
    Ticket previous;

    @Nullable
    Ticket next;

    /// Very many keys need memory, until [#clear], which counts in `workspace`.
    Ticket(Owner owner, Workspace workspace) {
        this.owner = owner;
        this.keys = new GrowingLongs(workspace);
    }

    Owner owner() {
        return owner;
    }

    /// It goes to another shard, whose workspace this is.
    void countIn(Workspace workspace) {
        keys.countIn(workspace);
    }

    /// The same key of two databases counts as one: MOVE and COPY need no second intent.
    void addKey(long hash, boolean alone) {
        keys.add(alone ? hash | ALONE : hash & ~ALONE);
    }

    void wantShard(boolean alone) {
        wantsShard = true;
        wantsShardAlone |= alone;
    }

    boolean wantsShard() {
        return wantsShard;
    }

    /// Nothing to wait for: a walk over a database.
    boolean wantsNothing() {
        return !wantsShard && keys.size() == 0;
    }

    void clear() {
        assert !isQueued;
        keys.clear();
        wantsShard = false;
        wantsShardAlone = false;
        isTurn = false;
    }

    int keyCount() {
        return keys.size();
    }

    long fingerprintAt(int i) {
        return keyOf(keys.get(i));
    }

    /// The name of a key in the lock table, of its hash; never 0.
    static long keyOf(long hash) {
        return hash & ~ALONE | 1L << 63;
    }

    private static boolean isAlone(long intent) {
        return (intent & ALONE) != 0;
    }

    /// Whether nobody in the table is in the way.
    boolean isFreeIn(LockTable locks) {
        if (wantsShard) {
            return locks.isShardFree(wantsShardAlone);
        }
        for (int i = 0; i < keys.size(); i++) {
            if (!locks.isFree(keyOf(keys.get(i)), isAlone(keys.get(i)))) {
                return false;
            }
        }
        return true;
    }

    void acquireIn(LockTable locks) {
        if (wantsShard) {
            locks.acquireShard(wantsShardAlone);
            return;
        }
        locks.reserve(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            locks.acquire(keyOf(keys.get(i)), isAlone(keys.get(i)));
        }
    }

    void releaseIn(LockTable locks) {
        if (wantsShard) {
            locks.releaseShard(wantsShardAlone);
            return;
        }
        for (int i = 0; i < keys.size(); i++) {
            locks.release(keyOf(keys.get(i)), isAlone(keys.get(i)));
        }
    }
}
