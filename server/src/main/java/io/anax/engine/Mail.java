package io.anax.engine;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The mailboxes of one shard: those that others fill and those that it fills.
final class Mail {
    /// What a shard takes from one mailbox in a turn, so that a busy neighbour does not keep it from its
    /// own sockets.
    private static final int TAKEN_IN_A_TURN_MAX = 64;

    private final Shard owner;
    private final ShardSet shards;
    private final ArrayDeque<Message>[] unsent;
    private int unsentCount;
    private long sentCount;
    private long wakeUpCount;

    Mail(Shard owner, ShardSet shards) {
        this.owner = owner;
        this.shards = shards;
        this.unsent = queues(shards.count());
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be made otherwise
    private static ArrayDeque<Message>[] queues(int count) {
        ArrayDeque<Message>[] queues = new ArrayDeque[count];
        for (int i = 0; i < count; i++) {
            queues[i] = new ArrayDeque<>();
        }
        return queues;
    }

    /// Never fails: what does not fit waits here. It is not much: a client has one batch under way.
    void send(Message message, int to) {
        sentCount++;
        ArrayDeque<Message> waiting = unsent[to];
        if (!waiting.isEmpty() || !shards.mailbox(owner.id(), to).offer(message)) {
            waiting.add(message);
            unsentCount++;
        }
        wake(to);
    }

    private void wake(int shard) {
        if (shards.sleep(shard).isToBeWoken()) {
            wakeUpCount++;
            shards.at(shard).wake();
        }
    }

    /// Takes what came, some of it. Returns how much.
    int receive() {
        int received = 0;
        for (int from = 0; from < shards.count(); from++) {
            if (from != owner.id()) {
                received += receive(shards.mailbox(from, owner.id()));
            }
        }
        if (unsentCount > 0) {
            sendUnsent();
        }
        return received;
    }

    private int receive(Mailbox mailbox) {
        int received = 0;
        while (received < TAKEN_IN_A_TURN_MAX) {
            @Nullable Message message = mailbox.take();
            if (message == null) {
                break;
            }
            message.deliver(owner);
            received++;
        }
        return received;
    }

    private void sendUnsent() {
        for (int to = 0; to < unsent.length; to++) {
            ArrayDeque<Message> waiting = unsent[to];
            int before = waiting.size();
            while (!waiting.isEmpty() && shards.mailbox(owner.id(), to).offer(waiting.element())) {
                waiting.remove();
                unsentCount--;
            }
            if (waiting.size() < before) {
                wake(to);
            }
        }
    }

    /// Something to take or to send: no time to sleep.
    boolean isWaiting() {
        return unsentCount > 0 || hasArrivals();
    }

    boolean hasArrivals() {
        boolean arrived = false;
        for (int from = 0; from < shards.count() && !arrived; from++) {
            arrived = from != owner.id() && !shards.mailbox(from, owner.id()).isEmpty();
        }
        return arrived;
    }

    long sentCount() {
        return sentCount;
    }

    long wakeUpCount() {
        return wakeUpCount;
    }
}
