package io.anax.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which fibers a JVM has, by how it was started. Each start is a process of its own; all that it prints
/// is looked at, so that no warning of the JVM escapes.
final class FiberKindTest {
    private static final String EXPORT = "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED";

    @Test
    void aJvmWithoutOptionsHasThreads() throws Exception {
        assertThat(run()).containsExactly("thread", "one", "two", "three");
    }

    @Test
    void anExportBringsContinuations() throws Exception {
        assertThat(run(EXPORT)).containsExactly("continuation", "one", "two", "three");
    }

    @Test
    void threadsCanBeWanted() throws Exception {
        assertThat(run(EXPORT, "-Danax.fiber=thread")).containsExactly("thread", "one", "two", "three");
    }

    @Test
    void continuationsCanBeWanted() throws Exception {
        assertThat(run(EXPORT, "-Danax.fiber=continuation")).containsExactly("continuation", "one", "two", "three");
    }

    @Test
    void whatIsWantedAndNotThereIsAnError() throws Exception {
        assertThat(run("-Danax.fiber=continuation"))
                .singleElement()
                .asString()
                .startsWith("anax.fiber=continuation does not work here: jdk.internal.vm.Continuation is not exported")
                .contains(EXPORT);
        assertThat(run("-Danax.fiber=green")).containsExactly("anax.fiber is 'continuation' or 'thread', not 'green'");
    }

    /// As on processors to which nobody has ported them.
    @Test
    void aJvmMayHaveNoContinuations() throws Exception {
        String without = "-XX:-VMContinuations";
        String unlock = "-XX:+UnlockExperimentalVMOptions";
        assertThat(run(EXPORT, unlock, without)).containsExactly("thread", "one", "two", "three");
        assertThat(run(EXPORT, unlock, without, "-Danax.fiber=continuation"))
                .containsExactly("anax.fiber=continuation does not work here: this JVM has no continuations");
    }

    /// As the server is started. The manifest exports, no option is needed.
    @Test
    void theManifestOfAJarExports(@TempDir Path folder) throws Exception {
        var manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, FiberProbe.class.getName());
        main.put(
                Attributes.Name.CLASS_PATH,
                home(Limits.class).toUri() + " " + home(FiberProbe.class).toUri());
        main.put(new Attributes.Name("Add-Exports"), "java.base/jdk.internal.vm");
        Path jar = folder.resolve("probe.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        assertThat(java("-jar", jar.toString())).containsExactly("continuation", "one", "two", "three");
    }

    private static List<String> run(String... options) throws IOException, URISyntaxException {
        String classes = home(Limits.class) + File.pathSeparator + home(FiberProbe.class);
        return java(Stream.concat(Stream.of(options), Stream.of("-cp", classes, FiberProbe.class.getName()))
                .toArray(String[]::new));
    }

    private static List<String> java(String... options) throws IOException {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-ea", "-Xmx64m", "-XX:+UseSerialGC"));
        line.addAll(List.of(options));
        var process = new ProcessBuilder(line).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static Path home(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
