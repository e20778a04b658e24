package io.anax.net;

import io.anax.Limits;
import java.util.function.LongSupplier;

/// How fast the long outputs of a poller leave while other clients talk. As fast as a socket takes them they
/// stand, some MB at once, before the short replies of all others wherever both have to pass: a network
/// card, a switch, the core of a client. Nobody talks: as fast as sockets take them.
///
/// A token bucket: [Limits#LONG_OUTPUT_BYTES_PER_MICRO] fill it, up to [#BURST_BYTES], and one send takes
/// [Limits#LONG_OUTPUT_PIECE_BYTES] or more.
final class OutputPace {
    private static final int BURST_BYTES = 2 * Limits.LONG_OUTPUT_PIECE_BYTES;

    /// Who talked within the last tenth of a second is heard. A client that is held up for some ms itself must
    /// not come back to a core that is full of what was sent without pause meanwhile.
    private static final long TALK_NANOS = 100_000_000;

    private final LongSupplier clock;
    private boolean isTalkNew; // since the last look at the clock
    private boolean isPaced;
    private long nowNanos;
    private long talkNanos;
    private long emptyNanos; // when the bucket was, or will be, empty

    /// `clock` counts nanoseconds from anywhere.
    OutputPace(LongSupplier clock) {
        this.clock = clock;
    }

    private static long nanos(long bytes) {
        return 1_000 * bytes / Limits.LONG_OUTPUT_BYTES_PER_MICRO;
    }

    /// Bytes came from a client; one that is sent long outputs does not count.
    void heard(Channel from) {
        isTalkNew |= !from.hasLongOutputs();
    }

    /// Bytes that a long output may send now; 0 if it has to wait for [#waitNanos].
    int allowance() {
        nowNanos = clock.getAsLong();
        listen();
        if (!isPaced) {
            return Integer.MAX_VALUE;
        }
        long filledNanos = Math.min(nowNanos - emptyNanos, nanos(BURST_BYTES));
        boolean isPiece = filledNanos >= nanos(Limits.LONG_OUTPUT_PIECE_BYTES);
        return isPiece ? (int) (filledNanos * Limits.LONG_OUTPUT_BYTES_PER_MICRO / 1_000) : 0;
    }

    private void listen() {
        if (isTalkNew) {
            isTalkNew = false;
            talkNanos = nowNanos;
            if (!isPaced) {
                isPaced = true;
                emptyNanos = nowNanos - nanos(BURST_BYTES);
            }
        }
        isPaced &= nowNanos - talkNanos < TALK_NANOS;
    }

    /// So much of it was sent.
    void spent(int bytes) {
        if (isPaced) {
            emptyNanos = Math.max(emptyNanos, nowNanos - nanos(BURST_BYTES)) + nanos(bytes);
        }
    }

    /// Until the next piece may go; not above 0: now.
    long waitNanos() {
        return emptyNanos + nanos(Limits.LONG_OUTPUT_PIECE_BYTES) - clock.getAsLong();
    }
}
