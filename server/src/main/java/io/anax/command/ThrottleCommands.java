package io.anax.command;

import io.anax.keyspace.Database;
import io.anax.types.StringValue;
import io.anax.types.Type;

/// CL.THROTTLE, declared in [StringCommands]: a rate limit in one number a key, the generic cell rate
/// algorithm of redis-cell.
///
/// ```
///  count a period -> one action each interval          30 in 60 s: interval 2 s
///  arrival        -> when the last action would have come at that rate; a string, nanoseconds
///  tolerance      -> how far the arrival may lie ahead of now: (max_burst + 1) intervals
///
///        now                arrival        arrival + quantity intervals       now + tolerance
///   ------|--------------------|------------------------|----------------------------|------>
///         |<---- reset after ----- when allowed ------->|<-- remaining intervals --->|
/// ```
///
/// The key lives until its arrival: from then on it says nothing.
final class ThrottleCommands {
    private static final CommandException ZERO_RATE = CommandException.error("ERR zero rates are not supported");
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int NEVER = -1;

    private ThrottleCommands() {}

    static void throttle(CommandContext ctx) {
        if (ctx.count() > 6) {
            throw CommandException.wrongArity(ctx.command().fullName());
        }
        try {
            decide(ctx);
        } catch (ArithmeticException e) { // numbers whose product no clock knows
            throw CommandException.NOT_AN_INTEGER;
        }
    }

    private static void decide(CommandContext ctx) {
        long limit = Math.addExact(natural(ctx, 2), 1);
        long interval = interval(natural(ctx, 3), natural(ctx, 4));
        long quantity = ctx.count() == 6 ? natural(ctx, 5) : 1;
        long tolerance = Math.multiplyExact(interval, limit);
        long increment = Math.multiplyExact(interval, quantity);
        long now = Math.multiplyExact(ctx.nowMillis(), NANOS_PER_MILLI);
        long arrival = Math.max(now, arrival(ctx));
        long next = Math.addExact(arrival, increment);
        long early = next - now - tolerance;
        boolean limited = early > 0;
        if (!limited && quantity > 0) {
            put(ctx, next);
        }
        long resetAfter = (limited ? arrival : next) - now;
        ctx.reply().array(5);
        ctx.reply().integer(limited ? 1 : 0);
        ctx.reply().integer(limit);
        ctx.reply().integer(Math.max(0, (tolerance - resetAfter) / interval));
        ctx.reply().integer(limited && increment <= tolerance ? seconds(early) : NEVER);
        ctx.reply().integer(seconds(resetAfter));
    }

    private static long natural(CommandContext ctx, int i) {
        long number = ctx.integer(i);
        if (number < 0) {
            throw CommandException.NOT_AN_INTEGER;
        }
        return number;
    }

    private static long interval(long count, long periodSeconds) {
        if (count == 0) {
            throw CommandException.NOT_AN_INTEGER;
        }
        long interval = Math.multiplyExact(periodSeconds, NANOS_PER_SECOND) / count;
        if (interval == 0) {
            throw ZERO_RATE;
        }
        return interval;
    }

    /// What the key says; long past when there is none.
    private static long arrival(CommandContext ctx) {
        long entry = ctx.db().findToChange(ctx.hash(1), ctx.argument(1), ctx.length(1), Type.STRING, ctx.nowMillis());
        if (entry == Database.NONE) {
            return 0;
        }
        if (!StringValue.isInteger(entry)) {
            throw CommandException.NOT_AN_INTEGER;
        }
        return StringValue.integer(entry);
    }

    private static void put(CommandContext ctx, long arrival) {
        long deadlineMillis = arrival / NANOS_PER_MILLI + (arrival % NANOS_PER_MILLI > 0 ? 1 : 0);
        ctx.db().putInteger(ctx.hash(1), ctx.argument(1), ctx.length(1), arrival, deadlineMillis, ctx.nowMillis());
    }

    /// Rounded up, so that nobody comes again too early; less than a millisecond counts for nothing.
    private static long seconds(long nanos) {
        boolean more = nanos % NANOS_PER_SECOND >= NANOS_PER_MILLI;
        return nanos / NANOS_PER_SECOND + (more ? 1 : 0);
    }
}
