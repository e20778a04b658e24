package io.anax.server;

import io.anax.engine.Log;
import io.anax.engine.ShardSet;
import io.anax.net.Listener;
import io.anax.net.Reception;
import io.anax.net.SocketPoller;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// Some commands for a shard of its own, that no client sees, through a socket: the JVM interprets
/// everything at first, which is thirty times slower, and nobody's request shall be what it learns from.
///
/// It plays after the server said that it is ready, for half a second on one core. The build plays a thousand
/// times as many, and lays what the JVM learned into the AOT cache (`scripts/aot-train`): the JVM of
/// the server then knows from the start what to compile, and how.
final class WarmUp implements AutoCloseable {
    /// 0: no warm-up.
    static final int COMMANDS = Integer.getInteger("anax.warmup.commands", 2_000);

    /// Requests that are sent at once, in turn.
    private static final int[] BATCH_COMMANDS = {1, 8, 1, 32};

    private static final int CONNECTION_BATCHES = 4;
    private static final int KEYS = 50_000;
    private static final String VALUE = "v".repeat(64);
    private static final int COMMANDS_OF_ALL_KEYS = 2_000; // for one KEYS

    /// A key, and its value, which is the last reply to a batch.
    private static final String END_KEY = "end";

    private static final String END = "end of batch";

    private static final int END_BYTES = END.length() + 2; // CR LF

    private static final int BUFFER_BYTES = 64 << 10;
    private static final int REPLY_MILLIS_MAX = 1_000;

    private final ShardSet shards;
    private final ShardThread loop;
    private final Thread thread;
    private final SocketPoller sockets;
    private final byte[] replies = new byte[BUFFER_BYTES];
    private int batchCount;
    private int commandCount;

    /// Takes over a set of one shard, and its sockets.
    WarmUp(ShardSet shards, SocketPoller sockets) {
        this.shards = shards;
        this.sockets = sockets;
        loop = new ShardThread(shards.at(0), sockets, new CountDownLatch(1), () -> {});
        thread = new Thread(loop, "warm-up");
        thread.setDaemon(true);
    }

    void play() throws IOException {
        long begin = System.nanoTime();
        var reception = new Reception(shards, List.of(sockets));
        var host = InetAddress.getLoopbackAddress();
        int port = sockets.listen(new Listener.Tcp(host.getHostAddress(), 0, 1, false, 0), reception::accepted);
        thread.start();
        while (commandCount < COMMANDS) {
            playOnOneConnection(host, port);
        }
        Log.info("Warm after " + commandCount + " commands of its own in " + (System.nanoTime() - begin) / 1_000_000
                + " ms");
    }

    private void playOnOneConnection(InetAddress host, int port) throws IOException {
        try (var socket = new Socket(host, port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(REPLY_MILLIS_MAX);
            for (int i = 0; i < CONNECTION_BATCHES && commandCount < COMMANDS; i++) {
                socket.getOutputStream().write(batch(BATCH_COMMANDS[batchCount++ % BATCH_COMMANDS.length]));
                awaitEnd(socket.getInputStream());
            }
        }
    }

    private void awaitEnd(InputStream input) throws IOException {
        int size = 0;
        while (!isEnd(size)) {
            if (size == BUFFER_BYTES) { // only the end counts
                System.arraycopy(replies, size - END_BYTES, replies, 0, END_BYTES);
                size = END_BYTES;
            }
            int read = input.read(replies, size, BUFFER_BYTES - size);
            if (read < 0) {
                throw new EOFException("the shard has ended");
            }
            size += read;
        }
    }

    private boolean isEnd(int size) {
        int begin = size - END_BYTES;
        return begin >= 0 && END.equals(new String(replies, begin, END.length(), StandardCharsets.US_ASCII));
    }

    private byte[] batch(int size) {
        var text = new StringBuilder();
        if (commandCount == 0) {
            append(text, "SET", END_KEY, END);
        }
        for (int i = 0; i < size; i++) {
            append(text, command(commandCount++));
        }
        append(text, "GET", END_KEY);
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /// What caches are asked for. Half of the reads find a key. More kinds would make the code of these
    /// slower, since the compiler believes in what it sees here: with deadlines, MGET and DEL among them a GET
    /// took a tenth more.
    private static String[] command(int i) {
        if (i % COMMANDS_OF_ALL_KEYS == COMMANDS_OF_ALL_KEYS - 1) {
            return new String[] {"KEYS", "*"};
        }
        return switch (i % 16) {
            case 0, 2, 4, 6, 8, 10, 12, 14 -> new String[] {"SET", key(i), VALUE};
            case 15 -> new String[] {"INCR", "counter:" + i % 10};
            default -> new String[] {"GET", key(i / 2)};
        };
    }

    private static String key(int i) {
        return "key:" + i % KEYS;
    }

    private static void append(StringBuilder text, String... words) {
        text.append('*').append(words.length).append("\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
    }

    /// Closes what it took over.
    @Override
    public void close() {
        loop.stop();
        if (thread.getState() == Thread.State.NEW) {
            thread.start(); // its end is what closes the sockets and the shard
        }
        try {
            thread.join();
            shards.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
