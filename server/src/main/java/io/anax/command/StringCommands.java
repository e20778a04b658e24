package io.anax.command;

import static io.anax.command.CommandFamily.family;
import static io.anax.command.CommandFlag.DENYOOM;
import static io.anax.command.CommandFlag.FAST;
import static io.anax.command.CommandFlag.READONLY;
import static io.anax.command.CommandFlag.WRITE;

import io.anax.Hot;
import io.anax.Limits;
import io.anax.keyspace.Database;
import io.anax.memory.Digits;
import io.anax.memory.Memory;
import io.anax.protocol.Numbers;
import io.anax.table.Entry;
import io.anax.types.StringValue;
import io.anax.types.Type;
import java.nio.charset.StandardCharsets;

/// All commands on strings, declared here. Handlers: those on whole values and parts of them are here,
/// those on numbers in [NumberCommands], compare-and-set in [CompareCommands], LCS in
/// [LongestCommonSubsequence], CL.THROTTLE in [ThrottleCommands]. Options are read by [StringOptions].
public final class StringCommands {
    private static final CommandException BAD_NUMKEYS = CommandException.error("ERR invalid numkeys value");
    private static final CommandException BAD_PAIRS = CommandException.error("ERR wrong number of key-value pairs");
    private static final byte[] EMPTY = {};

