package io.anax.command;

import io.anax.Limits;
import io.anax.keyspace.Database;
import io.anax.keyspace.WrongTypeException;
import io.anax.memory.LongList;
import io.anax.memory.Memory;

/// LCS: what two strings have in common, in order, gaps allowed. The textbook's table in raw memory:
///
/// ```
///   length(i, j) = the longest of the first i bytes of one string and the first j of the other
///   (oneSize + 1) rows of (otherSize + 1) numbers of 4 B; the way back from the last gives the bytes
/// ```
final class LongestCommonSubsequence {
    private static final CommandException NOT_STRINGS =
            CommandException.error("ERR The specified keys must contain string values");
    private static final CommandException LENGTH_AND_INDEXES =
            CommandException.error("ERR If you want both the length and indexes, please just use IDX.");
    private static final CommandException TOO_LARGE =
            CommandException.error("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");

    private final byte[] one;
    private final byte[] other;
    private final long rowSize;
    private final long table;
    private final LongList matches = new LongList(); // begin in one, begin in other, length; last first

    private LongestCommonSubsequence(byte[] one, byte[] other, long table) {
        this.one = one;
        this.other = other;
        this.table = table;
        rowSize = (other.length + 1L) * Integer.BYTES;
    }

    static void lcs(CommandContext ctx) {
        byte[] one = text(ctx, 1);
        byte[] other = text(ctx, 2);
        boolean length = false;
        boolean indexes = false;
        boolean lengths = false;
        long shortest = 0;
        for (int i = 3; i < ctx.count(); i++) {
            if (ctx.is(i, "idx")) {
                indexes = true;
            } else if (ctx.is(i, "len")) {
                length = true;
            } else if (ctx.is(i, "withmatchlen")) {
                lengths = true;
            } else if (ctx.is(i, "minmatchlen") && i + 1 < ctx.count()) {
                shortest = ctx.integer(++i);
            } else {
                throw CommandException.SYNTAX;
            }
        }
        if (length && indexes) {
            throw LENGTH_AND_INDEXES;
        }
        long size = (one.length + 1L) * (other.length + 1L) * Integer.BYTES;
        if (size > Limits.STRING_BYTES_MAX) {
            throw TOO_LARGE;
        }
        long table = Memory.allocate(size);
        try {
            var search = new LongestCommonSubsequence(one, other, table);
            search.fill();
            search.reply(ctx, length, indexes, lengths, shortest);
        } finally {
            Memory.free(table, size);
        }
    }

    private static byte[] text(CommandContext ctx, int i) {
        try {
            long entry = StringCommands.find(ctx, i);
            return entry == Database.NONE ? new byte[0] : StringCommands.bytes(entry);
        } catch (WrongTypeException e) {
            throw NOT_STRINGS;
        }
    }

    private int length(int i, int j) {
        return Memory.getInt(table + i * rowSize + (long) j * Integer.BYTES);
    }

    private void fill() {
        for (int i = 0; i <= one.length; i++) {
            for (int j = 0; j <= other.length; j++) {
                Memory.putInt(table + i * rowSize + (long) j * Integer.BYTES, longest(i, j));
            }
        }
    }

    private int longest(int i, int j) {
        if (i == 0 || j == 0) {
            return 0;
        }
        return one[i - 1] == other[j - 1] ? length(i - 1, j - 1) + 1 : Math.max(length(i - 1, j), length(i, j - 1));
    }

    private void reply(CommandContext ctx, boolean length, boolean indexes, boolean lengths, long shortest) {
        int longest = length(one.length, other.length);
        if (length) {
            ctx.reply().integer(longest);
            return;
        }
        byte[] common = wayBack(longest);
        if (!indexes) {
            ctx.reply().bulk(common);
            return;
        }
        ctx.reply().map(2);
        ctx.reply().bulk("matches");
        replyMatches(ctx, lengths, shortest);
        ctx.reply().bulk("len");
        ctx.reply().integer(longest);
    }

    /// Walks from the end to the beginning; collects the bytes and the runs that they form.
    private byte[] wayBack(int longest) {
        byte[] common = new byte[longest];
        int left = longest;
        int run = 0;
        int i = one.length;
        int j = other.length;
        while (i > 0 && j > 0) {
            if (one[i - 1] == other[j - 1]) {
                common[--left] = one[--i];
                j--;
                run++;
            } else {
                run = note(i, j, run);
                if (length(i - 1, j) > length(i, j - 1)) {
                    i--;
                } else {
                    j--;
                }
            }
        }
        note(i, j, run);
        return common;
    }

    private int note(int i, int j, int run) {
        if (run > 0) {
            matches.add(i);
            matches.add(j);
            matches.add(run);
        }
        return 0;
    }

    private void replyMatches(CommandContext ctx, boolean lengths, long shortest) {
        int count = 0;
        for (int m = 0; m < matches.size(); m += 3) {
            count += matches.get(m + 2) >= shortest ? 1 : 0;
        }
        ctx.reply().array(count);
        for (int m = 0; m < matches.size(); m += 3) {
            long run = matches.get(m + 2);
            if (run >= shortest) {
                ctx.reply().array(lengths ? 3 : 2);
                replyRange(ctx, matches.get(m), run);
                replyRange(ctx, matches.get(m + 1), run);
                if (lengths) {
                    ctx.reply().integer(run);
                }
            }
        }
    }

    private static void replyRange(CommandContext ctx, long begin, long length) {
        ctx.reply().array(2);
        ctx.reply().integer(begin);
        ctx.reply().integer(begin + length - 1);
    }
}
