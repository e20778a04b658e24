package io.anax.command;

import io.anax.memory.LongList;
import io.anax.table.Cursor;
import io.anax.table.Entry;
import io.anax.types.Type;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Walks over all keys: SCAN in steps, KEYS at once.
final class ScanCommands {
    private static final int COUNT_USUAL = 10;
    private static final int CURSOR_DIGITS_MAX = 20;

    private ScanCommands() {}

    static void keys(CommandContext ctx) {
        var out = new LongList();
        long position = 0;
        do {
            position = ctx.db().scan(position, out);
        } while (position != 0);
        keep(ctx, out, 1, null);
        reply(ctx, out);
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
        var out = new LongList();
        long position = Cursor.position(cursor);
        do {
            position = ctx.db().scan(position, out);
        } while (position != 0 && out.size() < count);
        keep(ctx, out, pattern, type);
        ctx.reply().array(2);
        ctx.reply().bulkInteger(Cursor.next(ctx.shardId(), position, ctx.shardCount()));
        reply(ctx, out);
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

    /// Leaves those that live, match the pattern at argument `pattern` (0: any) and have the type.
    private static void keep(CommandContext ctx, LongList entries, int pattern, @Nullable String type) {
        int kept = 0;
        for (int i = 0; i < entries.size(); i++) {
            long entry = entries.get(i);
            boolean wanted = Entry.deadline(entry) > ctx.nowMillis()
                    && (type == null || type.equals(Type.of(Entry.type(entry)).label()))
                    && (pattern == 0
                            || Glob.matches(
                                    ctx.argument(pattern),
                                    ctx.length(pattern),
                                    Entry.key(entry),
                                    Entry.keyLength(entry)));
            if (wanted) {
                entries.set(kept++, entry);
            }
        }
        entries.truncate(kept);
    }

    private static void reply(CommandContext ctx, LongList entries) {
        ctx.reply().array(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            ctx.reply().bulk(Entry.key(entries.get(i)), Entry.keyLength(entries.get(i)));
        }
    }
}
