package io.anax.engine;

import io.anax.Hot;
import io.anax.Limits;
import io.anax.command.Command;
import io.anax.command.NeedsFiber;
import io.anax.command.Session;
import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import io.anax.memory.Memory;
import io.anax.protocol.Request;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The commands of one client for one shard out of one batch: they run there in order, and the replies
/// come back together. When one of them has to wait, for a key or because it is long, those behind it
/// wait too. Reused.
///
/// ```
///  block      arguments of request 0 | arguments of request 1 | ...     copied out of the client's input;
///             a huge one alone is that input itself
///  replies    reply 0 | reply 1 | ...                                   ends[i] = where reply i ends
/// ```
///
/// When the replies are more than a client shall have unread, the hop comes back with those it has: it is
/// sent again for the rest.
final class Hop extends Message implements Ticket.Owner {
    private final ChunkPool chunks = new ChunkPool(); // of its own: the hop changes threads
    private final ByteChain replies = new ByteChain(chunks);
    private final Ticket ticket;
    private final Request[] requests = new Request[Pipeline.BATCH_REQUESTS];
    private final @Nullable Command[] commands = new @Nullable Command[Pipeline.BATCH_REQUESTS];
    private final long[] hashes = new long[Pipeline.BATCH_REQUESTS];
    private final long[] ends = new long[Pipeline.BATCH_REQUESTS];
    private @Nullable Round round;
    private @Nullable Session session;
    private @Nullable Shard there;
    private long block;
    private long blockCapacity;
    private long blockSize;
    private long chargedBytes; // of block and chunks, at home
    private int count;
    private int next;
    private int handedOut; // replies already taken by the round
    private long handedTo; // where the next one begins
    private long mark; // where the reply to the next command begins

    Hop(Shard home) {
        super(home);
        ticket = new Ticket(this, home.databases().workspace());
        for (int i = 0; i < requests.length; i++) {
            requests[i] = new Request(home.databases().workspace());
        }
    }

    // ---- at home: filling -------------------------------------------------------------------------

    /// Begins anew with room for so many bytes of arguments.
    void open(Round of, Session client, long bytes) {
        round = of;
        session = client;
        count = 0;
        next = 0;
        handedOut = 0;
        mark = replies.mark();
        handedTo = mark;
        blockSize = 0;
        if (bytes > blockCapacity) {
            free();
            blockCapacity = Math.max(bytes, 1 << 12);
            block = Memory.allocate(blockCapacity);
            charge();
        }
    }

    /// The next request lies in this memory, which belongs to the hop from now on.
    void adopt(long memory, long capacity) {
        assert count == 0 : "requests lie elsewhere";
        free();
        block = memory;
        blockCapacity = capacity;
        charge();
    }

    /// As [#add], for that request.
    void addAdopted(@Nullable Command command, Request request, long hash) {
        request.copyTo(request.begin(), requests[0]);
        commands[0] = command;
        hashes[0] = hash;
        count = 1;
    }

    void add(@Nullable Command command, Request request, long hash) {
        request.copyTo(block + blockSize, requests[count]);
        blockSize += request.spanBytes();
        commands[count] = command;
        hashes[count] = hash;
        count++;
    }

    // ---- there: running ---------------------------------------------------------------------------

    @Override
    @Hot
    void arrive(Shard shard) {
        there = shard;
        chunks.drawFrom(shard.chunks());
        ticket.countIn(shard.databases().workspace());
        stage(shard.dispatcher());
        proceed();
    }

    /// As in [Pipeline]: the cache misses of all keys overlap.
    @Hot
    private void stage(Dispatcher dispatcher) {
        int database = session().database();
        if (count - next < 2) {
            return;
        }
        for (int i = next; i < count; i++) {
            if (hashes[i] != 0) {
                dispatcher.stageBucket(hashes[i], database);
            }
        }
        for (int i = next; i < count; i++) {
            if (hashes[i] != 0) {
                dispatcher.stageEntry(hashes[i], database);
            }
        }
    }

    @Hot
    private void proceed() {
        Shard shard = there();
        long before = shard.clock().nanos();
        while (isToRun() && !hasToWait(shard)) {
            if (session().closing()) {
                finished(); // what follows a QUIT is not answered
                continue;
            }
            Command command = commands[next];
            if (command == null) {
                shard.dispatcher().unknown(requests[next], session(), replies);
                finished();
                continue;
            }
            boolean ran;
            try {
                ran = run(shard, command);
            } catch (NeedsFiber _) {
                goOnFiber(shard, command);
                return;
            }
            long after = shard.clock().nanos();
            if (ran) {
                shard.ran(command, requests[next], session(), after - before, shard.nowMillis());
            }
            before = after;
            finished();
        }
        if (!isToRun()) {
            sendBack(shard);
        }
    }