    public static final CommandFamily FAMILY = family("string")
            .add("APPEND key value", StringCommands::append, WRITE, DENYOOM, FAST)
            .doc("O(1)", "2.0.0", "Adds bytes to the end of a string; makes the key when it is not there.")
            .access("RW INSERT")
            .add("DECR key", NumberCommands::decr, WRITE, DENYOOM, FAST)
            .doc("O(1)", "1.0.0", "Subtracts one from a number; a key that is not there counts as 0.")
            .access("RW ACCESS UPDATE")
            .add("DECRBY key decrement", NumberCommands::decrBy, WRITE, DENYOOM, FAST)
            .doc("O(1)", "1.0.0", "Subtracts from a number; a key that is not there counts as 0.")
            .access("RW ACCESS UPDATE")
            .add("CL.THROTTLE key max-burst count period [quantity]", ThrottleCommands::throttle, WRITE, DENYOOM, FAST)
            .doc("O(1)", "4.0.0", "Takes from a budget that fills up at a steady rate, or says when to come again.")
            .access("RW ACCESS UPDATE")
            .add(
                    "DELEX key [IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest]",
                    CompareCommands::delEx,
                    WRITE,
                    FAST)
            .doc(
                    "O(1), O(N) for a digest of N bytes",
                    "8.4.0",
                    "Deletes a key when its value is a given one, or is not.")
            .access("RW DELETE")
            .add("DIGEST key", CompareCommands::digest, READONLY, FAST)
            .doc("O(N) where N is the length of the value", "8.4.0", "Returns a hash of a string: XXH3, 16 hex digits.")
            .add("GET key", StringCommands::get, READONLY, FAST)
            .doc("O(1)", "1.0.0", "Returns the string value of a key.")
            .add("GETDEL key", StringCommands::getDel, WRITE, FAST)
            .doc("O(1)", "6.2.0", "Returns the string value of a key and deletes the key.")
            .access("RW ACCESS DELETE")
            .add(
                    "GETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | "
                            + "PXAT unix-time-milliseconds | PERSIST]",
                    StringCommands::getEx,
                    WRITE,
                    FAST)
            .doc("O(1)", "6.2.0", "Returns the string value of a key and sets or removes its deadline.")
            .access("RW ACCESS UPDATE")
            .add("GETRANGE key start end", StringCommands::getRange, READONLY)
            .doc("O(N) where N is the length of the range", "2.4.0", "Returns a part of a string.")
            .add("GETSET key value", StringCommands::getSet, WRITE, DENYOOM, FAST)
            .doc("O(1)", "1.0.0", "Sets a string and returns the one that was there.")
            .deprecated("6.2.0", "`SET` with the `!GET` argument")
            .access("RW ACCESS UPDATE")
            .add("INCR key", NumberCommands::incr, WRITE, DENYOOM, FAST)
            .doc("O(1)", "1.0.0", "Adds one to a number; a key that is not there counts as 0.")
            .access("RW ACCESS UPDATE")
            .add("INCRBY key increment", NumberCommands::incrBy, WRITE, DENYOOM, FAST)
            .doc("O(1)", "1.0.0", "Adds to a number; a key that is not there counts as 0.")
            .access("RW ACCESS UPDATE")
            .add("INCRBYFLOAT key increment", NumberCommands::incrByFloat, WRITE, DENYOOM, FAST)
            .doc("O(1)", "2.6.0", "Adds to a number with a fraction; a key that is not there counts as 0.")
            .access("RW ACCESS UPDATE")
            .add(
                    "LCS key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]",
                    LongestCommonSubsequence::lcs,
                    Gather.COORDINATE,
                    READONLY)
            .doc(
                    "O(N*M) where N and M are the lengths of the strings",
                    "7.0.0",
                    "Finds the longest common subsequence of two strings.")
            .add("MGET key [key ...]", StringCommands::mget, Gather.IN_ORDER, READONLY, FAST)
            .doc("O(N) where N is the number of keys", "1.0.0", "Returns the string values of several keys.")
            .add("MSET key value [key value ...]", StringCommands::mset, Gather.OK, WRITE, DENYOOM)
            .doc(
                    "O(N) where N is the number of keys",
                    "1.0.1",
                    "Sets several keys at once: other clients see all of them, or none.")
            .access("OW UPDATE")
            .add(
                    "MSETEX numkeys key value [key value ...] [NX | XX] [EX seconds | PX milliseconds | "
                            + "EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]",
                    StringCommands::msetEx,
                    Gather.COORDINATE,
                    WRITE,
                    DENYOOM)
            .doc(
                    "O(N) where N is the number of keys",
                    "8.4.0",
                    "Sets several keys and one timeout for all, on a condition for all.")
            .keys(new KeySpec.Counted(1, 1, 2))
            .access("OW UPDATE")
            .add("MSETNX key value [key value ...]", StringCommands::msetNx, Gather.COORDINATE, WRITE, DENYOOM)
            .doc("O(N) where N is the number of keys", "1.0.1", "Sets several keys when none of them is there.")
            .access("OW INSERT")
            .add("PREPEND key value", StringCommands::prepend, WRITE, DENYOOM)
            .doc(
                    "O(N) where N is the length of both",
                    "7.0.0",
                    "Adds bytes to the beginning of a string; makes the key when it is not there.")
            .access("RW INSERT")
            .add("PSETEX key milliseconds value", StringCommands::psetEx, WRITE, DENYOOM)
            .doc("O(1)", "2.6.0", "Sets a string and its timeout in milliseconds.")
            .access("OW UPDATE")
            .add(
                    "SET key value [NX | XX | IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | "
                            + "IFDNE ifdne-digest] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | "
                            + "PXAT unix-time-milliseconds | KEEPTTL]",
                    StringCommands::set,
                    WRITE,
                    DENYOOM)
            .doc("O(1)", "1.0.0", "Sets the string value of a key, whatever it held before.")
            .access("RW ACCESS UPDATE VARIABLE_FLAGS")
            .add("SETEX key seconds value", StringCommands::setEx, WRITE, DENYOOM)
            .doc("O(1)", "2.0.0", "Sets a string and its timeout in seconds.")
            .access("OW UPDATE")
            .add("SETNX key value", StringCommands::setNx, WRITE, DENYOOM, FAST)
            .doc("O(1)", "1.0.0", "Sets a string when the key is not there.")
            .access("OW INSERT")
            .add("SETRANGE key offset value", StringCommands::setRange, WRITE, DENYOOM)
            .doc(
                    "O(N) where N is the length of the value",
                    "2.2.0",
                    "Overwrites a part of a string; makes it longer when needed.")
            .access("RW UPDATE")
            .add("STRLEN key", StringCommands::strlen, READONLY, FAST)
            .doc("O(1)", "2.2.0", "Returns the length of a string.")
            .access("RO")
            .add("SUBSTR key start end", StringCommands::getRange, READONLY)
            .doc("O(N) where N is the length of the range", "1.0.0", "Returns a part of a string.")
            .deprecated("2.0.0", "`GETRANGE`");

