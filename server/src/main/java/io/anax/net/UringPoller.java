package io.anax.net;

import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import io.anax.memory.Memory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Sockets through one io_uring, Linux 6.0 and later. Accepting and receiving are requests that
/// stay (multishot); a channel has at most one send in flight; a turn is one system call.
///
/// ```
///  tag of a request:   63          32 31     8 7    0
///                     +--------------+--------+------+
///                     | generation   | index  | kind |     index of the channel or the listener
///                     +--------------+--------+------+
/// ```
///
/// The place of a channel is used again when all its operations have ended. A cancellation may come
/// later than that, and then misses: the generation differs.
///
/// **Sends.** One that offers all of the output says MSG_DONTWAIT: it is quick, it ends while it is
/// submitted, with bytes sent or EAGAIN. So [#await] waits for "all quick sends and one event
/// more", or several ([Gathering]), and is not woken by its own replies. When the socket was full
/// the rest of the output follows in sends that stay with the kernel, and nobody counts on those.
public final class UringPoller implements SocketPoller {
    private static final int REQUEST_COUNT = 1 << 10;
    private static final int COMPLETION_COUNT = 1 << 12;

    /// Received while paused, before the receive is cancelled: short pauses cost no system call.
    private static final long HELD_SIZE_MAX = 1 << 16;

    /// After "too many open files" nothing is accepted for so long: 100 ms.
    private static final long ACCEPT_RETRY_NANOS = 100_000_000;

    /// Sleep that counts on quick sends: 1 ms. One that sent a part only leaves the rest to us, and
    /// no event would tell before another one comes.
    private static final long QUICK_SENDS_NANOS_MAX = 1_000_000;

    /// What closing waits for operations to end, in rounds of 10 ms.
    private static final int CLOSE_ROUNDS_MAX = 500;

    private static final long CLOSE_ROUND_NANOS = 10_000_000;

    private static final int WAKE = 1;
    private static final int ACCEPT = 2;
    private static final int RETRY = 3;
    private static final int RECEIVE = 4;
    private static final int SEND = 5;
    private static final int CANCEL = 6;

    private static final int INDEX_SHIFT = 8;
    private static final int INDEX_MASK = 0xFF_FFFF;
    private static final int ECANCELED = 125;

    private final ChunkPool chunks;
    private final Ring ring;
    private final ReceiveBuffers buffers;
    private final SendMessages messages;
    private final OutputPace pace;
    private final Gathering gathering = new Gathering();
    private final ChannelTable channels = new ChannelTable();
    private final ChannelQueue sending = new ChannelQueue();
    private final ChannelQueue attention = new ChannelQueue();
    private final List<ListeningSocket> listeners = new ArrayList<>();
    private final int wakeCounter;
    private final long one = Memory.allocate(Long.BYTES); // what a wake-up adds to the counter
    private final long retryTime = Memory.allocate(2 * Long.BYTES); // struct timespec
    private int standingCount; // requests that stay: wake-up, accepts, retries
    private int quickSendCount; // sends not yet submitted that end when they are
    private boolean isClosing;
    private @Nullable Thread owner;

    /// `clock` counts nanoseconds from anywhere.
    public UringPoller(ChunkPool chunks, LongSupplier clock) throws IOException {
        this.chunks = chunks;
        this.pace = new OutputPace(clock);
        this.ring = Ring.open(REQUEST_COUNT, COMPLETION_COUNT);
        this.buffers = new ReceiveBuffers(ring);
        this.messages = new SendMessages(ring.requestCount());
        this.wakeCounter = Linux.eventCounter();
        if (wakeCounter < 0) {
            throw Linux.failure("eventfd", wakeCounter);
        }
        Memory.putLong(one, 1);
        Memory.putLong(retryTime, 0);
        Memory.putLong(retryTime + Long.BYTES, ACCEPT_RETRY_NANOS);
    }

    /// Why this machine cannot use it, found by trying; empty when it can.
    public static String obstacle() {
        return UringProbe.obstacle();
    }

    /// The first to poll becomes the owner; the ring takes requests from that thread only.
    private void own() {
        if (owner == null) {
            owner = Thread.currentThread();
            ring.enable();
            watchWakeCounter();
            for (int i = 0; i < listeners.size(); i++) {
                accept(i);
            }
        }
        assert owner == Thread.currentThread() : "polled from " + Thread.currentThread();
    }

    private static long tag(int kind, int index, int generation) {
        return kind | (long) index << INDEX_SHIFT | (long) generation << Integer.SIZE;
    }

    // ---- the turn -------------------------------------------------------------------------------

    @Override
    public int poll() {
        own();
        int events = attend();
        startSends();
        if (ring.wantsEnter()) {
            enter(0, 0, 0);
        }
        return events + complete();
    }

