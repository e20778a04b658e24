package io.anax.engine;

import io.anax.command.Command;
import io.anax.command.CommandException;
import io.anax.command.Gather;
import io.anax.command.KeyPositions;
import io.anax.command.Session;
import io.anax.memory.ByteChain;
import io.anax.memory.GrowingLongs;
import io.anax.memory.Workspace;
import io.anax.protocol.ReplyWriter;
import io.anax.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One command on several shards, as one: nobody sees a part of it. Runs on a fiber of its client's
/// shard, the coordinator:
///
/// ```
///             coordinator                    each shard of a key
///  round 1    PLACE with the next id   ->    a ticket in the queue; HELD, WAITING or REFUSED
///             REFUSED anywhere: WITHDRAW everywhere, again with a higher id
///             WAITING: AWAIT           ->    comes back when it is its turn
///  round 2    RUN                      ->    the handler, with the arguments of this shard; the ticket leaves
///             or RUN at the first key only, from where the handler goes to the others; these then LEAVE
/// ```
///
/// Nothing runs before all keys are held: see [TransactionQueue] for why that makes it one.
final class Transaction {
    /// So often refused, the next id leaps ahead of the clocks of the others.
    private static final int TRIES_BEFORE_LEAP = 4;

    private static final long LEAP_STEPS = 64;

    private final Shard home;
    private final Client client;
    private final Command command;
    private final Request request;
    private final long block; // where the request lies
    private final long blockSize;
    private final long nowMillis;
    private final List<Part> parts = new ArrayList<>();
    private final ByteChain replies;
    private final GrowingLongs partOfKey; // for IN_ORDER: an index into the parts
    private @Nullable FiberTask task;
    private long id;
    private int pending;
    private boolean isEnding;

    Transaction(Shard home, Client client, Command command, Request original) {
        this.home = home;
        this.client = client;
        this.command = command;
        this.nowMillis = home.nowMillis();
        this.replies = new ByteChain(home.chunks());
        this.request = new Request(workspace());
        this.partOfKey = new GrowingLongs(workspace());
        if (client.keepsHuge(original)) {
            blockSize = client.inputCapacityBytes();
            block = client.handOver(original); // a copy would take long
            workspace().charge(blockSize);
            original.copyTo(original.begin(), request);
        } else {
            blockSize = original.spanBytes();
            block = workspace().allocate(blockSize);
            original.copyTo(block, request);
        }
        split();
    }

    /// Which shards take part, and with which arguments.
    private void split() {
        if (command.gather() == null || !command.hasKeys()) {
            for (int shard = 0; shard < home.shardCount(); shard++) {
                addAll(part(shard).arguments());
            }
            return;
        }
        KeyPositions keys = home.router().positions(command, request);
        for (int i = 0; i < keys.count(); i++) {
            Part part = part(home.router().shardOf(request, keys.at(i)));
            partOfKey.add(parts.indexOf(part));
            if (command.gather() != Gather.COORDINATE) {
                addKey(part.arguments(), keys.at(i));
            }
        }
        keys.clear();
        if (command.gather() == Gather.COORDINATE) {
            addAll(parts.getFirst().arguments());
        }
    }

    private Part part(int shard) {
        for (Part part : parts) {
            if (part.shard() == shard) {
                return part;
            }
        }
        var part = new Part(this, home, shard);
        parts.add(part);
        return part;
    }

    private void addAll(Request arguments) {
        for (int i = 0; i < request.count(); i++) {
            arguments.add(request.address(i), request.length(i));
        }
    }

    /// The key with what belongs to it, and before the first key the name.
    private void addKey(Request arguments, int at) {
        if (arguments.count() == 0) {
            arguments.add(request.address(0), request.length(0));
        }
        for (int i = at; i < at + command.keyStep(); i++) {
            arguments.add(request.address(i), request.length(i));
        }
    }

    /// Begins in the next turn; the client hears of its end.
    void start() {
        home.fibers().startTransaction(this::run, this::end);
    }

