package io.anax.memory;

/// Chunks of one shard for replies: taken and given back all the time, so a few are kept.
public final class ChunkPool {
    public static final int CHUNK_SIZE = 1 << 14;
    /// Beyond these, what is given back goes to the system: 4 MiB a shard.
    private static final int KEPT_CHUNKS_MAX = 256;

    private final long[] kept = new long[KEPT_CHUNKS_MAX];
    private int keptCount;
    private long heldBytes;

    public long take() {
        if (keptCount > 0) {
            return kept[--keptCount];
        }
        heldBytes += CHUNK_SIZE;
        return Memory.allocate(CHUNK_SIZE);
    }

    public void give(long chunk) {
        if (keptCount < KEPT_CHUNKS_MAX) {
            kept[keptCount++] = chunk;
        } else {
            heldBytes -= CHUNK_SIZE;
            Memory.free(chunk, CHUNK_SIZE);
        }
    }

    /// A chunk that was taken here belongs to `other` from now on, which the calling thread owns too. If
    /// that one has chunks to spare, one comes in return: where replies always flow from one shard to
    /// another, the first would else allocate for ever what the second frees.
    void handOver(ChunkPool other) {
        if (other != this && other.keptCount > 0 && keptCount < KEPT_CHUNKS_MAX) {
            kept[keptCount++] = other.kept[--other.keptCount];
        } else {
            heldBytes -= CHUNK_SIZE;
            other.heldBytes += CHUNK_SIZE;
        }
    }

    /// Bytes taken from the system, in use or kept.
    public long heldBytes() {
        return heldBytes;
    }

    /// Gives back what is kept.
    public void trim() {
        while (keptCount > 0) {
            heldBytes -= CHUNK_SIZE;
            Memory.free(kept[--keptCount], CHUNK_SIZE);
        }
    }
}
