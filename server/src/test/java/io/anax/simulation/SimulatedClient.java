package io.anax.simulation;

import io.anax.compatibility.RespClient;
import io.anax.compatibility.RespClient.Reply;
import io.anax.engine.Client;
import io.anax.engine.Link;
import io.anax.engine.Shard;
import io.anax.memory.ByteChain;
import io.anax.memory.Memory;
import io.anax.protocol.Peer;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// A client and its connection: what it sends arrives in pieces of random sizes, what the shard answers is
/// fetched in such pieces. The connection does what `net.Connection` does with a socket: it sends when it
/// was told to, reads no more from a client that is behind, and closes after the last reply.
final class SimulatedClient implements Link {
    private static final int PIECE_BYTES_MAX = 1 << 14;

    private final Random random;
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
    private final ArrayDeque<Consumer<Reply>> expected = new ArrayDeque<>();
    private final ByteChain output;
    private final Client client;
    private byte[] onTheWay = {};
    private boolean expectsAnything;
    private boolean wantsSend;
    private boolean sentUnheard; // output has gone, and the shard has not heard of it
    private boolean closesAfterSend;
    private boolean isEnded; // the client sends no more, but reads
    private boolean endHeard;
    private boolean isClosed;
    private Runnable whenClosed = () -> {};

    SimulatedClient(Shard shard, int number, Random random) {
        this.random = random;
        this.output = new ByteChain(shard.chunks());
        var peer = Peer.of("127.0.0.1:" + (10_000 + number), "127.0.0.1:6379");
        this.client = shard.connect(peer, 1 + number, false, output, this);
    }

    // ---- the client's side ------------------------------------------------------------------------

    /// Sends a command; `whenReplied` hears the reply.
    void send(List<String> words, Consumer<Reply> whenReplied) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(onTheWay);
        write(bytes, "*" + words.size() + "\r\n");
        for (String word : words) {
            write(bytes, "$" + word.length() + "\r\n" + word + "\r\n");
        }
        onTheWay = bytes.toByteArray();
        expected.add(whenReplied);
    }

    private static void write(ByteArrayOutputStream to, String text) {
        to.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Sends these bytes, whatever they are; nobody hears the replies.
    void stream(byte[] bytes) {
        onTheWay = bytes;
        expectsAnything = true;
    }

    /// Bytes that came and are no whole reply yet.
    int unreadBytes() {
        return unread.size();
    }

    int expectedCount() {
        return expected.size();
    }

    boolean isClosed() {
        return isClosed;
    }

    /// Says that nothing more will be sent; `whenClosed` hears that the server has closed the connection.
    void end(Runnable whenClosed) {
        isEnded = true;
        this.whenClosed = whenClosed;
    }

    /// The connection breaks, whatever is on the way.
    void disconnect() {
        if (!isClosed) {
            isClosed = true;
            onTheWay = new byte[0];
            expected.clear();
            client.close();
            whenClosed.run();
        }
    }

    // ---- the server's side ------------------------------------------------------------------------

    /// Whether the shard has something to hear of it.
    boolean hasEvent() {
        return !isClosed && (mayReceive() || wantsSend || closesAfterSend || sentUnheard || isEnded && !endHeard);
    }

    private boolean mayReceive() {
        return onTheWay.length > 0 && !closesAfterSend && !client.isBehind();
    }

    /// What a poller does for it in a turn. Returns the number of events.
    int poll() {
        int events = 0;
        if (!isClosed && mayReceive() && random.nextInt(4) > 0) {
            receive(pieceOf(onTheWay.length));
            events++;
        }
        if (!isClosed && sentUnheard && random.nextInt(4) > 0) {
            sentUnheard = false;
            sent();
            events++;
        }
        if (!isClosed && isEnded && !endHeard && onTheWay.length == 0) {
            endHeard = true;
            send();
            events++;
        }
        if (!isClosed && (wantsSend || closesAfterSend) && random.nextInt(4) > 0) {
            fetch(pieceOf(output.sizeBytes()));
            events++;
        }
        return events;
    }

    private int pieceOf(long size) {
        int whole = (int) Math.min(size, PIECE_BYTES_MAX);
        return whole <= 1 || random.nextInt(3) > 0 ? whole : 1 + random.nextInt(whole);
    }

    private void receive(int size) {
        long piece = Memory.allocate(size);
        Memory.copy(onTheWay, 0, piece, size);
        onTheWay = Arrays.copyOfRange(onTheWay, size, onTheWay.length);
        try {
            client.received(piece, size);
        } finally {
            Memory.fill(piece, size, (byte) 0xEE); // the bytes are the caller's again
            Memory.free(piece, size);
        }
        send();
    }

    private void sent() {
        client.resume();
        send();
    }

    @Override
    public void outputGrew() {
        send();
    }

    @Override
    public void closeAfterSend() {
        closesAfterSend = true;
    }

    @Override
    public void close() {
        disconnect();
    }

    private void send() {
        wantsSend |= !output.isEmpty();
        closesAfterSend |= client.isClosing() || endHeard && !client.isOwedReplies();
    }

    /// All the output that the shard wanted to send goes to the client.
    void flush() {
        while (!isClosed && wantsSend) {
            fetch((int) Math.min(output.sizeBytes(), PIECE_BYTES_MAX));
        }
    }

    private void fetch(int size) {
        for (int left = size; left > 0; ) {
            int piece = Math.min(left, output.firstSize());
            unread.writeBytes(Memory.bytes(output.firstAddress(), piece));
            output.consume(piece);
            left -= piece;
        }
        readReplies();
        sentUnheard = true;
        wantsSend = !output.isEmpty();
        if (closesAfterSend && !wantsSend) {
            disconnect();
        }
    }

    private void readReplies() {
        while (unread.size() > 0) {
            Reply reply;
            try {
                reply = RespClient.parse(unread.toByteArray());
            } catch (UncheckedIOException _) {
                return; // not whole yet
            }
            byte[] all = unread.toByteArray();
            unread.reset();
            unread.write(all, reply.raw().length, all.length - reply.raw().length);
            if (expectsAnything) {
                continue;
            }
            if (expected.isEmpty()) {
                throw new AssertionError("a reply that nobody asked for: " + reply);
            }
            expected.remove().accept(reply);
        }
    }
}
