package io.anax.engine;

import io.anax.Limits;
import io.anax.keyspace.Slice;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/// The fibers of one shard: so many at a time, the others wait in order; and the slice that they share
/// in a turn.
///
/// ```
///   transaction   waits for its turn on all shards, then for   command   to end, which waits for   errand
/// ```
///
/// Each kind has room of its own. A fiber waits for places in queues, which go by ids, and for fibers of
/// a later kind on other shards: so nobody waits in a circle, however many there are.
final class Fibers {
    private final Shard shard;
    private final Slice slice;
    private final Room transactions = new Room();
    private final Room commands = new Room();
    private final Room errands = new Room();
    private boolean areLong;

    Fibers(Shard shard) {
        this.shard = shard;
        this.slice = new Slice(shard.clock(), shard::hasArrivals);
    }

    /// Runs `body`, which coordinates a transaction, from the next turn on. `whenDone` is called after it,
    /// by the loop.
    void startTransaction(Consumer<FiberTask> body, Runnable whenDone) {
        start(transactions, body, whenDone);
    }

    /// The same for a command whose keys are ours.
    void startCommand(Consumer<FiberTask> body, Runnable whenDone) {
        start(commands, body, whenDone);
    }

    /// The same for a step of a command that waits for it on another shard.
    void startErrand(Consumer<FiberTask> body, Runnable whenDone) {
        start(errands, body, whenDone);
    }

    private void start(Room room, Consumer<FiberTask> body, Runnable whenDone) {
        room.enter(new FiberTask(shard, room, body, whenDone));
    }

    int count() {
        return transactions.count() + commands.count() + errands.count();
    }

    boolean isSliceOver() {
        boolean over = slice.isOver();
        areLong |= over;
        return over;
    }

    /// Whether the last slice was used up: the next one will be as well.
    boolean areLong() {
        return areLong;
    }

    /// Runs what is ready, one after the other, until the slice is over. What becomes ready meanwhile
    /// runs too, but nothing runs without end: who used up the slice goes to the end of the queue.
    int runReady() {
        ReadyQueue ready = shard.ready();
        areLong = false;
        if (ready.isEmpty()) {
            return 0;
        }
        slice.begin(Limits.SLICE_NANOS);
        int ran = 0;
        do {
            ready.take().turn();
            ran++;
        } while (!ready.isEmpty() && !slice.isOver());
        return ran;
    }

    /// At the end of the shard.
    void abandon() {
        transactions.abandon();
        commands.abandon();
        errands.abandon();
    }

    /// The fibers of one kind.
    final class Room {
        private final Set<FiberTask> running = new HashSet<>();
        private final ArrayDeque<FiberTask> waiting = new ArrayDeque<>();

        void enter(FiberTask task) {
            if (running.size() < Limits.FIBERS_MAX) {
                running.add(task);
                shard.ready().add(task);
            } else {
                waiting.add(task);
            }
        }

        void leave(FiberTask task) {
            running.remove(task);
            if (!waiting.isEmpty()) {
                enter(waiting.remove());
            }
        }

        int count() {
            return running.size() + waiting.size();
        }

        void abandon() {
            for (FiberTask task : running) {
                task.abandon();
            }
        }
    }
}
