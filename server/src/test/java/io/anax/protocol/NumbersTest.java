package io.anax.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Doubles to text and back, against the JDK's exact arithmetic.
class NumbersTest {
    private static final int ROOM = 64;

    private static double parsedDouble(String text) {
        try (var received = Received.of(text)) {
            return Numbers.parseDouble(received.address(), received.size());
        }
    }

    private static String printed(double value) {
        try (var room = Received.of("?".repeat(ROOM))) {
            int size = Numbers.printDouble(value, room.address());
            assertThat(size).isLessThanOrEqualTo(Numbers.REAL_SIZE_MAX);
            return Received.text(room.address(), size);
        }
    }

    @Test
    void doublesPrintAsInC() {
        assertThat(printed(0.1)).isEqualTo("0.10000000000000001");
        assertThat(printed(1e16)).isEqualTo("10000000000000000");
        assertThat(printed(1e17)).isEqualTo("1e+17");
        assertThat(printed(1e20)).isEqualTo("1e+20");
        assertThat(printed(1e-7)).isEqualTo("9.9999999999999995e-08");
        assertThat(printed(1e-5)).isEqualTo("1.0000000000000001e-05");
        assertThat(printed(0.0001)).isEqualTo("0.0001");
        assertThat(printed(-2.5)).isEqualTo("-2.5");
        assertThat(printed(-0.0)).isEqualTo("-0");
        assertThat(printed(0.0)).isEqualTo("0");
        assertThat(printed(123456789012345678.0)).isEqualTo("1.2345678901234568e+17");
        assertThat(printed(Double.MIN_VALUE)).isEqualTo("4.9406564584124654e-324");
        assertThat(printed(Double.MAX_VALUE)).isEqualTo("1.7976931348623157e+308");
        assertThat(printed(Double.POSITIVE_INFINITY)).isEqualTo("inf");
        assertThat(printed(Double.NaN)).isEqualTo("nan");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void doublesPrintSeventeenRightDigits(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            double value = anyDouble(random);
            if (Double.isFinite(value)) {
                String text = printed(value);
                assertThat(text).as("seed " + seed).isEqualTo(percent17g(value));
                assertThat(parsedDouble(text)).isEqualTo(value);
            }
        }
    }

    /// Bits at random, short decimals, halves of large numbers and of the seventeenth digit.
    private static double anyDouble(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextInt(1_000_000) / Math.pow(10, random.nextInt(12));
            case 2 -> (random.nextLong() >>> 11) * Math.pow(2, random.nextInt(60));
            case 3 -> (random.nextLong() >>> 11 + random.nextInt(40)) / Math.pow(2, random.nextInt(70));
            default -> Double.longBitsToDouble(random.nextLong() >>> 12); // subnormal
        };
    }

    /// `%.17g` from its definition.
    private static String percent17g(double value) {
        String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
        if (value == 0) {
            return sign + "0";
        }
        BigDecimal rounded = new BigDecimal(Math.abs(value)).round(new MathContext(17, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        BigDecimal digitsOnly = rounded.stripTrailingZeros();
        if (exponent >= -4 && exponent < 17) {
            return sign + digitsOnly.toPlainString();
        }
        String digits = digitsOnly.unscaledValue().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return sign
                + mantissa
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    @Test
    void doublesAreReadAsInC() {
        assertThat(parsedDouble("3")).isEqualTo(3);
        assertThat(parsedDouble("-.5e3")).isEqualTo(-500);
        assertThat(parsedDouble("5.")).isEqualTo(5);
        assertThat(parsedDouble("+5")).isEqualTo(5);
        assertThat(parsedDouble("0x10")).isEqualTo(16);
        assertThat(parsedDouble("-0x1.8P1")).isEqualTo(-3);
        assertThat(parsedDouble("0x.8")).isEqualTo(0.5);
        assertThat(parsedDouble("-INFinity")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(parsedDouble("4e-320")).isEqualTo(4e-320);
        assertThat(parsedDouble("0e-999")).isZero();
        assertThat(1 / parsedDouble("-0")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(parsedDouble("0".repeat(400) + "7")).isEqualTo(7);
        for (String text : List.of(
                "",
                ".",
                "-",
                "+",
                "e5",
                "1e",
                "1e+",
                "0x",
                "0x.",
                "0xg",
                "nan",
                "nan(1)",
                " 1",
                "1 ",
                "1d",
                "1f",
                "1.2.3",
                "--1",
                "1e400",
                "-1e400",
                "1e-400",
                "0x1p-9999",
                "in",
                "infin",
                "1,5",
                "Infinityx",
                "0x1p",
                "\0",
                "1\0")) {
            assertThat(parsedDouble(text)).as(text).isNaN();
        }
    }

    @Test
    void decimalsAreReadAsTheJdkReadsThem() {
        var random = new Random(7);
        for (int i = 0; i < 50_000; i++) {
            String text = new BigDecimal(new BigInteger(1 + random.nextInt(70), random), random.nextInt(25)).toString();
            assertThat(parsedDouble(text)).as(text).isEqualTo(Double.parseDouble(text));
        }
    }

    @Test
    void plainTextHasNoExponent() {
        assertThat(Numbers.plain(13.361389338970184)).isEqualTo("13.36138933897018433");
        assertThat(Numbers.plain(1e22)).isEqualTo("10000000000000000000000");
        assertThat(Numbers.plain(-0.0)).isEqualTo("0");
        assertThat(Numbers.plain(1e-18)).isEqualTo("0");
        assertThat(Numbers.plain(-1.5)).isEqualTo("-1.5");
        assertThat(Numbers.plain(100)).isEqualTo("100");
        assertThat(Numbers.plain(Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
    }
}
