package io.anax.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.compatibility.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Patterns match what Redis's match.
final class GlobTest {
    private static final String LETTERS = "aabbcABC-]^[";
    private static final String ELEMENTS = "aabbcAB**??[[]]^-\\";
    private static final int PATTERNS = 4000;
    private static final int TEXTS = 300;

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "h?llo hello true",
                "h?llo hllo false",
                "h*llo heeeello true",
                "h[ae]llo hallo true",
                "h[ae]llo hillo false",
                "h[^e]llo hello false",
                "h[a-b]llo hbllo true",
                "h[b-a]llo hbllo true",
                "h\\*llo h*llo true",
                "h\\*llo hello false",
                "*a*b*c xxaxxbxxc true",
                "*a*b*c xxaxxbxx false",
                "[abc a true",
                "a[ a false",
                "a\\ a\\ true",
                "[\\]] ] true",
                "a*** a true",
                "[^] x true",
                "*[a]*** bac true",
            })
    void matchesAsManualsSay(String pattern, String text, boolean expected) {
        assertThat(matches(pattern, text, false)).isEqualTo(expected);
    }

    @Test
    void noTextIsMatchedByNothingAndByOneStar() {
        assertThat(matches("", "", false)).isTrue();
        assertThat(matches("*", "", false)).isTrue();
        assertThat(matches("**", "", false)).isFalse(); // so does Redis's KEYS with an empty key
        assertThat(matches("?", "", false)).isFalse();
    }

    @Test
    void caseMayBeIgnored() {
        assertThat(matches("CLIENT|[I-L]*", "client|list", true)).isTrue();
        assertThat(matches("CLIENT*", "client", false)).isFalse();
        assertThat(matches("[A-C]", "b", true)).isTrue();
        assertThat(matches("@", "`", true)).isFalse(); // differ in the bit of case, but are no letters
    }

    @Test
    void aPatternOfManyStarsTakesNoTime() {
        String pattern = "*a".repeat(500) + "b";
        String text = "a".repeat(5_000);
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(matches(pattern, text, false)).isFalse());
    }

    @Test
    void randomPatternsMatchTheKeysThatRedisMatches() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        try (var redis = RedisServer.start();
                var client = redis.connect()) {
            var keys = new TreeSet<String>();
            while (keys.size() < TEXTS) {
                keys.add(word(random, LETTERS, 1 + random.nextInt(6)));
            }
            keys.forEach(key -> client.send("SET", key, ""));
            for (int i = 0; i < PATTERNS; i++) {
                String pattern = word(random, ELEMENTS, random.nextInt(9));
                var expected = new TreeSet<Object>(client.send("KEYS", pattern).list());
                var ours = new TreeSet<Object>(keys);
                ours.removeIf(key -> !matches(pattern, (String) key, false));
                assertThat(ours).as("seed %d, pattern '%s'", seed, pattern).isEqualTo(expected);
            }
        }
    }

    private static String word(Random random, String alphabet, int size) {
        var word = new StringBuilder();
        for (int i = 0; i < size; i++) {
            word.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return word.toString();
    }

    private static boolean matches(String pattern, String text, boolean ignoreCase) {
        return Glob.matches(
                pattern.getBytes(StandardCharsets.ISO_8859_1), text.getBytes(StandardCharsets.ISO_8859_1), ignoreCase);
    }
}
