package io.anax.command;

import io.anax.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Commands by name, found by the bytes of a name in any case. Filled once, then only read.
///
/// A name of up to 24 bytes is three longs, so that a lookup compares longs and never bytes. Letters
/// are upper case; the parts of longer names overlap, which together with the size loses nothing.
///
/// ```
///  slot = 4 longs     head                 middle              tail                 size
///  1 … 3 bytes        first, middle, last  0                   0
///  4 … 7              first 4, last 4      0                   0
///  8 … 16             first 8              0                   last 8
///  17 … 24            first 8              bytes 8 … 15        last 8
///                                                              size 0: the slot is empty
/// ```
final class NameIndex {
    static final int NAME_SIZE_MAX = 24;

    private static final int MIDDLE = 1;
    private static final int TAIL = 2;
    private static final int SIZE = 3;
    private static final int SLOT_LONGS = 4;
    private static final int SLOTS_MIN = 8;

    /// Slots for each name: with a quarter full a name that is there takes 1.2 probes.
    private static final int SLOTS_PER_NAME = 4;

    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long NOT_BELOW_A = (0x80 - 'a') * EACH_BYTE;
    private static final long ABOVE_Z = (0x80 - 'z' - 1) * EACH_BYTE;
    private static final int CASE_SHIFT = 2; // from the high bit of a byte to the bit of its case

    private static final long HASH_HEAD = 0x9E37_79B9_7F4A_7C15L; // 2^64 / golden ratio, odd
    private static final long HASH_TAIL = 0xC2B2_AE3D_27D4_EB4FL; // an odd number with as many ones as zeros

    private final long[] slots;
    private final @Nullable Command[] commands;
    private final int shift;
    private int count;

    NameIndex(int names) {
        int capacity = Math.max(SLOTS_MIN, Integer.highestOneBit(Math.max(1, names)) * 2 * SLOTS_PER_NAME);
        slots = new long[capacity * SLOT_LONGS];
        commands = new Command[capacity];
        shift = Long.SIZE - Integer.numberOfTrailingZeros(capacity);
    }

    void put(String name, Command command) {
        byte[] bytes = name.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length == 0 || bytes.length > NAME_SIZE_MAX) {
            throw new IllegalArgumentException("a name of 1 to " + NAME_SIZE_MAX + " bytes, not '" + name + "'");
        }
        assert (count + 1) * SLOTS_PER_NAME <= commands.length : "more names than announced";
        long head = head(bytes);
        long middle = bytes.length > 2 * Long.BYTES ? word(bytes, Long.BYTES, Long.BYTES) : 0;
        long tail = bytes.length >= Long.BYTES ? word(bytes, bytes.length - Long.BYTES, Long.BYTES) : 0;
        int slot = slotOf(head, middle, tail, bytes.length);
        if (commands[slot] != null) {
            throw new IllegalArgumentException("two commands are called '" + name + "'");
        }
        slots[slot * SLOT_LONGS] = head;
        slots[slot * SLOT_LONGS + MIDDLE] = middle;
        slots[slot * SLOT_LONGS + TAIL] = tail;
        slots[slot * SLOT_LONGS + SIZE] = bytes.length;
        commands[slot] = command;
        count++;
    }

    /// The command of this name in any case; null if there is none.
    @Nullable
    Command find(long name, int size) {
        if (size >= Long.BYTES) {
            return findLong(name, size);
        }
        if (size >= Integer.BYTES) {
            long first = Memory.getInt(name) & 0xFFFF_FFFFL;
            long last = Memory.getInt(name + size - Integer.BYTES) & 0xFFFF_FFFFL;
            return commands[slotOf(upper(first | (last << Integer.SIZE)), 0, 0, size)];
        }
        return size == 0 ? null : commands[slotOf(upper(shortHead(name, size)), 0, 0, size)];
    }

    private @Nullable Command findLong(long name, int size) {
        if (size > NAME_SIZE_MAX) {
            return null;
        }
        long head = upper(Memory.getLong(name));
        long middle = size > 2 * Long.BYTES ? upper(Memory.getLong(name + Long.BYTES)) : 0;
        long tail = upper(Memory.getLong(name + size - Long.BYTES));
        return commands[slotOf(head, middle, tail, size)];
    }

    private static long shortHead(long name, int size) {
        long first = Memory.getByte(name) & 0xFF;
        long middle = Memory.getByte(name + (size >> 1)) & 0xFF;
        long last = Memory.getByte(name + size - 1) & 0xFF;
        return first | (middle << Byte.SIZE) | (last << (2 * Byte.SIZE));
    }

    /// The slot of this name, or the empty one where it would go.
    private int slotOf(long head, long middle, long tail, int size) {
        long hash = (head ^ size) * HASH_HEAD + tail * HASH_TAIL;
        int slot = (int) (((hash ^ (hash >>> Integer.SIZE)) * HASH_HEAD) >>> shift);
        while (!holds(slot * SLOT_LONGS, head, middle, tail, size)) {
            if (slots[slot * SLOT_LONGS + SIZE] == 0) {
                return slot;
            }
            slot = (slot + 1) & (commands.length - 1);
        }
        return slot;
    }

    private boolean holds(int at, long head, long middle, long tail, int size) {
        return slots[at] == head
                && slots[at + TAIL] == tail
                && slots[at + SIZE] == size
                && slots[at + MIDDLE] == middle;
    }

    /// Clears the case bit of each byte that is a small letter. The sums set the high bit of bytes not
    /// below 'a' and of those above 'z'; bytes above 127 are no letters.
    private static long upper(long bytes) {
        long low = bytes & ~HIGH_BITS;
        long small = (low + NOT_BELOW_A) & ~(low + ABOVE_Z) & ~bytes & HIGH_BITS;
        return bytes ^ (small >>> CASE_SHIFT);
    }

    private static long head(byte[] name) {
        int size = name.length;
        if (size >= Long.BYTES) {
            return word(name, 0, Long.BYTES);
        }
        if (size >= Integer.BYTES) {
            return word(name, 0, Integer.BYTES) | (word(name, size - Integer.BYTES, Integer.BYTES) << Integer.SIZE);
        }
        long middle = word(name, size >> 1, 1);
        return word(name, 0, 1) | (middle << Byte.SIZE) | (word(name, size - 1, 1) << (2 * Byte.SIZE));
    }

    private static long word(byte[] bytes, int from, int size) {
        long word = 0;
        for (int i = size - 1; i >= 0; i--) {
            word = (word << Byte.SIZE) | (bytes[from + i] & 0xFF);
        }
        return word;
    }

    @Override
    public String toString() {
        return count + " names "
                + Arrays.stream(commands).filter(c -> c != null).toList();
    }
}
