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
