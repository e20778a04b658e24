package io.anax.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.compatibility.RedisServer;
import io.anax.compatibility.RespClient;
import io.anax.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// HyperLogLog against the truth within its error, and byte for byte against redis-server.
class HyperLogLogTest {
    private static final int SPARSE_MAX = 3000; // hll-sparse-max-bytes
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
        assertThat(HexFormat.of().formatHex(Memory.bytes(hll, size))).isEqualTo("48594c4c0100000000000000000000007fff");
        assertThat(HyperLogLog.count(hll, size)).isZero();
    }

    @Test
    void countsWithinThreeStandardErrors() {
        int size = HyperLogLog.create(hll);
        for (int n = 1; n <= 100_000; n++) {
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
    void bytesAreThoseOfRedis() {
        try (var server = RedisServer.start();
                var redis = server.connect()) {
            for (int seed = 0; seed < 12; seed++) {
                var random = new Random(seed);
                int[] elements = {1, 5, 50, 300, 1000, 1500, 3000, 8000, 15_000, 150, 700, 2000};
                redis.send("DEL", "a", "b", "merged");
                int a = fill(redis, "a", hll, random, elements[seed]);
                int b = fill(redis, "b", other, random, elements[(seed + 5) % elements.length]);
                same(redis, "a", hll, a, seed);
                same(redis, "b", other, b, seed);
                merged(redis, a, b, seed);
            }
        }
    }

    private int fill(RespClient redis, String key, long at, Random random, int count) {
        int size = HyperLogLog.create(at);
        redis.send("PFADD", key);
        HyperLogLog.invalidate(at);
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[1 + random.nextInt(30)];
            random.nextBytes(bytes);
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            int changed = add(at, size, text);
            assertThat(redis.send("PFADD", key, text).value()).isEqualTo(changed == 0 ? 0L : 1L);
            size = changed == 0 ? size : changed;
        }
        return size;
    }

    private void same(RespClient redis, String key, long at, int size, int seed) {
        assertThat(redis.send("GET", key).text()).as("seed " + seed).isEqualTo(text(at, size));
        assertThat(redis.send("PFCOUNT", key).value()).isEqualTo(HyperLogLog.count(at, size));
        assertThat(redis.send("GET", key).text()).as("seed " + seed).isEqualTo(text(at, size));
        HyperLogLog.checkInvariants(at, size);
    }

    private void merged(RespClient redis, int a, int b, int seed) {
        byte[] registers = HyperLogLog.newRegisters();
        HyperLogLog.mergeInto(hll, a, registers);
        HyperLogLog.mergeInto(other, b, registers);
        assertThat(redis.send("PFCOUNT", "a", "b").value()).isEqualTo(HyperLogLog.count(registers));
        boolean dense = HyperLogLog.isDense(hll) || HyperLogLog.isDense(other);
        long target = Memory.allocate(HyperLogLog.DENSE_SIZE);
        int size = HyperLogLog.create(target);
        size = dense ? HyperLogLog.toDense(target, size) : size;
        size = HyperLogLog.raiseAll(target, size, registers, SPARSE_MAX);
        redis.send("PFMERGE", "merged", "a", "b");
        assertThat(redis.send("GET", "merged").text()).as("seed " + seed).isEqualTo(text(target, size));
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
}
