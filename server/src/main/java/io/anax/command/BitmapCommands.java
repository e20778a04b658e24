package io.anax.command;

import static io.anax.command.CommandFamily.family;
import static io.anax.command.CommandFlag.DENYOOM;
import static io.anax.command.CommandFlag.FAST;
import static io.anax.command.CommandFlag.READONLY;
import static io.anax.command.CommandFlag.WRITE;

import io.anax.Hot;
import io.anax.Limits;
import io.anax.keyspace.Database;
import io.anax.memory.Memory;
import io.anax.protocol.Numbers;
import io.anax.types.Bitmap;
import io.anax.types.StringValue;
import io.anax.types.Type;

/// Commands on the bits of strings. BITFIELD has its own file, [BitfieldOperations], and so has BITOP,
/// [BitOperation].
public final class BitmapCommands {
    private static final CommandException NOT_A_BIT = CommandException.error("ERR The bit argument must be 1 or 0.");

    private static final String FIELD_OPERATION = "<GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>] "
            + "<SET encoding offset value | INCRBY encoding offset increment>>";

    public static final CommandFamily FAMILY = family("bitmap")
            .add("BITCOUNT key [start end [BYTE | BIT]]", BitmapCommands::bitCount, READONLY)
            .doc("O(N) where N is the length of the range", "2.6.0", "Counts the bits that are set in a string.")
            .add(
                    "BITFIELD key [" + FIELD_OPERATION + " [" + FIELD_OPERATION + " ...]]",
                    BitfieldOperations::bitField,
                    WRITE,
                    DENYOOM)
            .doc("O(1) for each operation", "3.2.0", "Reads and changes whole numbers of any width inside a string.")
            .access("RW ACCESS UPDATE VARIABLE_FLAGS")
            .add(
                    "BITFIELD_RO key [GET encoding offset [GET encoding offset ...]]",
                    BitfieldOperations::bitFieldReadOnly,
                    READONLY,
                    FAST)
            .doc("O(1) for each operation", "6.0.0", "Reads whole numbers of any width inside a string.")
            .add(
                    "BITOP <AND | OR | XOR | NOT | DIFF | DIFF1 | ANDOR | ONE> destkey key [key ...]",
                    BitOperation::bitOp,
                    Gather.COORDINATE,
                    WRITE,
                    DENYOOM)
            .doc(
                    "O(N) where N is the length of all strings together",
                    "2.6.0",
                    "Combines the bits of several strings into another one.")
            .add("BITPOS key bit [start [end [BYTE | BIT]]]", BitmapCommands::bitPos, READONLY)
            .doc("O(N) where N is the length of the range", "2.8.7", "Finds the first bit that is set, or clear.")
            .add("GETBIT key offset", BitmapCommands::getBit, READONLY, FAST)
            .doc("O(1)", "2.2.0", "Returns one bit of a string; those behind its end are 0.")
            .add("SETBIT key offset value", BitmapCommands::setBit, WRITE, DENYOOM)
            .doc(
                    "O(1)",
                    "2.2.0",
                    "Sets or clears one bit of a string, which grows when needed, and returns the old one.")
            .access("RW ACCESS UPDATE");

    private BitmapCommands() {}

    // ---- one bit --------------------------------------------------------------------------------

    @Hot
    static void getBit(CommandContext ctx) {
        long offset = offset(ctx, 2);
        long entry = StringCommands.find(ctx, 1);
        ctx.reply().integer(entry == Database.NONE ? 0 : bit(entry, offset));
    }

    @Hot
    static void setBit(CommandContext ctx) {
        long offset = offset(ctx, 2);
        int bit = bitValue(ctx, 3);
        var db = ctx.db();
        long hash = ctx.hash(1);
        long entry = db.findToChange(hash, ctx.argument(1), ctx.length(1), Type.STRING, ctx.nowMillis());
        int old = entry == Database.NONE ? 0 : bit(entry, offset);
        if (!hasRoom(entry, offset)) {
            setBitElsewhere(ctx, db, entry, offset, bit);
        } else if (bit != old) {
            Bitmap.putBit(StringValue.bytesToChange(entry), offset, bit);
            db.changed(hash);
        } else {
            StringValue.bytesToChange(entry); // Redis calls it "raw" from now on
        }
        ctx.reply().integer(old);
    }

    /// The string has to grow, or is stored as a number.
    private static void setBitElsewhere(CommandContext ctx, Database db, long entry, long offset, int bit) {
        long old = entry == Database.NONE ? 0 : StringValue.length(entry);
        boolean grows = offset >>> 3 >= old;
        if (grows || bit != bit(entry, offset)) {
            long length = Math.max(old, (offset >>> 3) + 1);
            StringCommands.makeRoom(ctx, entry, length);
            long bytes = db.growString(ctx.hash(1), ctx.argument(1), ctx.length(1), length, ctx.nowMillis());
            Bitmap.putBit(bytes, offset, bit);
        }
    }

    /// Whether the bit can be changed where it is.
    @Hot
    private static boolean hasRoom(long entry, long offset) {
        return entry != Database.NONE && !StringCommands.isNumber(entry) && offset >>> 3 < StringValue.length(entry);
    }

    @Hot
    private static int bit(long entry, long offset) {
        long index = offset >>> 3;
        return index < StringValue.length(entry) ? StringValue.byteAt(entry, index) >>> 7 - (offset & 7) & 1 : 0;
    }

    /// Argument `i` as the offset of a bit: that of a byte that a string may have.
    @Hot
    static long offset(CommandContext ctx, int i) {
        return offset(ctx, ctx.argument(i), ctx.length(i), 1);
    }

