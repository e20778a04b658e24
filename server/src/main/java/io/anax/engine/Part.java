package io.anax.engine;

import io.anax.command.Command;
import io.anax.command.CommandFlag;
import io.anax.command.NeedsFiber;
import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import io.anax.protocol.Request;

/// What a transaction has on one of its shards: a ticket there, and the arguments of the keys that live
/// there. It travels to and fro, each time with one order.
///
/// The ticket stays behind in the queue of the shard and belongs to that thread alone from PLACE until
/// LEAVE or WITHDRAW is back.
final class Part extends Message implements Ticket.Owner {
    enum Order {
        /// Take a place in the queue.
        PLACE,
        /// Come back when it is our turn.
        AWAIT,
        /// Run the handler with the arguments of this part, and leave.
        RUN,
        /// The keys were used: the next may have them.
        LEAVE,
        /// The keys were not used.
        WITHDRAW
    }

    enum Place {
        NONE,
        /// It is our turn.
        HELD,
        /// Others are before us.
        WAITING,
        /// Too late for this id.
        REFUSED,
        /// The shard's memory is used up, and the command might need some.
        FULL
    }

    private final Transaction transaction;
    private final int shard;
    private final Ticket ticket;
    private final ChunkPool chunks = new ChunkPool(); // of its own: the part changes threads
    private final ByteChain replies = new ByteChain(chunks);
    private final Request arguments;
    private Order order = Order.PLACE;
    private Place place = Place.NONE;
    private long clock;
    private long chargedBytes; // of the chunks, at home
    private boolean isAwaited; // of the shard's thread, as the ticket

    Part(Transaction transaction, Shard home, int shard) {
        super(home);
        this.transaction = transaction;
        this.shard = shard;
        this.ticket = new Ticket(this, transaction.shardAt(shard).databases().workspace());
        this.arguments = new Request(home.databases().workspace());
    }

    int shard() {
        return shard;
    }

    /// Of the handler on this shard.
    Request arguments() {
        return arguments;
    }

    ByteChain replies() {
        return replies;
    }

    /// As it was after PLACE or AWAIT.
    Place place() {
        return place;
    }

    /// Whether it may have a ticket in the queue.
    boolean isPlaced() {
        return place == Place.HELD || place == Place.WAITING;
    }

    /// The highest id that the shard had seen then, for a next try.
    long clock() {
        return clock;
    }

    void send(Order what) {
        order = what;
        sendTo(shard);
    }

    @Override
    void arrive(Shard there) {
        chunks.drawFrom(there.chunks());
        switch (order) {
            case PLACE -> place(there);
            case AWAIT -> await(there);
            case RUN -> run(there);
            case LEAVE -> leave(there);
            case WITHDRAW -> withdraw(there);
        }
    }

    private void place(Shard there) {
        Command command = transaction.command();
        ticket.clear();
        there.router().fill(ticket, command, transaction.request(), shard);
        ticket.id = transaction.id();
        if (command.has(CommandFlag.DENYOOM) && there.housekeeping().isFull(there.nowMillis())) {
            place = Place.FULL;
        } else if (ticket.wantsNothing()) {
            place = Place.HELD;
        } else if (there.queue().place(ticket)) {
            place = ticket.isTurn ? Place.HELD : Place.WAITING;
        } else {
            place = Place.REFUSED;
        }
        if (!ticket.isQueued) {
            ticket.clear();
        }
        clock = there.queue().highestId();
        sendBack(there);
    }

    private void await(Shard there) {
        if (ticket.isTurn) {
            place = Place.HELD;
            sendBack(there);
        } else {
            isAwaited = true;
        }
    }

    /// The news may be of a place that the part has left meanwhile, when it was refused elsewhere.
    @Override
    public void turn() {
        if (isAwaited && ticket.isTurn) {
            isAwaited = false;
            place = Place.HELD;
            sendBack(transaction.shardAt(shard));
        }
    }

    private void run(Shard there) {
        try {
            there.dispatcher()
                    .runPart(transaction.command(), arguments, transaction.session(), replies, transaction.nowMillis());
        } catch (NeedsFiber _) {
            there.fibers().startCommand(task -> runOn(there, task), () -> leave(there));
            return;
        }
        leave(there);
    }

    private void runOn(Shard there, FiberTask task) {
        there.dispatcher()
                .runPart(
                        task,
                        transaction.command(),
                        arguments,
                        transaction.session(),
                        replies,
                        transaction.nowMillis());
    }

    private void withdraw(Shard there) {
        if (ticket.isQueued) {
            there.queue().withdraw(ticket);
            there.keysAreFree();
        }
        place = Place.NONE;
        sendBack(there);
    }

    private void leave(Shard there) {
        if (ticket.isQueued) {
            there.queue().leave(ticket);
            there.keysAreFree();
        }
        place = Place.NONE;
        sendBack(there);
    }

    @Override
    void returned() {
        chunks.drawFrom(shard == home().id() ? home().chunks() : null);
        charge();
        transaction.partIsBack();
    }

    /// At home, when nothing of it is needed any more.
    void close() {
        replies.clear();
        chunks.giveUp();
        charge();
        arguments.clear();
    }

    private void charge() {
        long held = chunks.heldBytes();
        home().databases().workspace().charge(held - chargedBytes);
        chargedBytes = held;
    }
}
