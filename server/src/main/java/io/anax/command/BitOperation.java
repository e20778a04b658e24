package io.anax.command;

import io.anax.Limits;
import io.anax.keyspace.Database;
import io.anax.memory.Memory;
import io.anax.table.Entry;
import io.anax.types.BitFold;
import io.anax.types.StringValue;
import io.anax.types.Type;

/// BITOP: what it computes of its sources, and how, piece by piece:
///
/// ```
///             piece 0   piece 1   …            for each piece
///   source 1  [=======] [=======] [==]           for each source, on its shard
///   source 2  [=======] [===]                      fold its part of the piece into the result
///   result    [=======] [=======] [==]         the result becomes the value of the destination
/// ```
///
/// So the peak is the result and nothing else, and no shard works longer than a piece. The result comes
/// from the allocator of the destination's shard.
enum BitOperation {
    AND("and", BitFold.COPY, BitFold.AND),
    OR("or", BitFold.COPY, BitFold.OR),
    XOR("xor", BitFold.COPY, BitFold.XOR),
    NOT("not", BitFold.NOT, BitFold.NOT),
    /// In the first source and in none of the others.
    DIFF("diff", BitFold.COPY, BitFold.AND_NOT),
    /// Not in the first source, but in some other.
    DIFF1("diff1", BitFold.COPY, BitFold.OR, BitFold.AND_NOT),
    /// In the first source and in some other.
    ANDOR("andor", BitFold.COPY, BitFold.OR, BitFold.AND),
    /// In exactly one of the sources.
    ONE("one", BitFold.COPY, BitFold.ONCE);

    private static final BitOperation[] ALL = values();
    private static final int DESTINATION = 2;
    private static final int FIRST_SOURCE = 3;
    private static final CommandException ONE_SOURCE =
            CommandException.error("ERR BITOP NOT must be called with a single source key.");

    private final String word;
    private final BitFold begin;
    private final BitFold next;
    private final BitFold end;
    private final boolean firstComesLast;

    BitOperation(String word, BitFold begin, BitFold next) {
        this(word, begin, next, next, false);
    }

    /// With the first source folded in last.
    BitOperation(String word, BitFold begin, BitFold next, BitFold end) {
        this(word, begin, next, end, true);
    }

    BitOperation(String word, BitFold begin, BitFold next, BitFold end, boolean firstComesLast) {
        this.word = word;
        this.begin = begin;
        this.next = next;
        this.end = end;
        this.firstComesLast = firstComesLast;
    }

    static void bitOp(CommandContext ctx) {
        BitOperation operation = named(ctx);
        operation.checkCount(ctx);
        long size = longestSource(ctx);
        if (size == 0) {
            ctx.at(DESTINATION, BitOperation::remove);
        } else {
            operation.compute(ctx, size);
        }
        ctx.reply().integer(size);
    }

    private static BitOperation named(CommandContext ctx) {
        for (BitOperation operation : ALL) {
            if (ctx.is(1, operation.word)) {
                return operation;
            }
        }
        throw CommandException.SYNTAX;
    }

    private void checkCount(CommandContext ctx) {
        int sources = ctx.count() - FIRST_SOURCE;
        if (this == NOT && sources != 1) {
            throw ONE_SOURCE;
        }
        boolean needsTwo = this == DIFF || firstComesLast;
        if (needsTwo && sources < 2) {
            throw CommandException.error("ERR BITOP " + name() + " must be called with at least two source keys.");
        }
    }

    /// Looks at every source, so that a value of another type is found before anything is done.
    private static long longestSource(CommandContext ctx) {
        long longest = 0;
        long together = 0;
        for (int i = FIRST_SOURCE; i < ctx.count(); i++) {
            int source = i;
            long length = ctx.at(i, there -> length(there, source));
            longest = Math.max(longest, length);
            together += length;
        }
        if (Math.max(longest, together) > Limits.BITS_AT_ONCE_BYTES_MAX) {
            ctx.needFiber();
        }
        return longest;
    }

    private static long length(CommandContext there, int source) {
        long entry = StringCommands.find(there, source);
        return entry == Database.NONE ? 0 : StringValue.length(entry);
    }

    private static boolean remove(CommandContext there) {
        return there.db()
                .remove(
                        there.hash(DESTINATION),
                        there.argument(DESTINATION),
                        there.length(DESTINATION),
                        there.nowMillis());
    }

    private void compute(CommandContext ctx, long size) {
        long result = ctx.at(DESTINATION, there -> there.db().allocator().allocate(size));
        boolean isKept = false;
        try {
            fold(ctx, result, size);
            isKept = ctx.at(DESTINATION, there -> put(there, result, size));
        } finally {
            if (!isKept) {
                ctx.at(DESTINATION, there -> free(there, result, size));
            }
        }
    }

    private static boolean free(CommandContext there, long result, long size) {
        there.db().allocator().free(result, size);
        return true;
    }

    private void fold(CommandContext ctx, long result, long size) {
        long pieceSize = Math.min(size, Limits.BITOP_PIECE_BYTES);
        long twice = this == ONE ? Memory.allocate(pieceSize) : Memory.NONE;
        try {
            for (long from = 0; from < size; from += pieceSize) {
                foldPiece(ctx, result + from, from, Math.min(pieceSize, size - from), twice);
            }
        } finally {
            if (twice != Memory.NONE) {
                Memory.free(twice, pieceSize);
            }
        }
    }

    private void foldPiece(CommandContext ctx, long result, long from, long size, long twice) {
        if (twice != Memory.NONE) {
            Memory.fill(twice, size, (byte) 0);
        }
        int first = firstComesLast ? FIRST_SOURCE + 1 : FIRST_SOURCE;
        for (int i = first; i < ctx.count(); i++) {
            foldSource(ctx, i, i == first ? begin : next, result, from, size, twice);
        }
        if (firstComesLast) {
            foldSource(ctx, FIRST_SOURCE, end, result, from, size, twice);
        }
    }

    private static void foldSource(
            CommandContext ctx, int source, BitFold fold, long result, long from, long size, long twice) {
        ctx.at(source, there -> {
            fold(there, source, fold, result, from, size, twice);
            return true;
        });
        ctx.checkpoint();
    }

    private static void fold(
            CommandContext there, int source, BitFold fold, long result, long from, long size, long twice) {
        long entry =
                there.db().peek(there.hash(source), there.argument(source), there.length(source), there.nowMillis());
        long length = entry == Database.NONE ? 0 : StringValue.length(entry);
        long scratch = BitmapCommands.scratch(entry);
        try {
            long bytes = length == 0 ? Memory.NONE : StringValue.bytes(entry, scratch) + from;
            fold.apply(result, size, twice, bytes, Math.clamp(length - from, 0, size));
        } finally {
            BitmapCommands.free(scratch);
        }
    }

    /// Whether the result's memory belongs to the value now; what fits into the entry is copied.
    private static boolean put(CommandContext there, long result, long size) {
        int encoding = StringValue.rawEncoding(size);
        var db = there.db();
        long hash = there.hash(DESTINATION);
        long entry = db.put(
                hash,
                there.argument(DESTINATION),
                there.length(DESTINATION),
                Type.STRING,
                encoding,
                StringValue.valueSize(encoding, size),
                Database.NEVER,
                there.nowMillis());
        boolean isKept = encoding == StringValue.LARGE;
        if (isKept) {
            StringValue.writeLarge(Entry.value(entry), result, size);
        } else {
            StringValue.write(db.allocator(), Entry.value(entry), encoding, result, size);
        }
        db.changed(hash);
        return isKept;
    }
}
