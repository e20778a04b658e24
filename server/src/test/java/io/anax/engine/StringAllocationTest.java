package io.anax.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.anax.command.BitmapCommands;
import io.anax.command.HyperLogLogCommands;
import io.anax.memory.Memory;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands on one key allocate nothing on the Java heap, however they end.
final class StringAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP_TURNS = 20_000;
    private static final int TURNS = 20_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET k 12345|INCR k|INCRBY k 10|DECRBY k -5|GET k|STRLEN k",
                "SET k -1234567|GETRANGE k 1 -2|GETRANGE k 100 200|SUBSTR k 0 0",
                "SET k hello EX 100|SET k world KEEPTTL GET|TTL k|PTTL k|EXPIRE k 50 LT|PERSIST k",
                "SET k a|SET k b NX|SET k b XX|SET k b IFEQ a|SET k c IFNE b|SET k c IFEQ 123",
                "SET k 123|SET k 12 IFEQ 123|SET k 12 IFDEQ 404a763b3f4c8c9a|DELEX k IFEQ 12",
                "SETNX k a|GETSET k b|GETDEL k|SETEX k 10 v|GETEX k PERSIST|APPEND k x|SETRANGE k 2 abc|PREPEND k y",
                "SET k v|EXISTS k|TOUCH k|TYPE k|DEL k|UNLINK k|GET k|OBJECT FREQ none",
                "SETBIT k 100 1|SETBIT k 5 1|SETBIT k 5 1|GETBIT k 5|GETBIT k 1000|BITCOUNT k|BITPOS k 1|BITCOUNT k 3 99 BIT",
                "SET k 12345|GETBIT k 7|SETBIT k 7 0|SETBIT k 3 1|BITCOUNT k",
                "BITFIELD k SET u8 #0 200 INCRBY i5 100 1 OVERFLOW FAIL INCRBY u2 102 9|BITFIELD_RO k GET i64 3",
                "PFADD k a b c|PFADD k a|PFCOUNT k|PFADD k d|PFCOUNT k",
                "MSET a 1 b 2|MGET a b c|DEL a b",
                "CL.THROTTLE k 15 30 60|CL.THROTTLE k 15 30 60 0",
            })
    void commandsOnOneKeyAllocateNothing(String commands) {
        Assumptions.assumeFalse(Boolean.getBoolean("anax.memory.checked")); // checked memory allocates
        try (var engine = new EngineFixture(1, BitmapCommands.FAMILY, HyperLogLogCommands.FAMILY)) {
            Client client = engine.connect(0);
            byte[] bytes = pipeline("DEL k|" + commands);
            long address = Memory.allocate(bytes.length);
            Memory.copy(bytes, 0, address, bytes.length);
            turns(engine, client, address, bytes.length, WARM_UP_TURNS);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            turns(engine, client, address, bytes.length, TURNS);
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            Memory.free(address, bytes.length);
            assertThat(allocated / TURNS).isZero();
        }
    }

    private static void turns(EngineFixture engine, Client client, long address, int size, int count) {
        for (int i = 0; i < count; i++) {
            client.received(address, size);
            engine.settle();
            client.output().clear();
        }
    }

    private static byte[] pipeline(String commands) {
        var text = new StringBuilder();
        for (String command : commands.split("\\|")) {
            String[] words = command.split(" ");
            text.append('*').append(words.length).append("\r\n");
            for (String word : words) {
                text.append('$')
                        .append(word.length())
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
