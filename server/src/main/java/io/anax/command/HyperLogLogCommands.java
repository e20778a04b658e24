package io.anax.command;

import static io.anax.command.CommandFamily.family;
import static io.anax.command.CommandFlag.ADMIN;
import static io.anax.command.CommandFlag.DENYOOM;
import static io.anax.command.CommandFlag.FAST;
import static io.anax.command.CommandFlag.MAY_REPLICATE;
import static io.anax.command.CommandFlag.READONLY;
import static io.anax.command.CommandFlag.WRITE;

import io.anax.Limits;
import io.anax.keyspace.Database;
import io.anax.memory.Memory;
import io.anax.table.Entry;
import io.anax.types.HyperLogLog;
import io.anax.types.StringValue;
import io.anax.types.Type;
import org.jspecify.annotations.Nullable;

/// Commands that count different elements: [HyperLogLog]s, which are strings. A dense one is changed where
/// it lies; a sparse one, whose size changes, in a copy beside, which is then put back.
public final class HyperLogLogCommands {
    private static final CommandException CORRUPT = CommandException.error("INVALIDOBJ Corrupted HLL object detected");
    private static final CommandException KEY_IS_MISSING =
            CommandException.error("ERR The specified key does not exist");
    private static final CommandException NOT_SPARSE = CommandException.error("ERR HLL encoding is not sparse");

    public static final CommandFamily FAMILY = family("hyperloglog")
            .add("PFADD key [element [element ...]]", HyperLogLogCommands::pfAdd, WRITE, DENYOOM, FAST)
            .doc(
                    "O(1) for each element",
                    "2.8.9",
                    "Adds elements to a HyperLogLog; makes the key when it is not there.")
            .access("RW INSERT")
            .add("PFCOUNT key [key ...]", HyperLogLogCommands::pfCount, Gather.COORDINATE, READONLY, MAY_REPLICATE)
            .doc(
                    "O(1) for one key, O(N) where N is the number of keys",
                    "2.8.9",
                    "Estimates how many different elements were added to the HyperLogLogs together.")
            .access("RW ACCESS")
            .add("PFDEBUG subcommand key", HyperLogLogCommands::pfDebug, WRITE, DENYOOM, ADMIN)
            .doc("N/A", "2.8.9", "Looks inside a HyperLogLog: GETREG, DECODE, ENCODING; or makes it dense: TODENSE.")
            .access("RW ACCESS")
            .add(
                    "PFMERGE destkey [sourcekey [sourcekey ...]]",
                    HyperLogLogCommands::pfMerge,
                    Gather.COORDINATE,
                    WRITE,
                    DENYOOM)
            .doc(
                    "O(N) where N is the number of keys",
                    "2.8.9",
                    "Adds the elements of several HyperLogLogs to another one.")
            .access("RW ACCESS INSERT", "RO ACCESS")
            .add("PFSELFTEST", HyperLogLogSelfTest::pfSelfTest, ADMIN)
            .doc("N/A", "2.8.9", "Tests the registers and the estimation of HyperLogLogs.");

    private HyperLogLogCommands() {}

    // ---- PFADD ----------------------------------------------------------------------------------

    static void pfAdd(CommandContext ctx) {
        if (isLong(ctx)) {
            ctx.needFiber();
        }
        long entry = findToChange(ctx, 1);
        if (walkedBytes(ctx, entry) > Limits.BITS_AT_ONCE_BYTES_MAX) {
            ctx.needFiber();
        }
        boolean changed = entry != Database.NONE && HyperLogLog.isDense(bytes(entry)) && !isLong(ctx)
                ? addInPlace(ctx, entry)
                : addBeside(ctx, entry);
        ctx.reply().integer(changed ? 1 : 0);
    }

    private static boolean isLong(CommandContext ctx) {
        return ctx.count() > Limits.WORK_ARGUMENTS_AT_ONCE_MAX
                || ctx.request().sizeBytes() > Limits.BITS_AT_ONCE_BYTES_MAX;
    }

    /// A sparse one is walked through for each element, and grows on the way.
    private static long walkedBytes(CommandContext ctx, long entry) {
        if (entry != Database.NONE && HyperLogLog.isDense(bytes(entry))) {
            return 0;
        }
        long elements = ctx.count() - 2L;
        long size = entry == Database.NONE ? HyperLogLog.EMPTY_SIZE : StringValue.length(entry);
        return elements * Math.max(size, Math.min(sparseBytesMax(ctx), size + elements * HyperLogLog.GROWTH_MAX));
    }

    private static boolean addInPlace(CommandContext ctx, long entry) {
        long bytes = StringValue.bytesToChange(entry);
        boolean changed = false;
        for (int i = 2; i < ctx.count(); i++) {
            changed |= add(ctx, bytes, HyperLogLog.DENSE_SIZE, i) != 0;
        }
        if (changed) {
            ctx.db().changed(ctx.hash(1));
        }
        return changed;
    }

