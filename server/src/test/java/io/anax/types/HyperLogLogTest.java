package io.anax.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.anax.memory.Memory;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// HyperLogLog against the truth within its error, and byte for byte against redis-server.
class HyperLogLogTest {
    private static final int SPARSE_MAX = 3000; // hll-sparse-max-bytes
    private static final int PORT = 21120;
    private static final int ELEMENT_SIZE = 64;

    private final long hll = Memory.allocate(HyperLogLog.DENSE_SIZE);
    private final long other = Memory.allocate(HyperLogLog.DENSE_SIZE);
    private final long element = Memory.allocate(ELEMENT_SIZE);

    @AfterEach
    void free() {
        Memory.free(hll, HyperLogLog.DENSE_SIZE);
        Memory.free(other, HyperLogLog.DENSE_SIZE);
        Memory.free(element, ELEMENT_SIZE);
    }

    @Test
    void theExampleInTheDocumentationIsTrue() {
        int size = HyperLogLog.create(hll);
        assertThat(HexFormat.of().formatHex(Memory.bytes(hll, size)))
                .isEqualTo("48594c4c0100000000000000000000007fff");
        assertThat(HyperLogLog.count(hll, size)).isZero();
    }

    @Test
    void countsWithinThreeStandardErrors() {
        int size = HyperLogLog.create(hll);
        for (int n = 1; n <= 300_000; n++) {
            int changed = add(hll, size, "element:" + n);
            size = changed == 0 ? size : changed;
            if (Integer.bitCount(n) == 1) {
                long counted = HyperLogLog.count(hll, size);
                assertThat((double) Math.abs(counted - n)).as("of " + n).isLessThanOrEqualTo(Math.max(1, n * 0.025));
                HyperLogLog.checkInvariants(hll, size);
            }
        }
        assertThat(HyperLogLog.isDense(hll)).isTrue();
        assertThat(HyperLogLog.isStale(hll)).isTrue();
    }

    @Test
    void addingAgainChangesNothing() {
        int size = add(hll, HyperLogLog.create(hll), "once");
        HyperLogLog.count(hll, size);
        assertThat(add(hll, size, "once")).isZero();
        assertThat(HyperLogLog.isStale(hll)).isFalse();
    }

    @Test
    void sparseAndDenseKeepTheSameRegisters() {
        var random = new Random(5);
        int size = HyperLogLog.create(hll);
        int dense = HyperLogLog.toDense(other, HyperLogLog.create(other));
        for (int i = 0; i < 2000; i++) {
            String text = "e" + random.nextInt(100_000);
            int changed = add(hll, size, text);
            assertThat(add(other, dense, text) != 0).isEqualTo(changed != 0);
            size = changed == 0 ? size : changed;
        }
        byte[] fromSparse = HyperLogLog.newRegisters();
        byte[] fromDense = HyperLogLog.newRegisters();
        HyperLogLog.mergeInto(hll, size, fromSparse);
        HyperLogLog.mergeInto(other, dense, fromDense);
        assertThat(fromSparse).isEqualTo(fromDense);
        assertThat(HyperLogLog.count(fromSparse)).isEqualTo(HyperLogLog.count(other, dense));
    }

    @Test
    void whatIsNoneIsRefused() {
        int size = HyperLogLog.create(hll);
        assertThat(HyperLogLog.isValid(hll, size)).isTrue();
        assertThat(HyperLogLog.isValid(hll, 15)).isFalse();
        assertThat(HyperLogLog.isIntact(hll, size - 1)).isFalse();
        Memory.putByte(hll + size - 1, (byte) 0xFE); // one register is missing
        assertThat(HyperLogLog.isIntact(hll, size)).isFalse();
        Memory.putByte(hll + 4, (byte) 0);
        assertThat(HyperLogLog.isValid(hll, size)).isFalse();
        Memory.putByte(hll, (byte) 'h');
        assertThat(HyperLogLog.isValid(hll, size)).isFalse();
    }

    @Test
    void bytesAreThoseOfRedis() throws Exception {
        try (var redis = Redis.start()) {
            for (int seed = 0; seed < 12; seed++) {
                var random = new Random(seed);
                int[] elements = {1, 5, 50, 300, 1000, 1500, 3000, 20_000, 60_000, 150, 700, 2000};
                redis.call("DEL", "a", "b", "merged");
                int a = fill(redis, "a", hll, random, elements[seed]);
                int b = fill(redis, "b", other, random, elements[(seed + 5) % elements.length]);
                same(redis, "a", hll, a, seed);
                same(redis, "b", other, b, seed);
                merged(redis, a, b, seed);
            }
        }
    }