    private StringCommands() {}

    // ---- one value, whole -----------------------------------------------------------------------

    @Hot
    static void get(CommandContext ctx) {
        replyString(ctx, find(ctx, 1));
    }

    @Hot
    static void set(CommandContext ctx) {
        if (ctx.count() > 3) {
            setWithOptions(ctx);
            return;
        }
        put(ctx, ctx.db(), 1, 2, Database.NEVER);
        ctx.reply().ok();
    }

    private static void setWithOptions(CommandContext ctx) {
        KeyCommands.sliceWhenHuge(ctx, ctx.length(2)); // before it replies
        long options = StringOptions.ofSet(ctx);
        long deadline = StringOptions.deadline(ctx, options);
        var db = ctx.db();
        long old = StringOptions.GET.in(options) ? find(ctx, 1) : peek(ctx, db, 1);
        boolean sets = CompareCommands.allows(ctx, options, old);
        if (StringOptions.GET.in(options)) {
            replyString(ctx, old);
        } else if (sets) {
            ctx.reply().ok();
        } else {
            ctx.reply().nil();
        }
        if (sets) {
            put(ctx, db, 1, 2, deadline);
        }
    }

    static void setEx(CommandContext ctx) {
        long deadline = StringOptions.deadline(ctx, ctx.integer(2), true, true);
        put(ctx, ctx.db(), 1, 3, deadline);
        ctx.reply().ok();
    }

    static void psetEx(CommandContext ctx) {
        long deadline = StringOptions.deadline(ctx, ctx.integer(2), false, true);
        put(ctx, ctx.db(), 1, 3, deadline);
        ctx.reply().ok();
    }

    static void setNx(CommandContext ctx) {
        var db = ctx.db();
        boolean absent = peek(ctx, db, 1) == Database.NONE;
        if (absent) {
            put(ctx, db, 1, 2, Database.NEVER);
        }
        ctx.reply().integer(absent ? 1 : 0);
    }

    static void getSet(CommandContext ctx) {
        KeyCommands.sliceWhenHuge(ctx, ctx.length(2)); // before it replies
        replyString(ctx, find(ctx, 1));
        put(ctx, ctx.db(), 1, 2, Database.NEVER);
    }

    static void getDel(CommandContext ctx) {
        long entry = find(ctx, 1);
        replyFound(ctx, entry);
        if (entry != Database.NONE) {
            ctx.db().removeFound();
        }
    }

    static void getEx(CommandContext ctx) {
        long options = StringOptions.ofGetEx(ctx);
        long entry = find(ctx, 1);
        if (entry == Database.NONE) {
            ctx.reply().nil();
            return;
        }
        long deadline = StringOptions.deadline(ctx, options);
        replyFound(ctx, entry);
        if (ctx.count() == 2) {
            return;
        }
        if (deadline <= ctx.nowMillis()) {
            ctx.db().removeFound();
        } else {
            ctx.db().setDeadlineFound(deadline);
        }
    }

    static void strlen(CommandContext ctx) {
        long entry = find(ctx, 1);
        ctx.reply().integer(entry == Database.NONE ? 0 : StringValue.length(entry));
    }

    // ---- several values -------------------------------------------------------------------------

    static void mget(CommandContext ctx) {
        KeyCommands.sliceWhenMany(ctx, ctx.count() - 1);
        var db = ctx.db();
        ctx.reply().array(ctx.count() - 1);
        for (int i = 1; i < ctx.count(); i++) {
            long entry = db.find(ctx.hash(i), ctx.argument(i), ctx.length(i), ctx.nowMillis());
            if (entry != Database.NONE && Entry.type(entry) != Type.STRING.number()) {
                entry = Database.NONE;
            }
            replyString(ctx, entry);
            ctx.checkpoint();
        }
    }

    static void mset(CommandContext ctx) {
        checkPairs(ctx);
        KeyCommands.sliceWhenMany(ctx, ctx.count() / 2);
        KeyCommands.sliceWhenHuge(ctx, ctx.request().sizeBytes());
        var db = ctx.db();
        for (int i = 1; i < ctx.count(); i += 2) {
            put(ctx, db, i, i + 1, Database.NEVER);
            ctx.checkpoint();
        }
        ctx.reply().ok();
    }

