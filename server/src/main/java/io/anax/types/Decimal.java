package io.anax.types;

import io.anax.memory.Memory;

/// Whole numbers as text at an address: exactly the texts that a number prints to. "7" and "-7" are
/// such, "+7", "07", "-0", " 7" and "" are not: reading one of those and printing the number would
/// not give back the same bytes.
public final class Decimal {
    /// "-9223372036854775808" is the longest.
    public static final int DIGITS_MAX = 20;

    private static final int DIGITS_WITHOUT_OVERFLOW = 18;
    private static final String MAGNITUDE_MAX = "9223372036854775807";
    private static final String MAGNITUDE_MIN = "9223372036854775808";

    private Decimal() {}

    public static boolean isInteger(long address, long length) {
        if (length <= 0 || length > DIGITS_MAX) {
            return false;
        }
        int sign = Memory.getByte(address) == '-' ? 1 : 0;
        int digits = (int) length - sign;
        if (digits == 0 || !isDigits(address + sign, digits)) {
            return false;
        }
        if (Memory.getByte(address + sign) == '0') {
            return length == 1;
        }
        return digits <= DIGITS_WITHOUT_OVERFLOW || fits(address + sign, digits, sign == 1);
    }

    private static boolean isDigits(long address, int count) {
        for (int i = 0; i < count; i++) {
            int digit = Memory.getByte(address + i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
        }
        return true;
    }

    private static boolean fits(long address, int digits, boolean negative) {
        String most = negative ? MAGNITUDE_MIN : MAGNITUDE_MAX;
        if (digits != most.length()) {
            return digits < most.length();
        }
        for (int i = 0; i < digits; i++) {
            int difference = Memory.getByte(address + i) - most.charAt(i);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return true;
    }

    /// The number; only for what `isInteger` accepts.
    public static long parse(long address, long length) {
        assert isInteger(address, length) : "not a whole number";
        boolean negative = Memory.getByte(address) == '-';
        long magnitude = 0; // negative, because the smallest number has no positive counterpart
        for (long i = negative ? 1 : 0; i < length; i++) {
            magnitude = magnitude * 10 - (Memory.getByte(address + i) - '0');
        }
        return negative ? magnitude : -magnitude;
    }

    /// Bytes of the printed number, its sign included.
    public static int length(long value) {
        int sign = value < 0 ? 1 : 0;
        long magnitude = value < 0 ? value : -value;
        int digits = 1;
        for (long most = -10; digits < 19 && magnitude <= most; most *= 10) {
            digits++;
        }
        return sign + digits;
    }

    /// Prints the number and returns how many bytes that took, at most `DIGITS_MAX`.
    public static int print(long value, long at) {
        int length = length(value);
        long position = at + length;
        long rest = value < 0 ? value : -value;
        do {
            Memory.putByte(--position, (byte) ('0' - rest % 10));
            rest /= 10;
        } while (rest != 0);
        if (value < 0) {
            Memory.putByte(at, (byte) '-');
        }
        return length;
    }

    /// The character at `index` of the printed number.
    public static int digit(long value, int index) {
        if (value < 0 && index == 0) {
            return '-';
        }
        long rest = value;
        for (int i = length(value) - 1; i > index; i--) {
            rest /= 10;
        }
        return '0' + (int) Math.abs(rest % 10);
    }
}
