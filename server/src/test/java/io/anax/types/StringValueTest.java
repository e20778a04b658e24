package io.anax.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import io.anax.table.Entry;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Strings in all encodings: what goes in comes out, sizes are those of the allocations.
class StringValueTest {
    private static final int SIZE = 1 << 16;
    private final long text = Memory.allocate(SIZE);
    private final long scratch = Memory.allocate(StringValue.SCRATCH_SIZE);
    private final SlabAllocator allocator = new SlabAllocator();

    @AfterEach
    void allMemoryIsBack() {
        assertThat(allocator.usedBytes()).isZero();
        allocator.close();
        Memory.free(text, SIZE);
        Memory.free(scratch, StringValue.SCRATCH_SIZE);
    }

    @Test
    void theExamplesInTheDocumentationAreTrue() {
        assertThat(valueHex("hello")).isEqualTo("0568656c6c6f");
        assertThat(valueHex("300")).isEqualTo("2c01");
    }

    @Test
    void numbersTakeAsFewBytesAsTheyNeed() {
        assertThat(sizeOf("-128")).isEqualTo(1);
        assertThat(sizeOf("128")).isEqualTo(2);
        assertThat(sizeOf("32768")).isEqualTo(4);
        assertThat(sizeOf("2147483648")).isEqualTo(8);
        assertThat(sizeOf("9223372036854775807")).isEqualTo(8);
        assertThat(sizeOf("9223372036854775808")).isEqualTo(20); // text, with its length
        assertThat(sizeOf("x".repeat(127))).isEqualTo(128);
        assertThat(sizeOf("x".repeat(128))).isEqualTo(130);
        assertThat(sizeOf("x".repeat(4096))).isEqualTo(4098);
        assertThat(sizeOf("x".repeat(4097))).isEqualTo(24);
    }

    @Test
    void encodingsHaveTheNamesThatRedisGivesThem() {
        assertThat(nameOf("12345")).isEqualTo("int");
        assertThat(nameOf("x".repeat(44))).isEqualTo("embstr");
        assertThat(nameOf("x".repeat(45))).isEqualTo("raw");
        assertThat(nameOf("x".repeat(5000))).isEqualTo("raw");
        assertThat(nameOf("")).isEqualTo("embstr");
    }

    @Test
    void whatGoesInComesOut() {
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = randomText(random);
            long entry = entry(bytes);
            assertThat(StringValue.length(entry)).isEqualTo(bytes.length);
            assertThat(textOf(entry)).isEqualTo(bytes);
            boolean integer = Entry.encoding(entry) <= StringValue.INT64;
            assertThat(StringValue.isInteger(entry)).isEqualTo(integer);
            if (integer) {
                assertThat(Long.toString(StringValue.integer(entry)).getBytes(StandardCharsets.US_ASCII))
                        .isEqualTo(bytes);
            }
            Value.free(allocator, entry);
        }
    }

    @Test
    void largeValuesGrowInFewSteps() {
        byte[] bytes = new byte[5000];
        new Random(4).nextBytes(bytes);
        long entry = entry(bytes);
        int moves = 0;
        for (int length = 5000; length < 2_000_000; length += 100) {
            long before = StringValue.largeAddress(entry);
            long grown = StringValue.growLarge(allocator, entry, length);
            moves += before == grown ? 0 : 1;
            assertThat(StringValue.length(entry)).isEqualTo(length);
        }
        assertThat(moves).isLessThan(15);
        assertThat(Memory.bytes(StringValue.largeAddress(entry), 5000)).isEqualTo(bytes);
        assertThat(Memory.getByte(StringValue.largeAddress(entry) + 5000)).isZero();
        assertThat(Value.partsBytes(entry)).isEqualTo(StringValue.largeCapacity(entry));
        Value.free(allocator, entry);
    }

    private static byte[] randomText(Random random) {
        if (random.nextBoolean()) {
            return Long.toString(random.nextLong() >> random.nextInt(64)).getBytes(StandardCharsets.US_ASCII);
        }
        int most = random.nextInt(10) == 0 ? 20_000 : random.nextInt(4) == 0 ? Limits.EMBEDDED_STRING_BYTES_MAX : 40;
        byte[] bytes = new byte[random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    private long entry(byte[] bytes) {
        Memory.copy(bytes, 0, text, bytes.length);
        int encoding = StringValue.encoding(text, bytes.length);
        int size = Entry.headSize(0, 3) + StringValue.valueSize(encoding, bytes.length);
        long entry = allocator.allocate(size);
        long value = Entry.write(entry, Type.STRING.number(), encoding, 0, text, 3);
        StringValue.write(allocator, value, encoding, text, bytes.length);
        assertThat(StringValue.sizeBytes(entry)).isEqualTo(size);
        return entry;
    }

    private byte[] textOf(long entry) {
        return Memory.bytes(StringValue.bytes(entry, scratch), (int) StringValue.length(entry));
    }

    private String valueHex(String s) {
        long entry = entry(s.getBytes(StandardCharsets.US_ASCII));
        int size = (int) (StringValue.sizeBytes(entry) - (Entry.value(entry) - entry));
        byte[] bytes = Memory.bytes(Entry.value(entry), size);
        Value.free(allocator, entry);
        return HexFormat.of().formatHex(bytes);
    }

    private int sizeOf(String s) {
        byte[] bytes = s.getBytes(StandardCharsets.US_ASCII);
        Memory.copy(bytes, 0, text, bytes.length);
        return StringValue.valueSize(StringValue.encoding(text, bytes.length), bytes.length);
    }

    private String nameOf(String s) {
        long entry = entry(s.getBytes(StandardCharsets.US_ASCII));
        String name = StringValue.encodingName(entry);
        Value.free(allocator, entry);
        return name;
    }
}
