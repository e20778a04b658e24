package io.anax.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The way of a GET through this package leaves nothing to the garbage collector.
class ProtocolAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP_TURNS = 20_000;
    private static final int TURNS = 200_000;

    private static void assertAllocatesNothing(Runnable turn) {
        repeat(turn, WARM_UP_TURNS);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        repeat(turn, TURNS);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated / TURNS).as(allocated + " bytes").isZero(); // the compiler may leave some once
    }

    private static void repeat(Runnable turn, int times) {
        for (int i = 0; i < times; i++) {
            turn.run();
        }
    }

    @Test
    void parsingAllocatesNothing() {
        String pipeline = Received.command(List.of("SET", "key:12345", "x".repeat(64))).repeat(4);
        var parser = new RespParser();
        var request = new Request();
        try (var received = Received.of(pipeline)) {
            assertAllocatesNothing(() -> {
                long done = 0;
                while (parser.parse(received.address() + done, received.size() - done, request)
                        == RespParser.COMPLETE) {
                    done += parser.consumedBytes();
                }
                assert done == received.size();
            });
            assertAllocatesNothing(() -> {
                parser.parse(received.address(), 50, request); // in two pieces
                parser.parse(received.address(), received.size(), request);
            });
        }
    }

    @Test
    void repliesAllocateNothing() {
        var chain = new ByteChain(new ChunkPool());
        var writer = new ReplyWriter(chain);
        try (var value = Received.of("x".repeat(64))) {
            assertAllocatesNothing(() -> {
                writer.ok();
                writer.integer(7);
                writer.integer(-123_456_789);
                writer.bulk(value.address(), 64);
                writer.bulkInteger(1_000_000);
                writer.array(2);
                writer.nil();
                writer.real(1.5);
                writer.real(1234);
                writer.error("ERR syntax error");
                chain.clear();
            });
        }
    }

    @Test
    void numbersAllocateNothing() {
        try (var whole = Received.of("-1234567890123");
                var decimal = Received.of("3.14159");
                var room = Received.of("?".repeat(32))) {
            assertAllocatesNothing(() -> {
                double sum = Numbers.parseLong(whole.address(), whole.size());
                sum += Numbers.parseDouble(decimal.address(), decimal.size());
                Numbers.print(sum / 3, room.address());
            });
        }
    }
}
