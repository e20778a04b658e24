package io.anax.engine;

import io.anax.Limits;
import io.anax.keyspace.Slice;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/// The fibers of one shard: so many at a time, the others wait in order; and the slice that they share
/// in a turn.
final class Fibers {
    private final Shard shard;
    private final Slice slice;
    private final Set<FiberTask> running = new HashSet<>();
    private final ArrayDeque<FiberTask> waiting = new ArrayDeque<>();

    Fibers(Shard shard) {
        this.shard = shard;
        this.slice = new Slice(shard.clock());
    }

    /// Runs `body` on a fiber, from the next turn on. `whenDone` is called after it, by the loop.
    void start(Consumer<FiberTask> body, Runnable whenDone) {
        var task = new FiberTask(shard, body, whenDone);
        if (running.size() < Limits.FIBERS_MAX) {
            running.add(task);
            shard.ready().add(task);
        } else {
            waiting.add(task);
        }
    }

    void ended(FiberTask task) {
        running.remove(task);
        if (!waiting.isEmpty()) {
            FiberTask next = waiting.remove();
            running.add(next);
            shard.ready().add(next);
        }
    }

    int count() {
        return running.size() + waiting.size();
    }

    boolean isSliceOver() {
        return slice.isOver();
    }

    /// Runs what is ready, one after the other, until the slice is over. What becomes ready meanwhile
    /// runs too, but nothing runs without end: who used up the slice goes to the end of the queue.
    int runReady() {
        ReadyQueue ready = shard.ready();
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
        for (FiberTask task : running) {
            task.abandon();
        }
    }
}
