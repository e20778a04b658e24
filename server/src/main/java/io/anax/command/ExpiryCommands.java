package io.anax.command;

import io.anax.keyspace.Database;
import io.anax.table.Entry;

/// Commands that set and tell deadlines. A deadline that has passed deletes the key at once.
final class ExpiryCommands {
    private static final int NO_KEY = -2;
    private static final int NO_DEADLINE = -1;

    private static final int NX = 1;
    private static final int XX = 2;
    private static final int GT = 4;
    private static final int LT = 8;
    private static final CommandException NX_AND_OTHERS =
            CommandException.error("ERR NX and XX, GT or LT options at the same time are not compatible");
    private static final CommandException GT_AND_LT =
            CommandException.error("ERR GT and LT options at the same time are not compatible");

    private ExpiryCommands() {}

    static void expire(CommandContext ctx) {
        expire(ctx, true, ctx.nowMillis());
    }

    static void pexpire(CommandContext ctx) {
        expire(ctx, false, ctx.nowMillis());
    }

    static void expireAt(CommandContext ctx) {
        expire(ctx, true, 0);
    }

    static void pexpireAt(CommandContext ctx) {
        expire(ctx, false, 0);
    }

    private static void expire(CommandContext ctx, boolean seconds, long base) {
        int options = options(ctx);
        long deadline = deadline(ctx, seconds, base);
        var db = ctx.db();
        long entry = KeyCommands.peek(ctx, db, 1);
        if (entry == Database.NONE || !applies(options, Entry.deadline(entry), deadline)) {
            ctx.reply().integer(0);
            return;
        }
        if (deadline <= ctx.nowMillis()) {
            db.removeFound();
        } else {
            db.setDeadlineFound(deadline);
        }
        ctx.reply().integer(1);
    }

    private static int options(CommandContext ctx) {
        int options = 0;
        for (int i = 3; i < ctx.count(); i++) {
            options |= option(ctx, i);
        }
        if ((options & NX) != 0 && options != NX) {
            throw NX_AND_OTHERS;
        }
        if ((options & GT) != 0 && (options & LT) != 0) {
            throw GT_AND_LT;
        }
        return options;
    }

    private static int option(CommandContext ctx, int i) {
        if (ctx.is(i, "nx")) {
            return NX;
        }
        if (ctx.is(i, "xx")) {
            return XX;
        }
        if (ctx.is(i, "gt")) {
            return GT;
        }
        if (ctx.is(i, "lt")) {
            return LT;
        }
        throw CommandException.error("ERR Unsupported option " + CommandException.printable(ctx.text(i)));
    }

    /// May be negative, which is long past. Cut off where the stored one is, else GT would find a
    /// deadline later than itself.
    private static long deadline(CommandContext ctx, boolean seconds, long base) {
        long time = ctx.integer(2);
        if (seconds && (time > Long.MAX_VALUE / 1000 || time < Long.MIN_VALUE / 1000)) {
            throw StringOptions.invalid(ctx);
        }
        long millis = seconds ? time * 1000 : time;
        if (millis > Long.MAX_VALUE - base) {
            throw StringOptions.invalid(ctx);
        }
        return Math.min(millis + base, Entry.DEADLINE_MAX);
    }

    /// A key without a deadline lives longer than any: GT never applies to it, LT always does.
    private static boolean applies(int options, long old, long next) {
        boolean has = old != Database.NEVER;
        return !((options & NX) != 0 && has
                || (options & XX) != 0 && !has
                || (options & GT) != 0 && next <= old
                || (options & LT) != 0 && next >= old);
    }

    static void persist(CommandContext ctx) {
        var db = ctx.db();
        long entry = KeyCommands.peek(ctx, db, 1);
        boolean had = entry != Database.NONE && Entry.hasDeadline(entry);
        if (had) {
            db.setDeadlineFound(Database.NEVER);
        }
        ctx.reply().integer(had ? 1 : 0);
    }

    static void ttl(CommandContext ctx) {
        replyTime(ctx, ctx.nowMillis(), true);
    }

    static void pttl(CommandContext ctx) {
        replyTime(ctx, ctx.nowMillis(), false);
    }

    static void expireTime(CommandContext ctx) {
        replyTime(ctx, 0, true);
    }

    static void pexpireTime(CommandContext ctx) {
        replyTime(ctx, 0, false);
    }

    /// Seconds are rounded as Redis does: half a second up.
    private static void replyTime(CommandContext ctx, long base, boolean seconds) {
        long entry = KeyCommands.peek(ctx, ctx.db(), 1);
        if (entry == Database.NONE) {
            ctx.reply().integer(NO_KEY);
        } else if (!Entry.hasDeadline(entry)) {
            ctx.reply().integer(NO_DEADLINE);
        } else {
            long millis = Math.max(0, Entry.deadline(entry) - base);
            ctx.reply().integer(seconds ? (millis + 500) / 1000 : millis);
        }
    }
}
