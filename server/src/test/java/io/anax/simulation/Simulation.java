package io.anax.simulation;

import io.anax.Limits;
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
import io.anax.engine.ShardProbe;
import io.anax.engine.ShardSet;
import io.anax.engine.ShardSettings;
import io.anax.keyspace.Database;
import io.anax.keyspace.Databases;
import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import io.anax.table.KeyHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Some shards in one thread: the seed says which of them has its next turn, when bytes of a client arrive,
/// and how fast time passes. So the same seed gives the same run, however many shards wait for each other,
/// and a message may be under way as long as in the worst of machines.
///
/// ```
///   Simulation --- step() ---> one of   shard 0 <--> shard 1 <--> shard 2      mailboxes as in the product
///                                          |            |            |
///                                       SimulatedPoller, one each
///                                          |
///                                       SimulatedClient, SimulatedClient, ...
/// ```
///
/// A shard that says it sleeps has no turn until it is woken or hears of a client, however long that takes:
/// a wake-up that got lost stops the simulation, and [#step] says so.
final class Simulation implements AutoCloseable {
    /// Turns that a shard may be left behind, while the others have had a hundred for one of its own.
    private static final int MOOD_TURNS = 50;

    private static final int EAGERNESS_BITS = 8;

    /// Output that a client may have unread before its batch breaks off: in some runs after every reply or two.
    private static final long[] OUTPUT_PAUSES_BYTES = {
        Limits.CLIENT_OUTPUT_PAUSE_BYTES, Limits.CLIENT_OUTPUT_PAUSE_BYTES, 0, 40
    };

    private final Random random;
    private final SimulatedClock clock;
    private final ShardSet shards;
    private final List<SimulatedPoller> pollers = new ArrayList<>();
    private final boolean[] isIdle; // found nothing to do in its last turn
    private final boolean[] asleep;
    private final boolean[] woken;
    private final int[] eagerness;
    private final long allocationsBefore;
    private int clientCount;
    private long turns;

    Simulation(long seed, int shardCount) {
        this(seed, shardCount, new SimulatedClock(new Random(seed), 40_000));
    }

    Simulation(long seed, int shardCount, SimulatedClock clock) {
        this.allocationsBefore = allocations();
        this.random = new Random(seed);
        this.clock = clock;
        this.shards = new ShardSet(shardCount);
        this.isIdle = new boolean[shardCount];
        this.asleep = new boolean[shardCount];
        this.woken = new boolean[shardCount];
        this.eagerness = new int[shardCount];
        Arrays.fill(eagerness, 1);
        KeyHash.seed(seed);
        CommandTable commands = commands(shards);
        for (int id = 0; id < shardCount; id++) {
            addShard(id, commands, seed);
        }
    }

    private static CommandTable commands(ShardSet shards) {
        var aboutCommands = new CommandCommands();
        var families = new ArrayList<>(List.of(
                aboutCommands.family(),
                StringCommands.FAMILY,
                BitmapCommands.FAMILY,
                HyperLogLogCommands.FAMILY,
                KeyCommands.FAMILY,
                KeyCommands.DATABASES,
                new ConnectionCommands(new Credentials(), "7.2.0").commands()));
        families.add(new ClientCommands(shards).commands());
        var commands = new CommandTable(families);
        aboutCommands.tell(commands);
        return commands;
    }

    private void addShard(int id, CommandTable commands, long seed) {
        var databases = new Databases(new SlabAllocator(), seed + id);
        var settings = new ShardSettings();
        settings.outputPauseBytes(OUTPUT_PAUSES_BYTES[Math.floorMod(seed, OUTPUT_PAUSES_BYTES.length)]);
        var shard = new Shard(id, shards, clock, databases, commands, settings);
        shard.wakeUp(() -> woken[id] = true);
        pollers.add(new SimulatedPoller());
    }

    SimulatedClient connect(int shard) {
        var client = new SimulatedClient(shards.at(shard), clientCount++, random);
        pollers.get(shard).add(client);
        return client;
    }

    int shardCount() {
        return shards.count();
    }

    Shard shard(int id) {
        return shards.at(id);
    }

    SimulatedClock clock() {
        return clock;
    }

    long turns() {
        return turns;
    }

    /// The shard of a key.
    int shardOf(String key) {
        long at = Memory.allocate(Math.max(1, key.length()));
        Memory.copy(key.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), 0, at, key.length());
        int shard = KeyHash.shardOf(at, key.length(), KeyHash.hash(at, key.length()), shards.count());
        Memory.free(at, Math.max(1, key.length()));
        return shard;
    }

    /// A turn of some shard. False when all sleep and nothing will ever wake one.
    boolean step() {
        int id = nextShard();
        if (id < 0) {
            return false;
        }
        turn(id);
        return true;
    }

    /// A turn of this shard. To look for work and to fall asleep are two turns: the others may do something
    /// in between.
    void turn(int id) {
        turns++;
        if (asleep[id]) {
            asleep[id] = false;
            shards.at(id).awake();
        }
        if (isIdle[id] && shards.at(id).fallAsleep()) {
            pollers.get(id).flush();
            asleep[id] = !woken[id]; // a wake-up that came since the last poll ends the sleep at once
            isIdle[id] = false;
            if (!asleep[id]) {
                shards.at(id).awake();
            }
            return;
        }
        woken[id] = false;
        isIdle[id] = shards.at(id).poll(pollers.get(id)) == 0;
    }

    /// One that is not asleep, or hears something; some are slow for a while.
    private int nextShard() {
        if (turns % MOOD_TURNS == 0) {
            for (int id = 0; id < eagerness.length; id++) {
                eagerness[id] = 1 << random.nextInt(EAGERNESS_BITS);
            }
        }
        int sum = 0;
        for (int id = 0; id < eagerness.length; id++) {
            sum += isReady(id) ? eagerness[id] : 0;
        }
        if (sum == 0) {
            return -1;
        }
        int drawn = random.nextInt(sum);
        int id = 0;
        while (!isReady(id) || drawn >= eagerness[id]) {
            drawn -= isReady(id) ? eagerness[id] : 0;
            id++;
        }
        return id;
    }

    private boolean isReady(int id) {
        return !asleep[id] || woken[id] || pollers.get(id).hasEvent();
    }

    /// Turns of this shard alone until it sleeps.
    void settle(int id) {
        while (isReady(id)) {
            turn(id);
        }
    }

    /// Turns until nobody has anything to do.
    void settle() {
        long last = turns + 1_000_000;
        while (step()) {
            if (turns > last) {
                throw new AssertionError("the shards do not come to rest");
            }
        }
    }

    /// What must be true whenever nothing is under way.
    void checkAtRest() {
        for (int id = 0; id < shards.count(); id++) {
            ShardProbe.checkAtRest(shards.at(id));
            shards.at(id).databases().existing().forEach(Database::checkInvariants);
        }
    }

    /// Ends all clients and shards, and wants every byte back.
    @Override
    public void close() {
        pollers.forEach(SimulatedPoller::close);
        settle();
        checkAtRest();
        abandon();
        for (int id = 0; id < shards.count(); id++) {
            ShardProbe.checkClosed(shards.at(id));
        }
        if (allocations() != allocationsBefore) {
            throw new AssertionError(allocations() - allocationsBefore + " allocations were not given back");
        }
    }

    /// Ends what does not come to rest, after a failure.
    void abandon() {
        for (int id = 0; id < shards.count(); id++) {
            shards.at(id).close();
        }
        shards.close();
    }

    private static long allocations() {
        return Boolean.getBoolean("anax.memory.checked") ? Memory.liveAllocations() : 0;
    }
}
