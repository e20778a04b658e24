package io.anax.protocol;

import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import io.anax.memory.Digits;
import io.anax.memory.Memory;
import java.nio.charset.StandardCharsets;

/// Writes replies in RESP2 or RESP3 to the end of a chain. What RESP2 lacks is written as Redis
/// writes it there: a map as an array twice as long, a boolean as an integer, a double as a bulk.
/// Reused: `into` says where the next replies go. Numbers and bulks allocate nothing.
///
/// ```
///  a line of LINES    0        1 … 6                  7
///                     +--------+----------------------+------+
///                     | 0      | digits and CR LF     | size |    "512\r\n" is 6 with its prefix
///                     +--------+----------------------+------+
///  OR the prefix (one of : $ * % ~ > |) into byte 0, store 8 bytes, advance by the size
/// ```
public final class ReplyWriter {
    private static final int RESP2 = 2;
    private static final int RESP3 = 3;

    private static final long[] LINES = lines(1024);
    private static final int LINE_SIZE_SHIFT = 56;

    /// Prefix, sign, 19 digits, CR LF, rounded up so that eight bytes may be stored anywhere in it.
    private static final int LINE_SIZE_MAX = 32;

    /// A bulk up to this size is written into one reserved run; most values are far below.
    private static final int ONE_RUN_MAX = ChunkPool.CHUNK_SIZE / 2;

    private static final int CR_LF = '\r' | '\n' << 8;
    private static final long OK = packed("+OK\r\n");
    private static final long NIL = packed("_\r\n");
    private static final long NIL_BULK = packed("$-1\r\n");
    private static final long NIL_ARRAY = packed("*-1\r\n");
    private static final long TRUE = packed("#t\r\n");
    private static final long FALSE = packed("#f\r\n");

    private ByteChain output;
    private int resp = RESP2;

    public ReplyWriter(ByteChain output) {
        this.output = output;
    }

    /// From now on replies go to the end of `output`, in this version of the protocol.
    public void into(ByteChain output, int resp) {
        assert resp == RESP2 || resp == RESP3 : "RESP" + resp;
        this.output = output;
        this.resp = resp;
    }

    public ByteChain output() {
        return output;
    }

    public int resp() {
        return resp;
    }

    public void ok() {
        constant(OK, 5);
    }

    /// A status such as PONG: without prefix and line end, and without CR or LF inside.
    public void simple(byte[] text) {
        output.putByte((byte) '+');
        output.append(text);
        lineEnd();
    }

    public void simple(String text) {
        output.putByte((byte) '+');
        text(text);
        lineEnd();
    }

    /// An error; the text is all of it, code first: "ERR syntax error". A line end inside becomes
    /// a space and one at the end is dropped, so that nobody can forge a reply with an argument.
    public void error(String text) {
        int end = text.length();
        while (end > 0 && isLineEnd(text.charAt(end - 1))) {
            end--;
        }
        output.putByte((byte) '-');
        text(text.substring(0, end).replace('\r', ' ').replace('\n', ' ')); // no copy when there is none
        lineEnd();
    }

    public void integer(long value) {
        line((byte) ':', value);
    }

    public void bulk(long address, long length) {
        assert length >= 0 : "length " + length;
        if (length > ONE_RUN_MAX) {
            longBulk(address, length);
            return;
        }
        int size = (int) length;
        long start = output.reserve(size + LINE_SIZE_MAX);
        long at = start + line(start, (byte) '$', size);
        Memory.copy(address, at, size);
        at += size;
        Memory.putShort(at, (short) CR_LF);
        output.advance((int) (at + Short.BYTES - start));
    }

    public void bulk(byte[] bytes) {
        bulkHeader(bytes.length);
        output.append(bytes);
        lineEnd();
    }

