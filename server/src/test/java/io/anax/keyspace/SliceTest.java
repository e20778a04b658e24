package io.anax.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import org.junit.jupiter.api.Test;

/// On a clock that goes on by a microsecond with each reading.
final class SliceTest {
    private static final long STEP_NANOS = 1000;
    private static final int STEPS_MAX = 1_000_000;

    private long nanos;
    private boolean othersWait;
    private final Slice slice = new Slice(
            new Clock() {
                @Override
                public long millis() {
                    return nanos / 1_000_000;
                }

                @Override
                public long nanos() {
                    nanos += STEP_NANOS;
                    return nanos;
                }
            },
            () -> othersWait);

    @Test
    void isAsLongAsItWasBegunWhenNobodyComes() {
        assertThat(lengthNanos(Limits.SLICE_NANOS)).isEqualTo(Limits.SLICE_NANOS);
        assertThat(slice.isOver()).isTrue();
    }

    @Test
    void endsEarlyForOthersButNotAtOnce() {
        othersWait = true;
        assertThat(lengthNanos(Limits.SLICE_NANOS)).isEqualTo(Limits.SLICE_NANOS_MIN);
        othersWait = false;
        assertThat(lengthNanos(Limits.SLICE_NANOS)).isEqualTo(Limits.SLICE_NANOS);
    }

    @Test
    void ofLessThanTheLeastIsAsLongAsItWasBegun() {
        othersWait = true;
        assertThat(lengthNanos(10_000)).isEqualTo(10_000);
    }

    private long lengthNanos(long begun) {
        slice.begin(begun);
        long before = nanos;
        for (int steps = 0; !slice.isOver(); steps++) {
            assertThat(steps).isLessThan(STEPS_MAX);
        }
        return nanos - before;
    }
}
