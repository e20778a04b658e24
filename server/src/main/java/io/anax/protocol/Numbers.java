package io.anax.protocol;

import io.anax.Hot;
import io.anax.memory.Digits;
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
    public static final long INVALID = Digits.INVALID;

    /// "-2.2250738585072014e-308"
    public static final int REAL_SIZE_MAX = 24;

    /// Redis reads a number of `INCRBYFLOAT` into 5 KiB. No more is needed to tell two doubles apart.
    static final int REAL_TEXT_SIZE_MAX = 5 * 1024;

    private static final int SAFE_DIGITS = 18;

    /// Powers of ten that a double holds exactly, and mantissas below 2^53 times or over one of them
    /// are rounded once: right.
    private static final double[] EXACT_POWERS = exactPowers();

    private static final long EXACT_MANTISSA_MAX = 1L << 53;

    private Numbers() {}

    public static boolean isLong(long address, int length) {
        return Digits.isLong(address, length);
    }

    /// The number, or INVALID.
    @Hot
    public static long parseLong(long address, int length) {
        return Digits.parse(address, length);
    }

    /// Writes the double as C's `%.17g` does, and returns how many bytes that took.
    @Hot
    public static int printDouble(double value, long at) {
        long whole = (long) value;
        if (whole == value && Math.abs(whole) < Real.WHOLE_MAX && (whole != 0 || isPositiveZero(value))) {
            return Digits.print(whole, at);
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

    private static double[] exactPowers() {
        double[] powers = new double[SAFE_DIGITS + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10; // up to 10^22 the product is exact
        }
        return powers;
    }
}
