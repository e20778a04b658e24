package io.anax.server;

import io.anax.engine.Log;
import io.anax.engine.Shard;
import io.anax.engine.ShardSet;
import io.anax.net.Listener;
import io.anax.net.Reception;
import io.anax.net.SocketPoller;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Some commands for a shard of its own, that nobody else sees, through a socket: the JVM interprets
/// everything at first, which is thirty times slower, and nobody's request shall be what it learns from.
///
/// It plays after the server said that it is ready, and for a quarter of a second. The build plays it two
/// hundred times longer, and lays what the JVM learned into the AOT cache (`scripts/aot-train`): the JVM of
/// the server then knows from the start what to compile, and how.
final class WarmUp implements AutoCloseable {
    /// 0: no warm-up.
    static final int COMMANDS = Integer.getInteger("anax.warmup.commands", 2_000);

    /// Requests that are sent at once, in turn.
    private static final int[] BATCH_COMMANDS = {1, 8, 32};

    private static final int KEYS = 50_000;
    private static final String VALUE = "v".repeat(64);
    private static final int COMMANDS_OF_ALL_KEYS = 2_000; // for one KEYS

    /// What a batch ends with.
    private static final String END = "end of batch";

    private static final int BUFFER_BYTES = 64 << 10;
    private static final long REPLY_NANOS_MAX = 1_000_000_000;

    private final ShardSet shards;
    private final Shard shard;
    private final SocketPoller sockets;
    private final SocketChannel client;
    private final ByteBuffer replies = ByteBuffer.allocate(BUFFER_BYTES);
    private int commandCount;

    /// Takes over a set of one shard, and its sockets.
    WarmUp(ShardSet shards, SocketPoller sockets) throws IOException {
        this.shards = shards;
        this.shard = shards.at(0);
        this.sockets = sockets;
        var reception = new Reception(shards, List.of(sockets));
        var host = InetAddress.getLoopbackAddress();
        int port = sockets.listen(new Listener.Tcp(host.getHostAddress(), 0, 1, false), reception::accepted);
        client = SocketChannel.open(new InetSocketAddress(host, port));
        client.configureBlocking(false);
    }

    void play() throws IOException {
        long begin = System.nanoTime();
        for (int batch = 0; commandCount < COMMANDS; batch++) {
            send(batch(BATCH_COMMANDS[batch % BATCH_COMMANDS.length]));
        }
        Log.info("Warm after " + commandCount + " commands of its own in " + (System.nanoTime() - begin) / 1_000_000
                + " ms");
    }

    private ByteBuffer batch(int size) {
        var text = new StringBuilder();
        for (int i = 0; i < size; i++) {
            append(text, command(commandCount++));
        }
        append(text, "ECHO", END);
        return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /// Mostly what caches are asked for. Half of the reads find a key.
    private static String[] command(int i) {
        if (i % COMMANDS_OF_ALL_KEYS == COMMANDS_OF_ALL_KEYS - 1) {
            return new String[] {"KEYS", "*"};
        }
        String key = key(i);
        String earlier = key(i / 2);
        return switch (i % 16) {
            case 0, 2, 4, 6, 8, 10 -> new String[] {"SET", key, VALUE};
            case 11 -> new String[] {"INCR", "counter:" + i % 10};
            case 12 -> new String[] {"MSET", key, VALUE, earlier, VALUE};
            case 13 -> new String[] {"MGET", key, earlier};
            case 14 -> new String[] {"EXPIRE", earlier, "1000"};
            case 15 -> new String[] {"DEL", earlier};
            default -> new String[] {"GET", earlier};
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

    /// Until all of the batch is answered.
    private void send(ByteBuffer batch) throws IOException {
        long end = System.nanoTime() + REPLY_NANOS_MAX;
        replies.clear();
        while (!isAnswered()) {
            if (System.nanoTime() > end) {
                throw new IOException("no reply within a second");
            }
            client.write(batch);
            shard.poll(sockets);
            if (!replies.hasRemaining()) {
                replies.position(BUFFER_BYTES - END.length()).compact(); // only the end counts
            }
            client.read(replies);
        }
    }

    private boolean isAnswered() {
        int begin = replies.position() - END.length() - 2;
        return begin >= 0 && END.equals(new String(replies.array(), begin, END.length(), StandardCharsets.US_ASCII));
    }

    /// Closes what it took over.
    @Override
    public void close() throws IOException {
        client.close();
        sockets.close();
        shard.close();
        shards.close();
    }
}
