package io.anax.protocol;

import io.anax.Hot;
import io.anax.memory.Memory;
import java.nio.charset.StandardCharsets;

/// Numbers as text at addresses, read as strictly and printed exactly as Redis does.
///
/// ```
///  long    "0", "-17"; not "", "+1", "01", "-0", " 1", "1.0"
///  double  "3", "-.5e3", "0x1p4", "+inf"; not "", "nan", " 1", "1e999", "1e-999" (out of range)
/// ```
public final class Numbers {
    /// What `parseLong` returns for text that is no long. Also a number: ask `isLong` when it matters.
    public static final long INVALID = Long.MIN_VALUE;

    /// "-9223372036854775808"
    public static final int LONG_SIZE_MAX = 20;

    /// "-2.2250738585072014e-308"
    public static final int REAL_SIZE_MAX = 24;

    /// Redis reads a number of `INCRBYFLOAT` into 5 KiB. No more is needed to tell two doubles apart.
    static final int REAL_TEXT_SIZE_MAX = 5 * 1024;

    private static final int SAFE_DIGITS = 18;
    private static final long[] POWERS = powersOfTen();
    private static final short[] PAIRS = pairsOfDigits();

    /// Powers of ten that a double holds exactly, and mantissas below 2^53 times or over one of them
    /// are rounded once: right.
    private static final double[] EXACT_POWERS = exactPowers();

    private static final long EXACT_MANTISSA_MAX = 1L << 53;

    private Numbers() {}

    public static boolean isLong(long address, int length) {
        return parseLong(address, length) != INVALID || isSmallest(address, length);
    }

    /// The number, or INVALID.
    @Hot
    public static long parseLong(long address, int length) {
        if (length <= 0 || length > LONG_SIZE_MAX) {
            return INVALID;
        }
        boolean negative = Memory.getByte(address) == '-';
        int sign = negative ? 1 : 0;
        int count = length - sign;
        if (count == 0 || Memory.getByte(address + sign) == '0') {
            return count == 1 && !negative ? 0 : INVALID;
        }
        long value = 0;
        for (int i = sign; i < length; i++) {
            int digit = Memory.getByte(address + i) - '0';
            if (digit < 0 || digit > 9) {
                return INVALID;
            }
            if (i - sign >= SAFE_DIGITS && !hasRoom(value, digit, negative)) {
                return INVALID;
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }

    private static boolean hasRoom(long value, int digit, boolean negative) {
        long tens = Long.MAX_VALUE / 10;
        int ones = (int) (Long.MAX_VALUE % 10) + (negative ? 1 : 0);
        return value >= 0 && (value < tens || value == tens && digit <= ones);
    }

    private static boolean isSmallest(long address, int length) {
        String smallest = "-9223372036854775808";
        if (length != smallest.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (Memory.getByte(address + i) != smallest.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// How many bytes `print` writes.
    @Hot
    public static int digits(long value) {
        if (value < 0) {
            return 1 + (value == Long.MIN_VALUE ? LONG_SIZE_MAX - 1 : digits(-value));
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
        int digits = bits * 1233 >>> 12; // bits * log10(2), one too few or right
        return value >= POWERS[digits] ? digits + 1 : Math.max(digits, 1);
    }

    /// Writes the number and returns how many bytes that took.
    @Hot
    public static int print(long value, long at) {
        int size = digits(value);
        long position = at + size;
        long rest = value; // kept negative below zero: the smallest number has no counterpart
        while (rest >= 100 || rest <= -100) {
            long hundreds = rest / 100;
            position -= Short.BYTES;
            Memory.putShort(position, PAIRS[Math.abs((int) (rest - hundreds * 100))]);
            rest = hundreds;
        }
        int last = Math.abs((int) rest);
        if (last >= 10) {
            Memory.putShort(position - Short.BYTES, PAIRS[last]);
        } else {
            Memory.putByte(position - 1, (byte) ('0' + last));
        }
        if (value < 0) {
            Memory.putByte(at, (byte) '-');
        }
        return size;
    }

    /// Writes the double as C's `%.17g` does, and returns how many bytes that took.
    @Hot
    public static int print(double value, long at) {
        long whole = (long) value;
        if (whole == value && Math.abs(whole) < Real.WHOLE_MAX && (whole != 0 || isPositiveZero(value))) {
            return print(whole, at);
        }
        return Real.print(value, at);
    }

    private static boolean isPositiveZero(double value) {
        return Double.doubleToRawLongBits(value) == 0;
    }

    /// The double, or NaN for text that is none: "nan" is not accepted either.
    @Hot
    public static double parseDouble(long address, int length) {
        if (length <= 0 || length > REAL_TEXT_SIZE_MAX) {
            return Double.NaN;
        }
        byte first = Memory.getByte(address);
        int at = first == '-' || first == '+' ? 1 : 0;
        long mantissa = 0;
        int count = 0;
        int decimals = 0;
        boolean point = false;
        for (; at < length; at++) {
            int digit = Memory.getByte(address + at) - '0';
            if (digit >= 0 && digit <= 9) {
                mantissa = mantissa * 10 + digit;
                count++;
                decimals += point ? 1 : 0;
            } else if (digit == '.' - '0' && !point) {
                point = true;
            } else {
                return anyDouble(address, length);
            }
        }
        if (count == 0 || count > SAFE_DIGITS || mantissa > EXACT_MANTISSA_MAX) {
            return anyDouble(address, length);
        }
        double value = mantissa / EXACT_POWERS[decimals]; // exact over exact, rounded once
        return first == '-' ? -value : value;
    }

    /// With exponent, hexadecimal, infinite, long, or wrong.
    private static double anyDouble(long address, int length) {
        byte[] bytes = Memory.bytes(address, length);
        return Real.parse(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /// The double with up to 17 decimals, exactly, without exponent and trailing zeros.
    public static String plain(double value) {
        return Real.plain(value);
    }

    private static long[] powersOfTen() {
        long[] powers = new long[LONG_SIZE_MAX];
        long power = 1;
        for (int i = 0; i < LONG_SIZE_MAX - 1; i++) {
            powers[i] = power;
            power *= 10;
        }
        powers[LONG_SIZE_MAX - 1] = Long.MAX_VALUE; // no long has twenty digits
        return powers;
    }

    private static double[] exactPowers() {
        double[] powers = new double[SAFE_DIGITS + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10; // up to 10^22 the product is exact
        }
        return powers;
    }

    private static short[] pairsOfDigits() {
        short[] pairs = new short[100];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = (short) ('0' + i / 10 | '0' + i % 10 << Byte.SIZE);
        }
        return pairs;
    }
}
