package io.anax.compatibility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Streams that a fuzz test runs in each run of the tests, and that `make fuzz` begins with: the files in
/// its folder of `fuzz/`, which once found something or lead to a part of the code, and some lines each of
/// the transcripts.
public final class FuzzInputs {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final int LINES = 20;

    private FuzzInputs() {}

    /// Writes them into a folder: `FuzzInputs NAME FOLDER`.
    public static void main(String[] args) throws IOException {
        int number = 0;
        for (byte[] input : of(args[0]).toList()) {
            Files.write(Path.of(args[1], "seed-" + number++), input);
        }
    }

    public static Stream<byte[]> of(String name) throws IOException {
        return Stream.concat(
                files(RESOURCES.resolve("fuzz").resolve(name)).stream().map(FuzzInputs::bytes),
                files(RESOURCES.resolve("transcripts")).stream().flatMap(FuzzInputs::parts));
    }

    private static Stream<byte[]> parts(Path transcript) {
        List<String> lines = new String(bytes(transcript), StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        var parts = new ArrayList<byte[]>();
        for (int from = 0; from < lines.size(); from += LINES) {
            String part = String.join("\r\n", lines.subList(from, Math.min(from + LINES, lines.size()))) + "\r\n";
            parts.add(part.getBytes(StandardCharsets.ISO_8859_1));
        }
        return parts.stream();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