    @Override
    public boolean hasArrivals() {
        return ring.hasNews();
    }

    @Override
    public void flush() {
        own();
        startSends();
        if (ring.pendingCount() > 0) {
            enter(0, 0, 0);
        }
    }

    @Override
    public void await(long timeoutNanos) {
        own();
        startSends();
        if (sending.count() > 0) {
            timeoutNanos = Math.min(timeoutNanos, pace.waitNanos());
        }
        if (timeoutNanos <= 0 || attention.count() > 0 || ring.completionCount() > 0) {
            flush();
        } else {
            sleep(quickSendCount == 0 ? timeoutNanos : Math.min(timeoutNanos, QUICK_SENDS_NANOS_MAX));
        }
    }

    private void sleep(long timeoutNanos) {
        int awaited = ring.canGather() ? gathering.beginSleep() : 1;
        int sends = quickSendCount;
        enter(awaited + sends, awaited > 1 ? Gathering.MICROS : 0, timeoutNanos);
        gathering.endSleep(ring.completionCount() - sends);
    }

    /// The counter only ever grows: waiting for it is told of each change, nobody needs to read it.
    @Override
    public void wake() {
        int written = Linux.write(wakeCounter, one, Long.BYTES);
        assert written == Long.BYTES : "the wake-up failed";
    }

    private void enter(int waitCount, int gatherMicros, long timeoutNanos) {
        quickSendCount = 0;
        ring.enter(waitCount, gatherMicros, timeoutNanos);
    }

    /// Handles what the kernel has completed until now.
    private int complete() {
        int count = ring.completionCount();
        for (int i = 0; i < count; i++) {
            long completion = ring.completion();
            long tag = Ring.tag(completion);
            int result = Ring.result(completion);
            int flags = Ring.flags(completion);
            ring.done();
            completed(tag, result, flags);
        }
        return count;
    }

    private void completed(long tag, int result, int flags) {
        int index = (int) (tag >>> INDEX_SHIFT) & INDEX_MASK;
        switch ((int) tag & 0xFF) {
            case RECEIVE -> {
                gathering.heard(channel(index, tag));
                received(channel(index, tag), result, flags);
            }
            case SEND -> sent(channel(index, tag), result);
            case ACCEPT -> accepted(index, result, flags);
            case WAKE -> woken(flags);
            case RETRY -> retried(index);
            default -> {
                assert (tag & 0xFF) == CANCEL : "tag " + tag; // whether it found anything does not matter
            }
        }
    }

    private Channel channel(int index, long tag) {
        Channel channel = channels.at(index);
        assert channel.generation == (int) (tag >>> Integer.SIZE) : "an operation outlived its channel";
        return channel;
    }

    private void woken(int flags) {
        gathering.woken();
        if ((flags & Ring.HAS_MORE) == 0) {
            standingCount--;
            if (!isClosing) {
                watchWakeCounter();
            }
        }
    }

    private void watchWakeCounter() {
        long request = ring.request(Ring.POLL, wakeCounter, tag(WAKE, 0, 0));
        Ring.putData(request, 0, Ring.POLL_MULTISHOT);
        Ring.putOptions(request, Linux.POLLIN);
        standingCount++;
    }

    // ---- what channels asked for ----------------------------------------------------------------

    /// Each once; what they ask for meanwhile is for the next turn.
    private int attend() {
        int count = attention.count();
        for (int i = 0; i < count; i++) {
            Channel channel = attention.removeFirst();
            channel.leftAttention();
            switch (channel.state) {
                case OPEN -> resume(channel);
                case DRAINING -> closeWhenSent(channel);
                case CLOSING -> close(channel);
                case CLOSED -> {}
            }
        }
        return count;
    }

    /// Hands over what was held back, a piece a turn, and then receives again.
    private void resume(Channel channel) {
        if (channel.isPaused) {
            return;
        }
        ByteChain held = channel.held;
        if (held != null && !held.isEmpty()) {
            int size = held.firstSize();
            channel.events.received(channel, held.firstAddress(), size);
            held.consume(size);
            channel.wantAttention();
        } else if (channel.hasEnded) {
            hearEnd(channel);
        } else if (!channel.isReceiving) {
            receive(channel);
        }
    }

    private void closeWhenSent(Channel channel) {
        if (channel.outputSizeBytes() == 0 && !channel.isSendInFlight) {
            close(channel);
        } else if (!channel.isReceiving && !channel.hasEnded) {
            receive(channel); // to drop it
        }
    }

    /// Those stay in the queue that have to wait.
    private void startSends() {
        int count = sending.count();
        for (int i = 0; i < count; i++) {
            Channel channel = sending.removeFirst();
            channel.leftSending();
            if (channel.isOpenOrDraining() && !channel.isSendInFlight && channel.outputSizeBytes() > 0) {
                if (channel.isLong()) {
                    sendPiece(channel);
                } else {
                    send(channel, Integer.MAX_VALUE);
                }
            }
        }
    }

