package io.anax.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.compatibility.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Texts of errors.
final class CommandExceptionTest {
    @Test
    void itHasNoStackTrace() {
        assertThat(CommandException.error("ERR no").getStackTrace()).isEmpty();
    }

    @Test
    void anUnknownCommandIsRepeatedAsRedisRepeatsIt() {
        var requests = List.of(
                List.of("foo"),
                List.of("foo", "a", "", "b"),
                List.of("foo", "a\r\n-ERR forged", "\u00e9\u00ff"),
                List.of("foo", "zero\0behind"),
                List.of("foo", "x".repeat(100), "y".repeat(100), "z"),
                List.of("foo", "x".repeat(300), "y"),
                List.of("x".repeat(200), "y"),
                List.of("a\rb\nc"));
        try (var redis = RedisServer.start();
                var client = redis.connect()) {
            for (var request : requests) {
                var bytes = request.stream()
                        .map(word -> word.getBytes(StandardCharsets.ISO_8859_1))
                        .toArray(byte[][]::new);
                String ours = CommandException.unknownCommand(bytes).text();
                assertThat("-" + ours + "\r\n")
                        .as(Arrays.toString(request.toArray()))
                        .isEqualTo(client.send(request.toArray(String[]::new)).rawText());
            }
        }
    }

    @Test
    void anUnknownSubcommandIsRepeatedAsRedisRepeatsIt() {
        try (var redis = RedisServer.start();
                var client = redis.connect()) {
            for (String word : List.of("foo", "FoO\r\n", "x".repeat(200))) {
                String ours = CommandException.unknownSubcommand(word.getBytes(StandardCharsets.ISO_8859_1), "client")
                        .text();
                assertThat("-" + ours + "\r\n")
                        .isEqualTo(client.send("CLIENT", word).rawText());
            }
        }
    }
}
