package io.anax.table;

import io.anax.Hot;
import io.anax.memory.Memory;

/// One key with its value, in one allocation: the head is a byte each for what it is and what it
/// has, so that a lookup pays for one cache line and small values cost little.
///
/// ```
///  byte  0      1       2            3
///       +------+-------+------------+---------------------------------+-----+-------+
///       | kind | flags | key length | deadline, stamp, client flags,  | key | value |
///       |      |       | varint 1-5 | cas: those that the flags name  |     |       |
///       +------+-------+------------+---------------------------------+-----+-------+
///  kind     bits 0-3 type, bits 4-6 encoding (both belong to `types`), bit 7 visited since the
///           last round of its bucket, see EvictionOrder
///  flags    bit 0 DEADLINE      6 B, milliseconds since 1970
///           bit 1 STAMP         3 B, the clock of the LRU and LFU policies
///           bit 2 CLIENT_FLAGS  4 B, memcached's opaque number
///           bit 3 CAS           8 B, memcached's version of the value
///           bit 4 proven: it was visited before that
///           bit 5 visited again: twice or more since then, see EvictionOrder
///           bits 6-7 the version of the table when the entry was written, see Dashtable
///  length   7 bits a byte, lowest first, top bit set when another byte follows
/// ```
///
/// Example: the string "v" (type 0, encoding 4: a length byte, then bytes) under the key "k", which
/// expires at 1,000,000 ms: `40 01 01 40 42 0f 00 00 00 6b 01 76`.
public final class Entry {
    /// No entry.
    public static final long NONE = 0;

    /// The deadline of an entry that has none: later than every moment.
    public static final long NEVER = Long.MAX_VALUE;

    public static final int DEADLINE = 1;
    public static final int STAMP = 2;
    public static final int CLIENT_FLAGS = 4;
    public static final int CAS = 8;

    /// 48 bits of milliseconds reach the year 10889; later deadlines are stored as this one.
    public static final long DEADLINE_MAX = (1L << 48) - 1;

    /// Versions count 0..3 and then start again.
    public static final int VERSIONS = 4;

    private static final int ALL_FLAGS = DEADLINE | STAMP | CLIENT_FLAGS | CAS;
    private static final int PROVEN = 0x10;
    private static final int VISITED_AGAIN = 0x20;
    private static final int VERSION_SHIFT = 6;
    private static final int BELOW_VERSION = (1 << VERSION_SHIFT) - 1;
    private static final int TYPE_MASK = 0x0F;
    private static final int ENCODING_SHIFT = 4;
    private static final int ENCODING_MASK = 0x07;
    private static final int VISITED = 0x80;

    private static final int FLAGS_AT = 1;
    private static final int LENGTH_AT = 2;

    private static final int DEADLINE_SIZE = 6;
    private static final int STAMP_SIZE = 3;
    private static final int CLIENT_FLAGS_SIZE = 4;
    private static final int CAS_SIZE = 8;

    private Entry() {}

    /// Bytes before the value.
    @Hot
    public static int headSize(int flags, int keyLength) {
        return LENGTH_AT + varintSize(keyLength) + optionsSize(flags) + keyLength;
    }

    /// Writes head and key; the optional fields that the flags name are zero. Returns where the
    /// value begins.
    @Hot
    public static long write(long at, int type, int encoding, int flags, long key, int keyLength) {
        assert type == (type & TYPE_MASK) : type;
        assert encoding == (encoding & ENCODING_MASK) : encoding;
        assert flags == (flags & ALL_FLAGS) : flags;
        Memory.putByte(at, (byte) (type | encoding << ENCODING_SHIFT));
        Memory.putByte(at + FLAGS_AT, (byte) flags);
        long options = writeLength(at + LENGTH_AT, keyLength);
        int optionsSize = optionsSize(flags);
        if (optionsSize != 0) {
            Memory.fill(options, optionsSize, (byte) 0);
        }
        Memory.copy(key, options + optionsSize, keyLength);
        return options + optionsSize + keyLength;
    }

    public static int type(long entry) {
        return Memory.getByte(entry) & TYPE_MASK;
    }

    public static int encoding(long entry) {
        return Memory.getByte(entry) >> ENCODING_SHIFT & ENCODING_MASK;
    }

    /// The value was rewritten in place in another encoding, or even as another type.
    public static void setKind(long entry, int type, int encoding) {
        assert type == (type & TYPE_MASK) : type;
        assert encoding == (encoding & ENCODING_MASK) : encoding;
        int visited = Memory.getByte(entry) & VISITED;
        Memory.putByte(entry, (byte) (visited | encoding << ENCODING_SHIFT | type));
    }

    public static boolean visited(long entry) {
        return Memory.getByte(entry) < 0;
    }

    /// Writes only when it must: a hot entry stays clean in the cache.
    public static void markVisited(long entry) {
        byte kind = Memory.getByte(entry);
        if (kind >= 0) {
            Memory.putByte(entry, (byte) (kind | VISITED));
        } else if (!visitedAgain(entry)) {
            Memory.putByte(entry + FLAGS_AT, (byte) (Memory.getByte(entry + FLAGS_AT) | VISITED_AGAIN));
        }
    }

    static boolean visitedAgain(long entry) {
        return (Memory.getByte(entry + FLAGS_AT) & VISITED_AGAIN) != 0;
    }

    static boolean isProven(long entry) {
        return (Memory.getByte(entry + FLAGS_AT) & PROVEN) != 0;
    }

