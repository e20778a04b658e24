package io.anax.protocol;

import io.anax.Hot;
import io.anax.Limits;
import io.anax.memory.Memory;

/// Finds the next command in the bytes that a client sent: RESP arrays of bulks, and inline
/// commands. One for each connection, a few words small. Arguments are never copied.
///
/// ```
///  *3\r\n $3\r\nSET\r\n $5\r\nmykey\r\n $9\r\nhello wor|ld\r\n
///  ^start                               ^position         ^size: what has arrived so far
/// ```
///
/// A command that has not arrived whole is remembered by where its first unread argument starts.
/// The next call goes on there, and when the last byte is in reads the headers once more to name
/// the arguments: twice through the headers at most, however small the pieces, and no list of
/// arguments waits in any connection.
///
/// Strictness is that of Redis 7.0: a line ends at CR and whatever byte follows; the two bytes
/// behind a bulk are not looked at; a NUL byte hides the rest of a line.
public final class RespParser {
    /// A whole command was read; the next one starts `consumedBytes` further on.
    public static final int COMPLETE = 0;
    /// The command has not arrived whole: call again with the same bytes, wherever, and more.
    public static final int NEED_MORE = 1;
    /// The client does not speak our language: send `error`, then close.
    public static final int ERROR = 2;

    private static final int NONE = -1;

    private static final int LINE_END_SIZE = 2;

    private static final String BIG_COUNT = "too big mbulk count string";
    private static final String BIG_LENGTH = "too big bulk count string";
    private static final String BIG_INLINE = "too big inline request";
    private static final String INVALID_COUNT = "invalid multibulk length";
    private static final String INVALID_LENGTH = "invalid bulk length";
    private static final String EARLY_COUNT = "unauthenticated multibulk length";
    private static final String EARLY_LENGTH = "unauthenticated bulk length";
    private static final String UNBALANCED = "unbalanced quotes in request";

    /// Of the incomplete command: its first unread byte, counted from its start; 0 is a new command.
    private long position;
    /// Arguments of it that are not read yet.
    private int missingCount;
    /// Length of the argument whose bytes start at `position`; NONE when its header does.
    private int bulkLength = NONE;
    /// Bytes from `position` on that are known to hold no line end.
    private int scannedSize;

    private long consumedBytes;
    private long missingBytes;
    private String error = "";

    private int bulkSizeMax = (int) Limits.STRING_BYTES_MAX;
    private int lengthMax = bulkSizeMax;
    private int countMax = Limits.ARGUMENTS_MAX;

    /// Before a client has said who it is it may send little: ten arguments of 16 KiB.
    public void authenticated(boolean authenticated) {
        countMax = authenticated ? Limits.ARGUMENTS_MAX : Limits.UNAUTHENTICATED_ARGUMENTS_MAX;
        lengthMax = authenticated ? bulkSizeMax : Math.min(bulkSizeMax, Limits.UNAUTHENTICATED_BULK_SIZE_MAX);
    }

    /// `proto-max-bulk-len`.
    public void bulkSizeMax(int sizeBytes) {
        assert sizeBytes > 0 && sizeBytes <= Limits.BULK_SIZE_MAX : "bulks of " + sizeBytes;
        boolean authenticated = countMax == Limits.ARGUMENTS_MAX;
        bulkSizeMax = sizeBytes;
        authenticated(authenticated);
    }

    /// Reads the next command out of `size` bytes at `address`, which start with the first byte that
    /// an earlier call has not consumed. A request without arguments is what Redis ignores: an empty
    /// line, `*0`, `*-1`. Inline commands are unescaped where they lie, so a command that was
    /// COMPLETE must not be parsed again.
    @Hot
    public int parse(long address, long size, Request into) {
        into.clear();
        consumedBytes = 0;
        if (size == 0) {
            return outcome(waiting());
        }
        if (Memory.getByte(address) != '*') {
            return inline(address, size, into);
        }
        return position == 0 ? array(address, size, into) : resume(address, size, into);
    }

