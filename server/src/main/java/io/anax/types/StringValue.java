package io.anax.types;

import io.anax.Limits;
import io.anax.memory.Digits;
import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import io.anax.table.Entry;

/// The value of a string entry, in the smallest of seven encodings.
///
/// ```
///  INT8..INT64     [number 1, 2, 4 or 8 B]          the text is exactly that number printed
///  EMBEDDED        [length 1..2 B varint][bytes]    up to 4 KiB, in the entry
///  EMBEDDED_RAW    the same                         was changed in place: Redis calls it "raw"
///  LARGE           [address 8][length 8][capacity 8]   bytes in their own allocation, which may
///                                                   grow without moving the key
///  varint          7 bits a byte, low bits first, top bit = more follows
///
///  bytes of LARGE  [text, length B][room, up to the capacity]    the room of a mapping is zero
/// ```
///
/// Bytes of an example: the value "hello" is `05 68 65 6c 6c 6f`, the value "300" is `2c 01`.
public final class StringValue {
    public static final int INT8 = 0;
    public static final int INT16 = 1;
    public static final int INT32 = 2;
    public static final int INT64 = 3;
    public static final int EMBEDDED = 4;
    public static final int LARGE = 5;
    public static final int EMBEDDED_RAW = 6;

    /// What `bytes` may need to print a number.
    public static final int SCRATCH_SIZE = Digits.SIZE_MAX;

    private static final int LARGE_LENGTH = 8;
    private static final int LARGE_CAPACITY = 16;
    private static final int LARGE_SIZE = 24;
    private static final int ONE_BYTE_LENGTH_MAX = 0x7F;
    private static final int EMBSTR_LENGTH_MAX = 44; // OBJ_ENCODING_EMBSTR_SIZE_LIMIT of Redis

    static {
        assert Limits.EMBEDDED_STRING_BYTES_MAX < 1 << 14 : "a length is two bytes at most";
    }

    private StringValue() {}

    // ---- choosing and writing -------------------------------------------------------------------

    /// The encoding that takes the least room for these bytes.
    public static int encoding(long address, long length) {
        long integer = Digits.parse(address, length);
        if (Digits.isLong(integer, address, length)) {
            return encoding(integer);
        }
        return length <= Limits.EMBEDDED_STRING_BYTES_MAX ? EMBEDDED : LARGE;
    }

    public static int encoding(long integer) {
        if (integer == (byte) integer) {
            return INT8;
        }
        if (integer == (short) integer) {
            return INT16;
        }
        return integer == (int) integer ? INT32 : INT64;
    }

    /// Bytes that the value takes in the entry, for `length` bytes of text.
    public static int valueSize(int encoding, long length) {
        if (encoding <= INT64) {
            return 1 << encoding;
        }
        if (encoding == LARGE) {
            return LARGE_SIZE;
        }
        return lengthSize((int) length) + (int) length;
    }

    /// Writes the value of an entry whose head is there. `encoding` is that of the bytes.
    public static void write(SlabAllocator allocator, long at, int encoding, long address, long length) {
        if (encoding <= INT64) {
            writeInteger(at, encoding, Digits.parse(address, length));
        } else if (encoding == LARGE) {
            Memory.copy(address, allocateLarge(allocator, at, length, length), length);
        } else {
            Memory.copy(address, writeLength(at, (int) length), length);
        }
    }

    public static void writeInteger(long at, int encoding, long integer) {
        switch (encoding) {
            case INT8 -> Memory.putByte(at, (byte) integer);
            case INT16 -> Memory.putShort(at, (short) integer);
            case INT32 -> Memory.putInt(at, (int) integer);
            default -> Memory.putLong(at, integer);
        }
    }

    // ---- reading --------------------------------------------------------------------------------

    /// Whether the text is a whole number of 64 bits.
    public static boolean isInteger(long entry) {
        int encoding = Entry.encoding(entry);
        if (encoding <= INT64) {
            return true;
        }
        // Only what was changed in place can be a number and not be stored as one.
        return encoding == EMBEDDED_RAW && Digits.isLong(embedded(entry), length(entry));
    }

