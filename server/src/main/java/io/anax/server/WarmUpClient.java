package io.anax.server;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A client of the warm-up: sends commands in batches, of whose replies it looks at the end only.
///
/// Each batch ends with a GET of [#END_KEY], so that its last reply is [#END].
final class WarmUpClient implements AutoCloseable {
    private static final String END_KEY = "end";
    private static final String END = "end of batch";

    /// Makes [#END_KEY], which each batch needs.
    static final List<String> SET_END = List.of("SET", END_KEY, END);

    private static final int END_BYTES = END.length() + 2; // CR LF

    private static final int BUFFER_BYTES = 64 << 10;
    private static final int CONNECT_MILLIS_MAX = 1_000;
    private static final int REPLY_MILLIS_MAX = 1_000;

    private final byte[] replies = new byte[BUFFER_BYTES];
    private final Socket socket = new Socket();
    private int size;
    private boolean isAwaiting;

    WarmUpClient(InetSocketAddress address) throws IOException {
        socket.connect(address, CONNECT_MILLIS_MAX);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(REPLY_MILLIS_MAX);
    }

    void send(List<List<String>> commands) throws IOException {
        var text = new StringBuilder();
        commands.forEach(words -> append(text, words));
        append(text, List.of("GET", END_KEY));
        size = 0;
        isAwaiting = true;
        socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static void append(StringBuilder text, List<String> words) {
        text.append('*').append(words.size()).append("\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
    }

    /// Whether replies to the last batch are still to come.
    boolean isAwaiting() {
        return isAwaiting;
    }

    void awaitReplies() throws IOException {
        while (isAwaiting) {
            read();
        }
    }

    /// Takes what has come, and waits for nothing.
    void takeReplies() throws IOException {
        if (isAwaiting && socket.getInputStream().available() > 0) {
            read();
        }
    }

    private void read() throws IOException {
        if (size == BUFFER_BYTES) { // only the end counts
            System.arraycopy(replies, size - END_BYTES, replies, 0, END_BYTES);
            size = END_BYTES;
        }
        int read = socket.getInputStream().read(replies, size, BUFFER_BYTES - size);
        if (read < 0) {
            throw new EOFException("the shard has ended");
        }
        size += read;
        isAwaiting = !isEnd();
    }

    private boolean isEnd() {
        int begin = size - END_BYTES;
        return begin >= 0 && END.equals(new String(replies, begin, END.length(), StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
