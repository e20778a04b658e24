package io.anax.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.compatibility.FuzzInputs;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a client sends, to two shards: the server goes on, what it answers is RESP to the last byte,
/// the structures are sound afterwards, and every byte comes back. `make fuzz` has Jazzer look for streams
/// that reach new code; those that found something are in `fuzz/commands/`, beside the transcripts.
public final class CommandStreamFuzzTest {
    private static final long SEED = 1;

    // Some bytes can ask for gigabytes.
    private static final long MEMORY_MAX_BYTES = 16 << 20;
    private static final int STRING_BYTES_MAX = 1 << 18;

    static Stream<byte[]> inputs() throws IOException {
        return FuzzInputs.of("commands");
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void everyStreamIsSurvived(byte[] stream) {
        fuzzerTestOneInput(stream);
    }

    /// The name that Jazzer looks for.
    public static void fuzzerTestOneInput(byte[] stream) {
        try (var simulation = new Simulation(SEED, 2)) {
            for (int id = 0; id < simulation.shardCount(); id++) {
                var shard = simulation.shard(id);
                shard.housekeeping().maxMemory(MEMORY_MAX_BYTES);
                shard.settings().bulkSizeMax(STRING_BYTES_MAX);
                shard.databases().thresholds().stringBytesMax(STRING_BYTES_MAX);
            }
            var client = simulation.connect(0);
            client.stream(stream);
            simulation.settle();
            assertThat(client.isClosed() ? 0 : client.unreadBytes())
                    .as("bytes that are no reply")
                    .isZero();
        }
    }
}
