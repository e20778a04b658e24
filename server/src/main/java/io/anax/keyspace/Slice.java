package io.anax.keyspace;

import io.anax.Limits;
import java.util.function.BooleanSupplier;

/// How long a piece of slow work may go on before others have their turn; less when they come for it.
/// Asking is cheap: the clock is read once for some steps, because a reading costs as much as a step.
public final class Slice {
    private static final int STEPS_PER_READING = 4;

    private final Clock clock;
    private final BooleanSupplier othersWait;
    private long endNanos;
    private long earliestEndNanos;
    private int stepsLeft;
    private boolean over = true;

    public Slice(Clock clock) {
        this(clock, () -> false);
    }

    /// One that ends early, at [Limits#SLICE_NANOS_MIN], when `othersWait`.
    public Slice(Clock clock, BooleanSupplier othersWait) {
        this.clock = clock;
        this.othersWait = othersWait;
    }

    public void begin(long nanos) {
        long now = clock.nanos();
        endNanos = now + nanos;
        earliestEndNanos = now + Math.min(nanos, Limits.SLICE_NANOS_MIN);
        stepsLeft = STEPS_PER_READING;
        over = false;
    }

    /// To be asked once for each step of some microseconds.
    public boolean isOver() {
        if (--stepsLeft < 0) {
            stepsLeft = STEPS_PER_READING;
            long now = clock.nanos();
            over = now - endNanos >= 0 || now - earliestEndNanos >= 0 && othersWait.getAsBoolean();
        }
        return over;
    }
}
