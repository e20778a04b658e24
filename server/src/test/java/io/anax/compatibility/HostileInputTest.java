package io.anax.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Clients that err, lie, dawdle or attack. Whatever one sends, the server answers the others.
final class HostileInputTest {
    private static final int IDLE_CONNECTIONS = 1000;
    private static final int PIPELINE_COMMANDS = 10_000;
    private static final int UNREAD_PINGS = 100_000;
    private static final int GARBAGE_ROUNDS = 200;
    private static final int LONG_VALUE_SIZE = 4 << 20;
    private static final int LONG_VALUE_READS = 64;
    private static final String PONG = "+PONG\r\n";
    private static final int READ_TIMEOUT_MILLIS = 10_000;

    static List<String> pollers() {
        return Embedded.pollers();
    }

    @ParameterizedTest
    @MethodSource("pollers")
    void whatIsNoProtocolEndsTheConnectionAndNoOther(String poller) throws IOException {
        try (var anax = Embedded.start(poller)) {
            for (String input : List.of(
                    "*1048577\r\n",
                    "*2147483648\r\n",
                    "*99999999999999999999\r\n",
                    "*abc\r\n",
                    "*1x\r\n",
                    "*1\r\n$-1\r\n",
                    "*1\r\n$-9223372036854775808\r\n",
                    "*1\r\n$536870913\r\n",
                    "*1\r\n$99999999999999999999\r\n",
                    "*1\r\n$\r\n",
                    "*1\r\n:4\r\nPING\r\n",
                    "*1\r\nPING\r\n",
                    "PING 'a\r\n",
                    "PING \"a\"b\r\n",
                    "*" + "1".repeat(70_000),
                    "x".repeat(70_000))) {
                try (var hostile = connect(anax)) {
                    send(hostile, input);
                    assertThat(all(hostile)).as(input).startsWith("-ERR Protocol error: ");
                }
                assertAnswers(anax);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pollers")
    void anEmptyOrNegativeCountOfArgumentsIsPassedOver(String poller) throws IOException {
        try (var anax = Embedded.start(poller);
                var odd = connect(anax)) {
            send(odd, "*0\r\n*-1\r\n*-2147483648\r\n\r\n   \r\n\n*1\r\n$4\r\nPING\r\n");
            assertThat(exactly(odd, PONG.length())).isEqualTo(PONG);
            assertAnswers(anax);
        }
    }

    @ParameterizedTest
    @MethodSource("pollers")
    void halfAFrameIsWaitedForAndForgottenWithItsClient(String poller) throws IOException {
        try (var anax = Embedded.start(poller)) {
            String frame = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nhello\r\n";
            for (int size = 1; size < frame.length(); size++) {
                try (var half = connect(anax)) {
                    send(half, frame.substring(0, size));
                }
            }
            try (var slow = connect(anax)) {
                slow.setTcpNoDelay(true);
                for (int i = 0; i < frame.length(); i++) {
                    send(slow, frame.substring(i, i + 1));
                }
                assertThat(exactly(slow, 5)).isEqualTo("+OK\r\n");
            }
            assertAnswers(anax);
        }
    }

    /// Many large promises at once must not be believed: they would take 50 GB.
    @ParameterizedTest
    @MethodSource("pollers")
    void anAnnouncedArgumentTakesNoMemoryBeforeItComes(String poller) throws IOException {
        var liars = new ArrayList<Socket>();
        try (var anax = Embedded.start(poller)) {
            for (int i = 0; i < 100; i++) {
                var liar = connect(anax);
                liars.add(liar);
                send(liar, "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870912\r\nx");
            }
            for (int i = 0; i < 100; i++) {
                var liar = connect(anax);
                liars.add(liar);
                send(liar, "*1048576\r\n$1\r\nx\r\n");
            }
            assertAnswers(anax);
            closeAll(liars);
        }
    }

    @ParameterizedTest
    @MethodSource("pollers")
    void garbageIsSurvived(String poller) throws IOException {
        long seed = Long.getLong("anax.seed", System.nanoTime());
        System.out.println("HostileInputTest: -Danax.seed=" + seed);
        var random = new Random(seed);
        String likely = "*$:+-\r\n0123456789 '\"\\xPINGSETk\0\u00ff";
        try (var anax = Embedded.start(poller)) {
            for (int i = 0; i < GARBAGE_ROUNDS; i++) {
                var garbage = new StringBuilder();
                for (int size = random.nextInt(500); size > 0; size--) {
                    garbage.append(likely.charAt(random.nextInt(likely.length())));
                }
                try (var hostile = connect(anax)) {
                    send(hostile, garbage.toString());
                }
            }
            assertAnswers(anax);
        }
    }

    @ParameterizedTest
    @MethodSource("pollers")
    void aThousandIdleConnectionsCostNothingButThemselves(String poller) throws IOException {
        var idle = new ArrayList<Socket>();
        try (var anax = Embedded.start(poller)) {
            for (int i = 0; i < IDLE_CONNECTIONS; i++) {
                idle.add(connect(anax));
            }
            assertAnswers(anax);
            var last = idle.getLast();
            send(last, "PING\r\n");
            assertThat(exactly(last, PONG.length())).isEqualTo(PONG);
            closeAll(idle);
            assertAnswers(anax);
        }
    }

    @ParameterizedTest
    @MethodSource("pollers")
    void tenThousandCommandsAtOnceAreAnsweredInOrder(String poller) throws IOException {
        var commands = new StringBuilder();
        var replies = new StringBuilder();
        for (int i = 1; i <= PIPELINE_COMMANDS; i++) {
            commands.append("*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n");
            replies.append(":").append(i).append("\r\n");
        }
        try (var anax = Embedded.start(poller);
                var client = connect(anax)) {
            send(client, commands.toString());
            assertThat(exactly(client, replies.length())).isEqualTo(replies.toString());
        }
    }

    /// Its replies do not fit the socket, so the server stops reading from it – and from no other.
    @ParameterizedTest
    @MethodSource("pollers")
    void whoDoesNotReadDelaysNobodyElse(String poller) throws IOException, InterruptedException {
        try (var anax = Embedded.start(poller);
                var slow = connect(anax)) {
            var writer = Thread.ofVirtual().start(() -> sendQuietly(slow, "PING\r\n".repeat(UNREAD_PINGS)));
            for (int i = 0; i < 100; i++) {
                assertAnswers(anax);
            }
            String expected = PONG.repeat(UNREAD_PINGS);
            assertThat(exactly(slow, expected.length()).equals(expected)).isTrue();
            writer.join();
            assertAnswers(anax);
        }
    }

    /// One that asks for much at once and does not read has a reply or two waiting, not all of them, and
    /// gets all when it reads.
    @ParameterizedTest
    @MethodSource("pollers")
    void whatIsNotReadIsNotPiledUp(String poller) throws IOException {
        try (var anax = Embedded.start(poller);
                var slow = connect(anax);
                var other = anax.connect()) {
            other.run("SETRANGE long " + (LONG_VALUE_SIZE - 1) + " x");
            long before = usedMemory(other);
            send(slow, "GET long\r\n".repeat(LONG_VALUE_READS));
            for (int i = 0; i < 100; i++) {
                assertAnswers(anax);
                assertThat(usedMemory(other) - before).isLessThan(4L * LONG_VALUE_SIZE);
            }
            String header = "$" + LONG_VALUE_SIZE + "\r\n";
            for (int i = 0; i < LONG_VALUE_READS; i++) {
                assertThat(exactly(slow, header.length())).isEqualTo(header);
                assertThat(exactly(slow, LONG_VALUE_SIZE + 2)).endsWith("x\r\n");
            }
        }
    }

    private static long usedMemory(RespClient client) {
        String info = client.run("INFO memory").text();
        return Long.parseLong(info.lines()
                .filter(line -> line.startsWith("used_memory:"))
                .findFirst()
                .orElseThrow()
                .split(":")[1]);
    }

    private static Socket connect(Embedded anax) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), anax.port());
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void sendQuietly(Socket socket, String text) {
        try {
            send(socket, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String exactly(Socket socket, int size) throws IOException {
        return new String(socket.getInputStream().readNBytes(size), StandardCharsets.ISO_8859_1);
    }

    /// All until the server closes; a reset, because bytes were left unread there, is an end as well.
    private static String all(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        var text = new StringBuilder();
        try {
            for (int c = in.read(); c >= 0; c = in.read()) {
                text.append((char) c);
            }
        } catch (java.net.SocketException _) {
            return text.toString();
        }
        return text.toString();
    }

    private static void assertAnswers(Embedded anax) {
        try (var other = anax.connect()) {
            assertThat(other.run("PING").value()).isEqualTo("PONG");
        }
    }

    private static void closeAll(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
