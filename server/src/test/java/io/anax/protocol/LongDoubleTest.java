package io.anax.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Sums with 64 bits of mantissa. What redis-server answers is in RespCompatibilityTest.
class LongDoubleTest {
    private static LongDouble parse(String text) {
        try (var received = Received.of(text)) {
            return LongDouble.parse(received.address(), received.size());
        }
    }

    private static String sum(String first, String second) {
        return parse(first).plus(parse(second)).toString();
    }

    @Test
    void sumsAreAsInC() {
        assertThat(sum("0.1", "0.2")).isEqualTo("0.3");
        assertThat(sum("0.1", "3.0e-5")).isEqualTo("0.10003");
        assertThat(sum("0", "1e30")).isEqualTo("1000000000000000000024696061952");
        assertThat(sum("0.1", "1e-18")).isEqualTo("0.1");
        assertThat(sum("-1.5", "1.5")).isEqualTo("0");
        assertThat(sum("-1", "-0")).isEqualTo("-1");
        assertThat(LongDouble.of(Long.MIN_VALUE).plus(LongDouble.of(-1)).toString())
                .isEqualTo("-9223372036854775809");
        assertThat(LongDouble.of(Long.MAX_VALUE).plus(parse("0.25")).toString()).isEqualTo("9223372036854775807");
    }

    @Test
    void infinityIsANumberButNotFinite() {
        assertThat(parse("inf").isFinite()).isFalse();
        assertThat(parse("-Infinity").plus(LongDouble.of(1)).isFinite()).isFalse();
        assertThat(parse("1.18e4932").plus(parse("1.18e4932")).isFinite()).isFalse();
        assertThat(parse("1e4931").isFinite()).isTrue();
    }

    @Test
    void textThatIsNoNumberIsNull() {
        for (String text : List.of(
                "",
                "nan",
                "a",
                "1 ",
                " 1",
                "1e",
                "1e5000",
                "-1e5000",
                "1e-5000",
                "1e99999999999",
                "0x1p99999",
                "1".repeat(5120))) {
            assertThat(parse(text)).as(text).isNull();
        }
        assertThat(parse("0e99999999999").toString()).isEqualTo("0");
    }
}
