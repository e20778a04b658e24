package io.anax.compatibility;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A small blocking client: sends commands, gives replies as Java values and as the bytes they came in.
/// Text is ISO 8859-1 in both directions, so that every byte survives.
///
/// ```
///  + $ =    String                 -  !   Problem            * ~ >   List
///  :        Long                   ,      Double             %       Map, in the order sent
///  (        BigInteger             #      Boolean            _ $-1 *-1   null
/// ```
public final class RespClient implements AutoCloseable {
    private static final int REPLY_TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final Reader in;
    private final OutputStream out;

    /// An error reply, without the dash.
    public record Problem(String text) {
        @Override
        public String toString() {
            return "-" + text;
        }
    }

    /// A reply and its bytes. Attributes are in the bytes only.
    public record Reply(@Nullable Object value, byte[] raw) {
        public boolean isProblem() {
            return value instanceof Problem;
        }

        public String text() {
            return String.valueOf(value);
        }

        public String rawText() {
            return new String(raw, StandardCharsets.ISO_8859_1);
        }

        @SuppressWarnings("unchecked") // a reply is made of nothing but such values
        public List<Object> list() {
            return (List<Object>) value;
        }

        @SuppressWarnings("unchecked") // a reply is made of nothing but such values
        public Map<Object, Object> map() {
            return (Map<Object, Object>) value;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Reply reply && Arrays.equals(raw, reply.raw);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(raw);
        }

        @Override
        public String toString() {
            return rawText().replace("\r\n", " ").trim();
        }
    }

    private RespClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new Reader(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    /// To a server on this machine.
    public static RespClient connect(int port) {
        try {
            var socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(REPLY_TIMEOUT_MILLIS);
            return new RespClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends a line and reads one reply. Words are separated by blanks; quotes, single or double, hold
    /// a word with blanks together, and so does nothing between them: `SET key ''`.
    public Reply run(String line) {
        return send(words(line).toArray(String[]::new));
    }

    public Reply send(String... arguments) {
        write(arguments);
        return read();
    }

    /// Sends without waiting: for pipelines and commands that block.
    public void write(String... arguments) {
        var request = new ByteArrayOutputStream();
        request.writeBytes(("*" + arguments.length + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        for (String argument : arguments) {
            byte[] bytes = argument.getBytes(StandardCharsets.ISO_8859_1);
            request.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            request.writeBytes(bytes);
            request.writeBytes(new byte[] {'\r', '\n'});
        }
        writeRaw(request.toByteArray());
    }

    public void writeRaw(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The next reply or push message.
    public Reply read() {
        return in.read();
    }

    /// One reply that did not come through a socket.
    public static Reply parse(byte[] bytes) {
        return new Reader(new ByteArrayInputStream(bytes)).read();
    }

    /// Whether the server has closed the connection, after any replies were read.
    public boolean isClosedByServer() {
        try {
            return in.in.read() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    public static List<String> words(String line) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (char c : line.toCharArray()) {
            if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
                inWord = true;
            } else if (c == quote) {
                quote = 0;
            } else if (c == ' ' && quote == 0) {
                if (inWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Bytes to replies.
    private static final class Reader {
        private final InputStream in;
        private final ByteArrayOutputStream raw = new ByteArrayOutputStream();

        Reader(InputStream in) {
            this.in = in;
        }

        Reply read() {
            raw.reset();
            try {
                Object value = value();
                return new Reply(value, raw.toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private @Nullable Object value() throws IOException {
            String line = line();
            String rest = line.substring(1);
            return switch (line.charAt(0)) {
                case '+' -> rest;
                case '-' -> new Problem(rest);
                case ':' -> Long.valueOf(rest);
                case '$' -> bulk(rest);
                case '!' -> new Problem(String.valueOf(bulk(rest)));
                case '=' -> String.valueOf(bulk(rest)).substring("txt:".length());
                case ',' -> real(rest);
                case '(' -> new BigInteger(rest);
                case '#' -> rest.equals("t");
                case '_' -> null;
                case '*', '~', '>' -> list(Integer.parseInt(rest));
                case '%' -> map(Integer.parseInt(rest));
                case '|' -> {
                    map(Integer.parseInt(rest));
                    yield value();
                }
                default -> throw new IOException("not RESP: " + line);
            };
        }

        private static Double real(String text) {
            return switch (text) {
                case "inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                case "nan", "-nan" -> Double.NaN;
                default -> Double.valueOf(text);
            };
        }

        private @Nullable List<@Nullable Object> list(int count) throws IOException {
            if (count < 0) {
                return null;
            }
            var list = new ArrayList<@Nullable Object>();
            for (int i = 0; i < count; i++) {
                list.add(value());
            }
            return list;
        }

        private Map<@Nullable Object, @Nullable Object> map(int pairs) throws IOException {
            var map = new LinkedHashMap<@Nullable Object, @Nullable Object>();
            for (int i = 0; i < pairs; i++) {
                map.put(value(), value());
            }
            return map;
        }

        private @Nullable String bulk(String size) throws IOException {
            int count = Integer.parseInt(size);
            if (count < 0) {
                return null;
            }
            byte[] bytes = in.readNBytes(count + 2);
            if (bytes.length < count + 2) {
                throw new EOFException("in a bulk of " + count + " bytes");
            }
            raw.writeBytes(bytes);
            return new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
        }

        private String line() throws IOException {
            var line = new ByteArrayOutputStream();
            while (true) {
                int c = in.read();
                if (c < 0) {
                    throw new EOFException("after '" + line.toString(StandardCharsets.ISO_8859_1) + "'");
                }
                raw.write(c);
                if (c == '\n') {
                    byte[] bytes = line.toByteArray();
                    return new String(bytes, 0, bytes.length - 1, StandardCharsets.ISO_8859_1);
                }
                line.write(c);
            }
        }
    }
}
