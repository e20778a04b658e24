package io.anax.memory;

/// A row of bits at an address, in longs: notes of the allocator, so without checks.
final class BitRow {
    private BitRow() {}

    static boolean isSet(long row, int bit) {
        return (word(row, bit) >>> bit & 1) != 0; // a shift by `bit` is one by bit % 64
    }

    static void set(long row, int from, int count) {
        for (int bit = from; bit < from + count; bit += Long.SIZE - bit % Long.SIZE) {
            Memory.rawPutLong(wordAt(row, bit), word(row, bit) | mask(bit, from + count));
        }
    }

    static void clear(long row, int from, int count) {
        for (int bit = from; bit < from + count; bit += Long.SIZE - bit % Long.SIZE) {
            Memory.rawPutLong(wordAt(row, bit), word(row, bit) & ~mask(bit, from + count));
        }
    }

    /// The bits of one word from `from` to before `end`.
    private static long mask(int from, int end) {
        int count = Math.min(end - from, Long.SIZE - from % Long.SIZE);
        return -1L >>> Long.SIZE - count << from;
    }

    /// The first bit at or behind `from` that is set; `end` if there is none before it.
    static int nextSet(long row, int from, int end) {
        return next(row, from, end, 0);
    }

    /// The first bit at or behind `from` that is not set; `end` if there is none before it.
    static int nextClear(long row, int from, int end) {
        return next(row, from, end, -1L);
    }

    private static int next(long row, int from, int end, long flip) {
        if (from >= end) {
            return end;
        }
        long found = (word(row, from) ^ flip) & -1L << from;
        int bit = from & -Long.SIZE;
        while (found == 0) {
            bit += Long.SIZE;
            if (bit >= end) {
                return end;
            }
            found = word(row, bit) ^ flip;
        }
        return Math.min(end, bit + Long.numberOfTrailingZeros(found));
    }

    /// The last bit before `end` that is set: there must be one.
    static int lastSet(long row, int end) {
        int bit = end - 1;
        long found = word(row, bit) << Long.SIZE - 1 - bit % Long.SIZE;
        while (found == 0) {
            bit = (bit & -Long.SIZE) - 1;
            assert bit >= 0 : "no bit is set";
            found = word(row, bit);
        }
        return bit - Long.numberOfLeadingZeros(found);
    }

    private static long word(long row, int bit) {
        return Memory.rawGetLong(wordAt(row, bit));
    }

    private static long wordAt(long row, int bit) {
        return row + bit / Long.SIZE * Long.BYTES;
    }
}