    public static long integer(long entry) {
        int encoding = Entry.encoding(entry);
        long value = Entry.value(entry);
        return switch (encoding) {
            case INT8 -> Memory.getByte(value);
            case INT16 -> Memory.getShort(value);
            case INT32 -> Memory.getInt(value);
            case INT64 -> Memory.getLong(value);
            default -> Digits.parse(embedded(entry), length(entry));
        };
    }

    /// Bytes of the text.
    public static long length(long entry) {
        int encoding = Entry.encoding(entry);
        if (encoding <= INT64) {
            return Digits.size(integer(entry));
        }
        long value = Entry.value(entry);
        return encoding == LARGE ? Memory.getLong(value + LARGE_LENGTH) : readLength(value);
    }

    /// Where the text lies: in the entry, beside it, or, for a number, in `scratch`, which has
    /// room for `SCRATCH_SIZE` bytes.
    public static long bytes(long entry, long scratch) {
        int encoding = Entry.encoding(entry);
        if (encoding <= INT64) {
            Digits.print(integer(entry), scratch);
            return scratch;
        }
        return encoding == LARGE ? Memory.getLong(Entry.value(entry)) : embedded(entry);
    }

    /// As OBJECT ENCODING says it.
    public static String encodingName(long entry) {
        int encoding = Entry.encoding(entry);
        if (encoding <= INT64) {
            return "int";
        }
        return encoding == EMBEDDED && length(entry) <= EMBSTR_LENGTH_MAX ? "embstr" : "raw";
    }

    // ---- sizes and freeing ----------------------------------------------------------------------

    /// Bytes of the whole entry, head and key and value, without an allocation beside it.
    public static long sizeBytes(long entry) {
        long value = Entry.value(entry);
        int encoding = Entry.encoding(entry);
        long length = encoding == EMBEDDED || encoding == EMBEDDED_RAW ? readLength(value) : 0;
        return value - entry + valueSize(encoding, length);
    }

    public static boolean isLarge(long entry) {
        return Entry.encoding(entry) == LARGE;
    }

    /// The allocation beside the entry; only for large ones.
    public static long largeAddress(long entry) {
        assert isLarge(entry);
        return Memory.getLong(Entry.value(entry));
    }

    public static long largeCapacity(long entry) {
        assert isLarge(entry);
        return Memory.getLong(Entry.value(entry) + LARGE_CAPACITY);
    }

    static void freeLarge(SlabAllocator allocator, long entry) {
        if (isLarge(entry)) {
            allocator.free(largeAddress(entry), largeCapacity(entry));
        }
    }

    /// Moves the bytes beside the entry if the allocator wants them elsewhere; returns whether it did.
    static boolean moveLarge(SlabAllocator allocator, long entry) {
        if (!isLarge(entry) || !allocator.shouldMove(largeAddress(entry), largeCapacity(entry))) {
            return false;
        }
        long bytes = allocator.allocate(largeCapacity(entry));
        Memory.copy(largeAddress(entry), bytes, length(entry));
        allocator.free(largeAddress(entry), largeCapacity(entry));
        Memory.putLong(Entry.value(entry), bytes);
        return true;
    }

    // ---- on the way to another key, for Value ---------------------------------------------------

    /// Bytes of the value in a parcel: the text of a large one, else what lies in the entry.
    static long packedBytes(long entry) {
        return isLarge(entry) ? length(entry) : sizeBytes(entry) - (Entry.value(entry) - entry);
    }

    static void pack(long entry, long to, Runnable pause) {
        if (isLarge(entry)) {
            copyInPieces(largeAddress(entry), to, length(entry), pause);
        } else {
            Memory.copy(Entry.value(entry), to, packedBytes(entry));
        }
    }

    /// Bytes of the value area for a value that is `packedBytes` long in a parcel.
    static int unpackedSize(int encoding, long packedBytes) {
        return encoding == LARGE ? LARGE_SIZE : (int) packedBytes;
    }

