package io.anax.command;

import io.anax.memory.Memory;
import io.anax.protocol.Numbers;

/// The type of a number in a BITFIELD, `i1` to `i64` or `u1` to `u63`, as an `int`: its bits, with 128
/// added when it has a sign. And its arithmetic, to the letter that of Redis.
///
/// ```
///  u8  ->  8        0 … 255
///  i8  ->  8 + 128  -128 … 127
/// ```
final class BitfieldType {
    /// No type.
    static final int INVALID = 0;

    private static final int SIGNED = 1 << 7;
    private static final int SIGNED_BITS_MAX = 64;
    private static final int UNSIGNED_BITS_MAX = 63;

    private BitfieldType() {}

    static int parse(long text, int size) {
        byte letter = size < 2 ? 0 : Memory.getByte(text);
        if (letter != 'i' && letter != 'u') {
            return INVALID;
        }
        boolean signed = letter == 'i';
        long bits = Numbers.parseLong(text + 1, size - 1);
        boolean valid = bits >= 1 && bits <= (signed ? SIGNED_BITS_MAX : UNSIGNED_BITS_MAX);
        return valid ? (int) bits | (signed ? SIGNED : 0) : INVALID;
    }

    static int bits(int type) {
        return type & SIGNED - 1;
    }

    private static boolean isSigned(int type) {
        return (type & SIGNED) != 0;
    }

    /// The number that its lowest bits are in this type.
    static long extend(int type, long value) {
        int unused = Long.SIZE - bits(type);
        return isSigned(type) ? value << unused >> unused : value << unused >>> unused;
    }

    private static long max(int type) {
        return (1L << (isSigned(type) ? bits(type) - 1 : bits(type))) - 1;
    }

    /// The number nearest to one that is out of range in this direction.
    static long limit(int type, int direction) {
        if (direction > 0) {
            return max(type);
        }
        return isSigned(type) ? -max(type) - 1 : 0;
    }

    /// Whether the sum is too large (1), too small (-1) or neither (0).
    static int overflow(int type, long value, long increment) {
        return isSigned(type) ? signedOverflow(type, value, increment) : unsignedOverflow(type, value, increment);
    }

    private static int unsignedOverflow(int type, long value, long increment) {
        long max = max(type);
        if (Long.compareUnsigned(value, max) > 0 || increment > 0 && increment > max - value) {
            return 1;
        }
        return increment < 0 && increment < -value ? -1 : 0;
    }

    /// Differences may wrap around for values out of range: then a very small one counts as too large,
    /// as it does in Redis.
    private static int signedOverflow(int type, long value, long increment) {
        long max = max(type);
        long min = -max - 1;
        boolean is64 = bits(type) == Long.SIZE;
        long most = max - value;
        long least = min - value;
        if (value > max || !is64 && increment > most || value >= 0 && increment > 0 && increment > most) {
            return 1;
        }
        boolean isTooSmall =
                value < min || !is64 && increment < least || value < 0 && increment < 0 && increment < least;
        return isTooSmall ? -1 : 0;
    }
}
