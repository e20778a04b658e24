package io.anax.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import io.anax.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands out of bytes: whole, in pieces, typed by hand, and wrong.
class RespParserTest {
    private static final int WHOLE = Integer.MAX_VALUE;

    private final RespParser parser = new RespParser();
    private final Request request = new Request();

    private Transcript read(String stream, int... pieces) {
        var fresh = new RespParser();
        return Transcript.of(fresh, Received.bytes(stream), pieces.length == 0 ? new int[] {WHOLE} : pieces);
    }

    private List<List<String>> commands(String stream) {
        Transcript whole = read(stream);
        assertThat(whole.end()).isEmpty();
        assertThat(read(stream, 1)).isEqualTo(whole);
        return whole.commands();
    }

    private String errorOf(String stream) {
        String whole = read(stream).end();
        assertThat(read(stream, 1).end()).isEqualTo(whole);
        return whole;
    }

    @Test
    void anArrayOfBulksIsACommand() {
        assertThat(commands("*3\r\n$3\r\nSET\r\n$5\r\nmykey\r\n$11\r\nhello\r\nyou\0\r\n"))
                .containsExactly(List.of("SET", "mykey", "hello\r\nyou\0"));
    }

    @Test
    void aPipelineIsOneCommandAfterTheOther() {
        assertThat(commands("*1\r\n$4\r\nPING\r\nECHO a\r\n\r\n*2\r\n$3\r\nGET\r\n$0\r\n\r\n"))
                .containsExactly(List.of("PING"), List.of("ECHO", "a"), List.of("GET", ""));
    }

    @Test
    void whatRedisIgnoresIsIgnored() {
        assertThat(commands("\r\n\n*0\r\n*-1\r\n*-9223372036854775808\r\n   \r\nPING\r\n"))
                .containsExactly(List.of("PING"));
    }

    @Test
    void anIgnoredLineIsACompleteRequestWithoutArguments() {
        try (var received = Received.of("\r\nPING\r\n")) {
            assertThat(parser.parse(received.address(), received.size(), request))
                    .isEqualTo(RespParser.COMPLETE);
            assertThat(request.count()).isZero();
            assertThat(parser.consumedBytes()).isEqualTo(2);
        }
    }

    @Test
    void bytesWhereLineEndsBelongAreSkippedAsRedisDoes() {
        assertThat(commands("*2\rx$4\rxECHOxx$1\rxaxx")).containsExactly(List.of("ECHO", "a"));
    }

    @Test
    void argumentsStayWhereTheyAre() {
        try (var received = Received.of("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")) {
            parser.parse(received.address(), received.size(), request);
            assertThat(request.address(0)).isEqualTo(received.address() + 8);
            assertThat(request.address(1)).isEqualTo(received.address() + 17);
            assertThat(request.sizeBytes()).isEqualTo(4);
        }
    }

