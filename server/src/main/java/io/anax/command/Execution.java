package io.anax.command;

import java.util.function.Function;

/// What a command needs of the engine when it does not run in one go on one shard: it runs on a fiber
/// then, and every method here may suspend it. Handlers ask [CommandContext] instead.
public interface Execution {
    /// Runs a step on a shard and waits for what it returns. What it throws is thrown here.
    <T> T at(int shard, Function<CommandContext, T> step);

    /// Lets the others have their turn when the slice is used up.
    void checkpoint();
}