    static void unpack(SlabAllocator allocator, long entry, long packed, long packedBytes, Runnable pause) {
        if (!isLarge(entry)) {
            Memory.copy(packed, Entry.value(entry), packedBytes);
            return;
        }
        long bytes = allocateLarge(allocator, Entry.value(entry), packedBytes, packedBytes);
        try {
            copyInPieces(packed, bytes, packedBytes, pause);
        } catch (RuntimeException | Error e) {
            allocator.free(bytes, packedBytes);
            throw e;
        }
    }

    /// Copies bytes, with a pause after each piece.
    public static void copyInPieces(long from, long to, long size, Runnable pause) {
        for (long done = 0; done < size; done += Limits.COPY_PIECE_BYTES) {
            Memory.copy(from + done, to + done, Math.min(Limits.COPY_PIECE_BYTES, size - done));
            pause.run();
        }
    }

    // ---- changing in place ----------------------------------------------------------------------

    /// Where the bytes lie, for one who is about to change some of them and found the entry with
    /// `findToChange`: from now on they count as changed in place. Not for numbers.
    public static long bytesToChange(long entry) {
        assert Entry.encoding(entry) > INT64 : "the text of a number lies nowhere";
        if (Entry.encoding(entry) == EMBEDDED) {
            Entry.setKind(entry, Type.STRING.number(), EMBEDDED_RAW);
        }
        return bytes(entry, 0);
    }

    /// Byte `index` of the text, without a place to print it where it is a number.
    public static int byteAt(long entry, long index) {
        assert index >= 0 && index < length(entry) : "byte " + index + " of " + length(entry);
        if (Entry.encoding(entry) <= INT64) {
            return Digits.digit(integer(entry), (int) index);
        }
        return Memory.getByte(bytes(entry, 0) + index) & 0xFF;
    }

    /// Makes the value of an entry whose head says `LARGE` of bytes that somebody wrote into an
    /// allocation of the same allocator, `length` long. They belong to the value from now on.
    public static void writeLarge(long at, long bytes, long length) {
        writeLarge(at, bytes, length, length);
    }

    /// As above, of an allocation with room for `capacity` bytes.
    public static void writeLarge(long at, long bytes, long length, long capacity) {
        Memory.putLong(at, bytes);
        Memory.putLong(at + LARGE_LENGTH, length);
        Memory.putLong(at + LARGE_CAPACITY, capacity);
    }

    // ---- growing in place, for Database.growString ----------------------------------------------

    /// The encoding of a string of `length` bytes that is changed in place.
    public static int rawEncoding(long length) {
        return length <= Limits.EMBEDDED_STRING_BYTES_MAX ? EMBEDDED_RAW : LARGE;
    }

    /// Copies the text, whatever its encoding; there must be room for `length(entry)` bytes.
    public static void copyText(long entry, long to) {
        if (Entry.encoding(entry) <= INT64) {
            Digits.print(integer(entry), to);
        } else {
            Memory.copy(bytes(entry, 0), to, length(entry));
        }
    }

    /// As above, with a pause after each piece of a large one, which must stay where it is meanwhile.
    public static void copyText(long entry, long to, Runnable pause) {
        if (isLarge(entry)) {
            copyInPieces(largeAddress(entry), to, length(entry), pause);
        } else {
            copyText(entry, to);
        }
    }

    /// Lets an embedded value have `length` bytes, the new ones zero, and returns where they lie. The
    /// entry's allocation has room for them.
    public static long growEmbedded(long entry, long length) {
        long old = length(entry);
        long from = embedded(entry);
        long to = Entry.value(entry) + lengthSize((int) length);
        Memory.copy(from, to, old); // the length may take a byte more than before
        writeLength(Entry.value(entry), (int) length);
        Memory.fill(to + old, length - old, (byte) 0);
        Entry.setKind(entry, Type.STRING.number(), EMBEDDED_RAW);
        return to;
    }

