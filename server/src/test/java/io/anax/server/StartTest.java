package io.anax.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is wrong with how the server was started is said at once.
final class StartTest {
    private static final int BAD_USAGE = 2;
    private static final String EXPORT = "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED";

    @Test
    void fibersThatDoNotExist() throws Exception {
        assertRefuses("anax: anax.fiber is 'continuation' or 'thread', not 'green'", EXPORT, "-Danax.fiber=green");
    }

    @Test
    void fibersThatThisJvmHasNot() throws Exception {
        assertRefuses("anax: anax.fiber=continuation does not work here: ", "-Danax.fiber=continuation");
    }

    /// Plain options are read without the library: they mean the same.
    @ParameterizedTest
    @ValueSource(strings = {"--port 99999", "--port=99999", "--port 1 --port 99999"})
    void aWrongValueHoweverItIsWritten(String line) {
        var said = new ByteArrayOutputStream();
        var err = new PrintStream(said, true, StandardCharsets.UTF_8);
        assertThat(CommandLine.run(line.split(" "), Map.of(), System.out, err)).isEqualTo(BAD_USAGE);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .startsWith("anax: ")
                .contains("port")
                .contains("65535");
        assertThat(said.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
    }

    private static void assertRefuses(String why, String... options) throws Exception {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-ea", "-Xmx64m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
        line.addAll(List.of(options));
        String classes = home(Main.class) + File.pathSeparator + home(picocli.CommandLine.class);
        line.addAll(List.of("-cp", classes, Main.class.getName()));
        line.addAll(List.of("--bind", "127.0.0.1", "--port", "0"));
        var process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).startsWith(why);
        assertThat(said.lines()).hasSize(1);
        assertThat(process.waitFor()).isEqualTo(BAD_USAGE);
    }

    private static Path home(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
