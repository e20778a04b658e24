package io.anax.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Which texts are whole numbers, and that reading and printing are each other's inverse.
final class DigitsTest {
    private static final int SIZE = 64;
    private final long text = Memory.allocate(SIZE);

    @AfterEach
    void free() {
        Memory.free(text, SIZE);
    }

    @Test
    void onlyWhatANumberPrintsToIsANumber() {
        for (String yes : new String[] {"0", "7", "-7", "10", "9223372036854775807", "-9223372036854775808"}) {
            assertThat(isLong(yes)).as(yes).isTrue();
        }
        for (String no : new String[] {
            "",
            "-",
            "--7",
            "a",
            "+7",
            "07",
            "-0",
            "-07",
            " 7",
            "7 ",
            "1.0",
            "1e3",
            "9223372036854775808",
            "-9223372036854775809",
            "9223372036854775810",
            "9999999999999999999",
            "-9999999999999999999",
            "18446744073709551617",
            "99999999999999999999",
            "123456789012345678901",
            "0x1"
        }) {
            assertThat(isLong(no)).as(no).isFalse();
        }
    }

    @Test
    void whatIsPrintedIsReadAgain() {
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            long number = random.nextLong() >> random.nextInt(64);
            check(number);
            check(-number);
        }
        for (long power = 1; power > 0 && power < Long.MAX_VALUE / 10; power *= 10) {
            check(power);
            check(power - 1);
            check(-power);
            check(1 - power);
        }
        for (long edge : new long[] {0, Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE, Long.MIN_VALUE + 1}) {
            check(edge);
        }
    }

    @Test
    void textsOfDigitsAreNumbersWhenTheyFit() {
        var random = new Random(2);
        for (int i = 0; i < 100_000; i++) {
            var digits = new StringBuilder(random.nextBoolean() ? "-" : "");
            for (int count = 1 + random.nextInt(20); count > 0; count--) {
                digits.append((char) ('0' + random.nextInt(10)));
            }
            var number = new BigInteger(digits.toString());
            boolean fits = number.bitLength() < 64 && number.toString().contentEquals(digits);
            assertThat(isLong(digits.toString())).as(digits.toString()).isEqualTo(fits);
        }
    }

    /// Eight digits are read at once: whatever stands in place of any digit is found.
    @Test
    void oneByteThatIsNoDigitSpoilsTheNumber() {
        for (String sign : new String[] {"", "-"}) {
            for (int count = 1; count <= 18; count++) {
                String number = sign + "123456789123456789".substring(0, count);
                for (int at = sign.length(); at < number.length(); at++) {
                    assertReplaced(number, at);
                }
            }
        }
    }

    private void assertReplaced(String number, int at) {
        assertThat(isLong(number)).as(number).isTrue();
        for (int with = 0; with <= 0xFF; with++) {
            Memory.putByte(text + at, (byte) with);
            boolean isDigit = with >= '0' && with <= '9';
            boolean isFirst = at == 0 && number.length() > 1;
            boolean isValid = isDigit && (with != '0' || number.length() == 1 || at > (number.charAt(0) == '-' ? 1 : 0))
                    || isFirst && with == '-';
            assertThat(Digits.isLong(text, number.length()))
                    .as("%s with %d at %d", number, with, at)
                    .isEqualTo(isValid);
        }
    }

    /// In checked mode a read of a byte beside the text would be found.
    @Test
    void noByteBesideTheTextIsRead() {
        for (int size = 1; size <= Digits.SIZE_MAX; size++) {
            long exact = Memory.allocate(size);
            Memory.fill(exact, size, (byte) '7');
            assertThat(Digits.isLong(exact, size)).isEqualTo(size <= 19);
            Memory.putByte(exact, (byte) '-');
            assertThat(Digits.isLong(exact, size)).isEqualTo(size > 1);
            Memory.free(exact, size);
        }
    }

    @Test
    void theSmallestNumberIsToldFromNoNumber() {
        String smallest = "-9223372036854775808";
        assertThat(isLong(smallest)).isTrue();
        assertThat(Digits.parse(text, smallest.length())).isEqualTo(Digits.INVALID);
        assertThat(Digits.isLong(Digits.INVALID, text, smallest.length())).isTrue();
        assertThat(isLong("-9223372036854775809")).isFalse();
        assertThat(Digits.parse(text, smallest.length())).isEqualTo(Digits.INVALID);
    }

    private void check(long number) {
        int length = Digits.print(number, text);
        assertThat(length).isLessThanOrEqualTo(Digits.SIZE_MAX);
        String printed = new String(Memory.bytes(text, length), StandardCharsets.US_ASCII);
        assertThat(printed).isEqualTo(Long.toString(number));
        assertThat(Digits.size(number)).isEqualTo(length);
        assertThat(Digits.parse(text, length)).isEqualTo(number);
    }

    private boolean isLong(String s) {
        byte[] bytes = s.getBytes(StandardCharsets.US_ASCII);
        Memory.copy(bytes, 0, text, bytes.length);
        return Digits.isLong(text, bytes.length);
    }
}
