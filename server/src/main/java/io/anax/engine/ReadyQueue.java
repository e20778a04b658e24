package io.anax.engine;

import java.util.ArrayDeque;

/// What can go on: fibers and batches whose turn has come. In their order; the loop of the shard runs
/// them, a slice in a turn.
final class ReadyQueue {
    private final ArrayDeque<Ticket.Owner> owners = new ArrayDeque<>();

    void add(Ticket.Owner owner) {
        owners.add(owner);
    }

    boolean isEmpty() {
        return owners.isEmpty();
    }

    int size() {
        return owners.size();
    }

    Ticket.Owner take() {
        return owners.remove();
    }
}
