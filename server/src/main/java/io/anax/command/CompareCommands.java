package io.anax.command;

import io.anax.Limits;
import io.anax.keyspace.Database;
import io.anax.memory.Memory;
import io.anax.memory.Xxh3;
import io.anax.table.Entry;
import io.anax.types.StringValue;
import io.anax.types.Type;
import java.util.HexFormat;

/// Compare-and-set and compare-and-delete: the conditions of SET and DELEX on the value there is, and
/// DIGEST, by which a client can name a value without sending it.
final class CompareCommands {
    private static final int DIGEST_SIZE = 16;
    private static final int HEX_BITS = 4;
    private static final CommandException NOT_A_DIGEST =
            CommandException.error("ERR must be exactly 16 hexadecimal characters");
    private static final CommandException NOT_A_STRING =
            CommandException.error("ERR Key should be of string type if conditions are specified");
    private static final CommandException NO_CONDITION =
            CommandException.error("ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE");

    private CompareCommands() {}

    static void delEx(CommandContext ctx) {
        if (ctx.count() != 2 && ctx.count() != 4) {
            throw CommandException.wrongArity(ctx.command().fullName());
        }
        long entry = KeyCommands.peek(ctx, ctx.db(), 1);
        boolean removes = entry != Database.NONE && (ctx.count() == 2 || holds(ctx, condition(ctx, entry), entry, 3));
        if (removes) {
            ctx.db().remove(ctx.hash(1), ctx.argument(1), ctx.length(1), ctx.nowMillis());
        }
        ctx.reply().integer(removes ? 1 : 0);
    }

    private static StringOptions condition(CommandContext ctx, long entry) {
        if (Entry.type(entry) != Type.STRING.number()) {
            throw NOT_A_STRING;
        }
        if (ctx.is(2, "ifeq")) {
            return StringOptions.IFEQ;
        }
        if (ctx.is(2, "ifne")) {
            return StringOptions.IFNE;
        }
        if (ctx.is(2, "ifdeq")) {
            return StringOptions.IFDEQ;
        }
        if (ctx.is(2, "ifdne")) {
            return StringOptions.IFDNE;
        }
        throw NO_CONDITION;
    }

    static void digest(CommandContext ctx) {
        long entry = StringCommands.find(ctx, 1);
        if (entry == Database.NONE) {
            ctx.reply().nil();
        } else {
            ctx.reply().bulk(HexFormat.of().toHexDigits(digest(ctx, entry)));
        }
    }

    /// Whether a SET with these options goes ahead when the key holds this entry, or NONE.
    static boolean allows(CommandContext ctx, long options, long entry) {
        if (entry == Database.NONE) {
            return (options & StringOptions.ONLY_WHEN_THERE) == 0;
        }
        if ((options & StringOptions.COMPARISONS) == 0) {
            return !StringOptions.NX.in(options);
        }
        if (Entry.type(entry) != Type.STRING.number()) {
            throw CommandException.WRONG_TYPE;
        }
        return holds(ctx, StringOptions.comparison(options), entry, StringOptions.comparand(options));
    }

    /// Whether the condition on the value of a string holds; `i` is what it is compared with.
    private static boolean holds(CommandContext ctx, StringOptions condition, long entry, int i) {
        return switch (condition) {
            case IFEQ -> isText(ctx, entry, i);
            case IFNE -> !isText(ctx, entry, i);
            case IFDEQ -> isDigest(ctx, entry, i);
            case IFDNE -> !isDigest(ctx, entry, i);
            case NX, XX, GET, KEEPTTL, PERSIST, EX, PX, EXAT, PXAT ->
                throw new AssertionError(condition + " compares nothing");
        };
    }

    private static boolean isText(CommandContext ctx, long entry, int i) {
        long length = ctx.length(i);
        if (StringValue.length(entry) != length) {
            return false;
        }
        KeyCommands.sliceWhenLong(ctx, length);
        long text = text(ctx, entry);
        for (long done = 0; done < length; done += Limits.COPY_PIECE_BYTES) {
            long piece = Math.min(Limits.COPY_PIECE_BYTES, length - done);
            if (!Memory.equal(text + done, ctx.argument(i) + done, piece)) {
                return false;
            }
            ctx.checkpoint();
        }
        return true;
    }

    /// What is no hexadecimal number is the digest of nothing.
    private static boolean isDigest(CommandContext ctx, long entry, int i) {
        if (ctx.length(i) != DIGEST_SIZE) {
            throw NOT_A_DIGEST;
        }
        long wanted = 0;
        for (int k = 0; k < DIGEST_SIZE; k++) {
            int digit = Character.digit(Memory.getByte(ctx.argument(i) + k) & 0xFF, 1 << HEX_BITS);
            if (digit < 0) {
                return false;
            }
            wanted = wanted << HEX_BITS | digit;
        }
        return digest(ctx, entry) == wanted;
    }

    private static long digest(CommandContext ctx, long entry) {
        long length = StringValue.length(entry);
        if (length <= Limits.COPY_PIECE_BYTES) {
            return Xxh3.hash(text(ctx, entry), length);
        }
        ctx.needFiber();
        return Xxh3.hash(text(ctx, entry), length, ctx::checkpoint);
    }

    /// Where the text lies; that of a number is printed where the reply will go.
    private static long text(CommandContext ctx, long entry) {
        return StringValue.bytes(entry, ctx.reply().output().reserve(StringValue.SCRATCH_SIZE));
    }
}
