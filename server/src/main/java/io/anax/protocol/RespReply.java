package io.anax.protocol;

import io.anax.memory.Memory;

/// Reads replies that our own `ReplyWriter` wrote, lying flat at an address: enough to put the
/// replies of several shards together. Bytes from elsewhere need not be a reply; then INCOMPLETE.
///
/// ```
///  *2\r\n :7\r\n $2\r\nab\r\n
///  ^kind '*', number 2, headerSize 4; size 16
/// ```
public final class RespReply {
    /// Not all of the reply is there.
    public static final long INCOMPLETE = -1;

    private static final int LINE_END_SIZE = 2;

    private RespReply() {}

    /// The type byte: one of + - : $ * _ # , ( = % ~ > |.
    public static byte kind(long address) {
        return Memory.getByte(address);
    }

    /// The number in the first line: an integer, a length or a count; -1 of `$-1` and `*-1`.
    public static long number(long address) {
        long at = address + 1;
        boolean negative = Memory.getByte(at) == '-';
        if (negative) {
            at++;
        }
        long number = 0; // below zero, as the smallest long has no counterpart
        for (byte b = Memory.getByte(at); b != '\r'; b = Memory.getByte(++at)) {
            number = number * 10 - (b - '0');
        }
        return negative ? number : -number;
    }

    /// The first line with its end: all of a simple reply, the header of a bulk or an aggregate.
    public static long headerSize(long address, long size) {
        for (long i = 0; i + 1 < size; i++) {
            if (Memory.getByte(address + i) == '\r') {
                return i + LINE_END_SIZE;
            }
        }
        return INCOMPLETE;
    }

    /// The size of the one whole reply that starts here, with all that is nested in it and the
    /// attributes before it, or INCOMPLETE.
    public static long size(long address, long size) {
        long done = 0;
        long missing = 1; // replies to come: the elements of what was opened so far
        while (missing > 0) {
            long header = headerSize(address + done, size - done);
            if (header == INCOMPLETE) {
                return INCOMPLETE;
            }
            long at = address + done;
            missing += elements(at) - 1;
            done += header + payloadSize(at);
            if (done > size) {
                return INCOMPLETE;
            }
        }
        return done;
    }

    /// How many replies follow as parts of the one whose header this is.
    private static long elements(long header) {
        return switch (kind(header)) {
            case '*', '~', '>' -> Math.max(number(header), 0);
            case '%' -> 2 * number(header);
            case '|' -> 2 * number(header) + 1; // the reply that it is about
            default -> 0;
        };
    }

    private static long payloadSize(long header) {
        byte kind = kind(header);
        if (kind != '$' && kind != '=') {
            return 0;
        }
        long length = number(header);
        return length < 0 ? 0 : length + LINE_END_SIZE;
    }
}
