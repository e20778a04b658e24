package io.anax.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No client can fill the Java heap, which is small and whose end would be that of the server.
final class FixedHeapTest {
    private static final int HEAP_MEGABYTES = 32;
    private static final int KEYS = 1_000_000;
    private static final int LONG_SIZE = 34 << 20;
    private static final int READ_TIMEOUT_MILLIS = 60_000;
    private static AnaxProcess anax;

    @BeforeAll
    static void start() {
        anax = AnaxProcess.startWithHeap(HEAP_MEGABYTES);
    }

    @AfterAll
    static void stop() {
        anax.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EXISTS", "DEL", "MGET", "PFCOUNT", "MSETNX", "COMMAND GETKEYS MGET"})
    void aMillionKeys(String name) throws IOException {
        String[] words = name.split(" ");
        var request = new ByteArrayOutputStream();
        put(request, "*" + (words.length + KEYS) + "\r\n");
        for (String word : words) {
            put(request, bulk(word));
        }
        for (int i = 0; i < KEYS; i++) {
            put(request, bulk(name + i));
        }
        assertThat(answer(request.toByteArray())).startsWith(reply(words));
        assertAnswers();
    }

    private static String reply(String... words) {
        return switch (words[0]) {
            case "MGET", "COMMAND" -> "*" + KEYS + "\r\n";
            case "MSETNX" -> ":1\r\n";
            default -> ":0\r\n";
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AUTH user ?",
                "CLIENT SETNAME ?",
                "CLIENT LIST TYPE ?",
                "CLIENT KILL ADDR ?",
                "CONFIG GET ?",
                "CONFIG SET requirepass ?",
                "CONFIG SET ? 1",
                "COMMAND LIST FILTERBY PATTERN ?",
                "DEBUG SLEEP ?",
                "HELLO 3 SETNAME ?",
                "INFO ?",
                "LATENCY RESET ?",
                "SCAN 0 TYPE ?"
            })
    void aLongText(String command) throws IOException {
        assertThat(answer(withLongArgument(command)))
                .startsWith("-ERR argument ")
                .contains(" is too long: " + LONG_SIZE);
        assertAnswers();
    }

    /// What is no text may be as long as a value.
    @ParameterizedTest
    @ValueSource(strings = {"GET ?", "SET ? v", "SET k v ?", "KEYS ?", "SELECT ?", "OBJECT ENCODING ?", "? k"})
    void aLongArgument(String command) throws IOException {
        assertThat(answer(withLongArgument(command))).matches("(?s)[-+$*].*");
        assertAnswers();
    }

    @Test
    void aLongName() {
        try (var client = anax.connect()) {
            assertThat(client.run("CLIENT SETNAME " + "n".repeat(512)).text()).isEqualTo("OK");
            for (String command : List.of("CLIENT SETNAME", "CLIENT SETINFO lib-name", "CLIENT SETINFO lib-ver")) {
                assertThat(client.run(command + " " + "n".repeat(513)).text()).startsWith("-ERR names of clients");
            }
        }
    }

    @Test
    void manyTexts() {
        String many = " x".repeat(5000);
        try (var client = anax.connect()) {
            for (String command : List.of("CONFIG GET", "INFO", "LATENCY RESET", "CLIENT LIST ID", "CLIENT KILL")) {
                assertThat(client.run(command + many).text()).startsWith("-ERR too many arguments: 50");
            }
        }
    }

    @Test
    void whatIsMonitored() throws IOException {
        try (var watching = anax.connect()) {
            assertThat(watching.run("MONITOR").text()).isEqualTo("OK");
            answer(withLongArgument("SET k ?"));
            assertThat(watching.read().text())
                    .hasSizeLessThan(1 << 15)
                    .endsWith("a... (" + (LONG_SIZE - (1 << 14)) + " more bytes)\"");
            String words = IntStream.range(0, 30_000).mapToObj(i -> " k" + i).reduce("", String::concat);
            try (var client = anax.connect()) {
                client.run("EXISTS" + words);
            }
            assertThat(watching.read().text()).hasSizeLessThan(1 << 17).endsWith(" more arguments)");
        }
        assertAnswers();
    }

    private static byte[] withLongArgument(String command) throws IOException {
        var request = new ByteArrayOutputStream(LONG_SIZE + 1000);
        String[] words = command.split(" ");
        put(request, "*" + words.length + "\r\n");
        var text = new byte[LONG_SIZE];
        Arrays.fill(text, (byte) 'a');
        for (String word : words) {
            if (word.equals("?")) {
                put(request, "$" + LONG_SIZE + "\r\n");
                request.write(text);
                put(request, "\r\n");
            } else {
                put(request, bulk(word));
            }
        }
        return request.toByteArray();
    }

    private static String bulk(String word) {
        return "$" + word.length() + "\r\n" + word + "\r\n";
    }

    private static void put(OutputStream to, String text) throws IOException {
        to.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// What comes first.
    private static String answer(byte[] request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), anax.port())) {
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            socket.getOutputStream().write(request);
            var first = new byte[1 << 12];
            int size = socket.getInputStream().read(first);
            return new String(first, 0, Math.max(size, 0), StandardCharsets.ISO_8859_1);
        }
    }

    private static void assertAnswers() {
        try (var client = anax.connect()) {
            assertThat(client.run("PING").text()).isEqualTo("PONG");
        }
    }
}
