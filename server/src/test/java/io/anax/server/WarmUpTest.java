package io.anax.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.compatibility.RespClient;
import io.anax.memory.Memory;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands of the warm-up are answered, and nobody sees them.
final class WarmUpTest {
    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void clientsSeeNothingOfIt(String io) throws IOException {
        long before = Memory.allocatedBytes();
        try (var server = Server.start(Map.of("io", io));
                var client = RespClient.connect(server.port())) {
            assertThat(server.warmUp()).isTrue();
            assertThat(client.run("DBSIZE").value()).isEqualTo(0L);
            String info = client.run("INFO everything").text();
            assertThat(info).contains("total_connections_received:1\r\n", "cmdstat_dbsize:calls=1,");
            assertThat(info).doesNotContain("cmdstat_set:", "cmdstat_keys:");
        }
        assertThat(Memory.allocatedBytes()).isEqualTo(before);
    }
}
