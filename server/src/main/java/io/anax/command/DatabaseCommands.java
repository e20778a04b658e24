package io.anax.command;

import io.anax.keyspace.Database;
import io.anax.keyspace.Databases;
import io.anax.memory.Memory;
import io.anax.table.Entry;
import io.anax.types.StringValue;
import io.anax.types.Type;

/// Commands on whole databases, and those that take a key from one database to another.
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
        var from = ctx.db();
        var destination = ctx.db(to);
        if (from == destination && KeyCommands.sameKeys(ctx)) {
            throw CommandException.SAME_OBJECT;
        }
        boolean copies = KeyCommands.find(ctx, 1) != Database.NONE
                && (replace || KeyCommands.peek(ctx, destination, 2) == Database.NONE);
        if (copies) {
            copyString(ctx, from, destination);
        }
        ctx.reply().integer(copies ? 1 : 0);
    }

    /// Strings are all there is so far; a copy outside, because putting may move the original.
    private static void copyString(CommandContext ctx, Database from, Database to) {
        long entry = KeyCommands.peek(ctx, from, 1);
        assert Entry.type(entry) == Type.STRING.number() : "only strings can be copied";
        long deadline = Entry.deadline(entry);
        if (StringCommands.isNumber(entry)) {
            to.putInteger(
                    ctx.hash(2), ctx.argument(2), ctx.length(2), StringValue.integer(entry), deadline, ctx.nowMillis());
            return;
        }
        long size = StringValue.length(entry);
        long room = Math.max(1, size);
        long copy = Memory.allocate(room);
        try {
            Memory.copy(StringValue.bytes(entry, 0), copy, size);
            to.putString(ctx.hash(2), ctx.argument(2), ctx.length(2), copy, size, deadline, ctx.nowMillis());
        } finally {
            Memory.free(copy, room);
        }
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

    // ---- whole databases ------------------------------------------------------------------------

    static void databaseSize(CommandContext ctx) {
        ctx.reply().integer(ctx.db().size());
    }

    static void flushAll(CommandContext ctx) {
        checkFlush(ctx);
        ctx.databases().clear(Databases.DEFAULT_TENANT);
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
