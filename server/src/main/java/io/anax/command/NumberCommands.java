package io.anax.command;

import io.anax.Hot;
import io.anax.keyspace.Database;
import io.anax.memory.Memory;
import io.anax.protocol.LongDouble;
import io.anax.types.StringValue;
import io.anax.types.Type;
import java.nio.charset.StandardCharsets;

/// Commands on strings that are numbers, declared in [StringCommands]. A key that is not there counts
/// as 0.
final class NumberCommands {
    private static final CommandException DECREMENT_OVERFLOW = CommandException.error("ERR decrement would overflow");

    private NumberCommands() {}

    @Hot
    static void incr(CommandContext ctx) {
        add(ctx, 1);
    }

    @Hot
    static void decr(CommandContext ctx) {
        add(ctx, -1);
    }

    static void incrBy(CommandContext ctx) {
        add(ctx, ctx.integer(2));
    }

    static void decrBy(CommandContext ctx) {
        long decrement = ctx.integer(2);
        if (decrement == Long.MIN_VALUE) {
            throw DECREMENT_OVERFLOW;
        }
        add(ctx, -decrement);
    }

    @Hot
    private static void add(CommandContext ctx, long increment) {
        var db = ctx.db();
        long hash = ctx.hash(1);
        long entry = db.findToChange(hash, ctx.argument(1), ctx.length(1), Type.STRING, ctx.nowMillis());
        long sum = increment;
        if (entry == Database.NONE) {
            db.putInteger(hash, ctx.argument(1), ctx.length(1), sum, Database.NEVER, ctx.nowMillis());
        } else {
            sum = sum(entry, increment);
            db.setIntegerFound(sum);
        }
        ctx.reply().integer(sum);
    }

    private static long sum(long entry, long increment) {
        if (!StringValue.isInteger(entry)) {
            throw CommandException.NOT_AN_INTEGER;
        }
        long old = StringValue.integer(entry);
        long sum = old + increment;
        if (((old ^ sum) & (increment ^ sum)) < 0) {
            throw CommandException.OVERFLOW;
        }
        return sum;
    }

    static void incrByFloat(CommandContext ctx) {
        long entry = StringCommands.find(ctx, 1);
        var old = entry == Database.NONE ? LongDouble.of(0) : number(entry);
        var sum = old.plus(number(ctx.argument(2), ctx.length(2)));
        if (!sum.isFinite()) {
            throw CommandException.NAN_OR_INFINITY;
        }
        byte[] text = sum.toString().getBytes(StandardCharsets.US_ASCII);
        put(ctx, text);
        ctx.reply().bulk(text);
    }

    private static void put(CommandContext ctx, byte[] text) {
        long at = Memory.allocate(text.length);
        try {
            Memory.copy(text, 0, at, text.length);
            long hash = ctx.hash(1);
            ctx.db().putString(hash, ctx.argument(1), ctx.length(1), at, text.length, Database.KEEP, ctx.nowMillis());
        } finally {
            Memory.free(at, text.length);
        }
    }

    private static LongDouble number(long entry) {
        return StringCommands.isNumber(entry)
                ? LongDouble.of(StringValue.integer(entry))
                : number(StringValue.bytes(entry, 0), (int) StringValue.length(entry));
    }

    private static LongDouble number(long address, int length) {
        var parsed = LongDouble.parse(address, length);
        if (parsed == null) {
            throw CommandException.NOT_A_FLOAT;
        }
        return parsed;
    }
}
