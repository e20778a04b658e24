package io.anax.server;

import io.anax.command.BitmapCommands;
import io.anax.command.CommandCommands;
import io.anax.command.CommandTable;
import io.anax.command.ConnectionCommands;
import io.anax.command.Credentials;
import io.anax.command.HyperLogLogCommands;
import io.anax.command.KeyCommands;
import io.anax.command.StringCommands;
import io.anax.engine.ClientCommands;
import io.anax.engine.Fiber;
import io.anax.engine.Log;
import io.anax.engine.Shard;
import io.anax.engine.ShardSet;
import io.anax.engine.ShardSettings;
import io.anax.keyspace.Clock;
import io.anax.keyspace.Databases;
import io.anax.memory.Pager;
import io.anax.memory.SlabAllocator;
import io.anax.net.Listener;
import io.anax.net.NioPoller;
import io.anax.net.Reception;
import io.anax.net.SocketPoller;
import io.anax.net.UringPoller;
import io.anax.table.KeyHash;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// Everything, built in order, stopped in reverse.
public final class Server implements AutoCloseable {
    /// The version of Redis whose commands these are; clients choose features by it.
    static final String REDIS_VERSION = "7.2.0";

    private final Config config;
    private final Credentials credentials = new Credentials();
    private final Settings settings;
    private final ShardSet shards;
    private final CountDownLatch running;
    private final List<SocketPoller> pollers = new ArrayList<>();
    private final List<ShardThread> loops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Pager pager = new Pager();
    private final PagerThread pagerThread = new PagerThread(pager);
    private final Reception reception;
    private final String fibers;
    private final Clock clock = new SystemClock();
    private final long startMillis;
    private int port;
    private boolean isClosed;

    Server(Config config) throws ConfigException, IOException {
        this.config = config;
        fibers = fiberKind();
        startMillis = clock.millis();
        long seed = new SecureRandom().nextLong();
        KeyHash.seed(seed);
        shards = new ShardSet(threadCount(config));
        settings = new Settings(config, credentials, shards);
        running = new CountDownLatch(shards.count());
        var aboutCommands = new CommandCommands();
        var families = new ArrayList<>(List.of(
                aboutCommands.family(),
                StringCommands.FAMILY,
                BitmapCommands.FAMILY,
                HyperLogLogCommands.FAMILY,
                KeyCommands.FAMILY,
                KeyCommands.DATABASES,
                new ConnectionCommands(credentials, REDIS_VERSION).commands(),
                new ClientCommands(shards).commands(),
                new ClientCommands(shards).monitoring()));
        families.addAll(new ServerCommands(this).families());
        var commands = new CommandTable(families);
        aboutCommands.tell(commands);
        for (int id = 0; id < shards.count(); id++) {
            addShard(id, commands, seed);
        }
        reception = new Reception(shards, pollers);
    }

