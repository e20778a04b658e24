package io.anax.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.anax.net.TestServer.Kind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/// Serving costs no Java memory, whatever happens on a channel.
class EchoAllocationTest {
    private static final int PORT = 21090;
    private static final int ROUNDS = 20_000;
    private static final int WARM_UPS_MAX = 10;

    @Test
    void anEchoAllocatesNothing() throws Exception {
        assumeTrue(UringPoller.obstacle().isEmpty(), UringPoller::obstacle);
        assumeFalse(Boolean.getBoolean("anax.memory.checked"), "the checks allocate");
        var echo = new Echo();
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var server = TestServer.start(Kind.URING, TestServer.tcp(PORT), echo::accept);
                var socket = new Socket(InetAddress.getLoopbackAddress(), PORT)) {
            socket.setTcpNoDelay(true);
            long allocatedBytes = Long.MAX_VALUE;
            for (int i = 0; i < WARM_UPS_MAX && allocatedBytes > 0; i++) { // until all is compiled
                long before = threads.getThreadAllocatedBytes(server.threadId());
                roundTrips(socket);
                allocatedBytes = threads.getThreadAllocatedBytes(server.threadId()) - before;
            }
            assertThat(allocatedBytes).isZero();
        }
    }

    private static void roundTrips(Socket socket) throws IOException {
        var bytes = new byte[100];
        for (int i = 0; i < ROUNDS; i++) {
            socket.getOutputStream().write(bytes);
            assertThat(socket.getInputStream().readNBytes(bytes, 0, bytes.length))
                    .isEqualTo(bytes.length);
        }
    }
}