    // ---- sending --------------------------------------------------------------------------------

    private void sendPiece(Channel channel) {
        int allowance = pace.allowance();
        if (allowance == 0) {
            channel.wantSend();
        } else {
            send(channel, allowance);
            pace.spent(channel.sendSize);
        }
    }

    private void send(Channel channel, int sizeMax) {
        ByteChain output = channel.output();
        long tag = tag(SEND, channel.index, channel.generation);
        boolean isOnePiece = output.pieceCount() == 1;
        long request = ring.request(isOnePiece ? Ring.SEND : Ring.SEND_MESSAGE, channel.descriptor, tag);
        if (isOnePiece) {
            channel.sendSize = output.firstSize();
            Ring.putData(request, output.firstAddress(), channel.sendSize);
        } else {
            int place = ring.place(request);
            channel.sendSize = messages.put(place, output, sizeMax);
            Ring.putData(request, messages.address(place), 1);
        }
        if (channel.isUnfinished() || channel.sendSize < output.sizeBytes()) {
            Ring.putOptions(request, Linux.MSG_NOSIGNAL);
        } else {
            Ring.putOptions(request, Linux.MSG_NOSIGNAL | Linux.MSG_DONTWAIT);
            quickSendCount++;
        }
        channel.isSendInFlight = true;
    }

    private void sent(Channel channel, int result) {
        channel.isSendInFlight = false;
        if (channel.state == Channel.State.CLOSING) {
            finishWhenIdle(channel);
        } else if (result < 0 && result != -Linux.EAGAIN && result != -Linux.EINTR) {
            close(channel); // the peer is gone
        } else {
            channel.consumed(Math.max(result, 0), channel.sendSize);
            channel.report();
            if (channel.outputSizeBytes() > 0) {
                channel.wantSend();
            } else if (channel.state == Channel.State.DRAINING) {
                close(channel);
            }
        }
    }

    // ---- receiving ------------------------------------------------------------------------------

    private void receive(Channel channel) {
        long tag = tag(RECEIVE, channel.index, channel.generation);
        long request = ring.request(Ring.RECEIVE, channel.descriptor, tag);
        Ring.putFlags(request, Ring.SELECT_BUFFER);
        Ring.putVariant(request, Ring.RECEIVE_MULTISHOT);
        Ring.putBufferGroup(request, ReceiveBuffers.GROUP);
        channel.isReceiving = true;
        channel.isCancelling = false;
    }

    private void received(Channel channel, int result, int flags) {
        if ((flags & Ring.HAS_BUFFER) != 0) {
            int buffer = flags >>> Ring.BUFFER_SHIFT;
            try {
                deliver(channel, buffers.address(buffer), Math.max(result, 0));
            } finally {
                buffers.giveBack(buffer);
            }
        }
        if ((flags & Ring.HAS_MORE) == 0) {
            channel.isReceiving = false;
            receiveEnded(channel, result);
        }
    }

    private void deliver(Channel channel, long address, int size) {
        if (channel.state != Channel.State.OPEN || size == 0) {
            return;
        }
        pace.heard(channel);
        ByteChain held = channel.held;
        if (channel.isPaused || held != null && !held.isEmpty()) {
            hold(channel, address, size);
        } else {
            channel.events.received(channel, address, size);
        }
    }

    private void hold(Channel channel, long address, int size) {
        if (channel.held == null) {
            channel.held = new ByteChain(chunks);
        }
        channel.held.append(address, size);
        if (channel.held.sizeBytes() > HELD_SIZE_MAX && !channel.isCancelling) {
            channel.isCancelling = true;
            cancel(tag(RECEIVE, channel.index, channel.generation));
        }
    }

    /// The standing request is over: it was cancelled, or ran out of buffers, or the stream has
    /// ended.
    private void receiveEnded(Channel channel, int result) {
        if (channel.state == Channel.State.CLOSING) {
            finishWhenIdle(channel);
        } else if (result == 0) {
            channel.hasEnded = true;
            hearEnd(channel);
        } else if (result > 0 || isPassing(-result)) {
            if (!channel.isPaused) {
                receive(channel);
            }
        } else {
            close(channel); // reset, timed out: nothing that is sent would arrive
        }
    }

    private static boolean isPassing(int error) {
        return error == Linux.ENOBUFS || error == ECANCELED || error == Linux.EINTR || error == Linux.EAGAIN;
    }

    /// Told after all that was received before it.
    private void hearEnd(Channel channel) {
        boolean isBehind = channel.isPaused || channel.held != null && !channel.held.isEmpty();
        if (!isBehind && !channel.isEndHeard && channel.state == Channel.State.OPEN) {
            channel.isEndHeard = true;
            channel.events.ended(channel);
        }
    }

