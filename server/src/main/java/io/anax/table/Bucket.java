package io.anax.table;

import io.anax.Hot;
import io.anax.memory.Memory;

/// Twenty-one slots behind one run of fingerprints: two cache lines, never more.
///
/// ```
///  byte  0              21         22     23                            128
///       +--------------+----------+------+-----------------------------+
///       | fingerprints | overflow | free | slots                       |
///       | 21 x 1 B     | 1 B      | 1 B  | 21 x 5 B, address of Entry  |
///       +--------------+----------+------+-----------------------------+
///  fingerprint  0 the slot is empty, else bits of the hash, never 0
///  overflow     entries that found this bucket full and went on to a later one; 255 = 255 or more
///  slot         the entry's address in granules, little endian, see Granule
/// ```
///
/// The slots in use are the first ones, in an order that has a meaning: eviction takes those in front
/// first, see [EvictionOrder]. So the count is where the fingerprints end, and eviction has its queue
/// for nothing. A removal closes the gap: at most 20 fingerprints and 100 bytes of slots move within
/// two cache lines.
public final class Bucket {
    public static final int SLOTS = 21;

    /// No slot.
    static final int NONE = -1;

    private static final int OVERFLOW = SLOTS;
    private static final int ENTRIES = OVERFLOW + 2;
    private static final int SLOT_SIZE = 5;
    static final int SIZE = ENTRIES + SLOTS * SLOT_SIZE;

    static final int OVERFLOW_MAX = 255;

    private static final byte EMPTY = 0;
    private static final int ALL_SLOTS = (1 << SLOTS) - 1;
    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
    private static final long EACH_LOW_SEVEN = 0x7F7F_7F7F_7F7F_7F7FL;
    private static final long GATHER = 0x0102_0408_1020_4080L;

    static {
        assert SIZE == 2 * 64 : "a bucket is two cache lines";
    }

    private Bucket() {}

    /// One bit for each slot with this fingerprint: exact, so that the empty slots are found as
    /// well.
    ///
    /// Compares all twenty-one fingerprints in three loads of one cache line, so a key that is not
    /// here costs no more 92 times in 100 (a full bucket: 21 slots x 1/255 = 8 % false positives).
    @Hot
    static int matches(long bucket, byte fingerprint) {
        long pattern = (fingerprint & 0xFF) * EACH_BYTE;
        int first = equalBytes(Memory.getLong(bucket), pattern); // slots 0..7
        int second = equalBytes(Memory.getLong(bucket + 8), pattern) << 8; // slots 8..15
        int third = equalBytes(Memory.getLong(bucket + 16), pattern) << 16; // slots 16..20, then others
        return (first | second | third) & ALL_SLOTS;
    }

    /// Slots in use: where the fingerprints end.
    @Hot
    static int count(long bucket) {
        return Integer.numberOfTrailingZeros(matches(bucket, EMPTY) | 1 << SLOTS);
    }

    @Hot
    static boolean isFull(long bucket) {
        return Memory.getByte(bucket + SLOTS - 1) != EMPTY;
    }

    static boolean isEmpty(long bucket) {
        return Memory.getByte(bucket) == EMPTY;
    }

    static byte fingerprint(long bucket, int slot) {
        return Memory.getByte(bucket + slot);
    }

    @Hot
    public static long entry(long bucket, int slot) {
        assert slot >= 0 && slot < SLOTS : slot;
        assert Memory.getByte(bucket + slot) != EMPTY : "slot " + slot + " is empty";
        long at = bucket + ENTRIES + slot * SLOT_SIZE;
        long granules = Memory.getInt(at) & 0xFFFF_FFFFL | (Memory.getByte(at + Integer.BYTES) & 0xFFL) << 32;
        return Granule.address(granules);
    }

    @Hot
    static void setEntry(long bucket, int slot, long entry) {
        long at = bucket + ENTRIES + slot * SLOT_SIZE;
        long granules = Granule.of(entry);
        Memory.putInt(at, (int) granules);
        Memory.putByte(at + Integer.BYTES, (byte) (granules >>> 32));
    }

    /// Puts an entry into a slot in use, or into the first free one.
    static void set(long bucket, int slot, byte fingerprint, long entry) {
        assert fingerprint != EMPTY && (slot == 0 || Memory.getByte(bucket + slot - 1) != EMPTY) : slot;
        Memory.putByte(bucket + slot, fingerprint);
        setEntry(bucket, slot, entry);
    }

    /// Puts the entry of one slot into another one too, which is in use.
    static void copy(long bucket, int from, int to) {
        if (from != to) {
            set(bucket, to, fingerprint(bucket, from), entry(bucket, from));
        }
    }

    /// Takes an entry to a slot further in front; those between make room.
    static void moveForward(long bucket, int slot, int to) {
        assert to >= 0 && to <= slot : slot + " to " + to;
        byte fingerprint = fingerprint(bucket, slot);
        long entry = entry(bucket, slot);
        Memory.copy(bucket + to, bucket + to + 1, slot - to);
        long at = bucket + ENTRIES + to * SLOT_SIZE;
        Memory.copy(at, at + SLOT_SIZE, (long) (slot - to) * SLOT_SIZE);
        set(bucket, to, fingerprint, entry);
    }

    /// Puts an entry behind all others.
    @Hot
    static void append(long bucket, byte fingerprint, long entry) {
        assert !isFull(bucket) : "the bucket is full";
        int slot = count(bucket);
        Memory.putByte(bucket + slot, fingerprint);
        setEntry(bucket, slot, entry);
    }

    /// Takes an entry out and closes the gap, so that the order remains.
    @Hot
    static void remove(long bucket, int slot) {
        int last = count(bucket) - 1;
        assert slot >= 0 && slot <= last : "slot " + slot + " of " + (last + 1);
        Memory.copy(bucket + slot + 1, bucket + slot, last - slot);
        Memory.putByte(bucket + last, EMPTY);
        long at = bucket + ENTRIES + slot * SLOT_SIZE;
        Memory.copy(at + SLOT_SIZE, at, (long) (last - slot) * SLOT_SIZE);
    }

    static int overflow(long bucket) {
        return Memory.getByte(bucket + OVERFLOW) & 0xFF;
    }

    static void addOverflow(long bucket) {
        int overflow = overflow(bucket);
        if (overflow != OVERFLOW_MAX) {
            Memory.putByte(bucket + OVERFLOW, (byte) (overflow + 1));
        }
    }

    /// Once at 255 it stays there until the segment is built anew: how many more there were, nobody
    /// knows.
    static void subtractOverflow(long bucket) {
        int overflow = overflow(bucket);
        assert overflow > 0 : "nothing went on from here";
        if (overflow != OVERFLOW_MAX) {
            Memory.putByte(bucket + OVERFLOW, (byte) (overflow - 1));
        }
    }

    /// One bit for each of the eight bytes that are equal in both: bit i for byte i.
    @Hot
    private static int equalBytes(long bytes, long pattern) {
        long difference = bytes ^ pattern;
        // A byte's top bit becomes set when any of its bits is: without a carry into its neighbour.
        long differs = (difference & EACH_LOW_SEVEN) + EACH_LOW_SEVEN | difference | EACH_LOW_SEVEN;
        return (int) ((~differs >>> 7) * GATHER >>> 56); // bit 8 * i becomes bit 56 + i
    }
}
