package io.anax.server;

import static io.anax.command.CommandFamily.family;
import static io.anax.command.CommandFlag.ADMIN;
import static io.anax.command.CommandFlag.LOADING;
import static io.anax.command.CommandFlag.STALE;

import io.anax.command.CommandContext;
import io.anax.command.CommandException;
import io.anax.command.CommandFamily;
import io.anax.engine.ShardSet;
import io.anax.engine.Slowlog;
import io.anax.protocol.ReplyWriter;
import java.util.Comparator;
import java.util.List;

/// SLOWLOG: the last slow commands. Each shard keeps its own; here they are one, by time.
final class SlowlogCommands {
    private static final int COUNT = 10; // of GET without a number
    private static final int FIELDS = 6;
    private static final CommandException BAD_COUNT =
            CommandException.error("ERR count should be greater than or equal to -1");

    private final ShardSet shards;
    private final Config config;

    SlowlogCommands(ShardSet shards, Config config) {
        this.shards = shards;
        this.config = config;
    }

    /// An entry with the number that it has among those of all shards.
    private record Numbered(long id, Slowlog.Entry entry) {}

    CommandFamily commands() {
        return family("server")
                .container("SLOWLOG")
                .doc("Depends on subcommand.", "2.2.12", "Shows the last slow commands.")
                .add("SLOWLOG GET [count]", this::get, ADMIN, LOADING, STALE)
                .doc(
                        "O(N) where N is the number of entries returned",
                        "2.2.12",
                        "Returns the last entries, the newest first (10, or count; -1: all): number, second,"
                                + " microseconds, arguments, address and name of the client.")
                .help("SLOWLOG")
                .add("SLOWLOG LEN", this::length, ADMIN, LOADING, STALE)
                .doc("O(1)", "2.2.12", "Counts the entries.")
                .add("SLOWLOG RESET", this::reset, ADMIN, LOADING, STALE)
                .doc("O(N) where N is the number of entries", "2.2.12", "Removes all entries.");
    }

    private void get(CommandContext ctx) {
        if (ctx.count() > 3) {
            throw CommandException.subcommandSyntax(ctx.bytes(1), "slowlog");
        }
        long count = Math.min(count(ctx), config.number(Directive.SLOWLOG_MAX_LEN));
        var entries = ctx.everywhere(there -> newest(there.shardId(), count)).stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong((Numbered numbered) -> numbered.entry.millis())
                        .thenComparingLong(Numbered::id)
                        .reversed())
                .limit(count)
                .toList();
        ctx.reply().array(entries.size());
        entries.forEach(numbered -> write(ctx.reply(), numbered));
    }

    private static long count(CommandContext ctx) {
        if (ctx.count() == 2) {
            return COUNT;
        }
        long count;
        try {
            count = ctx.integer(2);
        } catch (CommandException _) {
            throw BAD_COUNT;
        }
        if (count < -1) {
            throw BAD_COUNT;
        }
        return count == -1 ? Long.MAX_VALUE : count;
    }

    /// The numbers of a shard are all equal modulo the number of shards: so all are different.
    private List<Numbered> newest(int shardId, long count) {
        return slowlog(shardId).newest(count).stream()
                .map(entry -> new Numbered(entry.number() * shards.count() + shardId, entry))
                .toList();
    }

    private static void write(ReplyWriter reply, Numbered numbered) {
        Slowlog.Entry entry = numbered.entry;
        reply.array(FIELDS);
        reply.integer(numbered.id);
        reply.integer(entry.millis() / 1000);
        reply.integer(entry.micros());
        reply.array(entry.arguments().size());
        entry.arguments().forEach(reply::bulk);
        reply.bulk(entry.address());
        reply.bulk(entry.name());
    }

    /// Together they show no more than one of them may keep.
    private void length(CommandContext ctx) {
        long sum = ctx.everywhere(there -> slowlog(there.shardId()).length()).stream()
                .mapToLong(Integer::longValue)
                .sum();
        ctx.reply().integer(Math.min(sum, config.number(Directive.SLOWLOG_MAX_LEN)));
    }

    private void reset(CommandContext ctx) {
        List<Boolean> _ = ctx.everywhere(there -> {
            slowlog(there.shardId()).reset();
            return true;
        });
        ctx.reply().ok();
    }

    private Slowlog slowlog(int shardId) {
        return shards.at(shardId).statistics().slowlog();
    }
}
