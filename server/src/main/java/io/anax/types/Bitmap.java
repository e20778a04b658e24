package io.anax.types;

import io.anax.Hot;
import io.anax.memory.Memory;

/// The bytes of a string as bits, and as whole numbers of up to 64 bits between them.
///
/// ```
///  byte     0        1        2
///          +--------+--------+--------+
///          |01234567|89……    |        |     bit 0 is the highest of byte 0
///          +--------+--------+--------+
///
///  putField(at, offset 7, 5 bits, 23) into zeros: highest bit first, whatever byte that is in
///          |00000001|01110000|
/// ```
///
/// Bytes of the example: `01 70`. Offsets are in bits. What walks over many bytes takes a part of them,
/// so that a caller can stop between two parts.
public final class Bitmap {
    /// No such bit.
    public static final long NONE = -1;

    private static final int UNROLLED_SIZE = 4 * Long.BYTES;

    private Bitmap() {}

    // ---- one bit --------------------------------------------------------------------------------

    @Hot
    public static int bit(long at, long offset) {
        return Memory.getByte(at + (offset >>> 3)) >>> lowness(offset) & 1;
    }

    @Hot
    public static void putBit(long at, long offset, int bit) {
        long byteAt = at + (offset >>> 3);
        int cleared = Memory.getByte(byteAt) & ~(1 << lowness(offset));
        Memory.putByte(byteAt, (byte) (cleared | bit << lowness(offset)));
    }

    /// How many bits of its byte are lower.
    private static int lowness(long offset) {
        return 7 - ((int) offset & 7);
    }

    // ---- many bits ------------------------------------------------------------------------------

    /// How many of the bits `first` to `last`, both included, are set.
    public static long count(long at, long first, long last) {
        assert first <= last : first + " to " + last;
        long from = at + (first >>> 3);
        long to = at + (last >>> 3);
        int before = Memory.getByte(from) & ~(0xFF >>> ((int) first & 7)) & 0xFF;
        int behind = Memory.getByte(to) & (1 << lowness(last)) - 1;
        return ones(from, to - from + 1) - Integer.bitCount(before) - Integer.bitCount(behind);
    }

    /// Four sums, so that no addition waits for the one before it.
    private static long ones(long from, long size) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        long i = 0;
        for (; i + UNROLLED_SIZE <= size; i += UNROLLED_SIZE) {
            a += Long.bitCount(Memory.getLong(from + i));
            b += Long.bitCount(Memory.getLong(from + i + 8));
            c += Long.bitCount(Memory.getLong(from + i + 16));
            d += Long.bitCount(Memory.getLong(from + i + 24));
        }
        for (; i < size; i++) {
            a += Integer.bitCount(Memory.getByte(from + i) & 0xFF);
        }
        return a + b + c + d;
    }

    /// The first of the bits `first` to `last`, both included, that is `bit`, or NONE.
    public static long find(long at, long first, long last, int bit) {
        assert first <= last : first + " to " + last;
        long others = bit == 1 ? 0 : -1; // the bits that are not looked for
        long byteIndex = first >>> 3;
        int head = ((Memory.getByte(at + byteIndex) ^ (int) others) & 0xFF >>> ((int) first & 7)) << 24;
        long found = head != 0
                ? byteIndex * Byte.SIZE + Integer.numberOfLeadingZeros(head)
                : findInBytes(at, byteIndex + 1, (last >>> 3) + 1, others);
        return found <= last ? found : NONE;
    }

    private static long findInBytes(long at, long from, long end, long others) {
        long i = skipEqual(at, from, end, others);
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            long word = Memory.getLong(at + i) ^ others;
            if (word != 0) {
                return i * Byte.SIZE + Long.numberOfLeadingZeros(Long.reverseBytes(word));
            }
        }
        for (; i < end; i++) {
            int word = (Memory.getByte(at + i) ^ (int) others) << 24;
            if (word != 0) {
                return i * Byte.SIZE + Integer.numberOfLeadingZeros(word);
            }
        }
        return NONE;
    }

    /// Goes on as long as four words at a time are `word`.
    private static long skipEqual(long at, long from, long end, long word) {
        long i = from;
        while (i + UNROLLED_SIZE <= end) {
            long a = Memory.getLong(at + i) ^ word;
            long b = Memory.getLong(at + i + 8) ^ word;
            long c = Memory.getLong(at + i + 16) ^ word;
            long d = Memory.getLong(at + i + 24) ^ word;
            if ((a | b | c | d) != 0) {
                return i;
            }
            i += UNROLLED_SIZE;
        }
        return i;
    }

    // ---- numbers --------------------------------------------------------------------------------

    /// The number in the `bits` bits from `offset` on, unsigned. Bits behind `size` bytes are zero.
    public static long field(long at, long size, long offset, int bits) {
        long first = offset >>> 3;
        int shift = (int) offset & 7;
        long eight = bigEndian(at, size, first);
        int ninth = first + Long.BYTES < size ? Memory.getByte(at + first + Long.BYTES) & 0xFF : 0;
        return (eight << shift | ninth >>> Byte.SIZE - shift) >>> Long.SIZE - bits;
    }

    private static long bigEndian(long at, long size, long first) {
        if (first + Long.BYTES <= size) {
            return Long.reverseBytes(Memory.getLong(at + first));
        }
        long value = 0;
        for (long i = first; i < first + Long.BYTES; i++) {
            value = value << Byte.SIZE | (i < size ? Memory.getByte(at + i) & 0xFF : 0);
        }
        return value;
    }

    /// Writes the lowest `bits` bits of the value from `offset` on; all of them must lie in the string.
    public static void putField(long at, long offset, int bits, long value) {
        long position = offset;
        int left = bits;
        while (left > 0) {
            int room = Byte.SIZE - ((int) position & 7);
            int taken = Math.min(left, room);
            int low = room - taken;
            int mask = (1 << taken) - 1 << low;
            int part = (int) (value >>> left - taken) << low;
            long byteAt = at + (position >>> 3);
            Memory.putByte(byteAt, (byte) (Memory.getByte(byteAt) & ~mask | part & mask));
            left -= taken;
            position += taken;
        }
    }
}
