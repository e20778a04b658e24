package io.anax.protocol;

import io.anax.memory.Digits;
import io.anax.memory.Memory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/// Doubles as C reads and prints them: `strtod`, `%.17g`, `%.17f`.
///
/// Seventeen digits without allocation: the double times a power of ten, that power to 128 bits.
///
/// ```
///  value = mantissa (64 bits) * 2^exponent;  10^scale = power (128 bits, cut off) * 2^…
///  mantissa * power = | 57 bits: the digits | fraction: 135 bits … |     192 bits
///                                            the cut makes it too small by less than 2^64 of 2^135
/// ```
///
/// Only a fraction that close below one half (once in 2^70, and true halves of large numbers) must be
/// decided with a BigDecimal.
final class Real {
    /// From here on `%.17g` writes an exponent.
    static final long WHOLE_MAX = 100_000_000_000_000_000L; // 10^17

    private static final int DIGITS = 17;
    private static final long DIGITS_MIN = WHOLE_MAX / 10;
    private static final int PLAIN_EXPONENT_MIN = -4;
    private static final long AMBIGUOUS = -1;
    private static final int SMALLEST_EXPONENT = -1074; // of Double.MIN_VALUE
    private static final int FRACTION_BITS = 52;

    static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    static final Pattern HEXADECIMAL =
            Pattern.compile("[+-]?0[xX]([0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)([pP][+-]?\\d+)?");
    static final Pattern INFINITE = Pattern.compile("[+-]?inf(inity)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern ZERO = Pattern.compile("[+-]?(0[xX][0.]*([pP].*)?|[0.]*([eE].*)?)");

    private Real() {}

    /// As `Numbers.parseDouble`, for all that it does not do itself.
    static double parse(String text) {
        if (INFINITE.matcher(text).matches()) {
            return text.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        double value;
        if (DECIMAL.matcher(text).matches()) {
            value = Double.parseDouble(text);
        } else if (HEXADECIMAL.matcher(text).matches()) {
            boolean hasExponent = text.indexOf('p') >= 0 || text.indexOf('P') >= 0;
            value = Double.parseDouble(hasExponent ? text : text + "p0"); // Java wants one
        } else {
            return Double.NaN;
        }
        boolean vanished = value == 0 && !ZERO.matcher(text).matches();
        return vanished || Double.isInfinite(value) ? Double.NaN : value; // ERANGE
    }

    /// As `Numbers.printDouble`, for what is not a short whole number.
    static int print(double value, long at) {
        if (Double.isNaN(value)) {
            return word(at, "nan");
        }
        if (Double.isInfinite(value)) {
            return word(at, value > 0 ? "inf" : "-inf");
        }
        if (value == 0) {
            return word(at, "-0"); // 0 is a whole number
        }
        long position = at;
        if (value < 0) {
            Memory.putByte(position++, (byte) '-');
        }
        return (int) (printPositive(Math.abs(value), position) - at);
    }

    private static int word(long at, String word) {
        for (int i = 0; i < word.length(); i++) {
            Memory.putByte(at + i, (byte) word.charAt(i));
        }
        return word.length();
    }

    /// Returns where the text ends.
    private static long printPositive(double value, long at) {
        int exponent = Math.getExponent(value);
        if (exponent < Double.MIN_EXPONENT) { // subnormal: the highest bit says how large it is
            exponent = SMALLEST_EXPONENT + 63 - Long.numberOfLeadingZeros(Double.doubleToRawLongBits(value));
        }
        // floor(log10(2^exponent)): the decimal exponent or one less; 78913 / 2^18 is log10(2)
        int decimalExponent = exponent * 78913 >> 18;
        long digits = scaled(value, DIGITS - 1 - decimalExponent);
        while (digits >= WHOLE_MAX) {
            decimalExponent++;
            digits = scaled(value, DIGITS - 1 - decimalExponent);
        }
        if (digits == AMBIGUOUS) {
            BigDecimal exact = new BigDecimal(value).round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
            decimalExponent = exact.precision() - exact.scale() - 1;
            digits = exact.scaleByPowerOfTen(DIGITS - 1 - decimalExponent).longValueExact();
        }
        return layOut(digits, decimalExponent, at);
    }

    /// value * 10^scale rounded half to even; AMBIGUOUS when 128 bits of the power do not tell. A
    /// result of more than seventeen digits may be wrong.
    private static long scaled(double value, int scale) {
        long bits = Double.doubleToRawLongBits(value);
        int biased = (int) (bits >>> FRACTION_BITS);
        long fraction = bits & (1L << FRACTION_BITS) - 1;
        long significand = biased == 0 ? fraction : fraction | 1L << FRACTION_BITS;
        int zeros = Long.numberOfLeadingZeros(significand);
        long mantissa = significand << zeros;
        int exponent = Math.max(biased, 1) - 1 + SMALLEST_EXPONENT - zeros;
        long powerHigh = PowersOfTen.high(scale);
        long powerLow = PowersOfTen.low(scale);
        // high:middle:low = mantissa * (powerHigh:powerLow)
        long low = mantissa * powerLow;
        long carry = Math.unsignedMultiplyHigh(mantissa, powerLow);
        long middle = mantissa * powerHigh + carry;
        long high = Math.unsignedMultiplyHigh(mantissa, powerHigh);
        if (Long.compareUnsigned(middle, carry) < 0) {
            high++;
        }
        int fractionBits = -(exponent + PowersOfTen.exponent(scale)) - 2 * Long.SIZE;
        if (fractionBits < 2) {
            return WHOLE_MAX; // above 2^62
        }
        long digits = high >>> fractionBits;
        long above = high & (1L << fractionBits) - 1;
        long half = 1L << fractionBits - 1;
        if (PowersOfTen.isExact(scale)) {
            boolean isHalf = above == half && middle == 0 && low == 0;
            boolean up = isHalf ? (digits & 1) == 1 : above >= half;
            return digits + (up ? 1 : 0);
        }
        if (above == half - 1 && middle == -1L) {
            return AMBIGUOUS;
        }
        return digits + (above >= half ? 1 : 0);
    }

    private static long layOut(long seventeenDigits, int exponent, long at) {
        long digits = seventeenDigits;
        assert digits >= DIGITS_MIN && digits < WHOLE_MAX : digits + "e" + exponent;
        int count = DIGITS;
        while (digits % 10 == 0) {
            digits /= 10;
            count--;
        }
        if (exponent >= DIGITS || exponent < PLAIN_EXPONENT_MIN) {
            return exponential(digits, count, exponent, at);
        }
        if (exponent < 0) {
            int zeros = word(at, "0.0000".substring(0, 1 - exponent));
            return at + zeros + Digits.print(digits, at + zeros);
        }
        return point(digits, count, exponent + 1, at);
    }

    /// The digits with a point behind the first `before`. Zeros fill up to the point.
    private static long point(long digits, int count, int before, long at) {
        if (count <= before) {
            long end = at + Digits.print(digits, at);
            Memory.fill(end, before - count, (byte) '0');
            return at + before;
        }
        Digits.print(digits, at + 1);
        for (int i = 0; i < before; i++) {
            Memory.putByte(at + i, Memory.getByte(at + i + 1));
        }
        Memory.putByte(at + before, (byte) '.');
        return at + count + 1;
    }

    private static long exponential(long digits, int count, int exponent, long at) {
        long position = point(digits, count, 1, at);
        Memory.putByte(position++, (byte) 'e');
        Memory.putByte(position++, (byte) (exponent < 0 ? '-' : '+'));
        int magnitude = Math.abs(exponent);
        if (magnitude < 10) {
            Memory.putByte(position++, (byte) '0'); // at least two digits
        }
        return position + Digits.print(magnitude, position);
    }

    static String plain(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        return plain(new BigDecimal(value));
    }

    /// `%.17f` without the zeros at the end.
    static String plain(BigDecimal value) {
        BigDecimal rounded = value.setScale(DIGITS, RoundingMode.HALF_EVEN);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /// Powers of ten to 128 bits, cut off: 10^n = (high:low) * 2^exponent, and a bit more.
    private static final class PowersOfTen {
        private static final int MIN = DIGITS - 1 - 309;
        private static final int MAX = DIGITS - 1 + 326;
        private static final int EXACT_MAX = 55; // 5^55 < 2^128
        private static final long[] HIGH = new long[MAX - MIN + 1];
        private static final long[] LOW = new long[MAX - MIN + 1];

        static {
            BigInteger power = BigInteger.ONE;
            for (int n = 0; n <= MAX; n++) {
                put(n, power);
                if (-n >= MIN) {
                    put(
                            -n,
                            BigInteger.ONE
                                    .shiftLeft(4 * Long.SIZE + power.bitLength())
                                    .divide(power));
                }
                power = power.multiply(BigInteger.TEN);
            }
        }

        private static void put(int n, BigInteger power) {
            BigInteger cut = power.shiftRight(power.bitLength() - 2 * Long.SIZE);
            HIGH[n - MIN] = cut.shiftRight(Long.SIZE).longValue();
            LOW[n - MIN] = cut.longValue();
        }

        static long high(int n) {
            return HIGH[n - MIN];
        }

        static long low(int n) {
            return LOW[n - MIN];
        }

        /// floor(log2(10^n)) - 127; 1741647 / 2^19 = log2(10), right up to n = ±1000.
        static int exponent(int n) {
            return (n * 1741647 >> 19) - 127;
        }

        static boolean isExact(int n) {
            return n >= 0 && n <= EXACT_MAX;
        }
    }
}
