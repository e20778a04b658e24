package io.anax.types;

import io.anax.memory.Memory;

/// How one more string is taken into the result of a bitwise operation over several, piece by piece.
///
/// ```
///  result   [ r0 | r1 | … | r n          ]      `size` bytes
///  source   [ s0 | s1 | … ]                     may end before: it counts as zeros from there on
///  ONCE also keeps which bits came `twice` or more, since those must not come back
/// ```
public enum BitFold {
    COPY,
    NOT,
    AND,
    OR,
    XOR,
    AND_NOT,
    ONCE;

    /// Folds the first `sourceSize` bytes of a source, which is no longer than `size`, into a result.
    /// `twice` is looked at by [#ONCE] alone: `size` bytes that are zero at first.
    public void apply(long result, long size, long twice, long source, long sourceSize) {
        assert sourceSize <= size : sourceSize + " of " + size;
        switch (this) {
            case COPY -> Memory.copy(source, result, sourceSize);
            case NOT -> not(result, source, sourceSize);
            case AND -> and(result, source, sourceSize);
            case OR -> or(result, source, sourceSize);
            case XOR -> xor(result, source, sourceSize);
            case AND_NOT -> andNot(result, source, sourceSize);
            case ONCE -> once(result, twice, source, sourceSize);
        }
        foldZeros(result + sourceSize, size - sourceSize);
    }

    /// The end of the piece, where the source has no bytes.
    private void foldZeros(long result, long size) {
        switch (this) {
            case COPY, AND -> Memory.fill(result, size, (byte) 0);
            case NOT -> Memory.fill(result, size, (byte) -1);
            case OR, XOR, AND_NOT, ONCE -> {}
        }
    }

    private static void not(long result, long source, long size) {
        long i = 0;
        for (; i + Long.BYTES <= size; i += Long.BYTES) {
            Memory.putLong(result + i, ~Memory.getLong(source + i));
        }
        for (; i < size; i++) {
            Memory.putByte(result + i, (byte) ~Memory.getByte(source + i));
        }
    }

    private static void and(long result, long source, long size) {
        long i = 0;
        for (; i + Long.BYTES <= size; i += Long.BYTES) {
            Memory.putLong(result + i, Memory.getLong(result + i) & Memory.getLong(source + i));
        }
        for (; i < size; i++) {
            Memory.putByte(result + i, (byte) (Memory.getByte(result + i) & Memory.getByte(source + i)));
        }
    }

    private static void or(long result, long source, long size) {
        long i = 0;
        for (; i + Long.BYTES <= size; i += Long.BYTES) {
            Memory.putLong(result + i, Memory.getLong(result + i) | Memory.getLong(source + i));
        }
        for (; i < size; i++) {
            Memory.putByte(result + i, (byte) (Memory.getByte(result + i) | Memory.getByte(source + i)));
        }
    }

    private static void xor(long result, long source, long size) {
        long i = 0;
        for (; i + Long.BYTES <= size; i += Long.BYTES) {
            Memory.putLong(result + i, Memory.getLong(result + i) ^ Memory.getLong(source + i));
        }
        for (; i < size; i++) {
            Memory.putByte(result + i, (byte) (Memory.getByte(result + i) ^ Memory.getByte(source + i)));
        }
    }

    private static void andNot(long result, long source, long size) {
        long i = 0;
        for (; i + Long.BYTES <= size; i += Long.BYTES) {
            Memory.putLong(result + i, Memory.getLong(result + i) & ~Memory.getLong(source + i));
        }
        for (; i < size; i++) {
            Memory.putByte(result + i, (byte) (Memory.getByte(result + i) & ~Memory.getByte(source + i)));
        }
    }

    private static void once(long result, long twice, long source, long size) {
        long i = 0;
        for (; i + Long.BYTES <= size; i += Long.BYTES) {
            long once = Memory.getLong(result + i);
            long bits = Memory.getLong(source + i);
            long more = Memory.getLong(twice + i) | once & bits;
            Memory.putLong(twice + i, more);
            Memory.putLong(result + i, (once ^ bits) & ~more);
        }
        for (; i < size; i++) {
            int once = Memory.getByte(result + i);
            int bits = Memory.getByte(source + i);
            int more = Memory.getByte(twice + i) | once & bits;
            Memory.putByte(twice + i, (byte) more);
            Memory.putByte(result + i, (byte) ((once ^ bits) & ~more));
        }
    }
}
