package io.anax.engine;

import io.anax.Limits;
import io.anax.keyspace.Clock;
import io.anax.keyspace.Databases;
import io.anax.keyspace.Defragmenter;
import io.anax.keyspace.Eviction;
import io.anax.keyspace.EvictionPolicy;
import io.anax.keyspace.Expiry;
import io.anax.keyspace.Slice;
import io.anax.memory.ChunkPool;

/// The work of a shard that no client waits for, one bounded slice a turn: keys that expired, memory
/// that is given back, keys that have to go because memory is full, holes between live entries.
public final class Housekeeping {
    /// No limit.
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final Databases databases;
    private final ChunkPool chunks;
    private final Expiry expiry;
    private final Eviction eviction;
    private final Defragmenter defragmenter;
    private final Slice slice;
    private long limitBytes = UNLIMITED;
    private long nextTrimMillis;
    private boolean activeExpiry = true;

    Housekeeping(Databases databases, ChunkPool chunks, Clock clock) {
        this.databases = databases;
        this.chunks = chunks;
        this.expiry = new Expiry(databases);
        this.eviction = new Eviction(databases);
        this.defragmenter = new Defragmenter(databases, clock);
        this.slice = new Slice(clock);
    }

    /// Returns how much was done; 0 lets the shard sleep.
    int run(long nowMillis) {
        int work = 0;
        if (nowMillis >= nextTrimMillis) {
            nextTrimMillis = nowMillis + Limits.TRIM_PAUSE_MILLIS;
            databases.trimSome();
            chunks.releaseSome();
        }
        if (activeExpiry) {
            slice.begin(Limits.SLICE_NANOS);
            work += expiry.run(slice, nowMillis);
        }
        if (!databases.reclaimer().isIdle()) {
            slice.begin(Limits.SLICE_NANOS);
            work += databases.reclaimer().run(slice);
        }
        if (usedBytes() > limitBytes && makeRoom(nowMillis)) {
            work++;
        }
        if (defragmenter.isDue(nowMillis)) {
            slice.begin(Limits.SLICE_NANOS);
            work += defragmenter.run(slice, nowMillis);
        }
        return work;
    }

    /// Whether a command that may need memory has to be refused, after as much was evicted as a slice
    /// allows.
    boolean isFull(long nowMillis) {
        return usedBytes() > limitBytes && !makeRoom(nowMillis);
    }

    /// What no reply uses now goes before any key.
    private boolean makeRoom(long nowMillis) {
        slice.begin(Limits.SLICE_NANOS);
        while (usedBytes() > limitBytes && !slice.isOver() && chunks.releaseOne()) {
            // one more
        }
        return usedBytes() <= limitBytes || evict(nowMillis);
    }

    private boolean evict(long nowMillis) {
        if (eviction.policy() == EvictionPolicy.NOEVICTION) {
            return false;
        }
        slice.begin(Limits.SLICE_NANOS);
        return eviction.run(slice, limitBytes - bufferBytes(), nowMillis);
    }

    /// What counts against the limit: data, tables and buffers.
    public long usedBytes() {
        return databases.allocator().usedBytes() + bufferBytes();
    }

    /// What comes and goes with clients and commands: replies, input, what is on its way to other shards. Of
    /// what another shard writes into a hop it counts when the hop is back: a reply more than a client may
    /// have unread, at most.
    public long bufferBytes() {
        return chunks.heldBytes() + databases.workspace().heldBytes();
    }

    /// 0: no limit.
    public void maxMemory(long bytes) {
        limitBytes = bytes == 0 ? UNLIMITED : bytes;
    }

    /// DEBUG SET-ACTIVE-EXPIRE
    public void activeExpiry(boolean on) {
        activeExpiry = on;
    }

    public Eviction eviction() {
        return eviction;
    }

    /// When the shard ends.
    void close() {
        eviction.close();
    }
}
