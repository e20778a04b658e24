package io.anax.command;

import io.anax.keyspace.Database;
import io.anax.keyspace.Databases;
import io.anax.keyspace.Expiry;
import io.anax.keyspace.Parcel;
import io.anax.memory.LongList;
import io.anax.memory.Memory;
import io.anax.table.Entry;
import io.anax.types.Value;
import java.util.Arrays;
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
        if (!replace && ctx.at(2, there -> KeyCommands.peek(there, there.db(to), 2) != Database.NONE)) {
            return false;
        }
        var packed = ctx.at(1, DatabaseCommands::packedToCopy);
        if (packed.isEmpty()) {
            return false;
        }
        try (var parcel = packed.get()) {
            parcel.chargeTo(ctx.databases().workspace());
            return ctx.at(2, there -> KeyCommands.unpacked(there, parcel, there.db(to)));
        }
    }

    private static Optional<Parcel> packedToCopy(CommandContext there) {
        long source = KeyCommands.peek(there, there.db(), 1);
        if (source != Database.NONE) {
            KeyCommands.sliceWhenLong(there, Value.packedBytes(source));
        }
        long found = KeyCommands.find(there, 1); // once, since it counts
        return found == Database.NONE ? Optional.empty() : Optional.of(Parcel.toCopy(found, there::checkpoint));
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

    /// Draws a shard, as likely as it has keys, then one of its keys. A shard whose keys have all
    /// expired is not drawn again.
    static void randomKey(CommandContext ctx) {
        long[] sizes = ctx.everywhere(there -> there.db().size()).stream()
                .mapToLong(Long::longValue)
                .toArray();
        Optional<byte[]> name = Optional.empty();
        for (long all = sum(sizes); name.isEmpty() && all > 0; all = sum(sizes)) {
            int shard = shardOf(ctx.databases().draw(all), sizes);
            name = ctx.atShard(shard, DatabaseCommands::randomName);
            sizes[shard] = 0;
        }
        name.ifPresentOrElse(ctx.reply()::bulk, ctx.reply()::nil);
    }

    private static long sum(long[] sizes) {
        return Arrays.stream(sizes).sum();
    }

    /// Which shard has this key, when all keys are counted through.
    private static int shardOf(long key, long[] sizes) {
        long before = 0;
        int shard = 0;
        while (key >= before + sizes[shard]) {
            before += sizes[shard++];
        }
        return shard;
    }

    private static Optional<byte[]> randomName(CommandContext there) {
        long entry = there.db().randomEntry(there.nowMillis());
        if (entry == Database.NONE) {
            entry = firstAlive(there);
        }
        return entry == Database.NONE
                ? Optional.empty()
                : Optional.of(Memory.bytes(Entry.key(entry), Entry.keyLength(entry)));
    }

    /// Where nearly all keys have expired, any that has not will do.
    private static long firstAlive(CommandContext there) {
        KeyCommands.sliceWhenMany(there, there.db().size());
        var batch = new LongList();
        long position = 0;
        do {
            there.checkpoint();
            position = there.db().scan(position, batch);
            for (int i = 0; i < batch.size(); i++) {
                if (!Expiry.isExpired(batch.get(i), there.nowMillis())) {
                    return batch.get(i);
                }
            }
            batch.clear();
        } while (position != 0);
        return Database.NONE;
    }

    // ---- whole databases ------------------------------------------------------------------------

    static void databaseSize(CommandContext ctx) {
        ctx.reply().integer(ctx.db().size());
    }

    static void flushAll(CommandContext ctx) {
        checkFlush(ctx);
        KeyCommands.sliceWhenMany(ctx, ctx.databases().indexCount(Databases.DEFAULT_TENANT));
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
