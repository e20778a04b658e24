package io.anax.protocol;

import com.sun.management.ThreadMXBean;
import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import java.lang.management.ManagementFactory;
import java.util.List;

/// A program that prints how many bytes of the Java heap each turn of the hot paths costs. It runs in
/// a JVM of its own because checked memory, which all other tests run with, allocates.
final class AllocationProbe {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP_TURNS = 20_000;
    private static final int TURNS = 200_000;

    private AllocationProbe() {}

    public static void main(String[] arguments) {
        parsing();
        replies();
        numbers();
    }

    private static void measure(String name, Runnable turn) {
        repeat(turn, WARM_UP_TURNS);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        repeat(turn, TURNS);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        System.out.println(name + " " + allocated / TURNS); // the compiler may leave a little, once
    }

    private static void repeat(Runnable turn, int times) {
        for (int i = 0; i < times; i++) {
            turn.run();
        }
    }

    private static void parsing() {
        String pipeline =
                Received.command(List.of("SET", "key:12345", "x".repeat(64))).repeat(4);
        var parser = new RespParser();
        var request = new Request();
        try (var received = Received.of(pipeline)) {
            measure("pipeline", () -> {
                long done = 0;
                while (done < received.size()) {
                    parser.parse(received.address() + done, received.size() - done, request);
                    done += parser.consumedBytes();
                }
            });
            measure("pieces", () -> {
                parser.parse(received.address(), 50, request);
                parser.parse(received.address(), received.size(), request);
            });
        }
    }

    private static void replies() {
        var chain = new ByteChain(new ChunkPool());
        var writer = new ReplyWriter(chain);
        try (var value = Received.of("x".repeat(64))) {
            measure("replies", () -> {
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

    private static void numbers() {
        try (var whole = Received.of("-1234567890123");
                var decimal = Received.of("3.14159");
                var room = Received.of("?".repeat(32))) {
            measure("numbers", () -> {
                double sum = Numbers.parseLong(whole.address(), whole.size());
                sum += Numbers.parseDouble(decimal.address(), decimal.size());
                Numbers.printDouble(sum / 3, room.address());
            });
        }
    }
}