    private void cancel(long tag) {
        long request = ring.request(Ring.CANCEL, -1, tag(CANCEL, 0, 0));
        Ring.putData(request, tag, 0);
    }

    // ---- accepting ------------------------------------------------------------------------------

    @Override
    public int listen(Listener listener, Acceptor acceptor) throws IOException {
        var socket = ListeningSocket.open(listener, acceptor);
        listeners.add(socket);
        if (owner != null) {
            own();
            accept(listeners.size() - 1);
        }
        return socket.port;
    }

    private void accept(int index) {
        int socket = listeners.get(index).descriptor;
        long request = ring.request(Ring.ACCEPT, socket, tag(ACCEPT, index, 0));
        Ring.putVariant(request, Ring.ACCEPT_MULTISHOT);
        Ring.putOptions(request, Linux.SOCK_CLOEXEC);
        standingCount++;
    }

    private void accepted(int index, int result, int flags) {
        boolean isOver = (flags & Ring.HAS_MORE) == 0;
        if (isOver) {
            standingCount--;
        }
        if (isClosing) {
            if (result >= 0) {
                Linux.close(result);
            }
            return;
        }
        ListeningSocket listener = listeners.get(index);
        if (result >= 0) {
            String path = listener.unixPath == null ? null : listener.unixPath.toString();
            add(result, path, listener.keepAliveSeconds, listener.acceptor);
        }
        if (isOver) {
            acceptAgain(index, result);
        }
    }

    /// At once, or after a while when descriptors or memory have run out: they would again.
    private void acceptAgain(int index, int result) {
        if (result == -Linux.EMFILE || result == -Linux.ENFILE || result == -Linux.ENOBUFS || result == -Linux.ENOMEM) {
            long request = ring.request(Ring.TIMEOUT, -1, tag(RETRY, index, 0));
            Ring.putData(request, retryTime, 1);
            standingCount++;
        } else {
            accept(index);
        }
    }

    private void retried(int index) {
        standingCount--;
        if (!isClosing) {
            accept(index);
        }
    }

    private void add(int descriptor, @Nullable String unixPath, int keptAliveSeconds, Acceptor acceptor) {
        var channel = new Channel(sending, attention, chunks, unixPath, keptAliveSeconds);
        channel.descriptor = descriptor;
        SocketEvents events = acceptor.accepted(channel);
        if (channel.isDetached()) {
            return;
        }
        channels.add(channel);
        channel.events = events;
        receive(channel);
    }

    @Override
    public void adopt(Channel detached, Acceptor acceptor) {
        own();
        assert detached.isDetached() && detached.descriptor >= 0 : "not detached, or adopted before";
        int descriptor = detached.descriptor;
        detached.descriptor = -1;
        add(descriptor, detached.unixPath(), detached.keptAliveSeconds(), acceptor);
    }

    @Override
    public int channelCount() {
        return channels.count();
    }

    // ---- closing --------------------------------------------------------------------------------

    /// Makes its operations end, and closes when they have.
    private void close(Channel channel) {
        channel.state = Channel.State.CLOSING;
        if (channel.isReceiving || channel.isSendInFlight) {
            Linux.shutdown(channel.descriptor);
            if (channel.isReceiving) {
                cancel(tag(RECEIVE, channel.index, channel.generation));
            }
        }
        finishWhenIdle(channel);
    }

    private void finishWhenIdle(Channel channel) {
        if (channel.isReceiving || channel.isSendInFlight) {
            return;
        }
        channels.remove(channel);
        Linux.close(channel.descriptor);
        channel.finish();
    }

    /// Closes all channels, whose events hear of it, and gives everything back. By the owner.
    @Override
    public void close() {
        own();
        isClosing = true;
        for (int i = 0; i < channels.places(); i++) {
            Channel channel = channels.orNull(i);
            if (channel != null) {
                close(channel);
            }
        }
        cancel(tag(WAKE, 0, 0));
        for (int i = 0; i < listeners.size(); i++) {
            cancel(tag(ACCEPT, i, 0));
            cancel(tag(RETRY, i, 0));
        }
        for (int i = 0; i < CLOSE_ROUNDS_MAX && (channels.count() > 0 || standingCount > 0); i++) {
            enter(1, 0, CLOSE_ROUND_NANOS);
            complete();
        }
        assert channels.count() == 0 && standingCount == 0 : "operations do not end";
        listeners.forEach(ListeningSocket::close);
        Linux.close(wakeCounter);
        ring.close();
        buffers.close();
        messages.close();
        Memory.free(one, Long.BYTES);
        Memory.free(retryTime, 2 * Long.BYTES);
    }
}
