package io.anax.server;

import io.anax.command.CommandContext;
import io.anax.engine.Client;
import io.anax.engine.Shard;
import io.anax.engine.ShardSet;
import io.anax.keyspace.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/// What one shard is and did, at one moment: made on its own thread, and the reader's from then on.
record ShardReport(
        int id,
        List<Keys> databases,
        Memory memory,
        Clients clients,
        Counts counts,
        Traffic traffic,
        Map<String, Long> errors) {

    /// One logical database.
    record Keys(int database, long keys, long expires, long averageTtlMillis, long tableBytes) {
        Keys plus(Keys other) {
            long deadlines = expires + other.expires;
            double sum = (double) averageTtlMillis * expires + (double) other.averageTtlMillis * other.expires;
            long ttl = deadlines == 0 ? 0 : (long) (sum / deadlines);
            return new Keys(database, keys + other.keys, deadlines, ttl, tableBytes + other.tableBytes);
        }
    }

    /// Bytes: used in all, in live allocations of data and tables, taken from the system for these, and
    /// for buffers; what clients hold of it and besides; the most that was ever used in all.
    record Memory(
            long usedBytes,
            long dataBytes,
            long reservedBytes,
            long bufferBytes,
            long clientBytes,
            long peakBytes,
            boolean isReclaiming) {}

    /// How many there are, how many of them wait for the end of a pause, and the longest of their buffers.
    record Clients(int count, int waiting, long longestInputBytes, long longestOutputBytes) {}

    /// Since the start, or CONFIG RESETSTAT; and, of late, a second.
    record Counts(
            long connections,
            long refused,
            long commands,
            long errors,
            long hits,
            long misses,
            long expired,
            long evicted,
            long reads,
            long inputBytes,
            long outputBytes,
            long commandsPerSecond,
            long inputPerSecondBytes,
            long outputPerSecondBytes) {}

    /// Between shards: messages sent and sleepers woken by them, transactions that came late and tried
    /// again; and now: tickets of who holds keys or waits for some, commands on fibers.
    record Traffic(long messages, long wakeUps, long retries, int tickets, int fibers) {}

    /// One of each shard.
    static List<ShardReport> all(CommandContext ctx, ShardSet shards) {
        return ctx.everywhere(there -> of(shards.at(there.shardId())));
    }

    /// On the shard's thread only.
    static ShardReport of(Shard shard) {
        return new ShardReport(
                shard.id(),
                databases(shard),
                memory(shard),
                clients(shard),
                counts(shard),
                traffic(shard),
                shard.statistics().errors());
    }

    private static Traffic traffic(Shard shard) {
        return new Traffic(
                shard.messageCount(), shard.wakeUpCount(), shard.retryCount(), shard.ticketCount(), shard.fiberCount());
    }

    private static List<Keys> databases(Shard shard) {
        var databases = new ArrayList<Keys>();
        for (Database database : shard.databases().existing()) {
            if (database.size() > 0) {
                databases.add(new Keys(
                        database.index(),
                        database.size(),
                        database.expiresCount(),
                        database.averageTtlMillis(),
                        database.tableBytes()));
            }
        }
        return databases;
    }

    private static Memory memory(Shard shard) {
        var allocator = shard.databases().allocator();
        long used = shard.housekeeping().usedBytes();
        return new Memory(
                used,
                allocator.usedBytes(),
                allocator.reservedBytes(),
                shard.housekeeping().bufferBytes(),
                shard.clients().stream().mapToLong(Client::heldBytes).sum(),
                Math.max(used, shard.load().peakBytes()),
                !shard.databases().reclaimer().isIdle());
    }

    private static Clients clients(Shard shard) {
        var clients = shard.clients();
        return new Clients(
                clients.size(),
                shard.pause().waitingCount(),
                clients.stream().mapToLong(Client::inputBytes).max().orElse(0),
                clients.stream()
                        .mapToLong(client -> client.output().sizeBytes())
                        .max()
                        .orElse(0));
    }

    private static Counts counts(Shard shard) {
        var keyspace = shard.databases().statistics();
        var load = shard.load();
        return new Counts(
                shard.connectionCount(),
                shard.refusedCount(),
                shard.statistics().total(),
                shard.statistics().errorReplies(),
                keyspace.hits(),
                keyspace.misses(),
                keyspace.expired(),
                keyspace.evicted(),
                load.readCount(),
                load.inputBytes(),
                load.outputBytes(),
                load.commandsPerSecond(),
                load.inputPerSecondBytes(),
                load.outputPerSecondBytes());
    }

    static long sum(List<ShardReport> reports, ToLongFunction<ShardReport> of) {
        return reports.stream().mapToLong(of).sum();
    }

    static long most(List<ShardReport> reports, ToLongFunction<ShardReport> of) {
        return reports.stream().mapToLong(of).max().orElse(0);
    }

    long keyCount() {
        return databases.stream().mapToLong(Keys::keys).sum();
    }

    long tableBytes() {
        return databases.stream().mapToLong(Keys::tableBytes).sum();
    }
}
