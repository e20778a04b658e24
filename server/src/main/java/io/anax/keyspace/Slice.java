package io.anax.keyspace;

/// How long a piece of slow work may go on before others have their turn. Asking is cheap: the clock
/// is read once for some steps, because a reading costs as much as a step.
public final class Slice {
    private static final int STEPS_PER_READING = 4;

    private final Clock clock;
    private long endNanos;
    private int stepsLeft;
    private boolean over = true;

    public Slice(Clock clock) {
        this.clock = clock;
    }

    public void begin(long nanos) {
        endNanos = clock.nanos() + nanos;
        stepsLeft = STEPS_PER_READING;
        over = false;
    }

    /// To be asked once for each step of some microseconds.
    public boolean isOver() {
        if (--stepsLeft < 0) {
            stepsLeft = STEPS_PER_READING;
            over = clock.nanos() - endNanos >= 0;
        }
        return over;
    }
}