    private static boolean addBeside(CommandContext ctx, long entry) {
        int oldSize = entry == Database.NONE ? HyperLogLog.EMPTY_SIZE : (int) StringValue.length(entry);
        int room = room(ctx, oldSize, ctx.count() - 2);
        long copy = Memory.allocate(room);
        try {
            copy(entry, copy);
            return addToCopy(ctx, copy, oldSize, entry == Database.NONE);
        } finally {
            Memory.free(copy, room);
        }
    }

    /// What was added before the bytes turn out to be corrupt stays added, as in Redis.
    private static boolean addToCopy(CommandContext ctx, long copy, int oldSize, boolean isNew) {
        boolean changed = isNew;
        int size = oldSize;
        int added = 0;
        for (int i = 2; i < ctx.count() && added != HyperLogLog.CORRUPT; i++) {
            added = add(ctx, copy, size, i);
            changed |= added > 0;
            size = added > 0 ? added : size;
            ctx.checkpoint();
        }
        if (changed) {
            HyperLogLog.invalidate(copy);
            put(ctx, 1, copy, size);
        }
        if (added == HyperLogLog.CORRUPT) {
            throw CORRUPT;
        }
        return changed;
    }

    private static int add(CommandContext ctx, long hll, int size, int i) {
        return HyperLogLog.add(hll, size, ctx.argument(i), ctx.length(i), sparseBytesMax(ctx));
    }

    // ---- PFCOUNT --------------------------------------------------------------------------------

    static void pfCount(CommandContext ctx) {
        if (ctx.count() > 2) {
            countTogether(ctx);
            return;
        }
        long entry = find(ctx, 1);
        if (entry == Database.NONE) {
            ctx.reply().integer(0);
        } else if (HyperLogLog.isStale(bytes(entry))) {
            ctx.reply().integer(countAndKeep(ctx, entry));
        } else {
            ctx.reply().integer(HyperLogLog.keptCount(bytes(entry)));
        }
    }

    private static long countAndKeep(CommandContext ctx, long entry) {
        long count = HyperLogLog.count(bytes(entry), (int) StringValue.length(entry));
        if (count == HyperLogLog.CORRUPT) {
            throw CORRUPT;
        }
        HyperLogLog.keepCount(StringValue.bytesToChange(findToChange(ctx, 1)), count);
        ctx.db().changed(ctx.hash(1));
        return count;
    }

    private static void countTogether(CommandContext ctx) {
        needFiberForMany(ctx, ctx.count());
        long registers = HyperLogLog.newRegisters();
        try {
            mergeAll(ctx, registers);
            ctx.reply().integer(HyperLogLog.countOf(registers));
        } finally {
            HyperLogLog.freeRegisters(registers);
        }
    }

    // ---- PFMERGE --------------------------------------------------------------------------------

    static void pfMerge(CommandContext ctx) {
        needFiberForMany(ctx, ctx.count());
        long registers = HyperLogLog.newRegisters();
        try {
            boolean anyIsDense = mergeAll(ctx, registers);
            ctx.at(1, there -> raiseDestination(there, registers, anyIsDense));
        } finally {
            HyperLogLog.freeRegisters(registers);
        }
        ctx.reply().ok();
    }

    private static void needFiberForMany(CommandContext ctx, long keys) {
        if (keys * HyperLogLog.DENSE_SIZE > Limits.BITS_AT_ONCE_BYTES_MAX) {
            ctx.needFiber();
        }
    }

    /// What the merge of a shard's keys found: whether any of them is dense; and the first, at this argument,
    /// that cannot be merged.
    private record Merged(
            boolean anyIsDense, int refusedAt, @Nullable CommandException refused) {}

    /// Merges all keys into the registers, those of a shard by one step. Whether any of them is dense.
    private static boolean mergeAll(CommandContext ctx, long registers) {
        boolean anyIsDense = false;
        int refusedAt = Integer.MAX_VALUE;
        CommandException refused = null;
        try (var keys = new KeysByShard(ctx, 1, 1, ctx.count() - 1)) {
            for (Merged merged : keys.each(ctx, there -> mergeThere(there, keys, registers))) {
                anyIsDense |= merged.anyIsDense;
                if (merged.refused != null && merged.refusedAt < refusedAt) {
                    refusedAt = merged.refusedAt;
                    refused = merged.refused;
                }
            }
        }
        if (refused != null) {
            throw refused; // that of the first key, whatever shard found one first
        }
        return anyIsDense;
    }

    private static Merged mergeThere(CommandContext there, KeysByShard keys, long registers) {
        int count = keys.count(there.shardId());
        needFiberForMany(there, count);
        boolean anyIsDense = false;
        for (int k = 0; k < count; k++) {
            int key = keys.position(there.shardId(), k);
            try {
                anyIsDense |= merge(there, key, registers);
            } catch (CommandException e) {
                return new Merged(anyIsDense, key, e);
            }
            there.checkpoint();
        }
        return new Merged(anyIsDense, 0, null);
    }

    private static boolean merge(CommandContext there, int key, long registers) {
        long entry = find(there, key);
        if (entry == Database.NONE) {
            return false;
        }
        if (!HyperLogLog.mergeInto(bytes(entry), (int) StringValue.length(entry), registers)) {
            throw CORRUPT;
        }
        return HyperLogLog.isDense(bytes(entry));
    }

