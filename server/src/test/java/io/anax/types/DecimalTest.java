package io.anax.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.memory.Memory;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Which texts are whole numbers, and that reading and printing are each other's inverse.
class DecimalTest {
    private static final int SIZE = 64;
    private final long text = Memory.allocate(SIZE);

    @AfterEach
    void free() {
        Memory.free(text, SIZE);
    }

    @Test
    void onlyWhatANumberPrintsToIsANumber() {
        for (String yes : new String[] {"0", "7", "-7", "10", "9223372036854775807", "-9223372036854775808"}) {
            assertThat(isInteger(yes)).as(yes).isTrue();
        }
        for (String no : new String[] {
            "",
            "-",
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
            "99999999999999999999",
            "123456789012345678901",
            "0x1"
        }) {
            assertThat(isInteger(no)).as(no).isFalse();
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
        check(Long.MIN_VALUE);
        check(Long.MAX_VALUE);
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
            assertThat(isInteger(digits.toString())).as(digits.toString()).isEqualTo(fits);
        }
    }

    private void check(long number) {
        int length = Decimal.print(number, text);
        String printed = new String(Memory.bytes(text, length), StandardCharsets.US_ASCII);
        assertThat(printed).isEqualTo(Long.toString(number));
        assertThat(Decimal.length(number)).isEqualTo(length);
        assertThat(Decimal.parse(text, length)).isEqualTo(number);
    }

    private boolean isInteger(String s) {
        byte[] bytes = s.getBytes(StandardCharsets.US_ASCII);
        Memory.copy(bytes, 0, text, bytes.length);
        return Decimal.isInteger(text, bytes.length);
    }
}