    /// Makes a value of `length` zero bytes; the head says `EMBEDDED_RAW` or `LARGE`.
    public static long writeZeros(SlabAllocator allocator, long at, int encoding, long length) {
        long bytes = encoding == LARGE
                ? allocateLarge(allocator, at, length, largeCapacityFor(length, 0))
                : writeLength(at, (int) length);
        if (encoding != LARGE || !SlabAllocator.comesZeroed(largeCapacityFor(length, 0))) {
            Memory.fill(bytes, length, (byte) 0);
        }
        return bytes;
    }

    /// Bytes that have to move before the string can have `length` bytes: all of a large one without the
    /// room; what is in the entry is few.
    public static long bytesToMove(long entry, long length) {
        return isLarge(entry) && length > largeCapacity(entry) ? length(entry) : 0;
    }

    /// How much room to take for a string that grows to `length` bytes.
    public static long capacityFor(long entry, long length) {
        return largeCapacityFor(length, isLarge(entry) ? largeCapacity(entry) : 0);
    }

    /// Writes bytes into the room behind the text of a large value, where nobody sees them yet. Leaves
    /// zeros there when a pause throws.
    public static void writeRoom(long entry, long from, long size, Runnable pause) {
        long room = largeAddress(entry) + length(entry);
        assert length(entry) + size <= largeCapacity(entry) : "no room for " + size + " bytes";
        try {
            copyInPieces(from, room, size, pause);
        } catch (RuntimeException | Error e) {
            Memory.fill(room, size, (byte) 0);
            throw e;
        }
    }

    /// Lets what was written into the room be part of the text, which has `length` bytes then.
    public static void takeRoom(long entry, long length) {
        assert length <= largeCapacity(entry) : "no room for " + length + " bytes";
        Memory.putLong(Entry.value(entry) + LARGE_LENGTH, length);
    }

    /// Lets a large value have `length` bytes, the new ones zero, and returns where they lie.
    public static long growLarge(SlabAllocator allocator, long entry, long length) {
        long value = Entry.value(entry);
        long bytes = Memory.getLong(value);
        long old = Memory.getLong(value + LARGE_LENGTH);
        long capacity = Memory.getLong(value + LARGE_CAPACITY);
        assert length >= old : "a string never shrinks in place";
        if (length > capacity) {
            long larger = allocateLarge(allocator, value, length, largeCapacityFor(length, capacity));
            Memory.copy(bytes, larger, old);
            allocator.free(bytes, capacity);
            bytes = larger;
        }
        Memory.putLong(value + LARGE_LENGTH, length);
        if (!SlabAllocator.comesZeroed(largeCapacity(entry))) {
            Memory.fill(bytes + old, length - old, (byte) 0);
        }
        return bytes;
    }

    /// Twice as much while small, a quarter more when large: appending copies each byte a few times
    /// at most, and a big string does not hold twice its memory.
    private static long largeCapacityFor(long length, long capacity) {
        long wanted = length <= Limits.STRING_DOUBLING_BYTES_MAX ? length * 2 : length + length / 4;
        return Math.max(length, Math.max(capacity, Math.min(wanted, Limits.STRING_BYTES_MAX)));
    }

    private static long allocateLarge(SlabAllocator allocator, long at, long length, long capacity) {
        long bytes = allocator.allocate(capacity);
        Memory.putLong(at, bytes);
        Memory.putLong(at + LARGE_LENGTH, length);
        Memory.putLong(at + LARGE_CAPACITY, capacity);
        return bytes;
    }

    private static long embedded(long entry) {
        long value = Entry.value(entry);
        return value + lengthSize(readLength(value));
    }

    private static int lengthSize(int length) {
        return length <= ONE_BYTE_LENGTH_MAX ? 1 : 2;
    }

    private static int readLength(long at) {
        int low = Memory.getByte(at);
        return low >= 0 ? low : low & ONE_BYTE_LENGTH_MAX | (Memory.getByte(at + 1) & 0xFF) << 7;
    }

    private static long writeLength(long at, int length) {
        if (length <= ONE_BYTE_LENGTH_MAX) {
            Memory.putByte(at, (byte) length);
            return at + 1;
        }
        Memory.putByte(at, (byte) (length | 0x80));
        Memory.putByte(at + 1, (byte) (length >>> 7));
        return at + 2;
    }
}
