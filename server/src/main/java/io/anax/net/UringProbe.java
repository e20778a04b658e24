package io.anax.net;

import io.anax.memory.Memory;
import java.io.IOException;

/// Finds out whether io_uring can be used, by using it: a kernel may be too old, a container may
/// forbid it, an emulation may lack what we need. Receives one byte the way [UringPoller] receives.
final class UringProbe {
    private static final int TIMEOUT_NANOS = 100_000_000;

    private UringProbe() {}

    /// Empty when all is well.
    static String obstacle() {
        if (!Linux.isHere()) {
            return "io_uring is of Linux";
        }
        try {
            Ring ring = Ring.open(8, 16);
            try {
                return receive(ring);
            } finally {
                ring.close();
            }
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String receive(Ring ring) throws IOException {
        var buffers = new ReceiveBuffers(ring);
        long two = Memory.allocate(2 * Integer.BYTES);
        int created = Linux.socketPair(two);
        if (created < 0) {
            throw Linux.failure("socketpair", created);
        }
        int reader = Memory.getInt(two);
        int writer = Memory.getInt(two + Integer.BYTES);
        try {
            ring.enable();
            long request = ring.request(Ring.RECEIVE, reader, 1);
            Ring.putFlags(request, Ring.SELECT_BUFFER);
            Ring.putVariant(request, Ring.RECEIVE_MULTISHOT);
            Ring.putBufferGroup(request, ReceiveBuffers.GROUP);
            ring.enter(0, 0);
            Linux.write(writer, two, 1);
            return awaitByte(ring);
        } finally {
            Linux.close(writer); // ends the request, which stays until then
            ring.enter(2, TIMEOUT_NANOS);
            Linux.close(reader);
            Memory.free(two, 2 * Integer.BYTES);
            buffers.close();
        }
    }

    private static String awaitByte(Ring ring) {
        ring.enter(1, TIMEOUT_NANOS);
        if (ring.completionCount() == 0) {
            int obstacle = ring.obstacle();
            return "io_uring_enter: " + Linux.message(obstacle < 0 ? obstacle : -Linux.ETIME);
        }
        long completion = ring.completion();
        int result = Ring.result(completion);
        int wanted = Ring.HAS_BUFFER | Ring.HAS_MORE;
        if (result < 0) {
            return "receive of io_uring: " + Linux.message(result);
        }
        return (Ring.flags(completion) & wanted) == wanted ? "" : "io_uring lacks multishot receive";
    }
}
