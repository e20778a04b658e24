package io.anax.protocol;

import io.anax.memory.Memory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// C's `long double` as x86-64 has it, 64 bits of mantissa: what INCRBYFLOAT and HINCRBYFLOAT compute
/// with, so that 0.1 + 0.2 is 0.3 and 10^30 is 1000000000000000000024696061952, as with Redis.
///
/// @param value the exact value of the rounded number; without meaning when infinite
/// @param infinity 1 or -1 when infinite, else 0
public record LongDouble(BigDecimal value, int infinity) {
    private static final int MANTISSA_BITS = 64;
    private static final int GUARD_BITS = 3;

    /// Decimal exponents beyond these are out of range whatever the digits: 2^16384 is 1.2e4932.
    private static final int EXPONENT_MAX = 4933;
    private static final int EXPONENT_MIN = -4952;

    private static final int BINARY_EXPONENT_MAX = 16384;
    private static final int BINARY_EXPONENT_MIN = -16445;
    private static final BigDecimal TOO_LARGE = new BigDecimal(BigInteger.ONE.shiftLeft(BINARY_EXPONENT_MAX));
    private static final BigDecimal SMALLEST =
            BigDecimal.ONE.divide(new BigDecimal(BigInteger.ONE.shiftLeft(-BINARY_EXPONENT_MIN)), new MathContext(40));
    /// The number at an address, or null for text that is none; "nan" is none.
    public static @Nullable LongDouble parse(long address, int length) {
        if (length <= 0 || length >= Numbers.REAL_TEXT_SIZE_MAX) {
            return null;
        }
        String text = new String(Memory.bytes(address, length), StandardCharsets.ISO_8859_1);
        if (Real.INFINITE.matcher(text).matches()) {
            return new LongDouble(BigDecimal.ZERO, text.charAt(0) == '-' ? -1 : 1);
        }
        BigDecimal exact;
        if (Real.DECIMAL.matcher(text).matches()) {
            exact = decimal(text);
        } else if (Real.HEXADECIMAL.matcher(text).matches()) {
            exact = hexadecimal(text);
        } else {
            return null;
        }
        if (exact == null || exact.signum() != 0 && exact.abs().compareTo(SMALLEST) < 0) {
            return null;
        }
        BigDecimal rounded = round(exact);
        return rounded.abs().compareTo(TOO_LARGE) >= 0 ? null : new LongDouble(rounded, 0);
    }

    /// The integer of an integer-encoded string.
    public static LongDouble of(long value) {
        return new LongDouble(BigDecimal.valueOf(value), 0); // 64 bits hold every long
    }

    public boolean isFinite() {
        return infinity == 0;
    }

    /// The rounded sum; infinite when one of both is or when it is out of range. (inf - inf, which C
    /// calls nan, is refused by every caller like inf.)
    public LongDouble plus(LongDouble other) {
        if (infinity != 0 || other.infinity != 0) {
            return new LongDouble(BigDecimal.ZERO, infinity != 0 ? infinity : other.infinity);
        }
        BigDecimal sum = round(value.add(other.value));
        int sign = sum.signum();
        return sum.abs().compareTo(TOO_LARGE) >= 0 ? new LongDouble(BigDecimal.ZERO, sign) : new LongDouble(sum, 0);
    }

    /// Up to 17 decimals and no exponent.
    @Override
    public String toString() {
        if (infinity != 0) {
            return infinity > 0 ? "inf" : "-inf";
        }
        return Real.plain(value);
    }

    /// Null when the exponent alone puts it out of range: such a number must not be built.
    private static @Nullable BigDecimal decimal(String text) {
        int mark = Math.max(text.indexOf('e'), text.indexOf('E'));
        BigDecimal digits = new BigDecimal(mark < 0 ? text : text.substring(0, mark));
        if (mark < 0 || digits.signum() == 0) {
            return digits;
        }
        int exponent = bounded(text.substring(mark + 1));
        long leading = (long) digits.precision() - digits.scale() + exponent;
        return leading > EXPONENT_MAX || leading < EXPONENT_MIN ? null : digits.scaleByPowerOfTen(exponent);
    }

    private static @Nullable BigDecimal hexadecimal(String text) {
        int start = Math.max(text.indexOf('x'), text.indexOf('X')) + 1;
        int mark = Math.max(text.indexOf('p'), text.indexOf('P'));
        String digits = text.substring(start, mark < 0 ? text.length() : mark);
        int point = digits.indexOf('.');
        int decimals = point < 0 ? 0 : digits.length() - point - 1;
        BigInteger mantissa = new BigInteger(digits.replace(".", ""), 16);
        if (mantissa.signum() == 0) {
            return BigDecimal.ZERO;
        }
        long exponent = (mark < 0 ? 0 : bounded(text.substring(mark + 1))) - 4L * decimals;
        long leading = mantissa.bitLength() + exponent;
        if (leading > BINARY_EXPONENT_MAX + 1 || leading < BINARY_EXPONENT_MIN - 1) {
            return null;
        }
        BigDecimal value = scaled(mantissa, (int) exponent);
        return text.charAt(0) == '-' ? value.negate() : value;
    }

    /// An exponent, or one that is as far out of range.
    private static int bounded(String digits) {
        BigInteger exponent = new BigInteger(digits);
        return exponent.bitLength() > 24 ? exponent.signum() * (1 << 24) : exponent.intValue();
    }

    /// The nearest number with 64 bits of mantissa, half to even.
    private static BigDecimal round(BigDecimal exact) {
        if (exact.signum() == 0) {
            return exact;
        }
        BigInteger numerator = exact.unscaledValue().abs();
        BigInteger denominator = BigInteger.ONE;
        if (exact.scale() > 0) {
            denominator = BigInteger.TEN.pow(exact.scale());
        } else {
            numerator = numerator.multiply(BigInteger.TEN.pow(-exact.scale()));
        }
        int shift = MANTISSA_BITS + GUARD_BITS - numerator.bitLength() + denominator.bitLength();
        BigInteger[] parts = shift >= 0
                ? numerator.shiftLeft(shift).divideAndRemainder(denominator)
                : numerator.divideAndRemainder(denominator.shiftLeft(-shift));
        // A last bit that says whether anything is behind keeps a half from looking like one.
        BigInteger sticky = parts[0].shiftLeft(1).or(parts[1].signum() == 0 ? BigInteger.ZERO : BigInteger.ONE);
        int surplus = sticky.bitLength() - MANTISSA_BITS;
        BigInteger mantissa = roundedShift(sticky, surplus);
        BigDecimal value = scaled(mantissa, surplus - shift - 1);
        return exact.signum() < 0 ? value.negate() : value;
    }

    private static BigInteger roundedShift(BigInteger value, int bits) {
        return new BigDecimal(value)
                .divide(new BigDecimal(BigInteger.ONE.shiftLeft(bits)), 0, RoundingMode.HALF_EVEN)
                .toBigInteger();
    }

    private static BigDecimal scaled(BigInteger mantissa, int binaryExponent) {
        if (binaryExponent >= 0) {
            return new BigDecimal(mantissa.shiftLeft(binaryExponent));
        }
        return new BigDecimal(mantissa.multiply(BigInteger.valueOf(5).pow(-binaryExponent)), -binaryExponent);
    }
}
