package io.anax.command;

import io.anax.Hot;
import io.anax.Limits;
import io.anax.keyspace.Database;
import java.util.Locale;

/// The options of SET, MSETEX and GETEX in one number, so that reading them allocates nothing.
///
/// ```
///  bit  63            40 39              16 15       0
///      +----------------+------------------+---------+
///      | argument to    | argument of time | options |     SET k v EX 10: 4 << 16 | EX
///      | compare with   |                  |         |
///      +----------------+------------------+---------+
/// ```
enum StringOptions {
    NX,
    XX,
    IFEQ,
    IFNE,
    IFDEQ,
    IFDNE,
    GET,
    KEEPTTL,
    PERSIST,
    EX,
    PX,
    EXAT,
    PXAT;

    private static final StringOptions[] ALL = values();
    private static final int TIME_SHIFT = 16;
    private static final int COMPARAND_SHIFT = 40;
    private static final long ARGUMENT_MASK = (1L << COMPARAND_SHIFT - TIME_SHIFT) - 1;

    private static final long TIMES = EX.bit() | PX.bit() | EXAT.bit() | PXAT.bit();
    private static final long LIFETIMES = TIMES | KEEPTTL.bit() | PERSIST.bit();

    /// Those that compare something with the value there is.
    static final long COMPARISONS = IFEQ.bit() | IFNE.bit() | IFDEQ.bit() | IFDNE.bit();

    /// Those that a key must be there for.
    static final long ONLY_WHEN_THERE = XX.bit() | IFEQ.bit() | IFDEQ.bit();

    private static final long CONDITIONS = COMPARISONS | NX.bit() | XX.bit();
    private static final long OF_SET = CONDITIONS | GET.bit() | KEEPTTL.bit() | TIMES;
    private static final long OF_MSETEX = NX.bit() | XX.bit() | KEEPTTL.bit() | TIMES;
    private static final long OF_GETEX = TIMES | PERSIST.bit();

    static {
        assert ALL.length <= TIME_SHIFT;
        assert Limits.ARGUMENTS_MAX <= ARGUMENT_MASK;
    }

    private final String word = name().toLowerCase(Locale.ROOT);

    @SuppressWarnings("EnumOrdinal") // bits of this process only: they reach no disk and no wire
    private final long bit = 1L << ordinal();

    long bit() {
        return bit;
    }

    boolean in(long options) {
        return (options & bit) != 0;
    }

    static long ofSet(CommandContext ctx) {
        return read(ctx, 3, OF_SET);
    }

    /// Those of MSETEX, which begin behind its pairs.
    static long ofMsetEx(CommandContext ctx, int begin) {
        return read(ctx, begin, OF_MSETEX);
    }

    static long ofGetEx(CommandContext ctx) {
        return read(ctx, 2, OF_GETEX);
    }

    private static long read(CommandContext ctx, int begin, long allowed) {
        long options = 0;
        for (int i = begin; i < ctx.count(); i++) {
            StringOptions option = at(ctx, i);
            // Redis lets the same option come twice: the last one counts.
            if (!option.in(allowed) || (options & option.excluded() & ~option.bit) != 0) {
                throw CommandException.SYNTAX;
            }
            options |= option.bit;
            if (option.in(TIMES | COMPARISONS)) {
                options = withArgument(ctx, options, ++i, option.in(TIMES) ? TIME_SHIFT : COMPARAND_SHIFT);
            }
        }
        return options;
    }

    private static StringOptions at(CommandContext ctx, int i) {
        for (StringOptions option : ALL) {
            if (ctx.is(i, option.word)) {
                return option;
            }
        }
        throw CommandException.SYNTAX;
    }

    private long excluded() {
        return in(CONDITIONS) ? CONDITIONS : in(LIFETIMES) ? LIFETIMES : 0;
    }

    private static long withArgument(CommandContext ctx, long options, int i, int shift) {
        if (i >= ctx.count()) {
            throw CommandException.SYNTAX;
        }
        return options & ~(ARGUMENT_MASK << shift) | (long) i << shift;
    }

    /// The one of [#COMPARISONS] among the options.
    static StringOptions comparison(long options) {
        return ALL[Long.numberOfTrailingZeros(options & COMPARISONS)];
    }

    /// The argument that it compares with.
    static int comparand(long options) {
        return (int) (options >>> COMPARAND_SHIFT);
    }

    /// The moment that the options name: KEEP for KEEPTTL, NEVER without any.
    @Hot
    static long deadline(CommandContext ctx, long options) {
        if ((options & TIMES) == 0) {
            return KEEPTTL.in(options) ? Database.KEEP : Database.NEVER;
        }
        long time = ctx.integer((int) (options >>> TIME_SHIFT & ARGUMENT_MASK));
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
