package io.anax.net;

import io.anax.Limits;
import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import io.anax.protocol.Peer;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/// One socket of one poller. What its user asks for is only noted here; the poller does it when it
/// next enters the kernel, so that a turn's work costs one system call.
///
/// ```
///  open ──closeAfterSend()──> draining ──output is empty──┐
///    │                           │                        v
///    └──close(), broken──────────┴────────────────────> closing ──no operation is left──> closed
/// ```
public final class Channel implements Peer {
    enum State {
        OPEN,
        DRAINING, // input is read and dropped: unread bytes would make the kernel reset the connection
        CLOSING,
        CLOSED
    }

    /// What is heard of a channel that nobody has taken yet, or that was detached.
    private enum Nobody implements SocketEvents {
        NOBODY;

        @Override
        public void received(Channel channel, long address, int size) {}

        @Override
        public void sent(Channel channel) {}

        @Override
        public void closed(Channel channel) {}
    }

    private final ChannelQueue sending;
    private final ChannelQueue attention;
    private final ByteChain output;
    private final @Nullable String unixPath;
    private int keptAliveSeconds;
    private @Nullable String address;
    private @Nullable String localAddress;
    private boolean isInSending;
    private boolean isInAttention;
    private boolean isDetached;

    SocketEvents events = Nobody.NOBODY;
    State state = State.OPEN;
    boolean isPaused;
    boolean hasEnded; // the peer sends no more
    boolean isEndHeard; // and the events know
    boolean isFull; // the last send did not take all that was offered
    private boolean isUnfinished; // output that did not go out at once: its progress is reported
    private boolean isLong; // output of more than goes out at once while others talk; until all of it is gone
    private boolean wasLong; // the one before

    /// The ring's poller.
    int descriptor = -1;

    int index;
    int generation;
    int heardInPeriod = -1; // of Gathering
    boolean isReceiving;
    boolean isCancelling;
    boolean isSendInFlight;
    int sendSize; // of the send in flight, which stays in the output until then

    @Nullable
    ByteChain held; // received while paused

    /// The selector's poller.
    @Nullable
    SocketChannel socket;

    @Nullable
    SelectionKey key;

    Channel(
            ChannelQueue sending,
            ChannelQueue attention,
            ChunkPool chunks,
            @Nullable String unixPath,
            int keptAliveSeconds) {
        this.sending = sending;
        this.attention = attention;
        this.output = new ByteChain(chunks);
        this.unixPath = unixPath;
        this.keptAliveSeconds = keptAliveSeconds;
    }

    /// What will be sent. Bytes may be appended at any time on the poller's thread, and go out
    /// after [#wantSend()]; only the poller consumes them.
    public ByteChain output() {
        return output;
    }

    public long outputSizeBytes() {
        return output.sizeBytes();
    }

    /// The output has bytes to send: they go out when the poller next enters the kernel, as many as
    /// fit; the rest follows by itself.
    public void wantSend() {
        if (!isInSending && !isSendInFlight && isOpenOrDraining()) {
            isInSending = true;
            sending.add(this);
        }
    }

    /// No more [SocketEvents#received] until [#resumeReceive()]. The end of the peer is not noticed
    /// meanwhile, except by sending.
    public void pauseReceive() {
        isPaused = true;
    }

    public void resumeReceive() {
        if (isPaused) {
            isPaused = false;
            wantAttention();
        }
    }

    /// Sends what is in the output now and later, until it is empty once; then closes. What the
    /// peer still sends is dropped.
    public void closeAfterSend() {
        if (state == State.OPEN) {
            state = State.DRAINING;
            isPaused = false;
            wantSend();
            wantAttention();
        }
    }

    /// Drops the output and closes.
    public void close() {
        if (isOpenOrDraining()) {
            state = State.CLOSING;
            wantAttention();
        }
    }