    static void msetNx(CommandContext ctx) {
        checkPairs(ctx);
        try (var keys = new KeysByShard(ctx, 1, 2, ctx.count() / 2)) {
            putWhen(ctx, keys, StringOptions.NX.bit(), Database.NEVER);
        }
    }

    static void msetEx(CommandContext ctx) {
        int count = pairs(ctx);
        long options = StringOptions.ofMsetEx(ctx, 2 + 2 * count);
        long deadline = StringOptions.deadline(ctx, options);
        try (var keys = new KeysByShard(ctx, 2, 2, count)) {
            putWhen(ctx, keys, options, deadline);
        }
    }

    /// How many pairs MSETEX has, which all are there.
    private static int pairs(CommandContext ctx) {
        long count = Numbers.isLong(ctx.argument(1), ctx.length(1)) ? ctx.integer(1) : 0;
        if (count < 1 || count > Integer.MAX_VALUE) {
            throw BAD_NUMKEYS;
        }
        if (2 * count > ctx.count() - 2) {
            throw BAD_PAIRS;
        }
        return (int) count;
    }

    private static void checkPairs(CommandContext ctx) {
        if (ctx.count() % 2 == 0) {
            throw CommandException.wrongArity(ctx.command().fullName());
        }
    }

    /// Looks at all keys, then sets all or none.
    private static void putWhen(CommandContext ctx, KeysByShard keys, long options, long deadline) {
        boolean sets = keys.all(ctx, there -> allow(there, keys, options))
                && keys.all(ctx, there -> putAll(there, keys, deadline));
        ctx.reply().integer(sets ? 1 : 0);
    }

    /// Whether NX or XX allow to set the keys of this shard.
    private static boolean allow(CommandContext there, KeysByShard keys, long options) {
        boolean wantsNone = StringOptions.NX.in(options);
        if (!wantsNone && !StringOptions.XX.in(options)) {
            return true;
        }
        int count = keys.count(there.shardId());
        KeyCommands.sliceWhenMany(there, count);
        var db = there.db();
        for (int k = 0; k < count; k++) {
            if (wantsNone != (peek(there, db, keys.position(there.shardId(), k)) == Database.NONE)) {
                return false;
            }
            there.checkpoint();
        }
        return true;
    }

    /// Sets the keys of this shard to the values that follow each; true.
    private static boolean putAll(CommandContext there, KeysByShard keys, long deadline) {
        int count = keys.count(there.shardId());
        KeyCommands.sliceWhenMany(there, count);
        KeyCommands.sliceWhenHuge(there, there.request().sizeBytes());
        var db = there.db();
        for (int k = 0; k < count; k++) {
            int key = keys.position(there.shardId(), k);
            put(there, db, key, key + 1, deadline);
            there.checkpoint();
        }
        return true;
    }

    // ---- parts of a value -----------------------------------------------------------------------

    static void append(CommandContext ctx) {
        var db = ctx.db();
        long hash = ctx.hash(1);
        int size = ctx.length(2);
        long entry = db.findToChange(hash, ctx.argument(1), ctx.length(1), Type.STRING, ctx.nowMillis());
        if (entry == Database.NONE) {
            put(ctx, db, 1, 2, Database.NEVER);
            ctx.reply().integer(size);
            return;
        }
        long old = StringValue.length(entry);
        checkLength(ctx, old + size);
        if (size > Limits.ARGUMENT_AT_ONCE_BYTES_MAX) {
            appendInPieces(ctx, db);
        } else {
            makeRoom(ctx, entry, old + size);
            long bytes = db.growString(hash, ctx.argument(1), ctx.length(1), old + size, ctx.nowMillis());
            Memory.copy(ctx.argument(2), bytes + old, size);
        }
        ctx.reply().integer(old + size);
    }

    private static void appendInPieces(CommandContext ctx, Database db) {
        ctx.needFiber();
        db.appendString(
                ctx.hash(1),
                ctx.argument(1),
                ctx.length(1),
                ctx.argument(2),
                ctx.length(2),
                ctx.nowMillis(),
                ctx::checkpoint);
    }

