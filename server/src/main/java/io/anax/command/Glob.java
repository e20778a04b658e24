package io.anax.command;

import io.anax.memory.Memory;

/// Redis's glob patterns, byte by byte.
///
/// ```
///  *        any bytes, also none          \c       the byte c
///  ?        one byte                      other    itself
///  [abc]    one of these, [^abc] none of these, [a-z] one between; \ takes the meaning from a byte
/// ```
///
/// It is Redis's matcher in all its oddities: `[` without `]` is closed by the end, `[z-a]` is `[a-z]`,
/// a `\` at the end is itself, and of all patterns of stars only a single one matches no text at all.
/// One is left out: bytes in ranges are 0 to 255 here, and -128 to 127 where C's `char` has a sign.
///
/// Redis tries all splits at every `*`, less those it can tell to be useless. Here only the last `*`
/// is tried again, which finds a match whenever there is one: what an earlier `*` could take the last
/// can take too. So time is at most pattern times text.
public final class Glob {
    private Glob() {}

    public static boolean matches(long pattern, int patternSize, long text, int textSize) {
        return matches(pattern, patternSize, text, textSize, false);
    }

    /// For cold paths: both are copied.
    public static boolean matches(byte[] pattern, byte[] text, boolean ignoreCase) {
        long size = Math.max(1L, (long) pattern.length + text.length);
        long at = Memory.allocate(size);
        try {
            Memory.copy(pattern, 0, at, pattern.length);
            Memory.copy(text, 0, at + pattern.length, text.length);
            return matches(at, pattern.length, at + pattern.length, text.length, ignoreCase);
        } finally {
            Memory.free(at, size);
        }
    }

    /// `ignoreCase` makes no difference between ASCII letters.
    public static boolean matches(long pattern, int patternSize, long text, int textSize, boolean ignoreCase) {
        if (textSize == 0) {
            return patternSize == 0 || patternSize == 1 && Memory.getByte(pattern) == '*';
        }
        long patternEnd = pattern + patternSize;
        long textEnd = text + textSize;
        long p = pattern;
        long t = text;
        long afterStar = 0; // the pattern behind the last star, 0 before there was one
        long retry = 0; // where the text behind that star is tried next
        while (t < textEnd) {
            if (p < patternEnd && Memory.getByte(p) == '*') {
                afterStar = ++p;
                retry = t;
                if (p == patternEnd) {
                    return true;
                }
                continue;
            }
            long next = p < patternEnd ? step(p, patternEnd, Memory.getByte(t), ignoreCase) : 0;
            if (next != 0) {
                p = next;
                t++;
            } else if (afterStar != 0) {
                p = afterStar;
                t = ++retry;
            } else {
                return false;
            }
        }
        while (p < patternEnd && Memory.getByte(p) == '*') {
            p++;
        }
        return p == patternEnd;
    }

    /// Matches one byte against the element at `p`; the pattern behind it, or 0 if it does not match.
    private static long step(long p, long end, byte text, boolean ignoreCase) {
        byte element = Memory.getByte(p);
        switch (element) {
            case '?':
                return p + 1;
            case '[':
                return set(p + 1, end, text & 0xFF, ignoreCase);
            case '\\':
                if (p + 1 < end) {
                    p++;
                    element = Memory.getByte(p);
                }
                return same(element, text, ignoreCase) ? p + 1 : 0;
            default:
                return same(element, text, ignoreCase) ? p + 1 : 0;
        }
    }

    /// As [#step] for a set; `p` is behind its bracket.
    private static long set(long p, long end, int text, boolean ignoreCase) {
        int wanted = fold(text, ignoreCase);
        boolean not = p < end && Memory.getByte(p) == '^';
        if (not) {
            p++;
        }
        boolean match = false;
        while (p < end && Memory.getByte(p) != ']') {
            if (Memory.getByte(p) == '\\' && end - p >= 2) {
                match |= Memory.getByte(p + 1) == (byte) text;
                p += 2;
            } else if (end - p >= 3 && Memory.getByte(p + 1) == '-') {
                match |= isBetween(wanted, Memory.getByte(p) & 0xFF, Memory.getByte(p + 2) & 0xFF, ignoreCase);
                p += 3;
            } else {
                match |= same(Memory.getByte(p), (byte) text, ignoreCase);
                p++;
            }
        }
        if (match == not) {
            return 0;
        }
        return p < end ? p + 1 : p;
    }

    private static boolean isBetween(int wanted, int first, int last, boolean ignoreCase) {
        int low = fold(Math.min(first, last), ignoreCase);
        int high = fold(Math.max(first, last), ignoreCase);
        return wanted >= low && wanted <= high;
    }

    private static boolean same(byte a, byte b, boolean ignoreCase) {
        return a == b || ignoreCase && fold(a & 0xFF, true) == fold(b & 0xFF, true);
    }

    private static int fold(int c, boolean ignoreCase) {
        return ignoreCase && c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }
}