    /// Neither closed nor about to be.
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /// For [Acceptor]s only: this poller forgets the channel, another one may [SocketPoller#adopt]
    /// it.
    public void detach() {
        assert events == Nobody.NOBODY && state == State.OPEN && output.isEmpty() : "in use";
        isDetached = true;
    }

    boolean isDetached() {
        return isDetached;
    }

    boolean isOpenOrDraining() {
        return state == State.OPEN || state == State.DRAINING;
    }

    void wantAttention() {
        if (!isInAttention && state != State.CLOSED) {
            isInAttention = true;
            attention.add(this);
        }
    }

    /// The poller took it out of the queue of those that send.
    void leftSending() {
        isInSending = false;
    }

    void leftAttention() {
        isInAttention = false;
    }

    /// So much of what was offered to the kernel is sent.
    void consumed(int sent, int offered) {
        output.consume(sent);
        isFull = sent < offered;
        isUnfinished |= isFull || !output.isEmpty();
        if (output.isEmpty()) {
            wasLong = isLong;
            isLong = false;
        }
    }

    /// Some of the output did not go out at once; until all of it is gone.
    boolean isUnfinished() {
        return isUnfinished;
    }

    /// Whether the output goes out at an [OutputPace]; asked before each send.
    boolean isLong() {
        isLong |= output.sizeBytes() > Limits.LONG_OUTPUT_BYTES_MIN;
        return isLong;
    }

    /// This output, or else the last one.
    boolean hasLongOutputs() {
        return isLong || wasLong;
    }

    /// Tells of progress, while there is somebody who may have waited for it.
    void report() {
        if (isUnfinished) {
            isUnfinished = !output.isEmpty();
            events.sent(this);
        }
    }

    /// Nothing of it is in use any more. The last event.
    void finish() {
        assert state == State.CLOSING : state;
        state = State.CLOSED;
        output.clear();
        if (held != null) {
            held.clear();
        }
        events.closed(this);
    }

    public boolean isUnixSocket() {
        return unixPath != null;
    }

    @Nullable
    String unixPath() {
        return unixPath;
    }

    /// The seconds of [#keepAlive], at first those that it inherited.
    int keptAliveSeconds() {
        return keptAliveSeconds;
    }

    /// As Redis prints it, see [AddressText]; asked for once.
    @Override
    public String address() {
        if (address == null) {
            address = address(true);
        }
        return address;
    }

    @Override
    public String localAddress() {
        if (localAddress == null) {
            localAddress = address(false);
        }
        return localAddress;
    }

    @Override
    public boolean isLocal() {
        return isUnixSocket() || AddressText.isLoopback(address());
    }

    private String address(boolean remote) {
        if (unixPath != null) {
            return AddressText.ofUnixSocket(unixPath);
        }
        if (state == State.CLOSED) {
            return AddressText.UNKNOWN; // the number may be another socket's
        }
        if (socket == null) {
            return AddressText.ofSocket(descriptor, remote);
        }
        try {
            return AddressText.of(remote ? socket.getRemoteAddress() : socket.getLocalAddress());
        } catch (IOException _) {
            return AddressText.UNKNOWN; // closed already
        }
    }

    /// The kernel's number, -1 where the JDK hides it.
    public int descriptor() {
        return descriptor;
    }

    /// Asks a silent peer after so many seconds whether it is still there, and gives up after three
    /// more tries within as many seconds again. 0 never asks. Best effort: not every system can.
    public void keepAlive(int seconds) {
        if (isUnixSocket() || seconds == keptAliveSeconds) {
            return;
        }
        keptAliveSeconds = seconds;
        if (socket == null) {
            Linux.keepAlive(descriptor, seconds);
            return;
        }
        try {
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, seconds > 0);
            if (seconds > 0) {
                socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, seconds);
                socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, Linux.keepAliveInterval(seconds));
                socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, Linux.KEEP_ALIVE_PROBES);
            }
        } catch (IOException | UnsupportedOperationException _) {
            return; // a peer that vanished is then noticed when something is sent to it
        }
    }
}