    /// A number as the offset of a bit, times `unit` bits; throws when it is none.
    @Hot
    static long offset(CommandContext ctx, long text, int size, int unit) {
        if (!Numbers.isLong(text, size)) {
            throw CommandException.BIT_OFFSET;
        }
        long offset = Numbers.parseLong(text, size) * unit; // Redis lets it overflow too
        if (offset < 0 || offset >>> 3 >= ctx.databases().thresholds().stringBytesMax()) {
            throw CommandException.BIT_OFFSET;
        }
        return offset;
    }

    private static int bitValue(CommandContext ctx, int i) {
        long at = ctx.argument(i);
        int size = ctx.length(i);
        boolean valid = size == 1 && (Memory.getByte(at) == '0' || Memory.getByte(at) == '1');
        if (!valid) {
            throw CommandException.BIT_VALUE;
        }
        return Memory.getByte(at) - '0';
    }

    // ---- a range of bits ------------------------------------------------------------------------

    static void bitCount(CommandContext ctx) {
        int count = ctx.count();
        if (count != 2 && count != 4 && count != 5) {
            throw CommandException.SYNTAX;
        }
        long start = count == 2 ? 0 : ctx.integer(2);
        long end = count == 2 ? -1 : ctx.integer(3);
        boolean inBits = count == 5 && isUnitBit(ctx, 4);
        long entry = StringCommands.find(ctx, 1);
        boolean crossed = start < 0 && end < 0 && start > end;
        if (entry == Database.NONE || crossed) {
            ctx.reply().integer(0);
            return;
        }
        long size = StringValue.length(entry);
        long first = first(start, size, inBits);
        long last = last(end, size, inBits);
        ctx.reply().integer(first > last ? 0 : count(ctx, entry, first, last));
    }

    private static long count(CommandContext ctx, long entry, long first, long last) {
        needFiberFor(ctx, first, last);
        long scratch = scratch(entry);
        try {
            long bytes = StringValue.bytes(entry, scratch);
            long count = 0;
            for (long from = first; from <= last; from = nextPiece(from)) {
                count += Bitmap.count(bytes, from, Math.min(last, nextPiece(from) - 1));
                ctx.checkpoint(); // its key is locked meanwhile, so the bytes stay
            }
            return count;
        } finally {
            free(scratch);
        }
    }

    static void bitPos(CommandContext ctx) {
        int count = ctx.count();
        long bit = ctx.integer(2);
        if (bit != 0 && bit != 1) {
            throw NOT_A_BIT;
        }
        if (count > 6) {
            throw CommandException.SYNTAX;
        }
        long start = count > 3 ? ctx.integer(3) : 0;
        boolean inBits = count == 6 && isUnitBit(ctx, 5);
        long end = count > 4 ? ctx.integer(4) : -1;
        long entry = StringCommands.find(ctx, 1);
        if (entry == Database.NONE) {
            ctx.reply().integer(bit == 1 ? Bitmap.NONE : 0);
            return;
        }
        long size = StringValue.length(entry);
        long first = first(start, size, inBits);
        long last = last(end, size, inBits);
        long found = first > last ? Bitmap.NONE : find(ctx, entry, first, last, (int) bit);
        // Without an end the string is followed by zeros, unless nothing of it was in the range.
        boolean goesOn = count < 5 && bit == 0 && first <= last;
        ctx.reply().integer(found == Bitmap.NONE && goesOn ? size * Byte.SIZE : found);
    }

    private static long find(CommandContext ctx, long entry, long first, long last, int bit) {
        needFiberFor(ctx, first, last);
        long scratch = scratch(entry);
        try {
            long bytes = StringValue.bytes(entry, scratch);
            long found = Bitmap.NONE;
            for (long from = first; from <= last && found == Bitmap.NONE; from = nextPiece(from)) {
                found = Bitmap.find(bytes, from, Math.min(last, nextPiece(from) - 1), bit);
                ctx.checkpoint();
            }
            return found;
        } finally {
            free(scratch);
        }
    }

    private static boolean isUnitBit(CommandContext ctx, int i) {
        if (ctx.is(i, "bit")) {
            return true;
        }
        if (!ctx.is(i, "byte")) {
            throw CommandException.SYNTAX;
        }
        return false;
    }

    /// The first bit of a range that starts at this bit or byte, counted from the end if negative.
    private static long first(long start, long size, boolean inBits) {
        return inBits ? fromStart(start, size * Byte.SIZE) : fromStart(start, size) * Byte.SIZE;
    }

    /// The last bit of a range that ends with this bit or byte.
    private static long last(long end, long size, boolean inBits) {
        long count = inBits ? size * Byte.SIZE : size;
        long last = Math.min(fromStart(end, count), count - 1);
        return inBits ? last : last * Byte.SIZE + Byte.SIZE - 1;
    }

    private static long fromStart(long index, long count) {
        return index < 0 ? Math.max(0, count + index) : Math.min(index, count);
    }

    private static void needFiberFor(CommandContext ctx, long first, long last) {
        if ((last - first) / Byte.SIZE > Limits.BITS_AT_ONCE_BYTES_MAX) {
            ctx.needFiber();
        }
    }

    private static long nextPiece(long offset) {
        long bits = Limits.BITS_PIECE_BYTES * Byte.SIZE;
        return (offset / bits + 1) * bits;
    }

    // ---- shared ---------------------------------------------------------------------------------

    /// Room to print a string that is stored as a number, else none; see `free`.
    static long scratch(long entry) {
        boolean needed = entry != Database.NONE && StringCommands.isNumber(entry);
        return needed ? Memory.allocate(StringValue.SCRATCH_SIZE) : Memory.NONE;
    }

    static void free(long scratch) {
        if (scratch != Memory.NONE) {
            Memory.free(scratch, StringValue.SCRATCH_SIZE);
        }
    }
}