    /// After COMPLETE: how many of the bytes were this command. Otherwise 0.
    public long consumedBytes() {
        return consumedBytes;
    }

    /// After NEED_MORE: at least so many bytes more. What a client announces need not be true:
    /// believe it as far as the buffer limits allow.
    public long missingBytes() {
        return missingBytes;
    }

    /// After ERROR: what to tell the client, "Protocol error: …", without the code ERR.
    public String error() {
        return error;
    }

    /// Forgets a command that is not complete.
    public void reset() {
        position = 0;
        missingCount = 0;
        bulkLength = NONE;
        scannedSize = 0;
    }

    @Hot
    private int array(long start, long size, Request into) {
        long header = size >= Long.BYTES ? shortHeader(Memory.getLong(start), '*') : NONE;
        if (header == NONE || valueOf(header) > countMax) {
            header = arrayHeader(start, start + size);
            if (header < 0) {
                return outcome(header);
            }
        }
        scannedSize = 0;
        missingCount = valueOf(header);
        return arguments(start, start + sizeOf(header), start + size, into);
    }

    /// Reads arguments from `from` on: adds them to `into`, or remembers where to go on.
    @Hot
    private int arguments(long start, long from, long end, Request into) {
        long at = from;
        while (missingCount > 0) {
            long header = argumentHeader(at, end);
            if (header < 0) {
                into.clear();
                position = at - start;
                return outcome(header);
            }
            at += sizeOf(header);
            int length = valueOf(header);
            if (end - at < (long) length + LINE_END_SIZE) {
                into.clear();
                return cutOff(at - start, length, end - at);
            }
            into.add(at, length);
            at += (long) length + LINE_END_SIZE;
            missingCount--;
        }
        position = 0;
        consumedBytes = at - start;
        return COMPLETE;
    }

    @Hot
    private long argumentHeader(long at, long end) {
        long header = end - at >= Long.BYTES ? shortHeader(Memory.getLong(at), '$') : NONE;
        return header == NONE || valueOf(header) > lengthMax ? bulkHeader(at, end) : header;
    }

    private int cutOff(long newPosition, int length, long arrived) {
        position = newPosition;
        bulkLength = length;
        missingBytes = (long) length + LINE_END_SIZE - arrived;
        return NEED_MORE;
    }

    /// Goes on with a command that was cut off, keeping no arguments. When its end is in, all of it
    /// is read once more from the start, to keep them.
    private int resume(long start, long size, Request into) {
        long end = start + size;
        long at = start + position;
        while (missingCount > 0) {
            if (bulkLength == NONE) {
                long header = argumentHeader(at, end);
                if (header < 0) {
                    position = at - start;
                    return outcome(header);
                }
                scannedSize = 0;
                at += sizeOf(header);
                bulkLength = valueOf(header);
            }
            if (end - at < (long) bulkLength + LINE_END_SIZE) {
                return cutOff(at - start, bulkLength, end - at);
            }
            at += (long) bulkLength + LINE_END_SIZE;
            bulkLength = NONE;
            missingCount--;
        }
        reset();
        return array(start, size, into);
    }

    /// A whole header in the first eight bytes, when it is one of up to five digits: nearly all are.
    /// NONE says nothing but that the slow way must look.
    @Hot
    private static long shortHeader(long bytes, char prefix) {
        if ((byte) bytes != prefix) {
            return NONE;
        }
        int value = (int) (bytes >>> Byte.SIZE & 0xFF) - '0';
        if (value < 0 || value > 9) {
            return NONE;
        }
        int size = 2;
        for (long rest = bytes >>> 2 * Byte.SIZE; size < Long.BYTES - 1; rest >>>= Byte.SIZE) {
            int digit = ((int) rest & 0xFF) - '0';
            if (digit == '\r' - '0') {
                return header(size + LINE_END_SIZE, value);
            }
            if (digit < 0 || digit > 9 || value == 0) {
                return NONE;
            }
            value = value * 10 + digit;
            size++;
        }
        return NONE;
    }

