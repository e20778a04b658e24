package io.anax.engine;

import io.anax.command.CommandContext;
import io.anax.command.NeedsFiber;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A step of a command that runs on another shard while the command waits on its fiber.
final class Errand extends Message {
    private final FiberTask waiting;
    private final CommandContext asking;
    private final Function<CommandContext, ?> step;
    private @Nullable Object result;
    private @Nullable Throwable failure;
    private boolean isDone;

    Errand(Shard home, FiberTask waiting, CommandContext asking, Function<CommandContext, ?> step) {
        super(home);
        this.waiting = waiting;
        this.asking = asking;
        this.step = step;
    }

    @Override
    void arrive(Shard there) {
        CommandContext context = there.stepContext();
        begin(context);
        try {
            result = step.apply(context);
        } catch (NeedsFiber _) {
            there.fibers().startErrand(task -> runOn(task), () -> sendBack(there));
            return;
        } catch (RuntimeException | Error e) {
            failure = e; // thrown again where the step was asked for
        }
        sendBack(there);
    }

    private void runOn(FiberTask task) {
        CommandContext context = task.context();
        begin(context);
        context.onFiber(task);
        try {
            result = step.apply(context);
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    /// The same arguments, client and time as at home.
    private void begin(CommandContext context) {
        context.begin(asking.command(), asking.request(), asking.session(), asking.nowMillis());
        Dispatcher.obeyQuiet(context);
    }

    @Override
    void returned() {
        isDone = true;
        waiting.wake();
    }

    boolean isDone() {
        return isDone;
    }

    /// What the step returned, or throws what it threw.
    @Nullable
    Object result() {
        switch (failure) {
            case null -> {
                return result;
            }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError(failure);
        }
    }
}
