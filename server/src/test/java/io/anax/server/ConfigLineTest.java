package io.anax.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigLineTest {
    @Test
    void wordsStandApartByBlanks() throws ConfigException {
        assertThat(ConfigLine.words("  bind  *\t-::* ")).isEqualTo(List.of("bind", "*", "-::*"));
    }

    @Test
    void quotesHoldAWordTogether() throws ConfigException {
        assertThat(ConfigLine.words("a \"b c\" 'd e' \"\" x\"y")).isEqualTo(List.of("a", "b c", "d e", "", "x\"y"));
        assertThat(ConfigLine.words("\"\\n\\x41\\\"\\\\\\q\" 'it\\'s \\n'")).isEqualTo(List.of("\nA\"\\q", "it's \\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a \"b", "a 'b", "a \"b\"c", "a \"b\\\""})
    void aQuoteHasAnEnd(String line) {
        assertThatThrownBy(() -> ConfigLine.words(line)).isInstanceOf(ConfigException.class);
    }

    @Test
    void whatIsQuotedIsReadBack() throws ConfigException {
        long seed = Long.getLong("anax.seed", System.nanoTime());
        System.out.println("ConfigLineTest: -Danax.seed=" + seed);
        var random = new Random(seed);
        for (int turn = 0; turn < 10_000; turn++) {
            var word = new StringBuilder();
            for (int length = random.nextInt(6); length > 0; length--) {
                word.append(
                        random.nextBoolean() ? (char) random.nextInt(256) : "\"'\\ #n\nx4".charAt(random.nextInt(9)));
            }
            assertThat(ConfigLine.words("name " + ConfigLine.quoted(word.toString())))
                    .isEqualTo(List.of("name", word.toString()));
        }
    }
}
