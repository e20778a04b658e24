package io.anax.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.compatibility.FuzzInputs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Damaged streams. Nothing is thrown, nothing outside the bytes is read (memory is checked), and how
/// they are split does not matter. The same seeds each time, or new ones: `-Danax.fuzz.rounds=…` says how
/// many; `-Danax.seed=…` runs one of them again.
public final class RespParserFuzzTest {
    private static final int STREAMS = 2000;

    private static final List<String> SEEDS = List.of(
            "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n",
            "*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n",
            "*0\r\n*-1\r\n\r\nPING\r\n",
            "SET \"a\\x41\\n\" 'it\\'s'\r\n",
            "*2\r\n$123\r\n" + "x".repeat(123) + "\r\n$0\r\n\r\n",
            "$3\r\nGET\r\n");

    private static final List<String> TOKENS = List.of(
            "\r\n", "\r", "\n", "*", "$", "-", "0", "1", "9", "\0", "\"", "'", "\\x", " ", "99999", "$1\r\n", "*2\r\n");

    /// Once found wrong, or close to a limit of the short way through a header.
    private static final List<String> REGRESSIONS = List.of(
            "*",
            "*\r",
            "*1\r\n$",
            "*1\r\n$1\r",
            "*99999\r\n$1\r\na\r\n",
            "*100000\r\n",
            "*1\r\n$00001\r\na\r\n",
            "*1\r\n$99999\r",
            "*1\r\n$100000\r\n",
            "*1\r\n$1\r\n\r\r\n\r\n",
            "*12345678",
            "$",
            "\"",
            "\"\\x4",
            "'\\",
            "\0");

    @Test
    void regressions() {
        for (String stream : REGRESSIONS) {
            splitsDoNotMatter(Received.bytes(stream), new Random(1), stream);
            splitsDoNotMatter(Received.bytes("*1\r\n$4\r\nPING\r\n" + stream), new Random(1), stream);
        }
    }

    static Stream<byte[]> inputs() throws IOException {
        return FuzzInputs.of("parser");
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void streams(byte[] stream) {
        fuzzerTestOneInput(stream);
    }

    /// The name that Jazzer looks for.
    public static void fuzzerTestOneInput(byte[] stream) {
        splitsDoNotMatter(stream, new Random(1), "this input");
    }

    static LongStream seeds() {
        Long only = Long.getLong("anax.seed");
        int rounds = Integer.getInteger("anax.fuzz.rounds", 0);
        if (only != null) {
            return LongStream.of(only);
        }
        long first = rounds == 0 ? 1 : System.nanoTime();
        return LongStream.range(first, first + Math.max(3, rounds));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void damagedStreams(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < STREAMS; i++) {
            byte[] stream = damaged(random);
            splitsDoNotMatter(stream, random, "seed " + seed + ", stream " + i);
        }
    }

    private static void splitsDoNotMatter(byte[] stream, Random random, String name) {
        Transcript whole = read(stream, Integer.MAX_VALUE);
        assertThat(read(stream, Transcript.randomPieces(random, 20))).as(name).isEqualTo(whole);
        if (stream.length < 300) {
            assertThat(read(stream, 1)).as(name).isEqualTo(whole);
        }
    }

    private static Transcript read(byte[] stream, int... pieces) {
        return Transcript.of(new RespParser(), stream, pieces);
    }

    private static byte[] damaged(Random random) {
        var stream = new ByteArrayOutputStream();
        for (int i = random.nextInt(3); i >= 0; i--) {
            byte[] part = Received.bytes(SEEDS.get(random.nextInt(SEEDS.size())));
            int from = random.nextInt(4) == 0 ? random.nextInt(part.length) : 0;
            int to = random.nextInt(4) == 0 ? from + random.nextInt(part.length - from) : part.length;
            stream.write(part, from, to - from);
            if (random.nextBoolean()) {
                stream.writeBytes(Received.bytes(TOKENS.get(random.nextInt(TOKENS.size()))));
            }
        }
        byte[] bytes = stream.toByteArray();
        for (int i = random.nextInt(3); i > 0 && bytes.length > 0; i--) {
            byte[] token = Received.bytes(TOKENS.get(random.nextInt(TOKENS.size())));
            bytes[random.nextInt(Math.min(bytes.length, 40))] = token[0];
        }
        return bytes;
    }
}
