package io.anax.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher's choice of a JVM, among ones that are none.
final class FindJavaTest {
    private static final String ASKED = "echo 'openjdk version \"%s\" 2026-01-20' >&2";

    @TempDir
    Path home;

    @BeforeEach
    void onlyWhereThereIsAShell() {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "sh is missing");
    }

    @Test
    void theVersionIsReadFromTheReleaseFile() throws Exception {
        Path java = java("exit 1");
        release("25.0.3");
        assertThat(found()).isEqualTo(java.toString());
        release("26");
        assertThat(found()).isEqualTo(java.toString());
    }

    @Test
    void anOldOneIsPassedOver() throws Exception {
        Path java = java("exit 1");
        release("24.0.2");
        assertThat(found()).isNotEqualTo(java.toString());
        release("1.8.0_452");
        assertThat(found()).isNotEqualTo(java.toString());
    }

    @Test
    void withoutAReleaseFileItIsAsked() throws Exception {
        Path java = java(ASKED.formatted("25.0.1"));
        assertThat(found()).isEqualTo(java.toString());
        java(ASKED.formatted("21.0.9"));
        assertThat(found()).isNotEqualTo(java.toString());
    }

    @Test
    void aLinkLeadsToTheReleaseFile() throws Exception {
        Path java = java("exit 1");
        release("25.0.3");
        Path bin = Files.createDirectories(home.resolve("elsewhere/bin"));
        Path link = Files.createSymbolicLink(bin.resolve("java"), java);
        assertThat(found(home.resolve("elsewhere"))).isEqualTo(link.toString());
    }

    private Path java(String line) throws IOException {
        Path java = Files.createDirectories(home.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n" + line + "\n");
        return Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void release(String version) throws IOException {
        Files.writeString(home.resolve("jdk/release"), "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private String found() throws Exception {
        return found(home.resolve("jdk"));
    }

    private static String found(Path javaHome) throws Exception {
        var builder = new ProcessBuilder("sh", "../scripts/find-java");
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.redirectErrorStream(true);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return output;
    }
}
