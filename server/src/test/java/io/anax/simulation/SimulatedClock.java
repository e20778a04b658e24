package io.anax.simulation;

import io.anax.keyspace.Clock;
import java.util.Random;

/// Time that passes only when somebody looks at it, up to so many nanoseconds each time: what a shard does
/// between two looks takes no time, so the seed alone says where a slice ends.
final class SimulatedClock implements Clock {
    private static final long START_MILLIS = 1_700_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Random random;
    private final int stepNanosMax;
    private long nanos;

    SimulatedClock(Random random, int stepNanosMax) {
        this.random = random;
        this.stepNanosMax = stepNanosMax;
    }

    @Override
    public long millis() {
        return START_MILLIS + nanos / NANOS_PER_MILLI;
    }

    @Override
    public long nanos() {
        nanos += random.nextInt(stepNanosMax);
        return nanos;
    }

    void advanceMillis(long millis) {
        nanos += millis * NANOS_PER_MILLI;
    }
}
