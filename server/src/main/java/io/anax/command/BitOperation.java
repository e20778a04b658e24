package io.anax.command;

import io.anax.Limits;
import io.anax.keyspace.Database;
import io.anax.memory.Memory;
import io.anax.table.Entry;
import io.anax.types.BitFold;
import io.anax.types.StringValue;
import io.anax.types.Type;
import java.util.List;

/// BITOP: what it computes of its sources, and how, piece by piece:
///
/// ```
///             piece 0   piece 1   …            for each piece
///   source 1  [=======] [=======] [==]           on each shard of sources, for each of these
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
        KeyCommands.sliceWhenMany(ctx, ctx.count());
        try (var sources = new KeysByShard(ctx, FIRST_SOURCE, 1, ctx.count() - FIRST_SOURCE)) {
            long size = longestSource(ctx, sources);
            if (size == 0) {
                ctx.at(DESTINATION, BitOperation::remove);
            } else {
                operation.compute(ctx, sources, size);
            }
            ctx.reply().integer(size);
        }
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
    private static long longestSource(CommandContext ctx, KeysByShard sources) {
        Sizes sizes = new Sizes(0, 0);
        for (Sizes ofShard : sources.each(ctx, there -> sizes(there, sources))) {
            sizes = sizes.with(ofShard);
        }
        if (sizes.together > Limits.BITS_AT_ONCE_BYTES_MAX) {
            ctx.needFiber();
        }
        return sizes.longest;
    }

    /// Of some sources, in bytes.
    private record Sizes(long longest, long together) {
        Sizes with(Sizes others) {
            return new Sizes(Math.max(longest, others.longest), together + others.together);
        }
    }

    private static Sizes sizes(CommandContext there, KeysByShard sources) {
        int count = sources.count(there.shardId());
        KeyCommands.sliceWhenMany(there, count);
        long longest = 0;
        long together = 0;
        for (int k = 0; k < count; k++) {
            long entry = StringCommands.find(there, sources.position(there.shardId(), k));
            long length = entry == Database.NONE ? 0 : StringValue.length(entry);
            longest = Math.max(longest, length);
            together += length;
            there.checkpoint();
        }
        return new Sizes(longest, together);
    }

    private static boolean remove(CommandContext there) {
        return there.db()
                .remove(
                        there.hash(DESTINATION),
                        there.argument(DESTINATION),
                        there.length(DESTINATION),
                        there.nowMillis());
    }

    private void compute(CommandContext ctx, KeysByShard sources, long size) {
        long result = ctx.at(DESTINATION, there -> there.db().allocator().allocate(size));
        boolean isKept = false;
        try {
            fold(ctx, sources, result, size);
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

    /// A piece of the result, at its place, and what [BitFold#ONCE] needs beside.
    private record Piece(long result, long from, long size, long twice) {}

    private void fold(CommandContext ctx, KeysByShard sources, long result, long size) {
        long pieceSize = Math.min(size, Limits.BITOP_PIECE_BYTES);
        long twice = this == ONE ? Memory.allocate(pieceSize) : Memory.NONE;
        int first = firstComesLast ? FIRST_SOURCE + 1 : FIRST_SOURCE;
        try {
            for (long from = 0; from < size; from += pieceSize) {
                var piece = new Piece(result + from, from, Math.min(pieceSize, size - from), twice);
                foldAll(ctx, first, sources, piece);
            }
        } finally {
            if (twice != Memory.NONE) {
                Memory.free(twice, pieceSize);
            }
        }
    }

    /// What comes between the first and the last may come in any order.
    private void foldAll(CommandContext ctx, int first, KeysByShard sources, Piece piece) {
        if (piece.twice != Memory.NONE) {
            Memory.fill(piece.twice, piece.size, (byte) 0);
        }
        ctx.at(first, there -> fold(there, first, begin, piece));
        ctx.checkpoint();
        List<Boolean> _ = sources.each(ctx, there -> foldThere(there, sources, first, piece));
        if (firstComesLast) {
            ctx.at(FIRST_SOURCE, there -> fold(there, FIRST_SOURCE, end, piece));
            ctx.checkpoint();
        }
    }

    /// Those behind `first`; true.
    private boolean foldThere(CommandContext there, KeysByShard sources, int first, Piece piece) {
        int count = sources.count(there.shardId());
        if (count * piece.size > Limits.BITS_AT_ONCE_BYTES_MAX) {
            there.needFiber();
        }
        KeyCommands.sliceWhenMany(there, count);
        for (int k = 0; k < count; k++) {
            int source = sources.position(there.shardId(), k);
            if (source > first) {
                boolean _ = fold(there, source, next, piece);
                there.checkpoint();
            }
        }
        return true;
    }

    private static boolean fold(CommandContext there, int source, BitFold fold, Piece piece) {
        long entry =
                there.db().peek(there.hash(source), there.argument(source), there.length(source), there.nowMillis());
        long length = entry == Database.NONE ? 0 : StringValue.length(entry);
        long scratch = BitmapCommands.scratch(entry);
        try {
            long bytes = length == 0 ? Memory.NONE : StringValue.bytes(entry, scratch) + piece.from;
            long size = Math.clamp(length - piece.from, 0, piece.size);
            fold.apply(piece.result, piece.size, piece.twice, bytes, size);
        } finally {
            BitmapCommands.free(scratch);
        }
        return true;
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
