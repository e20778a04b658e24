package io.anax.compatibility;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Our own server as its users start it: a process of its own, on a free port, with the classes under
/// test. What [RedisServer] is for Redis.
public final class AnaxProcess implements AutoCloseable {
    private static final long START_TIMEOUT_MILLIS = 20_000;
    private static final long RETRY_MILLIS = 20;
    private static final int HEAP_MEGABYTES = 256; // as the launcher says

    private final Process process;
    private final Path log;
    private final int port;

    private AnaxProcess(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /// `options` as on the command line: `"--io", "nio"`. Without them it has the poller of `-Danax.io` and
    /// the threads of `-Danax.threads`, as [Embedded] has.
    public static AnaxProcess start(String... options) {
        return startWithHeap(HEAP_MEGABYTES, options);
    }

    /// The same with so large a Java heap.
    public static AnaxProcess startWithHeap(int megabytes, String... options) {
        return startJvm(List.of("-Xmx" + megabytes + "m"), options);
    }

    /// The same in a JVM with such options.
    public static AnaxProcess startJvm(List<String> jvmOptions, String... options) {
        try {
            int port = RedisServer.freePort();
            Path log = Files.createTempFile("anax", ".log");
            var process = new ProcessBuilder(commandLine(port, jvmOptions, options))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            var server = new AnaxProcess(process, log, port);
            server.awaitPong();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> commandLine(int port, List<String> jvmOptions, String... options) {
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        var line = new ArrayList<>(List.of(java, "-ea", "-XX:+UseSerialGC"));
        line.addAll(jvmOptions);
        line.add("--enable-native-access=ALL-UNNAMED");
        line.addAll(List.of("--add-exports", "java.base/jdk.internal.vm=ALL-UNNAMED"));
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.anax.server.Main"));
        line.addAll(List.of("--bind", "127.0.0.1", "--port", String.valueOf(port)));
        var given = List.of(options);
        for (String word : List.of("io", "threads")) {
            String value = System.getProperty("anax." + word);
            if (value != null && !given.contains("--" + word)) {
                line.addAll(List.of("--" + word, value));
            }
        }
        line.addAll(given);
        return line;
    }

    public int port() {
        return port;
    }

    /// All that it has written so far.
    public String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RespClient connect() {
        return RespClient.connect(port);
    }

    private void awaitPong() throws IOException {
        long deadlineMillis = System.currentTimeMillis() + START_TIMEOUT_MILLIS;
        while (true) {
            try (var client = connect()) {
                if ("PONG".equals(client.run("PING").value())) {
                    return;
                }
            } catch (UncheckedIOException e) {
                if (!process.isAlive() || System.currentTimeMillis() > deadlineMillis) {
                    String said = said();
                    close();
                    throw new AssertionError("the server did not start; it said:\n" + said, e);
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