    /// Any header of an array, at `start`; its value is 0 for an array that Redis ignores.
    private long arrayHeader(long start, long end) {
        long lineEnd = line(start, end, '\r');
        if (isTooLong(lineEnd, start, end)) {
            return failed(BIG_COUNT);
        }
        if (lineEnd == NONE || lineEnd + LINE_END_SIZE > end) {
            return waiting();
        }
        long count = Numbers.parseLong(start + 1, (int) (lineEnd - start - 1));
        if (count == Numbers.INVALID && !Numbers.isLong(start + 1, (int) (lineEnd - start - 1))) {
            return failed(INVALID_COUNT);
        }
        if (count > Limits.ARGUMENTS_MAX) {
            return failed(INVALID_COUNT);
        }
        if (count > countMax) {
            return failed(EARLY_COUNT);
        }
        scannedSize = 0;
        return header((int) (lineEnd - start) + LINE_END_SIZE, (int) Math.max(count, 0));
    }

    /// Any header of an argument, at `at`.
    private long bulkHeader(long at, long end) {
        long lineEnd = line(at, end, '\r');
        if (isTooLong(lineEnd, at, end)) {
            return failed(BIG_LENGTH);
        }
        if (lineEnd == NONE || lineEnd + LINE_END_SIZE > end) {
            return waiting();
        }
        if (Memory.getByte(at) != '$') {
            return failed("expected '$', got '" + (char) (Memory.getByte(at) & 0xFF) + "'");
        }
        long length = Numbers.parseLong(at + 1, (int) (lineEnd - at - 1)); // INVALID is negative
        if (length < 0 || length > bulkSizeMax) {
            return failed(INVALID_LENGTH);
        }
        if (length > lengthMax) {
            return failed(EARLY_LENGTH);
        }
        scannedSize = 0;
        return header((int) (lineEnd - at) + LINE_END_SIZE, (int) length);
    }

    private int inline(long start, long size, Request into) {
        long end = start + size;
        long lineEnd = line(start, end, '\n');
        if (isTooLong(lineEnd, start, end)) {
            return outcome(failed(BIG_INLINE));
        }
        if (lineEnd == NONE) {
            return outcome(waiting());
        }
        scannedSize = 0;
        boolean hasReturn = lineEnd > start && Memory.getByte(lineEnd - 1) == '\r';
        if (!InlineArguments.split(start, hasReturn ? lineEnd - 1 : lineEnd, into)) {
            into.clear();
            return outcome(failed(UNBALANCED));
        }
        consumedBytes = lineEnd + 1 - start;
        return COMPLETE;
    }

    /// Where the line at `start` ends, or NONE: then remembers how far it looked.
    private long line(long start, long end, char terminator) {
        for (long at = start + scannedSize; at < end; at++) {
            byte b = Memory.getByte(at);
            if (b == terminator) {
                return at;
            }
            if (b == 0 || at - start > Limits.PROTOCOL_LINE_SIZE_MAX) {
                scannedSize = (int) (at - start); // never gets past a NUL: until it is too long
                return NONE;
            }
        }
        scannedSize = (int) (end - start);
        return NONE;
    }

    /// Judges by what the line is, not by how much of it came at once, so that splits do not matter.
    private static boolean isTooLong(long lineEnd, long start, long end) {
        return (lineEnd == NONE ? end : lineEnd) - start > Limits.PROTOCOL_LINE_SIZE_MAX;
    }

    private long waiting() {
        missingBytes = 1;
        return -NEED_MORE;
    }

    private long failed(String text) {
        error = "Protocol error: " + text;
        return -ERROR;
    }

    /// A header's size and value in one long, or a negative outcome.
    private static long header(int size, int value) {
        return (long) size << Integer.SIZE | value;
    }

    private static int sizeOf(long header) {
        return (int) (header >>> Integer.SIZE);
    }

    private static int valueOf(long header) {
        return (int) header;
    }

    private int outcome(long negative) {
        if (negative == -ERROR) {
            reset();
        }
        return (int) -negative;
    }
}
