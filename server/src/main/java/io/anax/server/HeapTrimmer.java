package io.anax.server;

import io.anax.memory.Memory;
import java.time.Duration;

/// When the C library's heap is trimmed of what the JVM's compilers left there, some 20 MB. They have much
/// to do at first, and ever less later on: so the pauses grow with the time that the program runs. One trim
/// takes 1 to 5 ms of a core.
///
/// The JVM can do it itself (`TrimNativeHeapInterval`), but at one interval for ever.
final class HeapTrimmer {
    private static final long PAUSE_NANOS_MIN = 1_000_000_000;
    private static final long PAUSE_NANOS_MAX = 60 * PAUSE_NANOS_MIN;

    private final long startNanos;

    HeapTrimmer(long nowNanos) {
        startNanos = nowNanos;
    }

    /// Until the next trim: a tenth of the time since the start.
    Duration pause(long nowNanos) {
        return Duration.ofNanos(Math.clamp((nowNanos - startNanos) / 10, PAUSE_NANOS_MIN, PAUSE_NANOS_MAX));
    }

    /// Trims until the server ends.
    static void accompany(Server server) throws InterruptedException {
        var trimmer = new HeapTrimmer(System.nanoTime());
        while (!server.join(trimmer.pause(System.nanoTime()))) {
            Memory.trimHeap();
        }
    }
}
