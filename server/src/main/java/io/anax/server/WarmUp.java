package io.anax.server;

import io.anax.engine.Log;
import io.anax.engine.ShardSet;
import io.anax.net.Listener;
import io.anax.net.Reception;
import io.anax.net.SocketPoller;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

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
    private static final int KEYS = 200_000; // all of them are a long output
    private static final String VALUE = "v".repeat(64);
    private static final int COMMANDS_OF_ALL_KEYS = 2_000; // at least, from one KEYS to the next

    private final ShardSet shards;
    private final ShardThread loop;
    private final Thread thread;
    private final SocketPoller sockets;
    private int batchCount;
    private int commandCount;
    private int nextLongCommand = COMMANDS_OF_ALL_KEYS / 2;

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
        play(new InetSocketAddress(host, port));
        Log.info("Warm after " + commandCount + " commands of its own in " + (System.nanoTime() - begin) / 1_000_000
                + " ms");
    }

    private void play(InetSocketAddress address) throws IOException {
        try (var neighbour = new WarmUpClient(address)) {
            neighbour.send(List.of(WarmUpClient.SET_END));
            neighbour.awaitReplies();
            while (commandCount < COMMANDS) {
                playOnOneConnection(address, neighbour);
            }
            neighbour.awaitReplies();
        }
    }

    private void playOnOneConnection(InetSocketAddress address, WarmUpClient neighbour) throws IOException {
        try (var client = new WarmUpClient(address)) {
            for (int i = 0; i < CONNECTION_BATCHES && commandCount < COMMANDS; i++) {
                client.send(batch(BATCH_COMMANDS[batchCount++ % BATCH_COMMANDS.length]));
                client.awaitReplies();
                playLong(neighbour);
            }
        }
    }

    /// All keys are asked for by a client of its own, as in life: short requests are served beside.
    private void playLong(WarmUpClient neighbour) throws IOException {
        neighbour.takeReplies();
        if (!neighbour.isAwaiting() && commandCount >= nextLongCommand) {
            neighbour.send(List.of(List.of("KEYS", "*")));
            nextLongCommand = commandCount + COMMANDS_OF_ALL_KEYS;
        }
    }

    private List<List<String>> batch(int size) {
        return IntStream.range(0, size).mapToObj(_ -> command(commandCount++)).toList();
    }

    /// What caches are asked for. Half of the reads find a key. More kinds would make the code of these
    /// slower, since the compiler believes in what it sees here: with deadlines, MGET and DEL among them a GET
    /// took a tenth more.
    private static List<String> command(int i) {
        return switch (i % 16) {
            case 0, 2, 4, 6, 8, 10, 12, 14 -> List.of("SET", key(i), VALUE);
            case 15 -> List.of("INCR", "counter:" + i % 10);
            default -> List.of("GET", key(i / 2));
        };
    }

    private static String key(int i) {
        return "key:" + i % KEYS;
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
