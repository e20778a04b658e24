package io.anax.engine;

import io.anax.Hot;
import io.anax.Limits;
import io.anax.command.Session;
import io.anax.memory.ByteChain;
import io.anax.protocol.ReplyWriter;
import io.anax.protocol.Request;
import io.anax.protocol.RespParser;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One client of a shard: bytes in, replies out. A connection feeds it and sends what it wrote.
public final class Client {
    private static final long NOT_OVER = -1;
    private static final int LINE_END_BYTES = 2; // behind the last argument

    private final Shard shard;
    private final Session session;
    private final ByteChain output;
    private final RespParser parser = new RespParser();
    private final InputBuffer input;
    private final Link link;
    private @Nullable Round round; // under way, on other shards or on a fiber, or until replies are read
    private boolean inTransaction; // instead of a round
    private boolean isHeld; // its next command waits for the end of a pause
    private boolean isStarting; // a round that is back before its start returns needs no call
    private boolean broken;
    private long overSoftSinceMillis = NOT_OVER;
    private boolean isGone; // the connection is; the client goes when nothing is under way

    Client(Shard shard, Session session, ByteChain output, Link link) {
        this.shard = shard;
        this.session = session;
        this.output = output;
        this.link = link;
        this.input = new InputBuffer(shard.databases().workspace());
        parser.authenticated(session.authenticated());
        parser.bulkSizeMax(shard.settings().bulkSizeMax());
    }

    public Session session() {
        return session;
    }

    public ByteChain output() {
        return output;
    }

    /// Whether the connection shall be closed once the output has been sent.
    public boolean isClosing() {
        return broken || session.closing();
    }

    /// Whether no more shall be read from it for now: it does not read its replies as fast as it asks, or
    /// it sent much ahead while its last commands are under way.
    public boolean isBehind() {
        return isStuffed() || isWaiting() && input.sizeBytes() > Limits.INPUT_AHEAD_BYTES_MAX;
    }

    /// Whether commands of it are under way: its next ones wait, and so does its end.
    public boolean isWaiting() {
        return round != null || inTransaction || isHeld;
    }

    /// Whether something of it is under way that ends without its doing: nothing that waits for it to read.
    boolean isAtWork() {
        return inTransaction || isHeld || round != null && round.isUnderWay();
    }

    /// Sends what no command of this client asked for.
    void push(byte[] bytes) {
        output.append(bytes);
        shard.load().replied(bytes.length);
        checkOutput();
        link.outputGrew();
    }

    /// Whether it has sent commands that it will get replies to without sending more.
    public boolean isOwedReplies() {
        return isWaiting() || isStuffed() && !input.isEmpty();
    }

    /// Closes the connection of a client that lets more output pile up than `client-output-buffer-limit`
    /// allows. To be asked after it grew, and once a second.
    void checkOutput() {
        OutputLimit limit = outputLimit();
        long waiting = output.sizeBytes();
        boolean isOverSoft = limit.softBytes() > 0 && waiting > limit.softBytes();
        if (!isOverSoft) {
            overSoftSinceMillis = NOT_OVER;
        } else if (overSoftSinceMillis == NOT_OVER) {
            overSoftSinceMillis = shard.nowMillis();
        }
        boolean tooLong = isOverSoft && shard.nowMillis() - overSoftSinceMillis > 1000 * limit.softSeconds();
        if (tooLong || limit.hardBytes() > 0 && waiting > limit.hardBytes()) {
            Log.warning("client " + session.id() + " closed: " + waiting + " bytes of output wait for it");
            drop();
        }
    }

    @Hot
    private OutputLimit outputLimit() {
        return shard.settings().outputLimit(ClientKind.of(session));
    }

    /// Its next command has to wait for the end of a pause.
    void hold() {
        isHeld = true;
        shard.pause().add(this);
    }

    boolean isHeld() {
        return isHeld;
    }

    /// The pause is over.
    void released() {
        isHeld = false;
        goOn();
    }

    /// Ends the connection of an idle client. Who does not read is owed nothing: that would never end.
    void timeOut() {
        if (output.isEmpty()) {
            kill();
        } else {
            drop();
        }
    }

    /// Ends the connection after what it is owed: CLIENT KILL.
    public void kill() {
        broken = true;
        link.closeAfterSend();
    }

    /// Ends the connection without what it is owed: nobody reads that.
    void drop() {
        broken = true;
        link.close();
    }

    /// Bytes that came and are no whole command yet.
    public long inputBytes() {
        return input.sizeBytes();
    }

    /// The room for them.
    public long inputCapacityBytes() {
        return input.capacityBytes();
    }

    /// Memory that this client holds now.
    public long heldBytes() {
        return input.capacityBytes() + output.sizeBytes();
    }

    /// Runs all whole commands among what was received so far; keeps the rest. The bytes are the
    /// caller's again when this returns.
    @Hot
    public void received(long address, int size) {
        if (isClosing()) {
            return;
        }
        shard.load().received(size);
        long before = output.sizeBytes();
        parser.authenticated(session.authenticated());
        if (input.isEmpty() && mayRun()) {
            long taken = runAll(address, size);
            if (taken < size && !isClosing()) {
                input.append(address + taken, size - taken, expectedBytes());
            }
        } else {
            input.append(address, size, 0);
            runInput();
        }
        if (isClosing()) {
            input.clear();
        }
        shard.load().replied(output.sizeBytes() - before);
    }

    /// The client has read some of its replies: goes on with what it sent.
    public void resume() {
        session.interacted(shard.nowMillis());
        long before = output.sizeBytes();
        proceed();
        shard.load().replied(output.sizeBytes() - before);
    }