    /// A text whose characters are all below 256 stands for these bytes (Latin-1), so that what a
    /// client sent comes back unchanged. Any other text is sent as UTF-8.
    public void bulk(String text) {
        if (isBytes(text)) {
            bulkHeader(text.length());
            text(text);
            lineEnd();
        } else {
            bulk(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// The number's digits as a bulk: the value of an integer-encoded string.
    public void bulkInteger(long value) {
        long start = output.reserve(2 * LINE_SIZE_MAX);
        int digits = Digits.size(value);
        long at = start + line(start, (byte) '$', digits);
        Digits.print(value, at);
        Memory.putShort(at + digits, (short) CR_LF);
        output.advance((int) (at + digits + Short.BYTES - start));
    }

    /// Starts a bulk that comes in pieces: exactly `length` bytes of `raw`, then `bulkEnd`.
    public void bulkHeader(long length) {
        assert length >= 0 : "length " + length;
        line((byte) '$', length);
    }

    public void raw(long address, long size) {
        output.append(address, size);
    }

    public void raw(byte[] bytes) {
        output.append(bytes);
    }

    /// Replies that were written elsewhere, whole; `replies` is empty afterwards.
    public void raw(ByteChain replies) {
        replies.moveTo(output);
    }

    public void bulkEnd() {
        lineEnd();
    }

    public void nil() {
        if (resp == RESP2) {
            constant(NIL_BULK, 5);
        } else {
            constant(NIL, 3);
        }
    }

    public void nilArray() {
        if (resp == RESP2) {
            constant(NIL_ARRAY, 5);
        } else {
            constant(NIL, 3);
        }
    }

    public void array(long count) {
        line((byte) '*', count);
    }

    /// A map of this many pairs: key, value, key, value … follow.
    public void map(long pairs) {
        if (resp == RESP2) {
            line((byte) '*', 2 * pairs);
        } else {
            line((byte) '%', pairs);
        }
    }

    public void set(long count) {
        line(resp == RESP2 ? (byte) '*' : (byte) '~', count);
    }

    public void push(long count) {
        line(resp == RESP2 ? (byte) '*' : (byte) '>', count);
    }

    /// Pairs that precede the real reply and say something about it. RESP2 has no place for them.
    public void attribute(long pairs) {
        assert resp == RESP3 : "an attribute in RESP2";
        line((byte) '|', pairs);
    }

    public void bool(boolean value) {
        if (resp == RESP2) {
            line((byte) ':', value ? 1 : 0);
        } else {
            constant(value ? TRUE : FALSE, 4);
        }
    }

    /// A double with up to 17 significant digits, `%.17g`: what ZSCORE answers.
    public void real(double value) {
        long start = output.reserve(2 * LINE_SIZE_MAX);
        movedUp(start, Numbers.printDouble(value, start + LINE_SIZE_MAX));
    }

    /// A double with up to 17 decimals and no exponent: what GEOPOS answers.
    public void plainReal(double value) {
        String text = Numbers.plain(value);
        if (resp == RESP2) {
            bulk(text);
        } else {
            output.putByte((byte) ',');
            text(text);
            lineEnd();
        }
    }

    /// An integer of any size, as its decimal digits.
    public void bigNumber(String digits) {
        if (resp == RESP2) {
            bulk(digits);
        } else {
            output.putByte((byte) '(');
            text(digits);
            lineEnd();
        }
    }

    /// Text to be shown as it is, with its format in three letters: "txt" or "mkd".
    public void verbatim(String format, long address, long length) {
        if (resp == RESP2) {
            bulk(address, length);
            return;
        }
        verbatimHeader(format, length);
        output.append(address, length);
        lineEnd();
    }

    public void verbatim(String format, String text) {
        byte[] bytes = text.getBytes(isBytes(text) ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        if (resp == RESP2) {
            bulk(bytes);
            return;
        }
        verbatimHeader(format, bytes.length);
        output.append(bytes);
        lineEnd();
    }

    private void verbatimHeader(String format, long length) {
        assert format.length() == 3 : format;
        line((byte) '=', format.length() + 1 + length);
        text(format);
        output.putByte((byte) ':');
    }

    private void longBulk(long address, long length) {
        line((byte) '$', length);
        output.append(address, length);
        lineEnd();
    }

    /// The digits stand behind the place for a header: now that their count is known, move up.
    private void movedUp(long start, int size) {
        long digits = start + LINE_SIZE_MAX;
        long at = start;
        if (resp == RESP2) {
            at += line(start, (byte) '$', size);
        } else {
            Memory.putByte(at++, (byte) ',');
        }
        Memory.copy(digits, at, size);
        Memory.putShort(at + size, (short) CR_LF);
        output.advance((int) (at + size + Short.BYTES - start));
    }

    private void line(byte prefix, long number) {
        output.advance(line(output.reserve(LINE_SIZE_MAX), prefix, number));
    }

    /// Writes prefix, number and line end, and up to seven bytes of rubbish behind; returns the size.
    private static int line(long at, byte prefix, long number) {
        if (number >= 0 && number < LINES.length) {
            long line = LINES[(int) number];
            Memory.putLong(at, line | prefix);
            return (int) (line >>> LINE_SIZE_SHIFT);
        }
        Memory.putByte(at, prefix);
        int size = 1 + Digits.print(number, at + 1);
        Memory.putShort(at + size, (short) CR_LF);
        return size + Short.BYTES;
    }

    private void constant(long bytes, int size) {
        Memory.putLong(output.reserve(Long.BYTES), bytes);
        output.advance(size);
    }

    private void lineEnd() {
        Memory.putShort(output.reserve(Short.BYTES), (short) CR_LF);
        output.advance(Short.BYTES);
    }

    private void text(String text) {
        if (!isBytes(text)) {
            output.append(text.getBytes(StandardCharsets.UTF_8));
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            output.putByte((byte) text.charAt(i));
        }
    }

    private static boolean isBytes(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLineEnd(int character) {
        return character == '\r' || character == '\n';
    }

    private static long[] lines(int count) {
        long[] lines = new long[count];
        for (int i = 0; i < count; i++) {
            String line = i + "\r\n";
            lines[i] = packed(line) << Byte.SIZE | (long) (1 + line.length()) << LINE_SIZE_SHIFT;
        }
        return lines;
    }

    /// Up to eight characters as they lie in memory.
    private static long packed(String text) {
        assert text.length() <= Long.BYTES : text;
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            bytes |= (long) text.charAt(i) << i * Byte.SIZE;
        }
        return bytes;
    }
}
