package io.anax.memory;

import io.anax.Hot;

/// Whole numbers as text at an address: exactly the texts that a number prints to. "7" and "-7" are
/// such; "+7", "07", "-0", " 7", "1.0" and "" are not: reading one of those and printing the number
/// would not give back the same bytes.
public final class Digits {
    /// What [#parse] returns for text that is no number. Also a number: [#isLong] tells which.
    public static final long INVALID = Long.MIN_VALUE;

    /// "-9223372036854775808" is the longest, in bytes.
    public static final int SIZE_MAX = 20;

    private static final int COUNT_MAX = SIZE_MAX - 1;
    private static final long[] POWERS = powersOfTen();
    private static final short[] PAIRS = pairsOfDigits();

    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
    private static final long ZEROS = '0' * EACH_BYTE;
    private static final long UPPER_HALVES = 0xF0F0_F0F0_F0F0_F0F0L;

    private Digits() {}

    public static boolean isLong(long address, long size) {
        return isLong(parse(address, size), address, size);
    }

    /// The same, where [#parse] was called already: `parsed` is what it returned.
    public static boolean isLong(long parsed, long address, long size) {
        return parsed != INVALID || isSmallest(address, size);
    }

    private static boolean isSmallest(long address, long size) {
        String smallest = "-9223372036854775808";
        if (size != smallest.length()) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (Memory.getByte(address + i) != smallest.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// The number, or INVALID.
    @Hot
    public static long parse(long address, long size) {
        if (size <= 0 || size > SIZE_MAX) {
            return INVALID;
        }
        int first = Memory.getByte(address);
        if (first != '-') {
            return first == '0' ? zero(size) : signed(magnitude(address, (int) size), false);
        }
        if (size == 1 || Memory.getByte(address + 1) == '0') {
            return INVALID;
        }
        return signed(magnitude(address + 1, (int) size - 1), true);
    }

    private static long zero(long size) {
        return size == 1 ? 0 : INVALID;
    }

    /// Nineteen digits are below 2^64: whether they fit is seen at the end. 0 stands for no number.
    private static long signed(long magnitude, boolean negative) {
        long value = negative ? -magnitude : magnitude;
        return magnitude != 0 && (value < 0) == negative ? value : INVALID;
    }

    /// Digits of which the first is none of 0, read eight at a time; unsigned, 0 if one is no digit.
    private static long magnitude(long address, int count) {
        if (count < Long.BYTES) {
            return fewDigits(address, count);
        }
        long first = Memory.getLong(address);
        long last = Memory.getLong(address + count - Long.BYTES);
        if (count > COUNT_MAX || !areDigits(first) || !areDigits(last)) {
            return 0;
        }
        if (count > 2 * Long.BYTES) {
            return manyDigits(address, count, first, last);
        }
        // What both words hold counts once: it becomes zeros in front of the rest.
        int rest = count - Long.BYTES;
        return eight(first) * POWERS[rest] + lastOf(last, rest);
    }

    private static long fewDigits(long address, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            int digit = Memory.getByte(address + i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /// 17 to 19.
    private static long manyDigits(long address, int count, long first, long last) {
        long second = Memory.getLong(address + Long.BYTES);
        if (!areDigits(second)) {
            return 0;
        }
        int rest = count - 2 * Long.BYTES;
        return (eight(first) * POWERS[Long.BYTES] + eight(second)) * POWERS[rest] + lastOf(last, rest);
    }

    /// Each byte's upper half is 3, also when 6 is added: 0x30 to 0x39.
    private static boolean areDigits(long word) {
        return (word & UPPER_HALVES) == ZEROS && (word + 6 * EACH_BYTE & UPPER_HALVES) == ZEROS;
    }

    /// Eight digits as a number: neighbours become pairs, pairs become fours, fours the whole.
    private static long eight(long word) {
        long digits = word - ZEROS;
        long pairs = digits * 10 + (digits >>> 8) & 0x00FF_00FF_00FF_00FFL;
        long fours = pairs * 100 + (pairs >>> 16) & 0x0000_FFFF_0000_FFFFL;
        return (fours * 10_000 + (fours >>> 32)) & 0xFFFF_FFFFL;
    }

    /// The last digits of eight, which lie in the upper bytes; 0 to 8.
    private static long lastOf(long word, int count) {
        if (count == 0) {
            return 0;
        }
        int others = (Long.BYTES - count) * Byte.SIZE;
        return eight((word - ZEROS) >>> others << others | ZEROS);
    }

    /// How many bytes [#print] writes.
    @Hot
    public static int size(long value) {
        if (value < 0) {
            return 1 + (value == Long.MIN_VALUE ? COUNT_MAX : size(-value));
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
        int digits = bits * 1233 >>> 12; // bits * log10(2), one too few or right
        return value >= POWERS[digits] ? digits + 1 : Math.max(digits, 1);
    }

    /// Writes the number and returns how many bytes that took, at most [#SIZE_MAX].
    @Hot
    public static int print(long value, long at) {
        int size = size(value);
        long position = at + size;
        long rest = value; // kept negative below zero: the smallest number has no counterpart
        while (rest >= 100 || rest <= -100) {
            long hundreds = rest / 100;
            position -= Short.BYTES;
            Memory.putShort(position, PAIRS[Math.abs((int) (rest - hundreds * 100))]);
            rest = hundreds;
        }
        int last = Math.abs((int) rest);
        if (last >= 10) {
            Memory.putShort(position - Short.BYTES, PAIRS[last]);
        } else {
            Memory.putByte(position - 1, (byte) ('0' + last));
        }
        if (value < 0) {
            Memory.putByte(at, (byte) '-');
        }
        return size;
    }

    private static long[] powersOfTen() {
        long[] powers = new long[COUNT_MAX + 1];
        long power = 1;
        for (int i = 0; i < COUNT_MAX; i++) {
            powers[i] = power;
            power *= 10;
        }
        powers[COUNT_MAX] = Long.MAX_VALUE; // no long has twenty digits
        return powers;
    }

    private static short[] pairsOfDigits() {
        short[] pairs = new short[100];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = (short) ('0' + i / 10 | '0' + i % 10 << Byte.SIZE);
        }
        return pairs;
    }

    /// The character at `index` of the printed number.
    public static int digit(long value, int index) {
        if (value < 0 && index == 0) {
            return '-';
        }
        long rest = value;
        for (int i = size(value) - 1; i > index; i--) {
            rest /= 10;
        }
        return '0' + (int) Math.abs(rest % 10);
    }
}