    private static boolean raiseDestination(CommandContext there, long registers, boolean toDense) {
        long entry = findToChange(there, 1);
        int size = entry == Database.NONE ? HyperLogLog.EMPTY_SIZE : (int) StringValue.length(entry);
        int room = room(there, size, HyperLogLog.registerCount());
        long copy = Memory.allocate(room);
        try {
            copy(entry, copy);
            size = toDense ? HyperLogLog.toDense(copy, size) : size;
            put(there, 1, copy, HyperLogLog.raiseAll(copy, size, registers, sparseBytesMax(there)));
        } finally {
            Memory.free(copy, room);
        }
        return toDense;
    }

    // ---- PFDEBUG --------------------------------------------------------------------------------

    static void pfDebug(CommandContext ctx) {
        if (findToChange(ctx, 2) == Database.NONE) {
            throw KEY_IS_MISSING;
        }
        if (ctx.is(1, "getreg")) {
            replyRegisters(ctx);
        } else if (ctx.is(1, "decode")) {
            replyRuns(ctx);
        } else if (ctx.is(1, "encoding")) {
            ctx.reply().simple(HyperLogLog.isDense(bytes(findToChange(ctx, 2))) ? "dense" : "sparse");
        } else if (ctx.is(1, "todense")) {
            ctx.reply().integer(makeDense(ctx) ? 1 : 0);
        } else {
            String word = CommandException.printable(ctx.text(1));
            throw CommandException.error("ERR Unknown PFDEBUG subcommand '" + word + "'");
        }
    }

    /// Makes the one at argument 2 dense, and says so if it was not.
    private static boolean makeDense(CommandContext ctx) {
        long entry = findToChange(ctx, 2);
        if (HyperLogLog.isDense(bytes(entry))) {
            return false;
        }
        int size = (int) StringValue.length(entry);
        int room = room(ctx, size, 0);
        long copy = Memory.allocate(room);
        try {
            copy(entry, copy);
            int newSize = HyperLogLog.toDense(copy, size);
            if (newSize == HyperLogLog.CORRUPT) {
                throw CORRUPT;
            }
            put(ctx, 2, copy, newSize);
        } finally {
            Memory.free(copy, room);
        }
        return true;
    }

    private static void replyRegisters(CommandContext ctx) {
        makeDense(ctx); // as Redis
        long bytes = bytes(findToChange(ctx, 2));
        ctx.reply().array(HyperLogLog.registerCount());
        for (int i = 0; i < HyperLogLog.registerCount(); i++) {
            ctx.reply().integer(HyperLogLog.register(bytes, i));
        }
    }

    private static void replyRuns(CommandContext ctx) {
        long entry = findToChange(ctx, 2);
        if (HyperLogLog.isDense(bytes(entry))) {
            throw NOT_SPARSE;
        }
        ctx.reply().bulk(HyperLogLog.runs(bytes(entry), (int) StringValue.length(entry)));
    }

    // ---- shared ---------------------------------------------------------------------------------

    private static long find(CommandContext ctx, int i) {
        return checked(StringCommands.find(ctx, i));
    }

    private static long findToChange(CommandContext ctx, int i) {
        return checked(
                ctx.db().findToChange(ctx.hash(i), ctx.argument(i), ctx.length(i), Type.STRING, ctx.nowMillis()));
    }

    /// Throws unless there is none or it looks like one.
    private static long checked(long entry) {
        if (entry == Database.NONE) {
            return entry;
        }
        long size = StringValue.length(entry);
        if (StringCommands.isNumber(entry) || !HyperLogLog.isValid(bytes(entry), size)) {
            throw CommandException.NOT_A_HYPERLOGLOG;
        }
        if (size > HyperLogLog.SIZE_MAX) {
            throw CORRUPT;
        }
        return entry;
    }

    private static long bytes(long entry) {
        return StringValue.bytes(entry, Memory.NONE);
    }

    /// Bytes that one of this size may need when so many of its registers are raised.
    private static int room(CommandContext ctx, int size, int raised) {
        long sparse = Math.min(sparseBytesMax(ctx), size + (long) raised * HyperLogLog.GROWTH_MAX);
        return (int) Math.max(Math.max(size, sparse), HyperLogLog.DENSE_SIZE);
    }

    private static int sparseBytesMax(CommandContext ctx) {
        return ctx.databases().thresholds().hllSparseBytesMax();
    }

    /// An empty one where there is none.
    private static void copy(long entry, long to) {
        if (entry == Database.NONE) {
            HyperLogLog.create(to);
        } else {
            Memory.copy(bytes(entry), to, StringValue.length(entry));
        }
    }

    private static void put(CommandContext ctx, int key, long bytes, int size) {
        var db = ctx.db();
        long hash = ctx.hash(key);
        int encoding = StringValue.rawEncoding(size);
        long entry = db.put(
                hash,
                ctx.argument(key),
                ctx.length(key),
                Type.STRING,
                encoding,
                StringValue.valueSize(encoding, size),
                Database.KEEP,
                ctx.nowMillis());
        StringValue.write(db.allocator(), Entry.value(entry), encoding, bytes, size);
        db.changed(hash);
    }
}
