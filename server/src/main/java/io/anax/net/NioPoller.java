package io.anax.net;

import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import io.anax.memory.Memory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Sockets through the JDK's selector: where there is no io_uring. Reads and writes go through one
/// buffer of the poller, so that a channel owns none.
public final class NioPoller implements SocketPoller {
    /// One read, and one write: larger ones would not be faster, and starve the neighbours.
    private static final int BUFFER_SIZE = 1 << 16;

    /// Writes of a channel in one go, when the kernel takes them all: 1 MiB.
    private static final int WRITES_MAX = 16;

    /// After "too many open files" nothing is accepted for so long.
    private static final long ACCEPT_RETRY_MILLIS = 100;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /// A socket that is listened on; the attachment of its key.
    private record Accepting(
            ServerSocketChannel socket,
            Acceptor acceptor,
            @Nullable Path unixPath,
            int keepAliveSeconds) {}

    private final ChunkPool chunks;
    private final Selector selector;
    private final OutputPace pace;
    private final ChannelQueue sending = new ChannelQueue();
    private final ChannelQueue attention = new ChannelQueue();
    private final long bufferAddress = Memory.allocate(BUFFER_SIZE);
    private final ByteBuffer buffer = Linux.buffer(bufferAddress, BUFFER_SIZE);
    private final List<SelectionKey> accepting = new ArrayList<>();
    private final Consumer<SelectionKey> collect = this::collect;
    private SelectionKey[] ready = new SelectionKey[64];
    private int readyCount;
    private int channelCount;
    private boolean isAcceptPaused;
    private @Nullable Thread owner;

    /// `clock` counts nanoseconds from anywhere.
    public NioPoller(ChunkPool chunks, LongSupplier clock) throws IOException {
        this.chunks = chunks;
        this.pace = new OutputPace(clock);
        this.selector = Selector.open();
    }

    private void own() {
        if (owner == null) {
            owner = Thread.currentThread();
        }
        assert owner == Thread.currentThread() : "polled from " + Thread.currentThread();
    }

    // ---- the turn -------------------------------------------------------------------------------

    @Override
    public int poll() {
        own();
        int events = attend();
        startSends();
        if (readyCount == 0) {
            select(0);
        }
        int count = readyCount;
        readyCount = 0;
        for (int i = 0; i < count; i++) {
            handle(ready[i]);
        }
        return events + count;
    }

    /// Only a system call would tell.
    @Override
    public boolean hasArrivals() {
        return false;
    }

    @Override
    public void flush() {
        own();
        startSends();
    }

    @Override
    public void await(long timeoutNanos) {
        flush();
        if (timeoutNanos > 0 && attention.count() + sending.count() + readyCount == 0) {
            long millis = Math.max(1, timeoutNanos / NANOS_PER_MILLI);
            select(isAcceptPaused ? Math.min(millis, ACCEPT_RETRY_MILLIS) : millis);
            if (isAcceptPaused) {
                isAcceptPaused = false;
                accepting.forEach(key -> key.interestOps(SelectionKey.OP_ACCEPT));
            }
        }
    }