    /// As APPEND, at the other end: what is there moves up, the last piece first.
    static void prepend(CommandContext ctx) {
        var db = ctx.db();
        long hash = ctx.hash(1);
        int size = ctx.length(2);
        long entry = db.findToChange(hash, ctx.argument(1), ctx.length(1), Type.STRING, ctx.nowMillis());
        if (entry == Database.NONE) {
            put(ctx, db, 1, 2, Database.NEVER);
            ctx.reply().integer(size);
            return;
        }
        long old = StringValue.length(entry);
        checkLength(ctx, old + size);
        KeyCommands.sliceWhenLong(ctx, old);
        KeyCommands.sliceWhenHuge(ctx, size);
        makeRoom(ctx, entry, old + size);
        long bytes = db.growString(hash, ctx.argument(1), ctx.length(1), old + size, ctx.nowMillis());
        for (long end = old; end > 0; end -= Limits.COPY_PIECE_BYTES) {
            long begin = Math.max(0, end - Limits.COPY_PIECE_BYTES);
            Memory.copy(bytes + begin, bytes + begin + size, end - begin);
            ctx.checkpoint();
        }
        copyArgument(ctx, 2, bytes);
        ctx.reply().integer(old + size);
    }

    static void setRange(CommandContext ctx) {
        long offset = ctx.integer(2);
        if (offset < 0) {
            throw CommandException.OFFSET_OUT_OF_RANGE;
        }
        var db = ctx.db();
        long hash = ctx.hash(1);
        int size = ctx.length(3);
        long entry = db.findToChange(hash, ctx.argument(1), ctx.length(1), Type.STRING, ctx.nowMillis());
        long old = entry == Database.NONE ? 0 : StringValue.length(entry);
        if (size == 0) {
            ctx.reply().integer(old);
            return;
        }
        checkLength(ctx, offset);
        checkLength(ctx, offset + size);
        long length = Math.max(old, offset + size);
        KeyCommands.sliceWhenHuge(ctx, size);
        makeRoom(ctx, entry, length);
        long bytes = db.growString(hash, ctx.argument(1), ctx.length(1), length, ctx.nowMillis());
        copyArgument(ctx, 3, bytes + offset);
        ctx.reply().integer(length);
    }

    private static void copyArgument(CommandContext ctx, int i, long to) {
        if (ctx.length(i) > Limits.ARGUMENT_AT_ONCE_BYTES_MAX) {
            StringValue.copyInPieces(ctx.argument(i), to, ctx.length(i), ctx::checkpoint);
        } else {
            Memory.copy(ctx.argument(i), to, ctx.length(i));
        }
    }

    /// To be called before the string under the first key grows to `length` bytes: if much has to move, it
    /// moves in pieces, and the growth that follows is short. The entry may be another one afterwards.
    static void makeRoom(CommandContext ctx, long entry, long length) {
        if (entry != Database.NONE && StringValue.bytesToMove(entry, length) > Limits.GROWTH_AT_ONCE_BYTES_MAX) {
            ctx.needFiber();
            ctx.db().makeRoom(ctx.hash(1), ctx.argument(1), ctx.length(1), length, ctx.nowMillis(), ctx::checkpoint);
        }
    }

    private static void checkLength(CommandContext ctx, long length) {
        if (length > ctx.databases().thresholds().stringBytesMax()) {
            throw CommandException.STRING_TOO_LONG;
        }
    }

    static void getRange(CommandContext ctx) {
        long start = ctx.integer(2);
        long end = ctx.integer(3);
        long entry = find(ctx, 1);
        if (entry == Database.NONE) {
            ctx.reply().bulk(EMPTY);
            return;
        }
        long length = StringValue.length(entry);
        boolean crossed = start < 0 && end < 0 && start > end;
        long first = Math.max(0, start < 0 ? length + start : start);
        long last = Math.min(length - 1, Math.max(0, end < 0 ? length + end : end));
        if (crossed || first > last) {
            ctx.reply().bulk(EMPTY);
        } else if (isNumber(entry)) {
            replyDigits(ctx, StringValue.integer(entry), (int) first, (int) (last - first + 1));
        } else {
            replyBytes(ctx, StringValue.bytes(entry, 0) + first, last - first + 1);
        }
    }

