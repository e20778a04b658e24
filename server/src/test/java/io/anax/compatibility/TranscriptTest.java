package io.anax.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Lines of commands, run one after the other against an empty Redis and an empty server of ours: every
/// reply must be the same to the byte. The lines are in `transcripts/`; `#` begins a comment,
/// `repeat(ab,3)` is the word `ababab`.
final class TranscriptTest {
    private static final Pattern REPEAT = Pattern.compile("repeat\\((\\w+),(\\d+)\\)");

    /// Lines that are answered differently on purpose, and why.
    private static final Map<String, String> INTENDED = Map.of(
            "BITCOUNT none a b", "arguments are looked at before the key, as Redis 7.2 does and 7.0 did not",
            "BITCOUNT none 0", "as above",
            "BITCOUNT none 0 1 foo", "as above",
            "BITPOS none 1 0 1 foo", "as above");

    @ParameterizedTest
    @CsvSource({
        "strings, 2",
        "strings, 3",
        "bitmaps, 2",
        "bitmaps, 3",
        "keys, 2",
        "keys, 3",
        "expiry, 2",
        "expiry, 3",
        "connection, 2",
        "connection, 3",
        "client, 2",
        "client, 3",
        "server, 2",
        "server, 3",
        "errors, 2",
        "errors, 3"
    })
    void everyReplyIsThatOfRedis(String family, int version) throws IOException {
        var differences = new ArrayList<String>();
        try (var redis = RedisServer.start("--enable-debug-command", "yes");
                var anax = Embedded.start();
                var theirs = redis.connect();
                var ours = anax.connect()) {
            theirs.send("HELLO", String.valueOf(version));
            ours.send("HELLO", String.valueOf(version));
            for (String line : lines(family)) {
                String[] words = RespClient.words(line).stream()
                        .map(TranscriptTest::expanded)
                        .toArray(String[]::new);
                var expected = theirs.send(words);
                var actual = ours.send(words);
                if (!actual.equals(expected) && !INTENDED.containsKey(line)) {
                    differences.add(line + "\n    ours   " + actual + "\n    Redis  " + expected);
                }
            }
        }
        assertThat(String.join("\n", differences)).isEmpty();
    }

    private static List<String> lines(String family) throws IOException {
        String name = "/transcripts/" + family + ".txt";
        try (InputStream in = Objects.requireNonNull(TranscriptTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }

    private static String expanded(String word) {
        Matcher repeat = REPEAT.matcher(word);
        return repeat.matches() ? repeat.group(1).repeat(Integer.parseInt(repeat.group(2))) : word;
    }
}
