package io.anax.command;

import io.anax.table.Cursor;
import java.util.Locale;

/// Walks over all keys: SCAN in steps, KEYS at once.
final class ScanCommands {
    private static final int COUNT_USUAL = 10;
    private static final int CURSOR_DIGITS_MAX = 20;

    private ScanCommands() {}

    static void keys(CommandContext ctx) {
        KeyCommands.sliceWhenMany(ctx, ctx.db().size());
        try (var names = new KeyNames(ctx, 1, null)) {
            long position = 0;
            do {
                position = names.walk(ctx, position);
                ctx.checkpoint();
            } while (position != 0);
            names.reply();
        }
    }

    static void scan(CommandContext ctx) {
        long cursor = cursor(ctx);
        long count = COUNT_USUAL;
        int pattern = 0;
        String type = null;
        for (int i = 2; i < ctx.count(); i += 2) {
            if (i + 1 == ctx.count()) {
                throw CommandException.SYNTAX;
            }
            if (ctx.is(i, "count")) {
                count = count(ctx, i + 1);
            } else if (ctx.is(i, "match")) {
                pattern = i + 1;
            } else if (ctx.is(i, "type")) {
                type = ctx.text(i + 1).toLowerCase(Locale.ROOT);
            } else {
                throw CommandException.SYNTAX;
            }
        }
        try (var names = new KeyNames(ctx, pattern, type)) {
            scan(ctx, names, Cursor.position(cursor), count);
        }
    }

    /// Goes on with the next shards while it has not seen as many keys as it may: who scans a small store
    /// with a large COUNT expects to be done at once.
    private static void scan(CommandContext ctx, KeyNames names, long from, long count) {
        int shard = ctx.shardId();
        long position = walk(ctx, names, from, count);
        while (position == 0 && shard + 1 < ctx.shardCount() && names.seen() < count) {
            shard++;
            position = ctx.atShard(shard, there -> walk(there, names, 0, count));
        }
        ctx.reply().array(2);
        ctx.reply().bulkInteger(Cursor.next(shard, position, ctx.shardCount()));
        names.reply();
    }

    private static long walk(CommandContext there, KeyNames names, long from, long count) {
        KeyCommands.sliceWhenMany(there, Math.min(count, there.db().size()));
        long position = from;
        do {
            position = names.walk(there, position);
            there.checkpoint();
        } while (position != 0 && names.seen() < count);
        return position;
    }

    private static long count(CommandContext ctx, int i) {
        long count = ctx.integer(i);
        if (count < 1) {
            throw CommandException.SYNTAX;
        }
        return count;
    }

    /// Any number of 64 bits, as Redis takes it, though we give out smaller ones only.
    private static long cursor(CommandContext ctx) {
        String text = ctx.text(1);
        String digits = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        if (digits.isEmpty()
                || digits.length() > CURSOR_DIGITS_MAX
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw CommandException.INVALID_CURSOR;
        }
        try {
            long value = Long.parseUnsignedLong(digits);
            return text.startsWith("-") ? -value : value;
        } catch (NumberFormatException e) {
            throw CommandException.INVALID_CURSOR;
        }
    }
}
