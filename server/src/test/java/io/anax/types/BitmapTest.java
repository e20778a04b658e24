package io.anax.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.memory.Memory;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Bits and numbers in bytes against `BitSet`, which does it one by one. Every string lies in an
/// allocation of exactly its size, so that checked memory sees each access beyond.
class BitmapTest {
    private static final int ROUNDS = 400;
    private static final int SIZE_MAX = 150;

    private final long seed = Long.getLong("anax.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void theExampleInTheDocumentationIsTrue() {
        long at = allocate(new byte[2]);
        Bitmap.putField(at, 7, 5, 23);
        assertThat(HexFormat.of().formatHex(Memory.bytes(at, 2))).isEqualTo("0170");
        assertThat(Bitmap.field(at, 2, 7, 5)).isEqualTo(23);
        Memory.free(at, 2);
    }

    @Test
    void bitsAreCountedAndFoundAsInABitSet() {
        System.out.println("BitmapTest: -Danax.seed=" + seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = bytes();
            long at = allocate(bytes);
            BitSet bits = bits(bytes);
            for (int i = 0; i < 20; i++) {
                int first = random.nextInt(bytes.length * 8);
                int last = first + random.nextInt(bytes.length * 8 - first);
                String range = "seed " + seed + ": " + first + " to " + last;
                assertThat(Bitmap.bit(at, first)).as(range).isEqualTo(bits.get(first) ? 1 : 0);
                assertThat(Bitmap.count(at, first, last))
                        .as(range)
                        .isEqualTo(bits.get(first, last + 1).cardinality());
                assertThat(Bitmap.find(at, first, last, 1)).as(range).isEqualTo(upTo(last, bits.nextSetBit(first)));
                assertThat(Bitmap.find(at, first, last, 0)).as(range).isEqualTo(upTo(last, bits.nextClearBit(first)));
            }
            Memory.free(at, bytes.length);
        }
    }

    @Test
    void numbersAreThoseOfTheirBits() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = bytes();
            long at = allocate(bytes);
            for (int i = 0; i < 20; i++) {
                int width = 1 + random.nextInt(64);
                int offset = random.nextInt(bytes.length * 8 + 20);
                String what = "seed " + seed + ": " + width + " bits from " + offset + " of " + bytes.length + " bytes";
                assertThat(Bitmap.field(at, bytes.length, offset, width))
                        .as(what)
                        .isEqualTo(field(bytes, offset, width));
                if (offset + width <= bytes.length * 8) {
                    long value = random.nextLong();
                    Bitmap.putField(at, offset, width, value);
                    bytes = withField(bytes, offset, width, value);
                    assertThat(Memory.bytes(at, bytes.length)).as(what).isEqualTo(bytes);
                }
            }
            Memory.free(at, bytes.length);
        }
    }

    @Test
    void aBitIsSetAlone() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = bytes();
            long at = allocate(bytes);
            int offset = random.nextInt(bytes.length * 8);
            int bit = random.nextInt(2);
            Bitmap.putBit(at, offset, bit);
            assertThat(Memory.bytes(at, bytes.length)).as("seed " + seed).isEqualTo(withField(bytes, offset, 1, bit));
            Memory.free(at, bytes.length);
        }
    }

    @Test
    void foldingIsThatOfEachByte() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] result = bytes();
            byte[] source = new byte[random.nextInt(result.length + 1)];
            byte[] twice = new byte[result.length];
            random.nextBytes(source);
            random.nextBytes(twice);
            for (BitFold fold : BitFold.values()) {
                long to = allocate(result);
                long from = allocate(source);
                long more = allocate(twice);
                fold.apply(to, result.length, more, from, source.length);
                for (int i = 0; i < result.length; i++) {
                    byte bits = i < source.length ? source[i] : 0;
                    byte expected = fold(fold, result[i], bits, twice[i]);
                    if (fold == BitFold.ONCE && i >= source.length) {
                        expected = result[i]; // those that came twice were taken out before
                    }
                    assertThat(Memory.getByte(to + i))
                            .as("seed %d: %s %d", seed, fold, i)
                            .isEqualTo(expected);
                }
                Memory.free(to, result.length);
                Memory.free(from, Math.max(1, source.length));
                Memory.free(more, result.length);
            }
        }
    }

    private static byte fold(BitFold fold, byte result, byte source, byte twice) {
        return (byte)
                switch (fold) {
                    case COPY -> source;
                    case NOT -> ~source;
                    case AND -> result & source;
                    case OR -> result | source;
                    case XOR -> result ^ source;
                    case AND_NOT -> result & ~source;
                    case ONCE -> (result | source) & ~(twice | result & source);
                };
    }

    /// Mostly equal bytes, so that a search goes far.
    private byte[] bytes() {
        byte[] bytes = new byte[1 + random.nextInt(SIZE_MAX)];
        switch (random.nextInt(3)) {
            case 0 -> random.nextBytes(bytes);
            case 1 -> Arrays.fill(bytes, (byte) -1);
            default -> {}
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static long allocate(byte[] bytes) {
        long at = Memory.allocate(Math.max(1, bytes.length));
        Memory.copy(bytes, 0, at, bytes.length);
        return at;
    }

    private static BitSet bits(byte[] bytes) {
        var bits = new BitSet();
        for (int i = 0; i < bytes.length * 8; i++) {
            bits.set(i, (bytes[i / 8] >> 7 - i % 8 & 1) == 1);
        }
        return bits;
    }

    private static long upTo(int last, int found) {
        return found >= 0 && found <= last ? found : Bitmap.NONE;
    }

    private static long field(byte[] bytes, int offset, int width) {
        BitSet bits = bits(bytes);
        long value = 0;
        for (int i = offset; i < offset + width; i++) {
            value = value << 1 | (bits.get(i) ? 1 : 0);
        }
        return value;
    }

    private static byte[] withField(byte[] bytes, int offset, int width, long value) {
        var whole = new BigInteger(1, bytes);
        int end = bytes.length * 8 - offset - width;
        for (int i = 0; i < width; i++) {
            whole = (value >>> i & 1) == 1 ? whole.setBit(end + i) : whole.clearBit(end + i);
        }
        byte[] unsigned = whole.toByteArray();
        byte[] result = new byte[bytes.length];
        for (int i = 1; i <= Math.min(unsigned.length, result.length); i++) {
            result[result.length - i] = unsigned[unsigned.length - i];
        }
        return result;
    }
}
