package io.anax.memory;

import org.jspecify.annotations.Nullable;

/// Chunks for replies: of one shard, or of one message that changes threads. They are taken and given back all
/// the time, so those that nobody uses are kept, in a list through their first bytes.
///
/// Long replies often come again, and what is kept of one costs its pages only once. It goes back to the
/// system by and by ([#releaseSome]): the C library unmaps what lies together at the end of its heap at once,
/// which took 1 to 3 ms for the 22 MB of a long reply.
public final class ChunkPool {
    public static final int CHUNK_SIZE = 1 << 14;

    /// What stays even if nobody wants it: 4 MiB.
    private static final int KEPT_CHUNKS_MIN = 256;

    /// Beyond these, what is given back goes to the system at once: 64 MiB.
    private static final int KEPT_CHUNKS_MAX = 4096;

    /// What a message that comes from another shard takes back for its next use there.
    private static final int RETURNED_CHUNKS_MAX = 256;

    /// How often it is looked at what was not needed meanwhile.
    private static final int STEPS_OF_A_LOOK = 10;

    /// Released in one step: 1 MiB, in some 100 us.
    private static final int RELEASED_CHUNKS_MAX = 64;

    private long kept = Memory.NONE;
    private int keptCount;
    private int leastKeptCount; // since the last look
    private int releaseCount; // what is to go until the next
    private int stepsToLook;
    private long heldBytes;
    private @Nullable ChunkPool source;

    /// The pool of the shard whose thread owns this one now: what is kept there is taken before new ones are
    /// made. Null: they are made, and what is given up goes to the system.
    public void drawFrom(@Nullable ChunkPool source) {
        this.source = source;
    }

    public long take() {
        if (kept == Memory.NONE) {
            return source == null || source.kept == Memory.NONE ? allocate() : source.takeFor(this);
        }
        return takeKept();
    }

    private long allocate() {
        heldBytes += CHUNK_SIZE;
        return Memory.allocate(CHUNK_SIZE);
    }

    private long takeFor(ChunkPool other) {
        other.heldBytes += CHUNK_SIZE;
        heldBytes -= CHUNK_SIZE;
        return takeKept();
    }

    private long takeKept() {
        long chunk = kept;
        kept = Memory.getLong(chunk);
        keptCount--;
        leastKeptCount = Math.min(leastKeptCount, keptCount);
        return chunk;
    }

    public void give(long chunk) {
        if (keptCount < KEPT_CHUNKS_MAX) {
            keep(chunk);
        } else {
            free(chunk);
        }
    }

    private void keep(long chunk) {
        Memory.putLong(chunk, kept);
        kept = chunk;
        keptCount++;
    }

    private void free(long chunk) {
        heldBytes -= CHUNK_SIZE;
        Memory.free(chunk, CHUNK_SIZE);
    }

    /// A chunk that was taken here belongs to `other` from now on, which the calling thread owns too. If
    /// that one has chunks to spare, one comes in return: where replies always flow from one shard to
    /// another, the first would else allocate for ever what the second frees.
    void handOver(ChunkPool other) {
        heldBytes -= CHUNK_SIZE;
        other.heldBytes += CHUNK_SIZE;
        boolean takesFromOther = other == this || other == source;
        if (!takesFromOther && other.kept != Memory.NONE && keptCount < RETURNED_CHUNKS_MAX) {
            keep(other.takeFor(this));
        }
    }

    /// What is kept goes to the pool that this one draws from, or to the system.
    public void giveUp() {
        if (source == null) {
            trim();
            return;
        }
        while (kept != Memory.NONE) {
            source.give(takeFor(source));
        }
    }

    /// Bytes taken from the system, in use or kept.
    public long heldBytes() {
        return heldBytes;
    }

    /// One step of releasing what was not needed for a while; to be called ten times a second.
    public void releaseSome() {
        if (--stepsToLook < 0) {
            stepsToLook = STEPS_OF_A_LOOK;
            releaseCount = Math.max(0, leastKeptCount - KEPT_CHUNKS_MIN);
            leastKeptCount = keptCount;
        }
        for (int i = 0; i < RELEASED_CHUNKS_MAX && releaseCount > 0; i++) {
            releaseCount = releaseOne() ? releaseCount - 1 : 0;
        }
    }

    /// Releases one that nobody uses; false if there is none.
    public boolean releaseOne() {
        if (kept == Memory.NONE) {
            return false;
        }
        free(takeKept());
        return true;
    }

    /// Gives back what is kept.
    public void trim() {
        while (releaseOne()) {
            // one more
        }
    }
}
