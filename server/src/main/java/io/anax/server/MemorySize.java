package io.anax.server;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Bytes as people write them.
final class MemorySize {
    private static final String[] UNITS = {"K", "M", "G", "T", "P"};

    private MemorySize() {}

    /// `100`, `100b`, `1k` = 1000, `1kb` = 1024, and so on up to `gb`, as Redis reads them: no number
    /// is 0. Null for anything else.
    static @Nullable Long parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        int digits = 0;
        while (digits < lower.length() && lower.charAt(digits) >= '0' && lower.charAt(digits) <= '9') {
            digits++;
        }
        long unit = unit(lower.substring(digits));
        try {
            long number = digits == 0 ? 0 : Long.parseLong(lower.substring(0, digits));
            return unit > 0 ? Long.valueOf(Math.multiplyExact(number, unit)) : null;
        } catch (ArithmeticException | NumberFormatException _) {
            return null;
        }
    }

    private static long unit(String word) {
        return switch (word) {
            case "", "b" -> 1;
            case "k" -> 1000;
            case "kb" -> 1L << 10;
            case "m" -> 1000_000;
            case "mb" -> 1L << 20;
            case "g" -> 1000_000_000;
            case "gb" -> 1L << 30;
            default -> 0;
        };
    }

    /// `512B`, `1.50K`, `23.54G`: as INFO shows it.
    static String human(long bytes) {
        if (bytes < 1024) {
            return bytes + "B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.2f%s", value, UNITS[unit]);
    }
}
