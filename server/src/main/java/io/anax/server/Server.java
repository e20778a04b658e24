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
import io.anax.engine.Shard;
import io.anax.engine.ShardSettings;
import io.anax.keyspace.Databases;
import io.anax.keyspace.EvictionPolicy;
import io.anax.memory.SlabAllocator;
import io.anax.net.Connection;
import io.anax.net.Listener;
import io.anax.net.NioPoller;
import io.anax.net.SocketPoller;
import io.anax.net.UringPoller;
import io.anax.table.KeyHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Everything, built in order, stopped in reverse.
public final class Server implements AutoCloseable {
    /// The version of Redis whose commands these are; clients choose features by it.
    static final String REDIS_VERSION = "7.2.0";

    private static final System.Logger LOG = System.getLogger("anax");

    private final Config config;
    private final Credentials credentials = new Credentials();
    private final ShardSettings settings = new ShardSettings();
    private final Databases databases;
    private final Shard shard;
    private final SocketPoller sockets;
    private final ShardThread loop;
    private final Thread thread;
    private final long startMillis;
    private int port;

    Server(Config config) throws ConfigException, IOException {
        this.config = config;
        var clock = new SystemClock();
        startMillis = clock.millis();
        long seed = new java.security.SecureRandom().nextLong();
        KeyHash.seed(seed);
        databases = new Databases(new SlabAllocator(), seed ^ clock.nanos());
        var aboutCommands = new CommandCommands();
        var commands = new CommandTable(List.of(
                aboutCommands.family(),
                StringCommands.FAMILY,
                BitmapCommands.FAMILY,
                HyperLogLogCommands.FAMILY,
                KeyCommands.FAMILY,
                KeyCommands.DATABASES,
                new ConnectionCommands(credentials, REDIS_VERSION).commands(),
                new ClientCommands(this::shard).commands(),
                new ServerCommands(this).commands()));
        aboutCommands.tell(commands);
        settings.databaseCount((int) config.number(Directive.DATABASES));
        shard = new Shard(0, clock, databases, commands, settings);
        applyAll();
        sockets = poller(config.text(Directive.IO), shard);
        loop = new ShardThread(shard, sockets);
        thread = new Thread(loop, "shard-0");
    }

    /// A running server inside this process, for tests. It listens on a free port of 127.0.0.1 unless the
    /// directives say otherwise.
    public static Server start(Map<String, String> directives) throws IOException {
        try {
            var config = new Config();
            config.set(Directive.BIND, "127.0.0.1");
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

    private static SocketPoller poller(String io, Shard shard) throws ConfigException, IOException {
        if (io.equals("nio")) {
            return new NioPoller(shard.chunks());
        }
        String why = UringPoller.obstacle();
        if (why.isEmpty()) {
            return new UringPoller(shard.chunks());
        }
        if (io.equals("uring")) {
            throw new ConfigException("io_uring does not work here: " + why);
        }
        LOG.log(System.Logger.Level.INFO, "io_uring does not work here ({0}); using NIO", why);
        return new NioPoller(shard.chunks());
    }

    /// Opens the sockets and starts the shard.
    void start() throws IOException {
        int backlog = (int) config.number(Directive.TCP_BACKLOG);
        int wanted = (int) config.number(Directive.PORT);
        if (wanted > 0 || config.text(Directive.UNIXSOCKET).isEmpty()) {
            for (String address : config.text(Directive.BIND).split("\\s+")) {
                listen(address, wanted, backlog);
            }
        }
        String path = config.text(Directive.UNIXSOCKET);
        if (!path.isEmpty()) {
            var listener = new Listener.Unix(Path.of(path), backlog, 0);
            sockets.listen(listener, channel -> Connection.accept(channel, shard));
        }
        thread.start();
    }

    /// An address behind a `-` may be missing: IPv6, on many machines.
    private void listen(String address, int wanted, int backlog) throws IOException {
        boolean optional = address.startsWith("-");
        String host = optional ? address.substring(1) : address;
        try {
            var listener = new Listener.Tcp(host, port > 0 ? port : wanted, backlog, false);
            port = sockets.listen(listener, channel -> Connection.accept(channel, shard));
        } catch (IOException e) {
            if (!optional) {
                throw e;
            }
        }
    }

    /// Sets a directive while the server runs, or at its start.
    void set(Directive directive, String value) throws ConfigException {
        config.set(directive, value);
        apply(directive);
    }

    private void applyAll() {
        for (Directive directive : Directive.all()) {
            apply(directive);
        }
    }

    private void apply(Directive directive) {
        switch (directive) {
            case MAXCLIENTS -> settings.clientCountMax((int) config.number(directive));
            case TIMEOUT -> settings.idleTimeoutMillis(1000 * config.number(directive));
            case PROTO_MAX_BULK_LEN ->
                settings.bulkSizeMax((int) Math.min(io.anax.Limits.BULK_SIZE_MAX, config.number(directive)));
            case REQUIREPASS -> {
                credentials.password(config.text(directive));
                settings.passwordNeeded(credentials.isPasswordNeeded());
            }
            case PROTECTED_MODE -> settings.protectedMode(config.yes(directive));
            case MAXMEMORY, MAXMEMORY_POLICY, MAXMEMORY_SAMPLES, LFU_LOG_FACTOR, LFU_DECAY_TIME -> applyMemory();
            case PORT, BIND, UNIXSOCKET, TCP_BACKLOG, IO, THREADS, DATABASES -> {
                // read once, when sockets and shards are made
            }
        }
    }

    private void applyMemory() {
        var housekeeping = shard.housekeeping();
        housekeeping.maxMemory(config.number(Directive.MAXMEMORY));
        EvictionPolicy policy = EvictionPolicy.named(config.text(Directive.MAXMEMORY_POLICY));
        housekeeping.eviction().policy(Objects.requireNonNull(policy, "the directive takes no other"));
        housekeeping.eviction().samples((int) config.number(Directive.MAXMEMORY_SAMPLES));
        housekeeping.eviction().lfu((int) config.number(Directive.LFU_LOG_FACTOR), (int)
                config.number(Directive.LFU_DECAY_TIME));
    }

    Config config() {
        return config;
    }

    Shard shard() {
        return shard;
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
        return sockets instanceof UringPoller ? "io_uring" : "nio";
    }

    /// Asks the shard to end after its turn; from any thread, the shard's own included.
    void stop() {
        loop.stop();
    }

    /// Whether the shard ended by an error of ours; to be asked after [#join].
    boolean failed() {
        return loop.failed();
    }

    /// Waits for the end of the shard.
    void join() throws InterruptedException {
        thread.join();
    }

    @Override
    public void close() {
        stop();
        try {
            join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
