package io.anax.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.memory.Memory;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The way of a GET through this package leaves nothing to the garbage collector.
class ProtocolAllocationTest {
    @Test
    void hotPathsAllocateNothing() throws IOException, URISyntaxException {
        var program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-ea",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        home(Memory.class) + File.pathSeparator + home(AllocationProbe.class),
                        AllocationProbe.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output.lines()).containsExactly("pipeline 0", "pieces 0", "replies 0", "numbers 0");
    }

    private static Path home(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
