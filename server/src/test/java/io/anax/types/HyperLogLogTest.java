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
        assertThat(HyperLogLog.runs(hll, size)).isEqualTo("Z:16384");
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
        HyperLogLog.keepCount(hll, HyperLogLog.count(hll, size));
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
        long fromSparse = HyperLogLog.newRegisters();
        long fromDense = HyperLogLog.newRegisters();
        assertThat(HyperLogLog.mergeInto(hll, size, fromSparse)).isTrue();
        assertThat(HyperLogLog.mergeInto(other, dense, fromDense)).isTrue();
        assertThat(unpacked(fromSparse)).isEqualTo(unpacked(fromDense));
        assertThat(HyperLogLog.countOf(fromSparse)).isEqualTo(HyperLogLog.count(other, dense));
        assertThat(HyperLogLog.count(hll, size)).isEqualTo(HyperLogLog.count(other, dense));
        HyperLogLog.freeRegisters(fromSparse);
        HyperLogLog.freeRegisters(fromDense);
    }

    @Test
    void registersArePackedAndMergedInGroupsAsOneByOne() {
        var random = new Random(6);
        long registers = HyperLogLog.newRegisters();
        int size = HyperLogLog.toDense(hll, HyperLogLog.create(hll));
        HyperLogLog.toDense(other, HyperLogLog.create(other));
        for (int i = 0; i < DenseRegisters.COUNT; i++) {
            DenseRegisters.put(hll + HyperLogLog.HEADER_SIZE, i, random.nextInt(64));
            Memory.putByte(registers + i, (byte) random.nextInt(64));
        }
        byte[] before = unpacked(registers);
        assertThat(HyperLogLog.mergeInto(hll, size, registers)).isTrue();
        DenseRegisters.pack(registers, other + HyperLogLog.HEADER_SIZE);
        for (int i = 0; i < DenseRegisters.COUNT; i++) {
            int larger = Math.max(before[i], HyperLogLog.register(hll, i));
            assertThat(Memory.getByte(registers + i)).as("register " + i).isEqualTo((byte) larger);
            assertThat(HyperLogLog.register(other, i)).as("register " + i).isEqualTo(larger);
        }
        HyperLogLog.freeRegisters(registers);
    }

    /// The walk that raises all registers changes the bytes as one search for each register does.
    /// A run of zeros in two bytes may be one register: nobody writes it so, but may read it so.
    @Test
    void twoBytesForOneRegisterBecomeOne() {
        HyperLogLog.create(hll);
        long at = SparseRegisters.putZeros(hll + HyperLogLog.HEADER_SIZE, 12_711); // up to the register of "a"
        Memory.putByte(at, (byte) 0x40);
        Memory.putByte(at + 1, (byte) 0);
        int size = (int) (SparseRegisters.putZeros(at + 2, 3672) - hll);
        assertThat(HyperLogLog.runs(hll, size)).isEqualTo("Z:12711 Z:1 Z:3672");
        assertThat(add(hll, size, "a")).isEqualTo(size - 1);
        assertThat(HyperLogLog.runs(hll, size - 1)).isEqualTo("Z:12711 v:2,1 Z:3672");
        HyperLogLog.checkInvariants(hll, size - 1);
    }

    @Test
    void raisingAllIsRaisingEach() {
        long seed = Long.getLong("anax.seed", System.nanoTime());
        System.out.println("HyperLogLogTest: -Danax.seed=" + seed);
        var random = new Random(seed);
        long registers = HyperLogLog.newRegisters();
        for (int round = 0; round < 600; round++) {
            int size = round % 2 == 0 ? HyperLogLog.create(hll) : createUnjoined(random);
            for (int i = round % 2 == 0 ? random.nextInt(300) : 0; i > 0; i--) {
                int changed = SparseRegisters.raise(hll, size, near(random), value(random), SPARSE_MAX);
                size = changed > 0 ? changed : size;
            }
            Memory.copy(hll, other, size);
            Memory.fill(registers, DenseRegisters.COUNT, (byte) 0);
            for (int i = random.nextInt(300); i > 0; i--) {
                Memory.putByte(registers + near(random), (byte) value(random));
            }
            int each = size;
            for (int i = 0; i < DenseRegisters.COUNT; i++) {
                if (Memory.getByte(registers + i) != 0) {
                    int changed = SparseRegisters.raise(other, each, i, Memory.getByte(registers + i), SPARSE_MAX);
                    each = changed > 0 ? changed : each;
                }
            }
            int all = HyperLogLog.raiseAll(hll, size, registers, SPARSE_MAX);
            HyperLogLog.invalidate(other);
            assertThat(HexFormat.of().formatHex(Memory.bytes(hll, all)))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(HexFormat.of().formatHex(Memory.bytes(other, each)));
        }
        HyperLogLog.freeRegisters(registers);
    }

    /// Runs that nobody would write, equal ones side by side, then zeros.
    private int createUnjoined(Random random) {
        int size = HyperLogLog.HEADER_SIZE;
        int registers = 0;
        HyperLogLog.create(hll);
        for (int i = random.nextInt(200); i > 0; i--) {
            int run = 1 + random.nextInt(random.nextInt(3) + 1);
            int opcode = random.nextInt(4) == 0 ? run - 1 : 0x80 | random.nextInt(2) << 2 | run - 1;
            Memory.putByte(hll + size++, (byte) opcode);
            registers += run;
        }
        return (int) (SparseRegisters.putZeros(hll + size, DenseRegisters.COUNT - registers) - hll);
    }

    /// Side by side, so that runs are split and joined.
    private static int near(Random random) {
        return (random.nextInt(3) * 8000 + random.nextInt(random.nextBoolean() ? 40 : 400)) % DenseRegisters.COUNT;
    }

    private static int value(Random random) {
        return 1 + random.nextInt(random.nextInt(4) == 0 ? 32 : 3);
    }

    /// Any bytes may come: no access is outside of them, and what is changed still lies inside its room.
    @Test
    void rubbishIsNoDanger() {
        long seed = Long.getLong("anax.seed", System.nanoTime());
        var random = new Random(seed);
        int corrupt = 0;
        for (int round = 0; round < 3000; round++) {
            int size = HyperLogLog.HEADER_SIZE + random.nextInt(60);
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            long exact = Memory.allocate(size);
            HyperLogLog.create(hll);
            Memory.copy(bytes, HyperLogLog.HEADER_SIZE, hll + HyperLogLog.HEADER_SIZE, size - HyperLogLog.HEADER_SIZE);
            Memory.copy(hll, exact, size);
            corrupt += HyperLogLog.count(exact, size) == HyperLogLog.CORRUPT ? 1 : 0;
            HyperLogLog.runs(exact, size);
            Memory.free(exact, size);
            int newSize = add(hll, size, "e" + round);
            assertThat(newSize).as("seed %d", seed).isBetween(HyperLogLog.CORRUPT, HyperLogLog.DENSE_SIZE);
        }
        assertThat(corrupt).isGreaterThan(2900); // by chance the runs may cover the registers
    }

    @Test
    void whatIsNoneIsRefused() {
        int size = HyperLogLog.create(hll);
        assertThat(HyperLogLog.isValid(hll, size)).isTrue();
        assertThat(HyperLogLog.isValid(hll, 15)).isFalse();
        assertThat(HyperLogLog.count(hll, size - 1)).isEqualTo(HyperLogLog.CORRUPT);
        Memory.putByte(hll + size - 1, (byte) 0xFE); // one register is missing
        assertThat(HyperLogLog.count(hll, size)).isEqualTo(HyperLogLog.CORRUPT);
        assertThat(HyperLogLog.toDense(hll, size)).isEqualTo(HyperLogLog.CORRUPT);
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
        HyperLogLog.keepCount(at, HyperLogLog.count(at, size));
        assertThat(redis.send("GET", key).text()).as("seed " + seed).isEqualTo(text(at, size));
        HyperLogLog.checkInvariants(at, size);
    }

    private void merged(RespClient redis, int a, int b, int seed) {
        long registers = HyperLogLog.newRegisters();
        HyperLogLog.mergeInto(hll, a, registers);
        HyperLogLog.mergeInto(other, b, registers);
        assertThat(redis.send("PFCOUNT", "a", "b").value()).isEqualTo(HyperLogLog.countOf(registers));
        boolean dense = HyperLogLog.isDense(hll) || HyperLogLog.isDense(other);
        long target = Memory.allocate(HyperLogLog.DENSE_SIZE);
        int size = HyperLogLog.create(target);
        size = dense ? HyperLogLog.toDense(target, size) : size;
        size = HyperLogLog.raiseAll(target, size, registers, SPARSE_MAX);
        redis.send("PFMERGE", "merged", "a", "b");
        assertThat(redis.send("GET", "merged").text()).as("seed " + seed).isEqualTo(text(target, size));
        Memory.free(target, HyperLogLog.DENSE_SIZE);
        HyperLogLog.freeRegisters(registers);
    }

    private static byte[] unpacked(long registers) {
        return Memory.bytes(registers, DenseRegisters.UNPACKED_SIZE);
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
