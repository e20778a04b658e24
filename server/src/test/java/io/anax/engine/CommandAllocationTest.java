package io.anax.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.anax.memory.Memory;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// From the bytes of a request to the bytes of its reply nothing is allocated on the Java heap, whether
/// the key is here or on another shard.
final class CommandAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP_TURNS = 20_000;
    private static final int TURNS = 100_000;

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 16", "2, 1", "2, 16"})
    void getAndSetAllocateNothing(int shardCount, int depth) {
        assumeChecksAreOff();
        try (var engine = new EngineFixture(shardCount)) {
            Client client = engine.connect(0);
            byte[] bytes = pipeline(depth);
            long address = Memory.allocate(bytes.length);
            Memory.copy(bytes, 0, address, bytes.length);
            turns(engine, client, address, bytes.length, WARM_UP_TURNS);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            turns(engine, client, address, bytes.length, TURNS);
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            Memory.free(address, bytes.length);
            assertThat(allocated / TURNS).isZero();
            assertThat(allocated).as("the compiler may leave a little, once").isLessThan(64 << 10);
        }
    }

    private static void turns(EngineFixture engine, Client client, long address, int size, int count) {
        for (int i = 0; i < count; i++) {
            client.received(address, size);
            engine.settle();
            client.output().clear();
        }
    }

    private static byte[] pipeline(int depth) {
        var text = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            text.append("*3\r\n$3\r\nSET\r\n$5\r\nkey:")
                    .append((char) ('a' + i))
                    .append("\r\n$5\r\nvalue\r\n");
            text.append("*2\r\n$3\r\nGET\r\n$5\r\nkey:")
                    .append((char) ('a' + i))
                    .append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /// The memory of the other tests checks every access, and allocates for that.
    private static void assumeChecksAreOff() {
        Assumptions.assumeFalse(Boolean.getBoolean("anax.memory.checked"));
    }
}
