package io.anax.command;

import io.anax.Limits;
import io.anax.keyspace.Database;
import io.anax.keyspace.WrongTypeException;
import io.anax.memory.LongList;
import io.anax.memory.Memory;
import io.anax.table.Entry;
import io.anax.types.StringValue;
import io.anax.types.Type;

/// LCS: what two strings have in common, in order, gaps allowed. The textbook's table in raw memory:
///
/// ```
///   length(i, j) = the longest of the first i bytes of one string and the first j of the other
///   (one.size + 1) rows of (other.size + 1) numbers of 4 B; the way back from the last gives the bytes
/// ```
///
/// Filled in slices: a table may have 128M cells.
final class LongestCommonSubsequence {
    private static final CommandException NOT_STRINGS =
            CommandException.error("ERR The specified keys must contain string values");
    private static final CommandException LENGTH_AND_INDEXES =
            CommandException.error("ERR If you want both the length and indexes, please just use IDX.");
    private static final CommandException TOO_LARGE =
            CommandException.error("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");

    /// The bytes of one string, in memory of no shard.
    private record Text(long address, long size) implements AutoCloseable {
        static Text allocated(long size) {
            return new Text(Memory.allocate(Math.max(1, size)), size);
        }

        byte at(long i) {
            return Memory.getByte(address + i);
        }

        @Override
        public void close() {
            Memory.free(address, Math.max(1, size));
        }
    }

    private record Options(boolean length, boolean indexes, boolean lengths, long shortest) {}

    private final CommandContext ctx;
    private final Text one;
    private final Text other;
    private final long rowSize;
    private final long table;
    private final LongList matches = new LongList(); // begin in one, begin in other, length; last first
    private int work; // cells since the last checkpoint

    private LongestCommonSubsequence(CommandContext ctx, Text one, Text other, long table) {
        this.ctx = ctx;
        this.one = one;
        this.other = other;
        this.table = table;
        rowSize = (other.size + 1) * Integer.BYTES;
    }

    static void lcs(CommandContext ctx) {
        if (ctx.shardOf(1) != ctx.shardOf(2) || ctx.at(1, LongestCommonSubsequence::isLong)) {
            ctx.needFiber();
        }
        try (var one = ctx.at(1, there -> text(there, 1));
                var other = ctx.at(2, there -> text(there, 2))) {
            search(ctx, one, other, options(ctx));
        }
    }

    private static boolean isLong(CommandContext there) {
        return cells(size(there, 1), size(there, 2)) > Limits.LCS_CELLS_AT_ONCE_MAX;
    }

    /// Bytes of a string; 0 where there is none, or something else.
    private static long size(CommandContext ctx, int i) {
        long entry = KeyCommands.peek(ctx, ctx.db(), i);
        return entry == Database.NONE || Entry.type(entry) != Type.STRING.number() ? 0 : StringValue.length(entry);
    }

    private static long cells(long oneSize, long otherSize) {
        return (oneSize + 1) * (otherSize + 1);
    }

    private static Text text(CommandContext there, int i) {
        KeyCommands.sliceWhenLong(there, size(there, i));
        long entry;
        try {
            entry = StringCommands.find(there, i);
        } catch (WrongTypeException e) {
            throw NOT_STRINGS;
        }
        var text = Text.allocated(entry == Database.NONE ? 0 : StringValue.length(entry));
        try {
            if (entry != Database.NONE) {
                StringValue.copyText(entry, text.address, there::checkpoint);
            }
        } catch (RuntimeException | Error e) {
            text.close();
            throw e;
        }
        return text;
    }

    private static Options options(CommandContext ctx) {
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
        return new Options(length, indexes, lengths, shortest);
    }

    private static void search(CommandContext ctx, Text one, Text other, Options options) {
        long size = cells(one.size, other.size) * Integer.BYTES;
        if (size > ctx.databases().thresholds().stringBytesMax()) {
            throw TOO_LARGE;
        }
        var workspace = ctx.databases().workspace();
        long table = workspace.allocate(size);
        workspace.charge(one.size + other.size);
        try {
            var search = new LongestCommonSubsequence(ctx, one, other, table);
            search.fill();
            search.reply(options);
        } finally {
            workspace.charge(-one.size - other.size);
            workspace.free(table, size);
        }
    }

    // ---- the table ------------------------------------------------------------------------------

    private int length(int i, int j) {
        return Memory.getInt(table + i * rowSize + (long) j * Integer.BYTES);
    }

    private void fill() {
        for (int i = 0; i <= one.size; i++) {
            for (int from = 0; from <= other.size; from += Limits.LCS_PIECE_CELLS) {
                int to = (int) Math.min(other.size + 1, from + Limits.LCS_PIECE_CELLS);
                if (i == 0) {
                    Memory.fill(table + (long) from * Integer.BYTES, (long) (to - from) * Integer.BYTES, (byte) 0);
                } else {
                    fill(i, from, to);
                }
                did(to - from);
            }
        }
    }

    /// A piece of row `i`; what is left of it and above it is there.
    private void fill(int i, int from, int to) {
        long row = table + i * rowSize;
        long above = row - rowSize;
        if (from == 0) {
            Memory.putInt(row, 0);
        }
        int first = Math.max(1, from);
        byte mine = one.at(i - 1);
        int left = length(i, first - 1);
        int diagonal = length(i - 1, first - 1);
        for (int j = first; j < to; j++) {
            int up = Memory.getInt(above + (long) j * Integer.BYTES);
            left = mine == other.at(j - 1) ? diagonal + 1 : Math.max(up, left);
            Memory.putInt(row + (long) j * Integer.BYTES, left);
            diagonal = up;
        }
    }

    private void did(int cells) {
        work += cells;
        if (work >= Limits.LCS_PIECE_CELLS) {
            work = 0;
            ctx.checkpoint();
        }
    }

    /// Walks from the end to the beginning; collects the bytes and the runs that they form.
    private byte[] wayBack(int longest) {
        byte[] common = new byte[longest]; // a table of 512 MB has at most 11,584 of them
        int left = longest;
        int run = 0;
        int i = (int) one.size;
        int j = (int) other.size;
        while (i > 0 && j > 0) {
            did(1);
            if (one.at(i - 1) == other.at(j - 1)) {
                common[--left] = one.at(--i);
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

    // ---- the reply ------------------------------------------------------------------------------

    private void reply(Options options) {
        int longest = length((int) one.size, (int) other.size);
        if (options.length) {
            ctx.reply().integer(longest);
            return;
        }
        byte[] common = wayBack(longest);
        if (!options.indexes) {
            ctx.reply().bulk(common);
            return;
        }
        ctx.reply().map(2);
        ctx.reply().bulk("matches");
        replyMatches(options);
        ctx.reply().bulk("len");
        ctx.reply().integer(longest);
    }

    private void replyMatches(Options options) {
        int count = 0;
        for (int m = 0; m < matches.size(); m += 3) {
            count += matches.get(m + 2) >= options.shortest ? 1 : 0;
        }
        ctx.reply().array(count);
        for (int m = 0; m < matches.size(); m += 3) {
            long run = matches.get(m + 2);
            if (run >= options.shortest) {
                ctx.reply().array(options.lengths ? 3 : 2);
                replyRange(matches.get(m), run);
                replyRange(matches.get(m + 1), run);
                if (options.lengths) {
                    ctx.reply().integer(run);
                }
            }
        }
    }

    private void replyRange(long begin, long length) {
        ctx.reply().array(2);
        ctx.reply().integer(begin);
        ctx.reply().integer(begin + length - 1);
    }
}
