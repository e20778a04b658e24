package io.anax.compatibility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real redis-server for as long as a test needs it: on a free port of 127.0.0.1, in a directory of
/// its own, without persistence. It says what is right.
///
/// ```java
/// try (var redis = RedisServer.start(); var client = redis.connect()) {
///     client.run("SET greeting 'hello world'");
/// }
/// ```
///
/// Where no redis-server is installed the test is skipped; with `-Danax.ci=true` or `ANAX_CI=true` it
/// fails.
public final class RedisServer implements AutoCloseable {
    private static final String PROGRAM = "redis-server";
    private static final long START_TIMEOUT_MILLIS = 10_000;
    private static final long RETRY_MILLIS = 10;

    private final Process process;
    private final Path directory;
    private final int port;

    private RedisServer(Process process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    /// `options` as on the command line: `"--enable-debug-command", "yes"`.
    public static RedisServer start(String... options) {
        assumePresent();
        try {
            Path directory = Files.createTempDirectory("anax-redis");
            int port = freePort();
            var process = new ProcessBuilder(commandLine(port, options))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            var server = new RedisServer(process, directory, port);
            server.awaitPong();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Skips the calling test where there is no redis-server, or fails it if this is the CI.
    public static void assumePresent() {
        Program.assume(Program.isPresent(PROGRAM), PROGRAM + " is missing");
    }

    private static List<String> commandLine(int port, String... options) {
        var line = new ArrayList<>(List.of(PROGRAM, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
        line.addAll(List.of("--port", String.valueOf(port)));
        line.addAll(List.of(options));
        return line;
    }

    public static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    public RespClient connect() {
        return RespClient.connect(port);
    }

    private void awaitPong() {
        long deadlineMillis = System.currentTimeMillis() + START_TIMEOUT_MILLIS;
        while (true) {
            try (var client = connect()) {
                if ("PONG".equals(client.run("PING").value())) {
                    return;
                }
            } catch (UncheckedIOException e) {
                if (!process.isAlive() || System.currentTimeMillis() > deadlineMillis) {
                    close();
                    throw e;
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
            process.waitFor(START_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            try (var files = Files.walk(directory)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
