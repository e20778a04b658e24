package io.anax.engine;

import io.anax.command.CommandContext;
import io.anax.command.Execution;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/// A command on a fiber, with a context of its own, because others run while it is suspended.
///
/// ```
///             resume                     checkpoint, slice used up
///   READY ------------> RUNNING --------------------------------------> READY
///                        |   ^
///      wait for another  |   |  resume
///      shard or a turn   v   |
///                      WAITING --wake--> READY
/// ```
final class FiberTask implements Execution, Ticket.Owner {
    private enum State {
        READY,
        RUNNING,
        WAITING
    }

    private final Shard shard;
    private final CommandContext context;
    private final Fiber fiber;
    private final Runnable whenDone;
    private State state = State.READY;
    private long ranNanos;

    FiberTask(Shard shard, Consumer<FiberTask> body, Runnable whenDone) {
        this.shard = shard;
        this.context = shard.newContext();
        this.fiber = Fiber.of(() -> body.accept(this));
        this.whenDone = whenDone;
    }

    CommandContext context() {
        return context;
    }

    /// Its turn among the ready: runs until it ends, waits, or has used up the slice.
    @Override
    public void turn() {
        assert state == State.READY;
        state = State.RUNNING;
        Dispatcher.obeyQuiet(context); // others ran meanwhile
        long before = shard.clock().nanos();
        boolean ended = fiber.resume();
        ranNanos += shard.clock().nanos() - before;
        if (ended) {
            shard.fibers().ended(this);
            whenDone.run();
        }
    }

    /// Time that it has run, without the time it was suspended.
    long ranNanos() {
        return ranNanos;
    }

    @Override
    public void checkpoint() {
        if (shard.fibers().isSliceOver()) {
            state = State.READY;
            shard.ready().add(this);
            fiber.suspend();
        }
    }

    /// From inside: until somebody calls [#wake]. May return for another reason: ask again.
    void await() {
        state = State.WAITING;
        fiber.suspend();
    }

    void wake() {
        if (state == State.WAITING) {
            state = State.READY;
            shard.ready().add(this);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // the step returns what its type says
    public <T> T at(int target, Function<CommandContext, T> step) {
        var errand = new Errand(shard, this, context, step);
        errand.sendTo(target);
        while (!errand.isDone()) {
            await();
        }
        return (T) Objects.requireNonNull(errand.result(), "a step returns something");
    }

    void abandon() {
        fiber.abandon();
    }
}