    private int fill(Redis redis, String key, long at, Random random, int count) throws IOException {
        int size = HyperLogLog.create(at);
        redis.call("PFADD", key);
        invalidateAsPfaddDoes(at);
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[1 + random.nextInt(30)];
            random.nextBytes(bytes);
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            int changed = add(at, size, text);
            assertThat(redis.call("PFADD", key, text)).isEqualTo(changed == 0 ? ":0" : ":1");
            size = changed == 0 ? size : changed;
        }
        return size;
    }

    private static void invalidateAsPfaddDoes(long at) {
        Memory.putByte(at + 15, (byte) 0x80);
    }

    private void same(Redis redis, String key, long at, int size, int seed) throws IOException {
        assertThat(redis.call("GET", key)).as("seed " + seed).isEqualTo(text(at, size));
        assertThat(redis.call("PFCOUNT", key)).isEqualTo(":" + HyperLogLog.count(at, size));
        assertThat(redis.call("GET", key)).as("seed " + seed).isEqualTo(text(at, size));
        HyperLogLog.checkInvariants(at, size);
    }

    private void merged(Redis redis, int a, int b, int seed) throws IOException {
        byte[] registers = HyperLogLog.newRegisters();
        HyperLogLog.mergeInto(hll, a, registers);
        HyperLogLog.mergeInto(other, b, registers);
        assertThat(redis.call("PFCOUNT", "a", "b")).isEqualTo(":" + HyperLogLog.count(registers));
        boolean dense = HyperLogLog.isDense(hll) || HyperLogLog.isDense(other);
        long target = Memory.allocate(HyperLogLog.DENSE_SIZE);
        int size = HyperLogLog.create(target);
        size = dense ? HyperLogLog.toDense(target, size) : size;
        size = HyperLogLog.raiseAll(target, size, registers, SPARSE_MAX);
        redis.call("PFMERGE", "merged", "a", "b");
        assertThat(redis.call("GET", "merged")).as("seed " + seed).isEqualTo(text(target, size));
        Memory.free(target, HyperLogLog.DENSE_SIZE);
    }

    private static String text(long at, int size) {
        return new String(Memory.bytes(at, size), StandardCharsets.ISO_8859_1);
    }

    private int add(long at, int size, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Memory.copy(bytes, 0, element, bytes.length);
        return HyperLogLog.add(at, size, element, bytes.length, SPARSE_MAX);
    }

    /// A redis-server of our own, with a connection.
    private static final class Redis implements AutoCloseable {
        private final Process process;
        private final Socket socket;
        private final OutputStream out;
        private final InputStream in;

        private Redis(Process process, Socket socket) throws IOException {
            this.process = process;
            this.socket = socket;
            out = socket.getOutputStream();
            in = new BufferedInputStream(socket.getInputStream());
        }

        static Redis start() throws IOException, InterruptedException {
            boolean present = Files.isExecutable(Path.of("/usr/bin/redis-server"));
            if (!present && Boolean.getBoolean("anax.ci")) {
                throw new AssertionError("redis-server is not installed, and CI must not skip");
            }
            assumeTrue(present, "redis-server is not installed");
            String[] command = {
                "/usr/bin/redis-server", "--port", "" + PORT, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"
            };
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            for (int tries = 0; tries < 100; tries++) {
                Socket socket = connected();
                if (socket != null) {
                    return new Redis(process, socket);
                }
                Thread.sleep(50);
            }
            process.destroyForcibly();
            throw new AssertionError("redis-server does not answer on port " + PORT);
        }

        private static @Nullable Socket connected() {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), PORT);
            } catch (IOException notYet) {
                return null;
            }
        }

        String call(String... arguments) throws IOException {
            var request = new ByteArrayOutputStream();
            request.writeBytes(("*" + arguments.length + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            for (String argument : arguments) {
                request.writeBytes(
                        ("$" + argument.length() + "\r\n" + argument + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
            out.write(request.toByteArray());
            out.flush();
            String line = line();
            if (!line.startsWith("$")) {
                return line;
            }
            byte[] bytes = in.readNBytes(Integer.parseInt(line.substring(1)));
            line();
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        private String line() throws IOException {
            var line = new StringBuilder();
            for (int c = in.read(); c != '\r'; c = in.read()) {
                line.append((char) c);
            }
            in.read();
            return line.toString();
        }

        @Override
        public void close() throws IOException, InterruptedException {
            socket.close();
            process.destroy();
            process.waitFor(5, TimeUnit.SECONDS);
        }
    }
}
