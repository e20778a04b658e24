package io.anax.command;

import io.anax.Limits;
import io.anax.keyspace.Database;
import io.anax.keyspace.Databases;
import io.anax.keyspace.Parcel;
import io.anax.memory.Memory;
import io.anax.table.Entry;
import io.anax.types.Value;
import java.util.List;
import java.util.Optional;

/// Commands on whole databases, those that take a key from one database to another, and RANDOMKEY.
final class DatabaseCommands {
    private static final CommandException BAD_FIRST = CommandException.error("ERR invalid first DB index");
    private static final CommandException BAD_SECOND = CommandException.error("ERR invalid second DB index");

    private DatabaseCommands() {}

    static void move(CommandContext ctx) {
        int to = database(ctx, 2, CommandException.NOT_AN_INTEGER);
        if (to == ctx.session().database()) {
            throw CommandException.SAME_OBJECT;
        }
        var from = ctx.db();
        var destination = ctx.db(to);
        boolean moves = KeyCommands.peek(ctx, from, 1) != Database.NONE
                && KeyCommands.peek(ctx, destination, 1) == Database.NONE;
        if (moves) {
            from.moveFound(destination, ctx.hash(1), ctx.argument(1), ctx.length(1), ctx.nowMillis());
        }
        ctx.reply().integer(moves ? 1 : 0);
    }

    static void copy(CommandContext ctx) {
        int to = ctx.session().database();
        boolean replace = false;
        for (int i = 3; i < ctx.count(); i++) {
            if (ctx.is(i, "replace")) {
                replace = true;
            } else if (ctx.is(i, "db") && i + 1 < ctx.count()) {
                to = database(ctx, ++i, CommandException.NOT_AN_INTEGER);
            } else {
                throw CommandException.SYNTAX;
            }
        }
        if (to == ctx.session().database() && KeyCommands.sameKeys(ctx)) {
            throw CommandException.SAME_OBJECT;
        }
        boolean copies = copy(ctx, to, replace);
        ctx.reply().integer(copies ? 1 : 0);
    }

    private static boolean copy(CommandContext ctx, int to, boolean replace) {
        long source = KeyCommands.peek(ctx, ctx.db(), 1);
        boolean isLong = source != Database.NONE && Value.partsBytes(source) > Limits.COPY_PIECE_BYTES;
        if (isLong || ctx.shardOf(1) != ctx.shardOf(2)) {
            ctx.needFiber();
        }
        boolean copies = KeyCommands.find(ctx, 1) != Database.NONE
                && (replace || ctx.at(2, there -> KeyCommands.peek(there, there.db(to), 2) == Database.NONE));
        if (copies) {
            try (var parcel = Parcel.toCopy(KeyCommands.peek(ctx, ctx.db(), 1), ctx::checkpoint)) {
                KeyCommands.deliver(ctx, parcel, to);
            }
        }
        return copies;
    }

    private static int database(CommandContext ctx, int i, CommandException notANumber) {
        long index;
        try {
            index = ctx.integer(i);
        } catch (CommandException e) {
            throw notANumber;
        }
        if (index < Integer.MIN_VALUE || index > Integer.MAX_VALUE) {
            throw notANumber;
        }
        if (index < 0 || index >= ctx.databaseCount()) {
            throw CommandException.DB_INDEX_OUT_OF_RANGE;
        }
        return (int) index;
    }

    // ---- some key -------------------------------------------------------------------------------

    /// Draws a shard, as likely as it has keys, then one of its keys.
    static void randomKey(CommandContext ctx) {
        var sizes = ctx.everywhere(there -> there.db().size());
        Optional<byte[]> name = Optional.empty();
        while (name.isEmpty() && sum(sizes) > 0) {
            name = ctx.atShard(drawn(ctx, sizes), DatabaseCommands::randomName);
            if (name.isEmpty()) { // it came across expired keys only, which are gone now
                ctx.needFiber();
                ctx.checkpoint();
                sizes = ctx.everywhere(there -> there.db().size());
            }
        }
        name.ifPresentOrElse(ctx.reply()::bulk, ctx.reply()::nil);
    }

    private static long sum(List<Long> sizes) {
        return sizes.stream().mapToLong(Long::longValue).sum();
    }

    private static int drawn(CommandContext ctx, List<Long> sizes) {
        long key = ctx.databases().draw(sum(sizes));
        int shard = 0;
        while (key >= sizes.get(shard)) {
            key -= sizes.get(shard++);
        }
        return shard;
    }

    private static Optional<byte[]> randomName(CommandContext there) {
        long entry = there.db().randomEntry(there.nowMillis());
        return entry == Database.NONE
                ? Optional.empty()
                : Optional.of(Memory.bytes(Entry.key(entry), Entry.keyLength(entry)));
    }

    // ---- whole databases ------------------------------------------------------------------------

    static void databaseSize(CommandContext ctx) {
        ctx.reply().integer(ctx.db().size());
    }

    static void flushAll(CommandContext ctx) {
        checkFlush(ctx);
        KeyCommands.sliceWhenMany(ctx, ctx.databases().existing().size());
        ctx.databases().clear(Databases.DEFAULT_TENANT, ctx::checkpoint);
        ctx.reply().ok();
    }

    static void flushDatabase(CommandContext ctx) {
        checkFlush(ctx);
        ctx.db().clear();
        ctx.reply().ok();
    }

    /// Either way keys are gone at once and their memory comes back in slices: nobody waits for it.
    private static void checkFlush(CommandContext ctx) {
        boolean known = ctx.count() == 1 || ctx.count() == 2 && (ctx.is(1, "async") || ctx.is(1, "sync"));
        if (!known) {
            throw CommandException.SYNTAX;
        }
    }

    static void swapDatabases(CommandContext ctx) {
        int first = database(ctx, 1, BAD_FIRST);
        int second = database(ctx, 2, BAD_SECOND);
        ctx.databases().swap(Databases.DEFAULT_TENANT, first, second);
        ctx.reply().ok();
    }
}