    /// All digits are printed where the reply goes, and those that are wanted move to its beginning.
    private static void replyDigits(CommandContext ctx, long number, int first, int count) {
        ctx.reply().bulkHeader(count);
        var out = ctx.reply().output();
        long at = out.reserve(StringValue.SCRATCH_SIZE);
        Digits.print(number, at);
        Memory.copy(at + first, at, count);
        out.advance(count);
        ctx.reply().bulkEnd();
    }

    // ---- shared with other families -------------------------------------------------------------

    /// The string under the key at argument `i`, or NONE; throws WRONGTYPE.
    @Hot
    static long find(CommandContext ctx, int i) {
        return ctx.db().find(ctx.hash(i), ctx.argument(i), ctx.length(i), Type.STRING, ctx.nowMillis());
    }

    /// Replies with a string, with nil for NONE. While a long one is copied others have their turn.
    @Hot
    static void replyString(CommandContext ctx, long entry) {
        if (entry == Database.NONE) {
            ctx.reply().nil();
        } else if (isNumber(entry)) {
            ctx.reply().bulkInteger(StringValue.integer(entry));
        } else {
            replyBytes(ctx, StringValue.bytes(entry, 0), StringValue.length(entry));
        }
    }

    /// The same, of the key at argument 1, where [Database#find] has left it: there it is afterwards too.
    private static void replyFound(CommandContext ctx, long entry) {
        replyString(ctx, entry);
        if (entry != Database.NONE && StringValue.length(entry) > Limits.REPLY_AT_ONCE_BYTES_MAX) {
            long again = peek(ctx, ctx.db(), 1);
            assert again == entry : "a key that was held has moved";
        }
    }

    @Hot
    private static void replyBytes(CommandContext ctx, long address, long length) {
        if (length <= Limits.REPLY_AT_ONCE_BYTES_MAX) {
            ctx.reply().bulk(address, length);
        } else {
            replyInPieces(ctx, address, length);
        }
    }

    /// The key is held, so the bytes stay where they are.
    private static void replyInPieces(CommandContext ctx, long address, long length) {
        ctx.needFiber();
        ctx.reply().bulkHeader(length);
        for (long done = 0; done < length; done += Limits.COPY_PIECE_BYTES) {
            ctx.reply().raw(address + done, Math.min(Limits.COPY_PIECE_BYTES, length - done));
            ctx.checkpoint();
        }
        ctx.reply().bulkEnd();
    }

    /// Whether it is stored as a number: then its text lies nowhere.
    static boolean isNumber(long entry) {
        return Entry.encoding(entry) <= StringValue.INT64;
    }

    /// A copy of the string's bytes, for what is not hot.
    static byte[] bytes(long entry) {
        if (isNumber(entry)) {
            return Long.toString(StringValue.integer(entry)).getBytes(StandardCharsets.US_ASCII);
        }
        return Memory.bytes(StringValue.bytes(entry, 0), (int) StringValue.length(entry));
    }

    @Hot
    private static void put(CommandContext ctx, Database db, int key, int value, long deadline) {
        if (ctx.length(value) > Limits.ARGUMENT_AT_ONCE_BYTES_MAX) {
            putInPieces(ctx, db, key, value, deadline);
            return;
        }
        db.putString(
                ctx.hash(key),
                ctx.argument(key),
                ctx.length(key),
                ctx.argument(value),
                ctx.length(value),
                deadline,
                ctx.nowMillis());
    }

    /// Who has replied or changed something before has asked for the fiber itself.
    private static void putInPieces(CommandContext ctx, Database db, int key, int value, long deadline) {
        ctx.needFiber();
        db.putLargeString(
                ctx.hash(key),
                ctx.argument(key),
                ctx.length(key),
                ctx.argument(value),
                ctx.length(value),
                deadline,
                ctx.nowMillis(),
                ctx::checkpoint);
    }

    private static long peek(CommandContext ctx, Database db, int i) {
        return db.peek(ctx.hash(i), ctx.argument(i), ctx.length(i), ctx.nowMillis());
    }
}
