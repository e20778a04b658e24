package io.anax.command;

import io.anax.Limits;
import io.anax.keyspace.Database;
import io.anax.memory.Memory;
import io.anax.types.Bitmap;
import io.anax.types.StringValue;
import io.anax.types.Type;

/// BITFIELD and BITFIELD_RO: a list of operations, which are all checked before the first one runs. They
/// are read from the arguments twice, so that nothing has to be kept in between.
///
/// ```
///  GET type offset              3 arguments
///  SET type offset value        4
///  INCRBY type offset by        4
///  OVERFLOW WRAP | SAT | FAIL   2, for the SETs and INCRBYs that follow
/// ```
final class BitfieldOperations {
    private static final CommandException INVALID_TYPE = CommandException.error(
            "ERR Invalid bitfield type. " + "Use something like i16 u8. Note that u64 is not supported but i64 is.");
    private static final CommandException INVALID_OVERFLOW =
            CommandException.error("ERR Invalid OVERFLOW type specified");
    private static final CommandException ONLY_GET =
            CommandException.error("ERR BITFIELD_RO only supports the GET subcommand");

    private static final int FIRST = 2; // where the first operation begins

    private enum Operation {
        GET(3),
        SET(4),
        INCRBY(4),
        OVERFLOW(2);

        final int arguments;

        Operation(int arguments) {
            this.arguments = arguments;
        }

        boolean writes() {
            return this == SET || this == INCRBY;
        }
    }

    private enum Overflow {
        WRAP,
        SAT,
        FAIL
    }

    private BitfieldOperations() {}

    static void bitField(CommandContext ctx) {
        long written = check(ctx);
        if (written == 0) {
            read(ctx);
        } else {
            change(ctx, (written - 1 >>> 3) + 1);
        }
    }

    static void bitFieldReadOnly(CommandContext ctx) {
        if (check(ctx) != 0) {
            throw ONLY_GET;
        }
        read(ctx);
    }

    // ---- reading the arguments ------------------------------------------------------------------

    /// Throws if something is wrong with any operation. Returns how many bits a string must have for
    /// those that write; 0 if none does.
    private static long check(CommandContext ctx) {
        if (isLong(ctx)) {
            ctx.needFiber();
        }
        long written = 0;
        for (int i = FIRST; i < ctx.count(); i += operation(ctx, i).arguments) {
            Operation operation = operation(ctx, i);
            pause(ctx);
            if (operation == Operation.OVERFLOW) {
                overflow(ctx, i + 1);
                continue;
            }
            int type = BitfieldType.parse(ctx.argument(i + 1), ctx.length(i + 1));
            if (type == BitfieldType.INVALID) {
                throw INVALID_TYPE;
            }
            long offset = offset(ctx, i + 2, BitfieldType.bits(type));
            if (operation.writes()) {
                written = Math.max(written, offset + BitfieldType.bits(type));
                ctx.integer(i + 3);
            }
        }
        return written;
    }

    private static Operation operation(CommandContext ctx, int i) {
        int left = ctx.count() - i;
        if (left >= Operation.GET.arguments && ctx.is(i, "get")) {
            return Operation.GET;
        }
        if (left >= Operation.SET.arguments && ctx.is(i, "set")) {
            return Operation.SET;
        }
        if (left >= Operation.INCRBY.arguments && ctx.is(i, "incrby")) {
            return Operation.INCRBY;
        }
        if (left >= Operation.OVERFLOW.arguments && ctx.is(i, "overflow")) {
            return Operation.OVERFLOW;
        }
        throw CommandException.SYNTAX;
    }

    private static Overflow overflow(CommandContext ctx, int i) {
        if (ctx.is(i, "wrap")) {
            return Overflow.WRAP;
        }
        if (ctx.is(i, "sat")) {
            return Overflow.SAT;
        }
        if (ctx.is(i, "fail")) {
            return Overflow.FAIL;
        }
        throw INVALID_OVERFLOW;
    }

    /// Behind a `#` in units of the type's width.
    private static long offset(CommandContext ctx, int i, int bits) {
        long at = ctx.argument(i);
        int size = ctx.length(i);
        boolean inUnits = size > 0 && Memory.getByte(at) == '#';
        return inUnits ? BitmapCommands.offset(ctx, at + 1, size - 1, bits) : BitmapCommands.offset(ctx, at, size, 1);
    }

