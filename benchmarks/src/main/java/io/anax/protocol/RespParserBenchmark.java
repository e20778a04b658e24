package io.anax.protocol;

import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import io.anax.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What a command costs before and after it runs: parse it out of a pipeline of sixteen, write the
/// reply of one value. Nanoseconds per command.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RespParserBenchmark {
    private static final int PIPELINE = 16;

    private static final String GET = "*2\r\n$3\r\nGET\r\n$16\r\nkey:000000000001\r\n";
    private static final String SET = "*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000001\r\n$64\r\n" + "x".repeat(64) + "\r\n";

    @Param({"GET", "SET"})
    private String command = "GET";

    private final RespParser parser = new RespParser();
    private final Request request = new Request();
    private final ByteChain chain = new ByteChain(new ChunkPool());
    private final ReplyWriter writer = new ReplyWriter(chain);
    private long address;
    private int size;

    @Setup
    public void fill() {
        String pipeline = (command.equals("GET") ? GET : SET).repeat(PIPELINE);
        byte[] bytes = pipeline.getBytes(StandardCharsets.ISO_8859_1);
        size = bytes.length;
        address = Memory.allocate(size);
        Memory.copy(bytes, 0, address, size);
    }

    @TearDown
    public void free() {
        Memory.free(address, size);
    }

    @Benchmark
    @OperationsPerInvocation(PIPELINE)
    public long parse() {
        long done = 0;
        long sink = 0;
        while (done < size) {
            parser.parse(address + done, size - done, request);
            done += parser.consumedBytes();
            sink += request.address(1) + request.length(1);
        }
        return sink;
    }

    @Benchmark
    @OperationsPerInvocation(PIPELINE)
    public long reply() {
        for (int i = 0; i < PIPELINE; i++) {
            writer.bulk(address, 64);
        }
        long written = chain.sizeBytes();
        chain.clear();
        return written;
    }

    @Benchmark
    @OperationsPerInvocation(PIPELINE)
    public long integers() {
        for (int i = 0; i < PIPELINE; i++) {
            writer.integer(1000 + i * 1000L); // in the table of lines and beyond it
        }
        long written = chain.sizeBytes();
        chain.clear();
        return written;
    }
}
