package io.anax.types;

import io.anax.Limits;

/// The sizes at which values of a shard change their encoding or grow no more; CONFIG SET changes them between
/// two turns.
public final class Thresholds {
    private int hllSparseBytesMax = Limits.HLL_SPARSE_BYTES_MAX;
    private long stringBytesMax = Limits.STRING_BYTES_MAX;

    /// `hll-sparse-max-bytes`: a [HyperLogLog] that would be larger becomes dense.
    public int hllSparseBytesMax() {
        return hllSparseBytesMax;
    }

    /// More than a sparse one can have is the same as no bound.
    public void hllSparseBytesMax(long sizeBytes) {
        hllSparseBytesMax = (int) Math.min(HyperLogLog.SIZE_MAX, sizeBytes);
    }

    /// `proto-max-bulk-len`: no command makes a longer string.
    public long stringBytesMax() {
        return stringBytesMax;
    }

    public void stringBytesMax(long sizeBytes) {
        stringBytesMax = sizeBytes;
    }
}