    private void run(FiberTask on) {
        task = on;
        if (!lockAll()) {
            return;
        }
        if (command.gather() == Gather.COORDINATE) {
            runOnFirst();
        } else {
            sendAll(Part.Order.RUN);
            gather();
        }
        home.ran(command, request, session(), on.ranNanos(), nowMillis);
    }

    // ---- round one --------------------------------------------------------------------------------

    /// False when memory is used up: then the client has been told.
    private boolean lockAll() {
        for (int tries = 1; !placeAll(); tries++) {
            boolean full = isAny(Part.Place.FULL);
            withdrawAll();
            if (full) {
                home.dispatcher().refuse(command, CommandException.OUT_OF_MEMORY, session(), replies);
                return false;
            }
            for (Part part : parts) {
                home.queue().saw(part.clock());
            }
            home.countRetry();
            if (tries > TRIES_BEFORE_LEAP) {
                home.queue().leap(LEAP_STEPS * tries);
            }
        }
        awaitAll();
        return true;
    }

    private boolean placeAll() {
        id = home.queue().nextId(home.id());
        sendAll(Part.Order.PLACE);
        return !isAny(Part.Place.REFUSED) && !isAny(Part.Place.FULL);
    }

    private boolean isAny(Part.Place place) {
        for (Part part : parts) {
            if (part.place() == place) {
                return true;
            }
        }
        return false;
    }

    private void withdrawAll() {
        for (Part part : parts) {
            if (part.isPlaced()) {
                pending++;
                part.send(Part.Order.WITHDRAW);
            }
        }
        waitForParts();
    }

    private void awaitAll() {
        for (Part part : parts) {
            if (part.place() == Part.Place.WAITING) {
                pending++;
                part.send(Part.Order.AWAIT);
            }
        }
        waitForParts();
    }

    private void sendAll(Part.Order order) {
        pending += parts.size();
        for (Part part : parts) {
            part.send(order);
        }
        waitForParts();
    }

    private void waitForParts() {
        FiberTask on = Objects.requireNonNull(task);
        while (pending > 0) {
            on.await();
        }
    }

    void partIsBack() {
        pending--;
        if (pending == 0 && isEnding) {
            close();
        } else if (pending == 0 && task != null) {
            task.wake();
        }
    }

    // ---- round two --------------------------------------------------------------------------------

    /// The handler runs where the first key lives and goes to the other shards from there.
    private void runOnFirst() {
        Part first = parts.getFirst();
        pending++;
        first.send(Part.Order.RUN);
        waitForParts();
        first.replies().moveTo(replies);
    }

    private void gather() {
        Gather how = Objects.requireNonNull(command.gather(), "a command on several shards");
        ReplyWriter reply = Objects.requireNonNull(task).context().reply();
        reply.into(replies, session().resp());
        GatheredReply.write(how, parts, partOfKey, reply);
    }

    /// After the fiber: the client goes on at once, the tickets leave on their own.
    private void end() {
        isEnding = true;
        for (Part part : parts) {
            pending += part.isPlaced() ? 1 : 0;
        }
        boolean none = pending == 0;
        for (Part part : parts) {
            if (part.isPlaced()) {
                part.send(Part.Order.LEAVE);
            }
        }
        if (none) {
            close();
        }
        if (session().isMuted() && !session().keepsReply()) {
            replies.clear();
        }
        client.transactionEnded(replies);
    }

    private void close() {
        for (Part part : parts) {
            part.close();
        }
        request.clear();
        partOfKey.clear();
        workspace().free(block, blockSize);
    }

    private Workspace workspace() {
        return home.databases().workspace();
    }

    // ---- what parts ask ---------------------------------------------------------------------------

    long id() {
        return id;
    }

    Command command() {
        return command;
    }

    /// Only read by other threads, until the transaction ends.
    Request request() {
        return request;
    }

    Session session() {
        return client.session();
    }

    long nowMillis() {
        return nowMillis;
    }

    Shard shardAt(int shard) {
        return home.shards().at(shard);
    }
}
