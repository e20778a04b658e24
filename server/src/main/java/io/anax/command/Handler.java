package io.anax.command;

/// What a command does: a sentence that finds, decides and replies. What the client did wrong is
/// thrown as a [CommandException]; the reply written so far is then taken back.
@FunctionalInterface
public interface Handler {
    void run(CommandContext ctx);
}
