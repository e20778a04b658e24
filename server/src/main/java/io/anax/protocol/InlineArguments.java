package io.anax.protocol;

import io.anax.memory.Memory;

/// Splits a line typed by a human into arguments and unescapes them where they lie, as Redis does.
/// Blanks separate; quotes may start anywhere, must be followed by a blank, and must be closed.
///
/// ```
///  SET "my key" 'it\'s' a"b"  ->  SET | my key | it's | ab
///  "…"  \n \r \t \b \a, \xHH a byte, any other escaped byte itself
///  '…'  only \' is an escape
/// ```
final class InlineArguments {
    private static final int HEX_ESCAPE_SIZE = 4; // \xHH

    private final long end;
    private long from; // next byte to read
    private long to; // next byte of the argument to write: an argument never grows, so to <= from

    private InlineArguments(long start, long end) {
        this.from = start;
        this.end = end;
    }

    /// Adds the arguments of the line to `into`. False when its quotes are unbalanced.
    static boolean split(long start, long end, Request into) {
        InlineArguments line = new InlineArguments(start, end);
        line.skipBlanks();
        while (line.from < end) {
            long argument = line.from;
            line.to = argument;
            if (!line.argument()) {
                return false;
            }
            into.add(argument, (int) (line.to - argument));
            line.skipBlanks();
        }
        return true;
    }

    private void skipBlanks() {
        while (from < end && isBlank(byteAt(from))) {
            from++;
        }
    }

    private boolean argument() {
        while (from < end) {
            byte b = byteAt(from);
            if (b == '"' || b == '\'') {
                from++;
                return b == '"' ? doubleQuoted() : singleQuoted();
            }
            if (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
                return true;
            }
            put(b);
            from++;
        }
        return true;
    }

    private boolean doubleQuoted() {
        while (from < end) {
            byte b = byteAt(from);
            if (b == '"') {
                return closed();
            }
            if (b == '\\' && isHexEscape()) {
                put((byte) (Character.digit(byteAt(from + 2), 16) << 4 | Character.digit(byteAt(from + 3), 16)));
                from += HEX_ESCAPE_SIZE;
            } else if (b == '\\' && from + 1 < end) {
                put(escaped(byteAt(from + 1)));
                from += 2;
            } else {
                put(b);
                from++;
            }
        }
        return false;
    }

    private boolean singleQuoted() {
        while (from < end) {
            byte b = byteAt(from);
            if (b == '\'') {
                return closed();
            }
            if (b == '\\' && from + 1 < end && byteAt(from + 1) == '\'') {
                from++;
                b = '\'';
            }
            put(b);
            from++;
        }
        return false;
    }

    /// Behind a closing quote the argument ends.
    private boolean closed() {
        from++;
        return from == end || isBlank(byteAt(from));
    }

    private boolean isHexEscape() {
        return from + HEX_ESCAPE_SIZE <= end
                && byteAt(from + 1) == 'x'
                && Character.digit(byteAt(from + 2), 16) >= 0
                && Character.digit(byteAt(from + 3), 16) >= 0;
    }

    private static byte escaped(byte b) {
        return switch (b) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 0x07;
            default -> b;
        };
    }

    private void put(byte b) {
        Memory.putByte(to++, b);
    }

    private static byte byteAt(long address) {
        return Memory.getByte(address);
    }

    /// C's isspace.
    private static boolean isBlank(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }
}
