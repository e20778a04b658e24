package io.anax.engine;

import io.anax.Hot;
import io.anax.command.Command;
import io.anax.command.CommandContext;
import io.anax.command.CommandTable;
import io.anax.command.Session;
import io.anax.keyspace.Clock;
import io.anax.keyspace.Databases;
import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import io.anax.protocol.Peer;
import io.anax.protocol.ReplyWriter;
import io.anax.protocol.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
    private final ShardSet shards;
    private final Session nobody;
    private final ReplyWriter reply;
    private final CommandContext stepContext;
    private final CommandStatistics statistics;
    private final Load load = new Load();
    private final Monitors monitors;
    private final Pause pause = new Pause();
    private final Housekeeping housekeeping;
    private final Dispatcher dispatcher;
    private final Router router;
    private final TransactionQueue queue;
    private final ReadyQueue ready = new ReadyQueue();
    private final Fibers fibers;
    private final Round.Hops hops;
    private final ArrayDeque<Round> rounds = new ArrayDeque<>(); // at rest, for the next batch
    private final Mail mail;
    private final Pipeline pipeline;
    private final List<Client> clients = new ArrayList<>();
    private long connectionCount;
    private long refusedCount;
    private long retryCount;
    private Runnable wakeUp = () -> {};
    private @Nullable Poller sockets; // from the first turn on
    private long nowMillis;
    private long nextIdleCheckMillis;

    /// The next of these shards.
    public Shard(
            int id, ShardSet shards, Clock clock, Databases databases, CommandTable commands, ShardSettings settings) {
        this.id = id;
        this.shards = shards;
        this.clock = clock;
        this.databases = databases;
        this.commands = commands;
        this.settings = settings;
        this.nowMillis = clock.millis();
        this.nobody = new Session(0, Peer.of("", ""), true, nowMillis);
        this.statistics = new CommandStatistics(commands.count());
        this.monitors = new Monitors(this, shards.count());
        this.housekeeping = new Housekeeping(databases, chunks, clock);
        this.reply = new ReplyWriter(new ByteChain(chunks));
        this.stepContext = newContext();
        this.dispatcher = new Dispatcher(commands, newContext(), statistics, housekeeping);
        this.router = new Router(shards.count(), databases.workspace());
        this.queue = new TransactionQueue(databases.workspace());
        this.fibers = new Fibers(this);
        this.hops = new Round.Hops(this);
        this.mail = new Mail(this, shards);
        this.pipeline = new Pipeline(this);
        databases.heldKeys(queue::isWanted);
        shards.add(this);
    }

    /// A context with a reply writer of its own: for the dispatcher, for steps, for each fiber.
    CommandContext newContext() {
        var writer = new ReplyWriter(new ByteChain(chunks));
        return new CommandContext(id, shards.count(), settings.databaseCount(), databases, writer, nobody);
    }

    /// One turn: what arrived from clients and from other shards, what can go on, then a bounded piece of
    /// housekeeping. Returns how much there was to do.
    @Hot
    public int poll(Poller sockets) {
        this.sockets = sockets;
        nowMillis = clock.millis();
        int work = sockets.poll();
        work += mail.receive();
        if (fibers.areLong()) {
            sockets.flush(); // the replies so far do not wait for them
        }
        work += fibers.runReady();
        work += monitors.turn();
        work += pause.isOn(nowMillis) ? 0 : housekeeping.run(nowMillis);
        work += pause.letGo(nowMillis);
        if (load.isDue(nowMillis)) {
            load.sample(statistics.total(), housekeeping.usedBytes(), nowMillis);
        }
        if (nowMillis >= nextIdleCheckMillis) {
            nextIdleCheckMillis = nowMillis + IDLE_CHECK_PERIOD_MILLIS;
            closeIdle();
        }
        return work;
    }

    private void closeIdle() {
        long timeout = settings.idleTimeoutMillis();
        for (int i = clients.size() - 1; i >= 0; i--) {
            Client client = clients.get(i);
            client.checkOutput();
            if (timeout > 0
                    && !client.isAtWork()
                    && nowMillis - client.session().lastActiveMillis() > timeout) {
                client.timeOut();
            }
        }
    }

    /// Whether somebody waits for a turn: asked between the steps of long commands.
    boolean hasArrivals() {
        return mail.hasArrivals() || sockets != null && sockets.hasArrivals();
    }

    // ---- sleep and mail ---------------------------------------------------------------------------

    /// How another thread ends the sleep of this one; set before it runs.
    public void wakeUp(Runnable by) {
        wakeUp = by;
    }

    void wake() {
        wakeUp.run();
    }

    /// Announces that this shard is about to sleep. False if there is something to do after all.
    public boolean fallAsleep() {
        Mailbox.Sleep sleep = shards.sleep(id);
        sleep.begin();
        boolean idle = !mail.isWaiting() && ready.isEmpty();
        if (!idle) {
            sleep.end();
        }
        return idle;
    }

    public void awake() {
        shards.sleep(id).end();
    }

    /// Lets another shard do something, soon.
    public void post(int shard, Consumer<Shard> what) {
        new Notice(this, what).sendTo(shard);
    }

    // ---- clients ----------------------------------------------------------------------------------

    /// A new connection, whose replies go to `output`. The client may already be closing: refused, as one of
    /// too many when it `isSurplus`. Later connections have higher `clientId`s, whatever their shard.
    public Client connect(Peer peer, long clientId, boolean isSurplus, ByteChain output, Link link) {
        boolean authenticated = !settings.isPasswordNeeded();
        var session = new Session(clientId, peer, authenticated, nowMillis);
        var client = new Client(this, session, output, link);
        clients.add(client);
        connectionCount++;
        if (isSurplus) {
            refuse(client, TOO_MANY_CLIENTS);
        } else if (settings.isProtected() && !peer.isLocal()) {
            refuse(client, PROTECTED);
        }
        return client;
    }

    private void refuse(Client client, byte[] why) {
        refusedCount++;
        client.output().append(why);
        client.session().closeAfterReply();
    }

    void disconnected(Client client) {
        clients.remove(client);
        monitors.remove(client);
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

    public Load load() {
        return load;
    }

    public Monitors monitors() {
        return monitors;
    }

    public Pause pause() {
        return pause;
    }

    /// A command of a client ran, here or, over several shards, from here, whatever came of it.
    @Hot
    void ran(Command command, Request request, Session session, long tookNanos, long atMillis) {
        statistics.ran(command, request, session, tookNanos, atMillis);
        if (monitors.isOn()) {
            monitors.show(command, request, session);
        }
    }

    /// CONFIG RESETSTAT, as far as this shard is concerned.
    public void resetStatistics() {
        statistics.reset();
        databases.statistics().reset();
        load.reset();
        connectionCount = 0;
        refusedCount = 0;
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

    public List<Command> commands() {
        return commands.commands();
    }

    /// Commands and subcommands.
    public List<Command> allCommands() {
        return commands.all();
    }

    public Housekeeping housekeeping() {
        return housekeeping;
    }

    /// The full name of a command by its number; `NULL`, as Redis says, before the first.
    String commandName(int commandId) {
        return commandId < 0 ? "NULL" : commands.command(commandId).fullName();
    }

    /// Gives everything back, when no shard runs any more.
    public void close() {
        fibers.abandon();
        for (Client client : List.copyOf(clients)) {
            client.kill();
        }
        databases.close();
        housekeeping.close();
        hops.close();
        queue.close();
        chunks.trim();
    }

    // ---- parts ------------------------------------------------------------------------------------

    public ShardSet shards() {
        return shards;
    }

    public int shardCount() {
        return shards.count();
    }

    Clock clock() {
        return clock;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    Router router() {
        return router;
    }

    TransactionQueue queue() {
        return queue;
    }

    /// A ticket has left the queue: who waited for its keys may go on, and what expired meanwhile may go.
    void keysAreFree() {
        databases.removeMetExpired(nowMillis);
        queue.advance(ready);
    }

    ReadyQueue ready() {
        return ready;
    }

    Fibers fibers() {
        return fibers;
    }

    Mail mail() {
        return mail;
    }

    Round.Hops hops() {
        return hops;
    }

    Round takeRound() {
        return rounds.isEmpty() ? new Round(this, shards.count()) : rounds.pop();
    }

    void giveRound(Round round) {
        rounds.push(round);
    }

    /// For steps of commands of other shards, which run in one go.
    CommandContext stepContext() {
        return stepContext;
    }

    /// A transaction of ours was late somewhere and tries again.
    void countRetry() {
        retryCount++;
    }

    public long retryCount() {
        return retryCount;
    }

    /// Messages sent to other shards.
    public long messageCount() {
        return mail.sentCount();
    }

    /// How often one of them had to be woken.
    public long wakeUpCount() {
        return mail.wakeUpCount();
    }

    /// Who holds keys here, or waits for some.
    public int ticketCount() {
        return queue.count();
    }

    /// Commands that are on a fiber, suspended ones included.
    public int fiberCount() {
        return fibers.count();
    }

    ReplyWriter reply() {
        return reply;
    }

    public ShardSettings settings() {
        return settings;
    }
}
