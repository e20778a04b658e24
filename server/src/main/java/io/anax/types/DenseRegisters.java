package io.anax.types;

import io.anax.Hot;
import io.anax.memory.Memory;

/// The dense registers of a [HyperLogLog]: 6 bits each, the first in the lowest bits. Most work is done
/// on eight of them at a time, as the bytes of a `long`:
///
/// ```
///  packed     8 x 6 bits, 6 bytes     | 77777766 66665555 | 55444444 33333322 | 22221111 11000000 |
///  unpacked   8 x 8 bits, a long      |00777777|00666666|00555555|  …  |00111111|00000000|
/// ```
///
/// Unpacked registers in a row, a byte each, are what several are merged into: `UNPACKED_SIZE` bytes.
final class DenseRegisters {
    static final int COUNT = 1 << 14;
    static final int BITS = 6;
    static final int MAX = (1 << BITS) - 1;
    static final int SIZE = COUNT * BITS / Byte.SIZE;
    static final int UNPACKED_SIZE = COUNT;

    /// How often each value occurs, in four counters each, so that one seldom waits for the last.
    static final int HISTOGRAM_SIZE = (MAX + 1) * 4 * Integer.BYTES;

    private static final int GROUP = 8; // registers
    private static final int GROUP_SIZE = GROUP * BITS / Byte.SIZE;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final int COUNTERS_SHIFT = 4; // four counters of four bytes

    static {
        assert SIZE == 12288;
    }

    private DenseRegisters() {}

    // ---- one register ---------------------------------------------------------------------------

    @Hot
    static int register(long at, int index) {
        long byteAt = at + (index * BITS >>> 3);
        int shift = index * BITS & 7;
        int low = Memory.getByte(byteAt) & 0xFF;
        int high = shift <= 2 ? 0 : (Memory.getByte(byteAt + 1) & 0xFF) << 8; // the last has no next byte
        return (low | high) >>> shift & MAX;
    }

    @Hot
    static void put(long at, int index, int value) {
        long byteAt = at + (index * BITS >>> 3);
        int shift = index * BITS & 7;
        int mask = MAX << shift;
        int bits = value << shift;
        Memory.putByte(byteAt, (byte) (Memory.getByte(byteAt) & ~mask | bits));
        if (shift > 2) {
            Memory.putByte(byteAt + 1, (byte) (Memory.getByte(byteAt + 1) & ~(mask >>> 8) | bits >>> 8));
        }
    }

    // ---- all registers --------------------------------------------------------------------------

    /// Raises each unpacked register to the one here.
    static void mergeInto(long at, long unpacked) {
        for (int i = 0; i < COUNT; i += GROUP) {
            long group = at + i / GROUP * GROUP_SIZE;
            Memory.putLong(unpacked + i, larger(Memory.getLong(unpacked + i), unpackGroup(group)));
        }
    }

    /// Writes all registers.
    static void pack(long unpacked, long at) {
        for (int i = 0; i < COUNT; i += GROUP) {
            packGroup(Memory.getLong(unpacked + i), at + i / GROUP * GROUP_SIZE);
        }
    }

    /// By longs: a fill of this size would allocate on the Java heap.
    static void clearHistogram(long histogram) {
        for (int i = 0; i < HISTOGRAM_SIZE; i += Long.BYTES) {
            Memory.putLong(histogram + i, 0);
        }
    }

    static void addToHistogram(long at, long histogram) {
        for (int i = 0; i < COUNT; i += GROUP) {
            tally(unpackGroup(at + i / GROUP * GROUP_SIZE), histogram);
        }
    }

    static void addUnpackedToHistogram(long unpacked, long histogram) {
        for (int i = 0; i < COUNT; i += GROUP) {
            tally(Memory.getLong(unpacked + i), histogram);
        }
    }

    static void addToHistogram(int value, int count, long histogram) {
        long counter = histogram + ((long) value << COUNTERS_SHIFT);
        Memory.putInt(counter, Memory.getInt(counter) + count);
    }

    static int occurrences(int value, long histogram) {
        long counters = histogram + ((long) value << COUNTERS_SHIFT);
        return Memory.getInt(counters)
                + Memory.getInt(counters + 4)
                + Memory.getInt(counters + 8)
                + Memory.getInt(counters + 12);
    }

    // ---- eight registers ------------------------------------------------------------------------

    private static long unpackGroup(long at) {
        long x = Memory.getInt(at) & 0xFFFF_FFFFL | (Memory.getShort(at + Integer.BYTES) & 0xFFFFL) << Integer.SIZE;
        x = x & 0xFF_FFFFL | (x & 0xFFFF_FF00_0000L) << 8;
        x = x & 0x0000_0FFF_0000_0FFFL | (x & 0x00FF_F000_00FF_F000L) << 4;
        return x & 0x003F_003F_003F_003FL | (x & 0x0FC0_0FC0_0FC0_0FC0L) << 2;
    }

    private static void packGroup(long unpacked, long at) {
        long x = unpacked & 0x003F_003F_003F_003FL | unpacked >>> 2 & 0x0FC0_0FC0_0FC0_0FC0L;
        x = x & 0x0000_0FFF_0000_0FFFL | x >>> 4 & 0x00FF_F000_00FF_F000L;
        x = x & 0xFF_FFFFL | x >>> 8 & 0xFFFF_FF00_0000L;
        Memory.putInt(at, (int) x);
        Memory.putShort(at + Integer.BYTES, (short) (x >>> Integer.SIZE));
    }

    /// The larger one of each two bytes, all below 128.
    private static long larger(long a, long b) {
        long isLarger = (a | HIGH_BITS) - b & HIGH_BITS;
        long mask = (isLarger >>> 7) * 0xFF;
        return a & mask | b & ~mask;
    }

    private static void tally(long unpacked, long histogram) {
        if (unpacked == 0) {
            addToHistogram(0, GROUP, histogram);
            return;
        }
        for (int i = 0; i < GROUP; i++) {
            long value = unpacked >>> i * Byte.SIZE & MAX;
            long counter = histogram + (value << COUNTERS_SHIFT) + (i & 3) * Integer.BYTES;
            Memory.putInt(counter, Memory.getInt(counter) + 1);
        }
    }
}