    @Test
    void itSaysHowMuchOfABulkIsMissing() {
        try (var received = Received.of("*2\r\n$4\r\nECHO\r\n$100000\r\n0123456789")) {
            assertThat(parser.parse(received.address(), received.size(), request))
                    .isEqualTo(RespParser.NEED_MORE);
            assertThat(parser.missingBytes()).isEqualTo(100_000 + 2 - 10);
            assertThat(parser.consumedBytes()).isZero();
            assertThat(request.count()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void howItIsSplitDoesNotMatter(long seed) {
        var random = new Random(seed);
        var expected = new ArrayList<List<String>>();
        var stream = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            var command = randomCommand(random);
            expected.add(command);
            stream.append(random.nextInt(8) == 0 ? "\r\n" : "").append(Received.command(command));
        }
        byte[] bytes = Received.bytes(stream.toString());
        for (int largest : new int[] {3, 17, 200, 5000}) {
            var transcript = Transcript.of(parser, bytes, Transcript.randomPieces(random, largest));
            assertThat(transcript).as("seed " + seed).isEqualTo(new Transcript(expected, ""));
        }
    }

    private static List<String> randomCommand(Random random) {
        int count = random.nextInt(10) == 0 ? 1 + random.nextInt(150) : 1 + random.nextInt(5);
        var command = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            byte[] argument = new byte[random.nextInt(30) == 0 ? random.nextInt(3000) : random.nextInt(20)];
            random.nextBytes(argument);
            command.add(new String(argument, StandardCharsets.ISO_8859_1));
        }
        return command;
    }

    @Test
    void aMillionArgumentsInSmallPiecesAreReadTwiceAtMost() {
        int count = Limits.ARGUMENTS_MAX;
        byte[] stream = Received.bytes("*" + count + "\r\n" + "$1\r\na\r\n".repeat(count));
        long memory = Memory.allocate(stream.length);
        Memory.copy(stream, 0, memory, stream.length);
        int outcome = RespParser.NEED_MORE;
        long startNanos = System.nanoTime();
        for (int size = 16; outcome == RespParser.NEED_MORE; size = Math.min(size + 1000, stream.length)) {
            outcome = parser.parse(memory, size, request); // 7341 pieces
        }
        assertThat(System.nanoTime() - startNanos).isLessThan(5_000_000_000L); // quadratic: minutes
        assertThat(outcome).isEqualTo(RespParser.COMPLETE);
        assertThat(request.count()).isEqualTo(count);
        assertThat(request.address(count - 1)).isEqualTo(memory + stream.length - 3);
        Memory.free(memory, stream.length);
    }

    @Test
    void wrongHeadersAreErrors() {
        assertThat(errorOf("*1\r\nPING\r\n")).isEqualTo("Protocol error: expected '$', got 'P'");
        assertThat(errorOf("*1\r\n\r\nPING\r\n")).isEqualTo("Protocol error: expected '$', got '\r'");
        for (String count : List.of("", "x", "+1", "01", "1 ", " 1", "1048577", "3000000000", "9223372036854775808")) {
            assertThat(errorOf("*" + count + "\r\n")).isEqualTo("Protocol error: invalid multibulk length");
        }
        for (String length : List.of("", "x", "-1", "-0", "01", "536870913", "9223372036854775807")) {
            assertThat(errorOf("*1\r\n$" + length + "\r\n")).isEqualTo("Protocol error: invalid bulk length");
        }
    }

    @Test
    void commandsBeforeAnErrorAreGiven() {
        Transcript transcript = read("PING\r\n*1\r\n$4\r\nPING\r\n*x\r\n");
        assertThat(transcript.commands()).containsExactly(List.of("PING"), List.of("PING"));
        assertThat(transcript.end()).isEqualTo("Protocol error: invalid multibulk length");
    }

    @Test
    void linesHaveALimit() {
        String tooLong = "1".repeat(Limits.PROTOCOL_LINE_SIZE_MAX + 1);
        for (String end : List.of("", "\r\n")) {
            for (int piece : new int[] {1000, WHOLE}) {
                assertThat(read("*" + tooLong + end, piece).end())
                        .isEqualTo("Protocol error: too big mbulk count string");
                assertThat(read("*1\r\n$" + tooLong + end, piece).end())
                        .isEqualTo("Protocol error: too big bulk count string");
                assertThat(read(tooLong + end, piece).end()).isEqualTo("Protocol error: too big inline request");
            }
        }
        String longest = "1".repeat(Limits.PROTOCOL_LINE_SIZE_MAX - 1);
        assertThat(read(longest + "\r\n", 1000).commands()).containsExactly(List.of(longest));
    }

    @Test
    void aNulHidesTheRestOfALineAsInRedis() {
        assertThat(read("PING\0\r\nPING\r\n", 3)).isEqualTo(new Transcript(List.of(), "…"));
        assertThat(read("*1\0\r\n$4\r\nPING\r\n", 3)).isEqualTo(new Transcript(List.of(), "…"));
        assertThat(read("PING\0\r\n" + "PING\r\n".repeat(12_000), 4096).end())
                .isEqualTo("Protocol error: too big inline request");
    }

    @Test
    void whoHasNotSaidWhoHeIsMaySendLittle() {
        parser.authenticated(false);
        assertThat(Transcript.of(parser, Received.bytes("*11\r\n"), 1).end())
                .isEqualTo("Protocol error: unauthenticated multibulk length");
        assertThat(Transcript.of(parser, Received.bytes("*2\r\n$4\r\nAUTH\r\n$16385\r\n"), WHOLE)
                        .end())
                .isEqualTo("Protocol error: unauthenticated bulk length");
        assertThat(Transcript.of(parser, Received.bytes("*1048577\r\n"), WHOLE).end())
                .isEqualTo("Protocol error: invalid multibulk length");
        parser.authenticated(true);
        assertThat(Transcript.of(parser, Received.bytes("*11\r\n$16385\r\n"), 1).end())
                .isEqualTo("…");
    }

    @Test
    void aSmallerProtoMaxBulkLenHolds() {
        parser.bulkSizeMax(5);
        assertThat(Transcript.of(parser, Received.bytes("*1\r\n$5\r\nhello\r\n*1\r\n$6\r\n"), WHOLE))
                .isEqualTo(new Transcript(List.of(List.of("hello")), "Protocol error: invalid bulk length"));
    }

    @Test
    void anInlineCommandIsUnescapedInPlace() {
        assertThat(commands("SET \"my key\" 'it\\'s' a\"b\"\n"))
                .containsExactly(List.of("SET", "my key", "it's", "ab"));
        assertThat(commands("  \"\\n\\r\\t\\b\\a\\x41\\xzz\\q\\\\\\\"\" ''\t\"\"\r\n"))
                .containsExactly(List.of("\n\r\t\b\u0007Axzzq\\\"", "", ""));
        assertThat(commands("a\rb\\n c\u000bd \u000b e\r\n")).containsExactly(List.of("a", "b\\n", "c\u000bd", "e"));
    }

    @Test
    void quotesMustBeClosedAndFollowedByABlank() {
        for (String line : List.of("\"a", "'a", "\"a\"b", "'a'b", "\"\\", "a \"", "'\\'")) {
            assertThat(errorOf(line + "\r\n")).isEqualTo("Protocol error: unbalanced quotes in request");
        }
    }

    @Test
    void aForgottenCommandLeavesNoTrace() {
        try (var half = Received.of("*2\r\n$4\r\nEC");
                var other = Received.of("*1\r\n$4\r\nPING\r\n")) {
            parser.parse(half.address(), half.size(), request);
            parser.reset();
            assertThat(parser.parse(other.address(), other.size(), request)).isEqualTo(RespParser.COMPLETE);
            assertThat(Received.arguments(request)).containsExactly("PING");
        }
    }
}