    /// Whether there are commands left, and room for their replies.
    @Hot
    boolean isToRun() {
        return next < count && replies.sizeBytes() <= home().settings().outputPauseBytes();
    }

    @Hot
    private boolean run(Shard shard, Command command) {
        return shard.dispatcher().run(command, requests[next], session(), replies, hashes[next], shard.nowMillis());
    }

    /// Somebody else uses a key of the next command: it takes a place in the queue.
    @Hot
    private boolean hasToWait(Shard shard) {
        return !shard.queue().isEmpty() && !ticket.isQueued && commands[next] != null && !takesPlace(shard);
    }

    /// Whether the next command may run at once; else it is in the queue.
    private boolean takesPlace(Shard shard) {
        ticket.clear();
        shard.router().fill(ticket, Objects.requireNonNull(commands[next]), requests[next], shard.id());
        if (ticket.isFreeIn(shard.queue().locks())) {
            ticket.clear();
            return true;
        }
        place(shard);
        return false;
    }

    private void place(Shard shard) {
        ticket.id = shard.queue().nextId(shard.id());
        boolean placed = shard.queue().place(ticket);
        assert placed : "the newest id cannot be late";
    }

    /// The keys are ours now.
    @Override
    public void turn() {
        proceed();
    }

    /// The command that runs next is long: its keys stay locked while it is suspended.
    private void goOnFiber(Shard shard, Command command) {
        if (!ticket.isQueued) {
            ticket.clear();
            shard.router().fill(ticket, command, requests[next], shard.id());
            if (!ticket.wantsNothing()) {
                place(shard);
            }
        }
        shard.fibers().startCommand(task -> runOn(task, command), this::fiberEnded);
    }

    private void runOn(FiberTask task, Command command) {
        Shard shard = there();
        long nowMillis = shard.nowMillis();
        if (shard.dispatcher().run(task, command, requests[next], session(), replies, hashes[next], nowMillis)) {
            shard.ran(command, requests[next], session(), task.ranNanos(), nowMillis);
        }
    }

    private void fiberEnded() {
        finished();
        proceed();
    }

    @Hot
    private void finished() {
        if (session().isMuted() && !session().keepsReply()) {
            replies.truncate(mark);
        }
        mark = replies.mark();
        ends[next] = mark;
        next++;
        if (ticket.isQueued) {
            there().queue().leave(ticket);
            there().keysAreFree();
        }
    }

    // ---- at home again ----------------------------------------------------------------------------

    @Override
    void returned() {
        chunks.drawFrom(there == home() ? home().chunks() : null);
        charge();
        Objects.requireNonNull(round).hopIsBack();
    }

    /// Whether the next reply is there.
    @Hot
    boolean hasReply() {
        return handedOut < next;
    }

    /// Moves the next reply to the end of `output`.
    @Hot
    void handOut(ByteChain output) {
        replies.moveTo(output, ends[handedOut] - handedTo);
        handedTo = ends[handedOut];
        handedOut++;
    }

    /// Whether one of the commands left has to wait for the end of a pause.
    boolean isHeld() {
        for (int i = next; i < count; i++) {
            if (home().pause().holds(commands[i], requests[i].count(), session(), home().nowMillis())) {
                return true;
            }
        }
        return false;
    }

    /// Drops what was not handed out, and memory above the usual.
    void close() {
        replies.clear();
        clearVast();
        if (heldBytes() > Limits.HOP_KEPT_BYTES_MAX) {
            freeAll();
        } else {
            charge();
        }
        round = null;
        session = null;
        there = null;
    }

    /// Bytes that it holds, used or not.
    long heldBytes() {
        return blockCapacity + chunks.heldBytes();
    }

    private void free() {
        if (blockCapacity > 0) {
            Memory.free(block, blockCapacity);
        }
        block = 0;
        blockCapacity = 0;
    }

    private void clearVast() {
        for (int i = 0; i < count; i++) {
            if (requests[i].isVast()) {
                requests[i].clear();
            }
        }
    }

    /// Gives all its memory back.
    void freeAll() {
        replies.clear();
        clearVast();
        chunks.giveUp();
        free();
        charge();
    }

    /// Has its memory counted, as much as it has now.
    private void charge() {
        long held = heldBytes();
        home().databases().workspace().charge(held - chargedBytes);
        chargedBytes = held;
    }

    private Session session() {
        return Objects.requireNonNull(session);
    }

    private Shard there() {
        return Objects.requireNonNull(there);
    }
}