    /// Asked for before anything runs: no long command shall be the first to know.
    private static String fiberKind() throws ConfigException {
        try {
            return Fiber.kind();
        } catch (IllegalStateException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    /// 0 in the configuration: as many as this process may use processors.
    private static int threadCount(Config config) {
        int count = (int) config.number(Directive.THREADS);
        return count > 0 ? count : Runtime.getRuntime().availableProcessors();
    }

    private void addShard(int id, CommandTable commands, long seed) throws ConfigException, IOException {
        var ofShard = new ShardSettings();
        ofShard.databaseCount((int) config.number(Directive.DATABASES));
        var databases = new Databases(new SlabAllocator(pager), seed ^ clock.nanos() + id);
        var shard = new Shard(id, shards, clock, databases, commands, ofShard);
        settings.applyAll(shard);
        var sockets = poller(config.text(Directive.IO), shard);
        pollers.add(sockets);
        var loop = new ShardThread(shard, sockets, running, this::stop);
        loops.add(loop);
        threads.add(new Thread(loop, "shard-" + id));
    }

    /// A running server inside this process, for tests. It has one shard and listens on a free port of
    /// 127.0.0.1 unless the directives say otherwise.
    public static Server start(Map<String, String> directives) throws IOException {
        try {
            var config = new Config();
            config.set(Directive.BIND, "127.0.0.1");
            config.set(Directive.THREADS, "1");
            config.set(Directive.PORT, "0");
            for (var directive : directives.entrySet()) {
                config.set(Directive.named(directive.getKey()), directive.getValue());
            }
            var server = new Server(config);
            server.start();
            return server;
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// Has the JVM compile what the first clients would wait for, once started, by any thread. Whether it
    /// could; the server works without.
    boolean warmUp() {
        if (WarmUp.COMMANDS == 0) {
            return true;
        }
        try {
            var own = new ShardSet(1);
            var databases = new Databases(new SlabAllocator(), 0);
            // strings and keys alone: whoever finds its port on this machine shall find no more
            var strings = new CommandTable(StringCommands.FAMILY, KeyCommands.FAMILY);
            var shard = new Shard(0, own, clock, databases, strings, new ShardSettings());
            String io = pollers.getFirst() instanceof UringPoller ? "uring" : "nio";
            try (var warmUp = new WarmUp(own, poller(io, shard))) {
                warmUp.play();
                return true;
            }
        } catch (IOException | ConfigException e) {
            Log.info("The warm-up failed: " + e.getMessage());
            return false;
        }
    }

    private static SocketPoller poller(String io, Shard shard) throws ConfigException, IOException {
        if (io.equals("nio")) {
            return new NioPoller(shard.chunks(), System::nanoTime);
        }
        String why = UringPoller.obstacle();
        if (why.isEmpty()) {
            return new UringPoller(shard.chunks(), System::nanoTime);
        }
        if (io.equals("uring")) {
            throw new ConfigException("io_uring does not work here: " + why);
        }
        Log.info("io_uring does not work here (" + why + "); using NIO");
        return new NioPoller(shard.chunks(), System::nanoTime);
    }

    /// Opens the sockets and starts the shards.
    void start() throws IOException {
        int wanted = (int) config.number(Directive.PORT);
        if (wanted > 0 || config.text(Directive.UNIXSOCKET).isEmpty()) {
            for (String address : config.text(Directive.BIND).split("\\s+")) {
                listen(address, wanted);
            }
        }
        int backlog = (int) config.number(Directive.TCP_BACKLOG);
        String path = config.text(Directive.UNIXSOCKET);
        if (!path.isEmpty()) {
            int permissions = Integer.parseInt(config.text(Directive.UNIXSOCKETPERM), 8);
            pollers.getFirst().listen(new Listener.Unix(Path.of(path), backlog, permissions), reception::accepted);
        }
        pagerThread.start();
        threads.forEach(Thread::start);
    }

    /// An address behind a `-` may be missing: IPv6, on many machines.
    private void listen(String address, int wanted) throws IOException {
        boolean optional = address.startsWith("-");
        String host = optional ? address.substring(1) : address;
        try {
            int backlog = (int) config.number(Directive.TCP_BACKLOG);
            int keepAlive = (int) config.number(Directive.TCP_KEEPALIVE);
            var listener = new Listener.Tcp(host, port > 0 ? port : wanted, backlog, false, keepAlive);
            port = pollers.getFirst().listen(listener, reception::accepted);
        } catch (IOException e) {
            if (!optional) {
                throw e;
            }
        }
    }

    Config config() {
        return config;
    }

    Settings settings() {
        return settings;
    }

    ShardSet shards() {
        return shards;
    }

    /// The TCP port, once started; 0 if there is none.
    public int port() {
        return port;
    }

    long startMillis() {
        return startMillis;
    }

    /// Which of the two ways to the kernel is in use: for the log and INFO.
    String io() {
        return pollers.getFirst() instanceof UringPoller ? "io_uring" : "nio";
    }

    /// What long commands run on, `continuation` or `thread`: for the log and INFO.
    String fibers() {
        return fibers;
    }

    /// Asks the shards to end after their turn; from any thread, a shard's own included.
    void stop() {
        loops.forEach(ShardThread::stop);
    }

    /// Whether a shard ended by an error of ours; to be asked after [#join].
    boolean failed() {
        return loops.stream().anyMatch(ShardThread::failed);
    }

    /// Waits for the end of the shards, but not longer than `pause`; whether it has come.
    boolean join(Duration pause) throws InterruptedException {
        if (!threads.getFirst().join(pause)) {
            return false;
        }
        join();
        return true;
    }

    /// Waits for the end of the shards. One that ends by an error takes the others with it.
    void join() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Override
    public synchronized void close() {
        stop();
        try {
            join();
            pagerThread.stop();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!isClosed) {
            isClosed = true;
            shards.close();
            pager.close();
        }
    }
}
