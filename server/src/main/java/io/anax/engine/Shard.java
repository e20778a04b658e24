package io.anax.engine;

import io.anax.Hot;
import io.anax.command.CommandContext;
import io.anax.command.CommandTable;
import io.anax.command.Session;
import io.anax.keyspace.Clock;
import io.anax.keyspace.Databases;
import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import io.anax.protocol.ReplyWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One thread with its databases and its clients. Nobody else touches them.
///
/// [#poll] is one turn of its loop: whoever calls it is the scheduler, a thread of the server or a test.
public final class Shard {
    private static final long IDLE_CHECK_PERIOD_MILLIS = 1000;
    private static final byte[] TOO_MANY_CLIENTS =
            "-ERR max number of clients reached\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PROTECTED = ("-DENIED Anax is running in protected mode: there is no password, so only"
                    + " clients of the same machine may connect. Set a password (requirepass), or switch the mode off"
                    + " (protected-mode no) where the network is trusted.\r\n")
            .getBytes(StandardCharsets.US_ASCII);

    private final int id;
    private final Clock clock;
    private final Databases databases;
    private final CommandTable commands;
    private final ShardSettings settings;
    private final ChunkPool chunks = new ChunkPool();
    private final ReplyWriter reply;
    private final CommandStatistics statistics;
    private final Housekeeping housekeeping;
    private final Pipeline pipeline;
    private final List<Client> clients = new ArrayList<>();
    private long nextClientId = 1;
    private long connectionCount;
    private long refusedCount;
    private long nowMillis;
    private long nextIdleCheckMillis;

    public Shard(int id, Clock clock, Databases databases, CommandTable commands, ShardSettings settings) {
        this.id = id;
        this.clock = clock;
        this.databases = databases;
        this.commands = commands;
        this.settings = settings;
        this.reply = new ReplyWriter(new ByteChain(chunks));
        this.statistics = new CommandStatistics(commands.count());
        this.housekeeping = new Housekeeping(databases, chunks, clock);
        var nobody = new Session(0, "", "", true, clock.millis());
        var context = new CommandContext(id, 1, settings.databaseCount(), databases, reply, nobody);
        var dispatcher = new Dispatcher(commands, context, statistics, housekeeping);
        this.pipeline = new Pipeline(dispatcher, statistics, clock);
        this.nowMillis = clock.millis();
    }

    /// One turn: what arrived, then a bounded piece of housekeeping. Returns how much there was to do.
    @Hot
    public int poll(Poller sockets) {
        nowMillis = clock.millis();
        int work = sockets.poll();
        work += housekeeping.run(nowMillis);
        if (nowMillis >= nextIdleCheckMillis) {
            nextIdleCheckMillis = nowMillis + IDLE_CHECK_PERIOD_MILLIS;
            closeIdle();
        }
        return work;
    }

    private void closeIdle() {
        long timeout = settings.idleTimeoutMillis();
        for (int i = clients.size() - 1; timeout > 0 && i >= 0; i--) {
            if (nowMillis - clients.get(i).session().lastActiveMillis() > timeout) {
                clients.get(i).kill();
            }
        }
    }

    /// A new connection, whose replies go to `output`. The client may already be closing: refused.
    public Client connect(
            ByteChain output, String address, String localAddress, boolean isLocal, Runnable closeConnection) {
        var session = new Session(nextClientId++, address, localAddress, !settings.isPasswordNeeded(), nowMillis);
        var client = new Client(this, session, output, closeConnection);
        clients.add(client);
        connectionCount++;
        if (clients.size() > settings.clientCountMax()) {
            refuse(client, TOO_MANY_CLIENTS);
        } else if (settings.isProtected() && !isLocal && !isLoopback(address)) {
            refuse(client, PROTECTED);
        }
        return client;
    }

    private void refuse(Client client, byte[] why) {
        refusedCount++;
        client.output().append(why);
        client.session().closeAfterReply();
    }

    private static boolean isLoopback(String address) {
        return address.startsWith("127.") || address.startsWith("[::1]") || address.startsWith("::1");
    }

    void disconnected(Client client) {
        clients.remove(client);
    }

    public int id() {
        return id;
    }

    public long nowMillis() {
        return nowMillis;
    }

    public ChunkPool chunks() {
        return chunks;
    }

    public Databases databases() {
        return databases;
    }

    public CommandStatistics statistics() {
        return statistics;
    }

    public List<Client> clients() {
        return clients;
    }

    public long connectionCount() {
        return connectionCount;
    }

    public long refusedCount() {
        return refusedCount;
    }

    public List<io.anax.command.Command> commands() {
        return commands.commands();
    }

    public Housekeeping housekeeping() {
        return housekeeping;
    }

    /// The full name of a command by its number; `NULL`, as Redis says, before the first.
    String commandName(int commandId) {
        return commandId < 0 ? "NULL" : commands.command(commandId).fullName();
    }

    /// Gives everything back.
    public void close() {
        for (Client client : List.copyOf(clients)) {
            client.kill();
        }
        databases.close();
        chunks.trim();
    }

    Pipeline pipeline() {
        return pipeline;
    }

    ReplyWriter reply() {
        return reply;
    }

    ShardSettings settings() {
        return settings;
    }
}
