package io.anax.keyspace;

/// Random numbers from a seed, one long of state (SplitMix64). Who wants other numbers gives another
/// seed; who wants the same run again gives the same one.
public final class SplitMix {
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private long state;

    public SplitMix(long seed) {
        state = seed;
    }

    public long next() {
        state += GOLDEN;
        long z = (state ^ state >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    /// At least 0, less than `bound`.
    public int below(int bound) {
        assert bound > 0 : bound;
        return (int) ((next() >>> 32) * bound >>> 32);
    }

    /// At least 0, less than 1.
    public double real() {
        return (next() >>> 11) * 0x1.0p-53;
    }
}
