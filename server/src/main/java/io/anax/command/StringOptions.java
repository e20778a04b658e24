package io.anax.command;

import io.anax.Hot;
import io.anax.keyspace.Database;

/// The options of SET and GETEX in one number, so that reading them allocates nothing.
///
/// ```
///  bit  31              16 15        9 8         0
///      +------------------+-----------+-----------+
///      | argument of time | 0         | options   |     SET k v EX 10: 4 << 16 | EX
///      +------------------+-----------+-----------+
/// ```
enum StringOptions {
    NX,
    XX,
    GET,
    KEEPTTL,
    PERSIST,
    EX,
    PX,
    EXAT,
    PXAT;

    private static final int TIME_SHIFT = 16;
    private static final int OPTIONS_MASK = (1 << TIME_SHIFT) - 1;
    private static final int TIMES = EX.bit() | PX.bit() | EXAT.bit() | PXAT.bit();
    private static final int LIFETIMES = TIMES | KEEPTTL.bit() | PERSIST.bit();

    int bit() {
        return 1 << ordinal();
    }

    boolean in(int options) {
        return (options & bit()) != 0;
    }

    static int ofSet(CommandContext ctx) {
        int options = 0;
        for (int i = 3; i < ctx.count(); i++) {
            if (ctx.is(i, "nx")) {
                options = with(options, NX, XX.bit());
            } else if (ctx.is(i, "xx")) {
                options = with(options, XX, NX.bit());
            } else if (ctx.is(i, "get")) {
                options |= GET.bit();
            } else if (ctx.is(i, "keepttl")) {
                options = with(options, KEEPTTL, TIMES);
            } else {
                options = withTime(ctx, options, i++);
            }
        }
        return options;
    }

    static int ofGetEx(CommandContext ctx) {
        int options = 0;
        for (int i = 2; i < ctx.count(); i++) {
            options = ctx.is(i, "persist") ? with(options, PERSIST, TIMES) : withTime(ctx, options, i++);
        }
        return options;
    }

    private static int with(int options, StringOptions option, int excluded) {
        if ((options & excluded) != 0) {
            throw CommandException.SYNTAX;
        }
        return options | option.bit();
    }

    private static int withTime(CommandContext ctx, int options, int i) {
        StringOptions unit = unit(ctx, i);
        if (i + 1 >= ctx.count()) {
            throw CommandException.SYNTAX;
        }
        // Redis lets the same unit come twice: the last one counts.
        return with(options, unit, LIFETIMES & ~unit.bit()) & OPTIONS_MASK | i + 1 << TIME_SHIFT;
    }

    private static StringOptions unit(CommandContext ctx, int i) {
        if (ctx.is(i, "ex")) {
            return EX;
        }
        if (ctx.is(i, "px")) {
            return PX;
        }
        if (ctx.is(i, "exat")) {
            return EXAT;
        }
        if (ctx.is(i, "pxat")) {
            return PXAT;
        }
        throw CommandException.SYNTAX;
    }

    /// The moment that the options name: KEEP for KEEPTTL, NEVER without any.
    @Hot
    static long deadline(CommandContext ctx, int options) {
        if ((options & TIMES) == 0) {
            return KEEPTTL.in(options) ? Database.KEEP : Database.NEVER;
        }
        long time = ctx.integer(options >>> TIME_SHIFT);
        boolean seconds = (options & (EX.bit() | EXAT.bit())) != 0;
        return deadline(ctx, time, seconds, (options & (EX.bit() | PX.bit())) != 0);
    }

    /// As the commands for strings have it: a time must be positive and must not overflow.
    static long deadline(CommandContext ctx, long time, boolean seconds, boolean relative) {
        if (time <= 0 || seconds && time > Long.MAX_VALUE / 1000) {
            throw invalid(ctx);
        }
        long millis = seconds ? time * 1000 : time;
        if (!relative) {
            return millis == Database.NEVER ? millis - 1 : millis;
        }
        if (millis > Long.MAX_VALUE - ctx.nowMillis()) {
            throw invalid(ctx);
        }
        return millis + ctx.nowMillis();
    }

    static CommandException invalid(CommandContext ctx) {
        return CommandException.error(
                "ERR invalid expire time in '" + ctx.command().fullName() + "' command");
    }
}