    /// First with the round that was waiting for that, then with what came after it.
    private void proceed() {
        if (round != null && !round.isUnderWay() && !isHeld && !isClosing() && !isStuffed()) {
            advance(round);
        }
        if (!input.isEmpty()) {
            runInput();
        }
    }

    private void runInput() {
        if (mayRun()) {
            input.consume(runAll(input.address(), input.sizeBytes()));
        }
    }

    /// Nothing of it is under way, and it reads its replies.
    private boolean mayRun() {
        return !isClosing() && !isWaiting() && !isStuffed();
    }

    /// Replies are piling up: the next command waits until it has read some.
    @Hot
    private boolean isStuffed() {
        return output.sizeBytes() > pauseBytes();
    }

    /// More than this and it is stuffed. A lower limit than the usual one ends it at once.
    @Hot
    long pauseBytes() {
        long hardBytes = outputLimit().hardBytes();
        long usual = shard.settings().outputPauseBytes();
        return hardBytes == 0 ? usual : Math.min(usual, hardBytes);
    }

    /// What the command that is only partly here still needs.
    private long expectedBytes() {
        boolean isPart = shard.pipeline().parseStatus() == RespParser.NEED_MORE && mayRun();
        return isPart ? believed(parser.missingBytes()) : 0;
    }

    // ---- batches under way ------------------------------------------------------------------------

    /// Whether a request is so large that it is not to be copied, and lies in memory of this client.
    @Hot
    boolean keepsHuge(Request request) {
        return request.spanBytes() > Limits.ARGUMENT_AT_ONCE_BYTES_MAX && input.contains(request.begin());
    }

    /// Gives away the memory of such a request, [#inputCapacityBytes] from the address that it returns on;
    /// what came behind the request stays here.
    long handOver(Request request) {
        long memory = input.base();
        input.handOver(request.begin() + request.spanBytes() + LINE_END_BYTES);
        return memory;
    }

    /// A batch goes the long way; it may be over when this returns.
    @Hot
    void begin(Round begun) {
        round = begun;
        advance(begun);
        assert round != null || !input.isHandedOver() : "the bytes behind the request are still being looked at";
    }

    /// Takes the replies that are there and sends for those that are not, until that was the last, hops are
    /// under way, or the client has enough to read.
    @Hot
    private void advance(Round going) {
        going.handOut(output, pauseBytes());
        while (!going.isHandedOut() && !isStuffed() && !isClosing()) {
            if (shard.pause().isOn(shard.nowMillis()) && going.isHeld()) {
                hold();
                return;
            }
            isStarting = true;
            going.start();
            isStarting = false;
            if (going.isUnderWay()) {
                return;
            }
            going.handOut(output, pauseBytes());
        }
        if (going.isHandedOut()) {
            end(going);
        } else {
            checkOutput();
        }
    }

    @Hot
    private void end(Round ended) {
        round = null;
        ended.close();
        shard.giveRound(ended);
    }

    void begin(Transaction transaction) {
        inTransaction = true;
        transaction.start();
    }

    /// All hops of the round are back.
    @Hot
    void roundIsBack() {
        if (isStarting) {
            return; // `advance` sees it
        }
        long before = output.sizeBytes();
        Round back = Objects.requireNonNull(round);
        if (isGone) {
            end(back);
        } else {
            advance(back);
        }
        goOn();
        shard.load().replied(output.sizeBytes() - before);
    }

    void transactionEnded(ByteChain replies) {
        inTransaction = false;
        long before = output.sizeBytes();
        if (isGone) {
            replies.clear();
        } else {
            replies.moveTo(output);
            checkOutput();
        }
        goOn();
        shard.load().replied(output.sizeBytes() - before);
    }

    /// Runs what the client sent meanwhile, and has the replies sent.
    private void goOn() {
        session.monitoringBegan();
        if (isGone) {
            shard.disconnected(this);
            return;
        }
        proceed();
        if (isClosing()) {
            input.clear();
        }
        link.outputGrew();
    }

    /// What a client announces is believed in steps: a few bytes must not make us reserve half a gigabyte.
    private long believed(long announcedBytes) {
        return Math.min(announcedBytes, Math.max(Limits.INPUT_BELIEVED_BYTES, 2 * input.sizeBytes()));
    }

    /// Runs batch after batch. Returns how many bytes were whole commands.
    @Hot
    private long runAll(long address, long size) {
        Pipeline pipeline = shard.pipeline();
        long taken = 0;
        while (taken < size && mayRun()) {
            taken += pipeline.run(address + taken, size - taken, parser, this);
            if (isStuffed() && !broken) {
                checkOutput();
            }
            parser.authenticated(session.authenticated()); // AUTH lifts the limits for what follows
            if (pipeline.parseStatus() == RespParser.NEED_MORE) {
                break;
            }
            if (pipeline.parseStatus() == RespParser.ERROR && !isWaiting()) {
                fail(); // while something is under way the bytes are parsed again after it
            }
        }
        return taken;
    }

    /// The bytes are no protocol: says so, as Redis does, and closes.
    private void fail() {
        ReplyWriter reply = shard.reply();
        reply.into(output, session.resp());
        reply.error("ERR " + parser.error());
        broken = true;
    }

    /// The connection is gone.
    public void close() {
        broken = true;
        isGone = true;
        input.clear();
        output.clear();
        if (isHeld) {
            isHeld = false;
            shard.pause().remove(this);
        }
        if (round != null && !round.isUnderWay()) {
            end(round);
        }
        if (!isWaiting()) {
            shard.disconnected(this);
        }
    }
}