    private static int replies(CommandContext ctx) {
        int count = 0;
        for (int i = FIRST; i < ctx.count(); i += operation(ctx, i).arguments) {
            count += operation(ctx, i) == Operation.OVERFLOW ? 0 : 1;
        }
        return count;
    }

    // ---- running --------------------------------------------------------------------------------

    /// When all operations are GETs.
    private static void read(CommandContext ctx) {
        long entry = StringCommands.find(ctx, 1);
        long scratch = BitmapCommands.scratch(entry);
        try {
            long bytes = entry == Database.NONE ? 0 : StringValue.bytes(entry, scratch);
            long size = entry == Database.NONE ? 0 : StringValue.length(entry);
            ctx.reply().array(replies(ctx));
            for (int i = FIRST; i < ctx.count(); i += operation(ctx, i).arguments) {
                if (operation(ctx, i) == Operation.GET) {
                    ctx.reply().integer(value(ctx, i, bytes, size));
                    pause(ctx);
                }
            }
        } finally {
            BitmapCommands.free(scratch);
        }
    }

    private static long value(CommandContext ctx, int i, long bytes, long size) {
        int type = BitfieldType.parse(ctx.argument(i + 1), ctx.length(i + 1));
        int bits = BitfieldType.bits(type);
        return BitfieldType.extend(type, Bitmap.field(bytes, size, offset(ctx, i + 2, bits), bits));
    }

    private static boolean isLong(CommandContext ctx) {
        return ctx.count() > Limits.WORK_ARGUMENTS_AT_ONCE_MAX;
    }

    /// Between two operations of very many.
    private static void pause(CommandContext ctx) {
        if (isLong(ctx)) {
            ctx.checkpoint();
        }
    }

    /// When some operations write, up to byte `length`. Without a pause: nobody, a snapshot included,
    /// may see some increments without the others.
    private static void change(CommandContext ctx, long length) {
        var db = ctx.db();
        long hash = ctx.hash(1);
        long entry = db.findToChange(hash, ctx.argument(1), ctx.length(1), Type.STRING, ctx.nowMillis());
        long old = entry == Database.NONE ? 0 : StringValue.length(entry);
        boolean inPlace = old >= length && !StringCommands.isNumber(entry);
        long size = Math.max(old, length);
        if (!inPlace) {
            StringCommands.makeRoom(ctx, entry, size);
        }
        long bytes = inPlace
                ? StringValue.bytesToChange(entry)
                : db.growString(hash, ctx.argument(1), ctx.length(1), size, ctx.nowMillis());
        ctx.reply().array(replies(ctx));
        if (runAll(ctx, bytes, size)) {
            db.changed(hash);
        }
    }

    /// Whether anything changed.
    private static boolean runAll(CommandContext ctx, long bytes, long size) {
        boolean changed = false;
        var overflow = Overflow.WRAP;
        for (int i = FIRST; i < ctx.count(); i += operation(ctx, i).arguments) {
            Operation operation = operation(ctx, i);
            switch (operation) {
                case GET -> ctx.reply().integer(value(ctx, i, bytes, size));
                case SET, INCRBY -> changed |= write(ctx, i, operation, overflow, bytes, size);
                case OVERFLOW -> overflow = overflow(ctx, i + 1);
            }
        }
        return changed;
    }

    private static boolean write(
            CommandContext ctx, int i, Operation operation, Overflow overflow, long bytes, long size) {
        int type = BitfieldType.parse(ctx.argument(i + 1), ctx.length(i + 1));
        boolean sets = operation == Operation.SET;
        long old = value(ctx, i, bytes, size);
        long base = sets ? ctx.integer(i + 3) : old;
        long increment = sets ? 0 : ctx.integer(i + 3);
        int direction = BitfieldType.overflow(type, base, increment);
        if (direction != 0 && overflow == Overflow.FAIL) {
            ctx.reply().nil();
            return false;
        }
        long value = direction == 0 || overflow == Overflow.WRAP
                ? BitfieldType.extend(type, base + increment)
                : BitfieldType.limit(type, direction);
        int bits = BitfieldType.bits(type);
        Bitmap.putField(bytes, offset(ctx, i + 2, bits), bits, value);
        ctx.reply().integer(sets ? old : value);
        return value != old;
    }
}
