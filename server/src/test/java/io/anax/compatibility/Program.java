package io.anax.compatibility;

import io.anax.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/// A program that a test needs and that may not be installed. Where it is missing the test is skipped;
/// with `-Danax.ci=true` or `ANAX_CI=true` it fails.
final class Program {
    private static final long TIMEOUT_SECONDS = 120;

    private final Path file;

    /// What a run left: its exit status, and what it wrote to output and error output.
    record Ended(int status, String output) {}

    private Program(Path file) {
        this.file = file;
    }

    /// The first of this name on the `PATH`.
    static Program named(String name) {
        return of(find(name), name);
    }

    /// The first of this name on the `PATH` that ends with status 0 when called with these arguments:
    /// `python3 -c "import redis"`.
    static Program thatCan(String name, String... arguments) {
        return of(find(name, arguments), name + " with which `" + String.join(" ", arguments) + "` works");
    }

    private static Program of(@Nullable Path file, String what) {
        assume(file != null, what + " is missing");
        return new Program(file);
    }

    static boolean isPresent(String name) {
        return find(name) != null;
    }

    /// Skips the calling test unless the condition holds, or fails it if this is the CI.
    static void assume(boolean holds, String otherwise) {
        boolean needed = Boolean.getBoolean("anax.ci") || "true".equals(System.getenv("ANAX_CI"));
        if (!holds && needed) {
            throw new AssertionError(otherwise + ", and the CI must not skip this test");
        }
        Assumptions.assumeTrue(holds, otherwise);
    }

    private static @Nullable Path find(String name, String... probe) {
        String path = System.getenv("PATH");
        for (String directory : path == null ? new String[0] : path.split(System.getProperty("path.separator"))) {
            Path file = Path.of(directory, name);
            if (Files.isExecutable(file) && (probe.length == 0 || new Program(file).run(probe).status == 0)) {
                return file;
            }
        }
        return null;
    }

    /// Where the scripts of a kind of client are: `node`, `python`.
    static Path scripts(String kind) {
        try {
            var classes = Limits.class.getProtectionDomain().getCodeSource().getLocation();
            return Path.of(classes.toURI())
                    .resolve("../../src/test/clients")
                    .resolve(kind)
                    .normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Runs it to its end, without input.
    Ended run(String... arguments) {
        return run(new byte[0], arguments);
    }

    Ended run(byte[] input, String... arguments) {
        var line = new ArrayList<>(List.of(file.toString()));
        line.addAll(List.of(arguments));
        try {
            Path in = Files.createTempFile("anax", ".in");
            Path out = Files.createTempFile("anax", ".out");
            try {
                Files.write(in, input);
                return run(line, in, out);
            } finally {
                Files.deleteIfExists(in);
                Files.deleteIfExists(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Ended run(List<String> line, Path in, Path out) throws IOException {
        var process = new ProcessBuilder(line)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(line + " takes too long; it wrote:\n" + Files.readString(out));
            }
            return new Ended(process.exitValue(), Files.readString(out));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