    /// Its visits were seen: it is proven from now on, and not visited.
    static void prove(long entry) {
        Memory.putByte(entry, (byte) (Memory.getByte(entry) & ~VISITED));
        Memory.putByte(entry + FLAGS_AT, (byte) (Memory.getByte(entry + FLAGS_AT) & ~VISITED_AGAIN | PROVEN));
    }

    /// Another entry of the same key takes over how often it was visited.
    static void copyVisits(long from, long to) {
        Memory.putByte(to, (byte) (Memory.getByte(to) & ~VISITED | Memory.getByte(from) & VISITED));
        int visits = Memory.getByte(from + FLAGS_AT) & (PROVEN | VISITED_AGAIN);
        Memory.putByte(to + FLAGS_AT, (byte) (Memory.getByte(to + FLAGS_AT) & ~(PROVEN | VISITED_AGAIN) | visits));
    }

    /// Which optional fields there are.
    public static int flags(long entry) {
        return Memory.getByte(entry + FLAGS_AT) & ALL_FLAGS;
    }

    public static int version(long entry) {
        return (Memory.getByte(entry + FLAGS_AT) & 0xFF) >>> VERSION_SHIFT;
    }

    public static void setVersion(long entry, int version) {
        assert version >= 0 && version < VERSIONS : version;
        int others = Memory.getByte(entry + FLAGS_AT) & BELOW_VERSION;
        Memory.putByte(entry + FLAGS_AT, (byte) (others | version << VERSION_SHIFT));
    }

    public static boolean hasDeadline(long entry) {
        return (Memory.getByte(entry + FLAGS_AT) & DEADLINE) != 0;
    }

    /// NEVER when there is none.
    @Hot
    public static long deadline(long entry) {
        if (!hasDeadline(entry)) {
            return NEVER;
        }
        long at = options(entry);
        return Memory.getInt(at) & 0xFFFF_FFFFL | (Memory.getShort(at + 4) & 0xFFFFL) << 32;
    }

    /// The entry must have been written with room for it. A moment before 1970 is 0, long past too.
    public static void setDeadline(long entry, long deadlineMillis) {
        assert hasDeadline(entry) : "no room for a deadline";
        long millis = Math.clamp(deadlineMillis, 0, DEADLINE_MAX);
        long at = options(entry);
        Memory.putInt(at, (int) millis);
        Memory.putShort(at + 4, (short) (millis >>> 32));
    }

    /// The 24 bits that the LRU and LFU policies keep.
    public static int stamp(long entry) {
        long at = field(entry, STAMP);
        return Memory.getShort(at) & 0xFFFF | (Memory.getByte(at + 2) & 0xFF) << 16;
    }

    public static void setStamp(long entry, int stamp) {
        assert stamp >>> 24 == 0 : stamp;
        long at = field(entry, STAMP);
        Memory.putShort(at, (short) stamp);
        Memory.putByte(at + 2, (byte) (stamp >>> 16));
    }

    public static int clientFlags(long entry) {
        return Memory.getInt(field(entry, CLIENT_FLAGS));
    }

    public static void setClientFlags(long entry, int clientFlags) {
        Memory.putInt(field(entry, CLIENT_FLAGS), clientFlags);
    }

    public static long cas(long entry) {
        return Memory.getLong(field(entry, CAS));
    }

    public static void setCas(long entry, long cas) {
        Memory.putLong(field(entry, CAS), cas);
    }

    @Hot
    public static int keyLength(long entry) {
        int first = Memory.getByte(entry + LENGTH_AT);
        return first >= 0 ? first : longKeyLength(entry);
    }

    /// Where the key's bytes begin.
    @Hot
    public static long key(long entry) {
        return options(entry) + optionsSize(Memory.getByte(entry + FLAGS_AT));
    }

    /// Where the value begins.
    @Hot
    public static long value(long entry) {
        return key(entry) + keyLength(entry);
    }

    @Hot
    public static boolean hasKey(long entry, long key, int length) {
        return keyLength(entry) == length && Memory.equal(key(entry), key, length);
    }

    private static long field(long entry, int flag) {
        int flags = Memory.getByte(entry + FLAGS_AT);
        assert (flags & flag) != 0 : "the entry has no field " + flag;
        return options(entry) + optionsSize(flags & flag - 1); // those before it
    }

    private static long options(long entry) {
        int first = Memory.getByte(entry + LENGTH_AT);
        return entry + LENGTH_AT + (first >= 0 ? 1 : varintSize(longKeyLength(entry)));
    }

    private static int optionsSize(int flags) {
        return (flags & DEADLINE) * DEADLINE_SIZE
                + (flags >> 1 & 1) * STAMP_SIZE
                + (flags >> 2 & 1) * CLIENT_FLAGS_SIZE
                + (flags >> 3 & 1) * CAS_SIZE;
    }

    private static int varintSize(int value) {
        assert value >= 0 : value;
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : value < 1 << 28 ? 4 : 5;
    }

    private static long writeLength(long at, int length) {
        int rest = length;
        long end = at;
        while (rest >= 1 << 7) {
            Memory.putByte(end++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        Memory.putByte(end, (byte) rest);
        return end + 1;
    }

    private static int longKeyLength(long entry) {
        int length = 0;
        int shift = 0;
        long at = entry + LENGTH_AT;
        byte next;
        do {
            next = Memory.getByte(at++);
            length |= (next & 0x7F) << shift;
            shift += 7;
        } while (next < 0);
        return length;
    }
}
