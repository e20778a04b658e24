package io.anax.server;

import static io.anax.command.CommandFamily.family;
import static io.anax.command.CommandFlag.READONLY;

import io.anax.command.CommandContext;
import io.anax.command.CommandException;
import io.anax.command.CommandFamily;
import io.anax.engine.Shard;
import io.anax.engine.ShardSet;
import io.anax.keyspace.Database;
import io.anax.memory.SlabAllocator;
import io.anax.types.Value;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/// MEMORY: where the memory is.
final class MemoryCommands {
    private static final int STATS = 25; // besides those of databases

    private final ShardSet shards;
    private final Config config;

    MemoryCommands(ShardSet shards, Config config) {
        this.shards = shards;
        this.config = config;
    }

    CommandFamily commands() {
        return family("server")
                .container("MEMORY")
                .doc("Depends on subcommand.", "4.0.0", "Shows where the memory is.")
                .add("MEMORY DOCTOR", this::doctor)
                .doc("O(1)", "4.0.0", "Says what is wrong with the use of memory.")
                .help("MEMORY")
                .add("MEMORY MALLOC-STATS", this::allocators)
                .doc("O(1)", "4.0.0", "Describes the allocator of each shard.")
                .add("MEMORY PURGE", this::purge)
                .doc("O(1)", "4.0.0", "Gives unused memory back to the system.")
                .add("MEMORY STATS", this::stats)
                .doc("O(1)", "4.0.0", "Says how much memory is used for what.")
                .add("MEMORY USAGE key [SAMPLES count]", MemoryCommands::usage, READONLY)
                .access("RO")
                .doc(
                        "O(1)",
                        "4.0.0",
                        "Returns how many bytes a key takes with its value. They are counted, so there is no need"
                                + " for samples.");
    }

    // ---- one key ----------------------------------------------------------------------------------

    private static void usage(CommandContext ctx) {
        checkSamples(ctx);
        Database db = ctx.db();
        long entry = db.peek(ctx.hash(2), ctx.argument(2), ctx.length(2), ctx.nowMillis());
        if (entry == Database.NONE) {
            ctx.reply().nil();
        } else {
            ctx.reply().integer(bytes(db, entry));
        }
    }

    private static void checkSamples(CommandContext ctx) {
        for (int i = 3; i < ctx.count(); i += 2) {
            if (!ctx.is(i, "samples") || i + 1 == ctx.count() || ctx.integer(i + 1) < 0) {
                throw CommandException.SYNTAX;
            }
        }
    }

    /// The entry as it is allocated, what its value keeps elsewhere, and its share of the table.
    private static long bytes(Database db, long entry) {
        return SlabAllocator.usableSize(Value.sizeBytes(entry)) + Value.partsBytes(entry) + db.tableBytes() / db.size();
    }

    // ---- all of it --------------------------------------------------------------------------------

    private void stats(CommandContext ctx) {
        var reports = ShardReport.all(ctx, shards);
        var use = MemoryUse.of(reports, ProcessStatus.now());
        var tables = new TreeMap<Integer, Long>();
        for (ShardReport report : reports) {
            report.databases().forEach(keys -> tables.merge(keys.database(), keys.tableBytes(), Long::sum));
        }
        ctx.reply().map(STATS + tables.size());
        parts(ctx, use);
        tables.forEach((database, bytes) -> {
            ctx.reply().bulk("db." + database);
            ctx.reply().map(3);
            number(ctx, "overhead.hashtable.main", bytes);
            number(ctx, "overhead.hashtable.expires", 0); // deadlines are in the entries
            number(ctx, "overhead.hashtable.slot-to-keys", 0);
        });
        sums(ctx, use);
    }

    private static void parts(CommandContext ctx, MemoryUse use) {
        number(ctx, "peak.allocated", use.peakBytes());
        number(ctx, "total.allocated", use.usedBytes());
        number(ctx, "startup.allocated", 0); // shards start with nothing
        number(ctx, "replication.backlog", 0);
        number(ctx, "clients.slaves", 0);
        number(ctx, "clients.normal", use.clientBytes());
        number(ctx, "cluster.links", 0);
        number(ctx, "aof.buffer", 0);
        number(ctx, "lua.caches", 0);
        number(ctx, "functions.caches", 0);
    }

    private static void sums(CommandContext ctx, MemoryUse use) {
        number(ctx, "overhead.total", use.overheadBytes());
        number(ctx, "keys.count", use.keyCount());
        number(ctx, "keys.bytes-per-key", use.bytesPerKey());
        number(ctx, "dataset.bytes", use.datasetBytes());
        real(ctx, "dataset.percentage", use.datasetPercent());
        real(ctx, "peak.percentage", use.peakPercent());
        number(ctx, "allocator.allocated", use.dataBytes());
        number(ctx, "allocator.active", use.reservedBytes());
        number(ctx, "allocator.resident", use.reservedBytes());
        real(ctx, "allocator-fragmentation.ratio", use.allocatorRatio());
        number(ctx, "allocator-fragmentation.bytes", use.reservedBytes() - use.dataBytes());
        real(ctx, "rss-overhead.ratio", use.processToReservedRatio());
        number(ctx, "rss-overhead.bytes", use.rssBytes() - use.reservedBytes());
        real(ctx, "fragmentation", use.processRatio());
        number(ctx, "fragmentation.bytes", use.rssBytes() - use.usedBytes());
    }

    private static void number(CommandContext ctx, String name, long value) {
        ctx.reply().bulk(name);
        ctx.reply().integer(value);
    }

    private static void real(CommandContext ctx, String name, double value) {
        ctx.reply().bulk(name);
        ctx.reply().real(value);
    }

    private void doctor(CommandContext ctx) {
        var use = MemoryUse.of(ShardReport.all(ctx, shards), ProcessStatus.now());
        ctx.reply().verbatim("txt", MemoryDoctor.report(use, config));
    }

    private void allocators(CommandContext ctx) {
        var text = new StringBuilder();
        for (ShardReport report : ShardReport.all(ctx, shards)) {
            var memory = report.memory();
            text.append(String.format(
                    Locale.ROOT,
                    "shard %d: slabs: %d bytes live, %d bytes reserved; buffers: %d bytes\n",
                    report.id(),
                    memory.dataBytes(),
                    memory.reservedBytes(),
                    memory.bufferBytes()));
        }
        ctx.reply().verbatim("txt", text.toString());
    }

    private void purge(CommandContext ctx) {
        List<Boolean> _ = ctx.everywhere(there -> {
            Shard shard = shards.at(there.shardId());
            shard.databases().trim();
            shard.chunks().trim();
            shard.databases().allocator().trim();
            return true;
        });
        ctx.reply().ok();
    }
}