    /// Collects the keys that are ready; 0 does not wait.
    private void select(long timeoutMillis) {
        try {
            if (timeoutMillis == 0) {
                selector.selectNow(collect);
            } else {
                selector.select(collect, timeoutMillis);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the selector failed", e);
        }
    }

    private void collect(SelectionKey key) {
        if (readyCount == ready.length) {
            ready = Arrays.copyOf(ready, 2 * readyCount);
        }
        ready[readyCount++] = key;
    }

    private void handle(SelectionKey key) {
        if (!key.isValid()) {
            return; // closed by one that came before it
        }
        if (key.attachment() instanceof Accepting listener) {
            accept(key, listener);
            return;
        }
        var channel = (Channel) key.attachment();
        if (key.isWritable()) {
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
            channel.isFull = false;
            write(channel);
            channel.report();
        }
        if (key.isValid() && key.isReadable()) {
            read(channel);
        }
    }

    @Override
    public void wake() {
        selector.wakeup();
    }

    // ---- what channels asked for ----------------------------------------------------------------

    /// Each once; what they ask for meanwhile is for the next turn.
    private int attend() {
        int count = attention.count();
        for (int i = 0; i < count; i++) {
            Channel channel = attention.removeFirst();
            channel.leftAttention();
            if (channel.isOpenOrDraining()) {
                channel.report();
            }
            switch (channel.state) {
                case OPEN -> resume(channel);
                case DRAINING -> closeWhenSent(channel);
                case CLOSING -> close(channel);
                case CLOSED -> {}
            }
        }
        return count;
    }

    private void resume(Channel channel) {
        if (channel.isPaused) {
            return;
        }
        if (!channel.hasEnded) {
            key(channel).interestOpsOr(SelectionKey.OP_READ);
        }
    }

    private void closeWhenSent(Channel channel) {
        if (channel.outputSizeBytes() == 0) {
            close(channel);
        } else {
            resume(channel); // to drop what comes
        }
    }

    private void startSends() {
        int count = sending.count();
        for (int i = 0; i < count; i++) {
            Channel channel = sending.removeFirst();
            channel.leftSending();
            if (channel.isOpenOrDraining() && (key(channel).interestOps() & SelectionKey.OP_WRITE) == 0) {
                write(channel);
            }
        }
    }

    // ---- sending --------------------------------------------------------------------------------

    /// Writes what fits. No events here, it may be called outside of poll(): they follow in the
    /// next.
    private void write(Channel channel) {
        for (int i = 0; i < WRITES_MAX && channel.outputSizeBytes() > 0; i++) {
            int offered = channel.isLong() ? fillPiece(channel.output()) : fill(channel.output(), BUFFER_SIZE);
            if (offered == 0) {
                break;
            }
            int written = written(channel);
            if (written < 0) {
                channel.close();
                return;
            }
            channel.consumed(written, offered);
            if (channel.isFull) {
                key(channel).interestOpsOr(SelectionKey.OP_WRITE);
                break;
            }
        }
        if (channel.outputSizeBytes() > 0 && !channel.isFull) {
            channel.wantSend(); // the others first
        }
        if (channel.isUnfinished() || channel.state == Channel.State.DRAINING && channel.outputSizeBytes() == 0) {
            channel.wantAttention();
        }
    }

    /// 0 if it has to wait.
    private int fillPiece(ByteChain output) {
        int offered = fill(output, Math.min(pace.allowance(), BUFFER_SIZE));
        pace.spent(offered);
        return offered;
    }

    /// Copies the first bytes of the output into the buffer: the chunks have no buffers of their
    /// own.
    private int fill(ByteChain output, int sizeMax) {
        int size = 0;
        for (int i = 0; i < output.pieceCount() && size < sizeMax; i++) {
            int piece = Math.min(sizeMax - size, output.pieceSize(i));
            Memory.copy(output.pieceAddress(i), bufferAddress + size, piece);
            size += piece;
        }
        buffer.clear().limit(size);
        return size;
    }

    private int written(Channel channel) {
        try {
            return socket(channel).write(buffer);
        } catch (IOException _) {
            return -1; // the peer is gone
        }
    }

    // ---- receiving ------------------------------------------------------------------------------

    private void read(Channel channel) {
        if (channel.isPaused) {
            key(channel).interestOpsAnd(~SelectionKey.OP_READ);
            return;
        }
        if (!channel.isOpenOrDraining()) {
            return;
        }
        int size;
        try {
            buffer.clear();
            size = socket(channel).read(buffer);
        } catch (IOException _) {
            close(channel); // reset, timed out: nothing that is sent would arrive
            return;
        }
        if (size < 0) {
            ended(channel);
        } else if (size > 0 && channel.state == Channel.State.OPEN) {
            pace.heard(channel);
            channel.events.received(channel, bufferAddress, size);
        }
    }

    private void ended(Channel channel) {
        channel.hasEnded = true;
        key(channel).interestOpsAnd(~SelectionKey.OP_READ);
        if (channel.state == Channel.State.OPEN) {
            channel.isEndHeard = true;
            channel.events.ended(channel);
        }
    }

    // ---- accepting ------------------------------------------------------------------------------

    @Override
    public int listen(Listener listener, Acceptor acceptor) throws IOException {
        ServerSocketChannel socket = switch (listener) {
            case Listener.Tcp tcp -> open(tcp);
            case Listener.Unix unix -> open(unix);
        };
        socket.configureBlocking(false);
        Path unixPath = listener instanceof Listener.Unix unix ? unix.path() : null;
        int keepAliveSeconds = listener instanceof Listener.Tcp tcp ? tcp.keepAliveSeconds() : 0;
        var attachment = new Accepting(socket, acceptor, unixPath, keepAliveSeconds);
        accepting.add(socket.register(selector, SelectionKey.OP_ACCEPT, attachment));
        return socket.getLocalAddress() instanceof InetSocketAddress bound ? bound.getPort() : 0;
    }

    private static ServerSocketChannel open(Listener.Tcp tcp) throws IOException {
        InetAddress address = ListeningSocket.resolve(tcp.host());
        var socket = ServerSocketChannel.open(
                address instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (tcp.shared()) {
                socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            return socket.bind(new InetSocketAddress(address, tcp.port()), tcp.backlog());
        } catch (IOException e) {
            socket.close();
            String name = AddressText.of(address.getAddress(), tcp.port());
            throw new IOException("cannot listen on " + name + ": " + e.getMessage(), e);
        } catch (UnsupportedOperationException e) {
            socket.close();
            throw new IOException("this system cannot share a port between shards", e);
        }
    }

    private static ServerSocketChannel open(Listener.Unix unix) throws IOException {
        Files.deleteIfExists(unix.path());
        var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.bind(UnixDomainSocketAddress.of(unix.path()), unix.backlog());
            ListeningSocket.permit(unix);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw new IOException("cannot listen on " + unix.path() + ": " + e.getMessage(), e);
        }
    }

    private void accept(SelectionKey key, Accepting listener) {
        String unixPath = listener.unixPath == null ? null : listener.unixPath.toString();
        try {
            SocketChannel socket = listener.socket.accept();
            while (socket != null) {
                var channel = new Channel(sending, attention, chunks, unixPath, 0);
                channel.socket = socket;
                channel.keepAlive(listener.keepAliveSeconds); // the JDK's listeners leave it to none
                add(channel, socket, listener.acceptor);
                socket = listener.socket.accept();
            }
        } catch (IOException _) {
            // Out of descriptors, usually, and still so: the next await() tries once more.
            key.interestOps(0);
            isAcceptPaused = true;
        }
    }

    private void add(Channel channel, SocketChannel socket, Acceptor acceptor) {
        try {
            socket.configureBlocking(false);
            if (!channel.isUnixSocket()) {
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
        } catch (IOException _) {
            closeQuietly(socket); // gone before it was greeted
            return;
        }
        SocketEvents events = acceptor.accepted(channel);
        if (!channel.isDetached()) {
            register(channel, socket);
            channel.events = events;
            channelCount++;
        }
    }

    private void register(Channel channel, SocketChannel socket) {
        try {
            channel.key = socket.register(selector, SelectionKey.OP_READ, channel);
        } catch (ClosedChannelException e) {
            throw new AssertionError("nobody else closes it", e);
        }
    }

    @Override
    public void adopt(Channel detached, Acceptor acceptor) {
        own();
        assert detached.isDetached() : "in use elsewhere";
        SocketChannel socket = socket(detached);
        detached.socket = null;
        var channel = new Channel(sending, attention, chunks, detached.unixPath(), detached.keptAliveSeconds());
        channel.socket = socket;
        add(channel, socket, acceptor);
    }

    @Override
    public int channelCount() {
        return channelCount;
    }

    private static SocketChannel socket(Channel channel) {
        return Objects.requireNonNull(channel.socket);
    }

    private static SelectionKey key(Channel channel) {
        return Objects.requireNonNull(channel.key);
    }

    // ---- closing --------------------------------------------------------------------------------

    private void close(Channel channel) {
        channel.state = Channel.State.CLOSING;
        channelCount--;
        closeQuietly(socket(channel));
        channel.finish();
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception _) {
            return; // it is of no use any more, whatever the system says
        }
    }

    /// Closes all channels, whose events hear of it, and gives everything back. By the owner.
    @Override
    public void close() {
        own();
        for (SelectionKey key : List.copyOf(selector.keys())) {
            if (key.attachment() instanceof Channel channel && channel.state != Channel.State.CLOSED) {
                close(channel);
            } else if (key.attachment() instanceof Accepting listener) {
                closeQuietly(listener.socket);
                ListeningSocket.remove(listener.unixPath);
            }
        }
        closeQuietly(selector);
        Memory.free(bufferAddress, BUFFER_SIZE);
    }
}
