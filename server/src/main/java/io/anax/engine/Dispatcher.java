package io.anax.engine;

import io.anax.Hot;
import io.anax.command.Command;
import io.anax.command.CommandContext;
import io.anax.command.CommandException;
import io.anax.command.CommandFlag;
import io.anax.command.CommandTable;
import io.anax.command.NeedsFiber;
import io.anax.command.Session;
import io.anax.keyspace.WrongTypeException;
import io.anax.memory.ByteChain;
import io.anax.protocol.ReplyWriter;
import io.anax.protocol.Request;
import io.anax.table.KeyHash;
import org.jspecify.annotations.Nullable;

/// Checks a request – is there such a command, has it enough arguments, may this client – and runs it.
///
/// A pipeline goes through in two passes: [#stage] for every request, so that the cache misses on
/// their buckets and entries overlap, then [#run] for every request in order.
public final class Dispatcher {

    private final CommandTable commands;
    private final CommandContext context;
    private final CommandStatistics statistics;
    private final Housekeeping memory;

    @SuppressWarnings("unused") // what staging read; kept so that the loads are not optimised away
    private long touched;

    Dispatcher(CommandTable commands, CommandContext context, CommandStatistics statistics, Housekeeping memory) {
        this.commands = commands;
        this.context = context;
        this.statistics = statistics;
        this.memory = memory;
    }

    /// Finds the command of a request; `null` if there is none.
    @Hot
    @Nullable
    Command find(Request request) {
        return commands.find(request);
    }

    /// The hash of the first key of a command that has one; 0 otherwise.
    @Hot
    long hash(Command command, Request request) {
        int keyAt = command.firstKey();
        if (keyAt <= 0 || keyAt >= request.count()) {
            return 0;
        }
        return KeyHash.hash(request.address(keyAt), request.length(keyAt));
    }

    /// Reads the bucket of a key.
    @Hot
    void stageBucket(long hash, int database) {
        touched += context.databases().touchBucket(database, hash);
    }

    /// Reads the entry that [#stageBucket] found the bucket of.
    @Hot
    void stageEntry(long hash, int database) {
        touched += context.databases().touchEntry(database, hash);
    }

    /// Runs one request in one go; its reply is in `output` when this returns, whatever happened. Throws
    /// [NeedsFiber] when the command cannot run so; nothing has happened then. `hash` is that of the
    /// first key, or 0. Returns whether it ran: false when it was refused.
    @Hot
    boolean run(Command command, Request request, Session session, ByteChain output, long hash, long nowMillis) {
        begin(context, command, request, session, hash, nowMillis);
        return run(context, command, session, output, nowMillis, false);
    }

    /// The same on a fiber.
    boolean run(
            FiberTask task,
            Command command,
            Request request,
            Session session,
            ByteChain output,
            long hash,
            long nowMillis) {
        begin(task.context(), command, request, session, hash, nowMillis);
        task.context().onFiber(task);
        return run(task.context(), command, session, output, nowMillis, false);
    }

    /// The part of a transaction that belongs here. Whether it may run was asked on all its shards before
    /// the first part ran: there are no halves.
    void runPart(Command command, Request request, Session session, ByteChain output, long nowMillis) {
        context.begin(command, request, session, nowMillis);
        run(context, command, session, output, nowMillis, true);
    }

    /// The same on a fiber.
    void runPart(FiberTask task, Command command, Request request, Session session, ByteChain output, long nowMillis) {
        task.context().begin(command, request, session, nowMillis);
        task.context().onFiber(task);
        run(task.context(), command, session, output, nowMillis, true);
    }

    @Hot
    private static void begin(
            CommandContext on, Command command, Request request, Session session, long hash, long nowMillis) {
        if (hash == 0) {
            on.begin(command, request, session, nowMillis);
        } else {
            on.begin(command, request, session, nowMillis, hash);
        }
    }

    @Hot
    private boolean run(
            CommandContext on, Command command, Session session, ByteChain output, long nowMillis, boolean isAdmitted) {
        ReplyWriter reply = on.reply();
        reply.into(output, session.resp());
        long mark = output.mark();
        try {
            CommandException why = isAdmitted ? null : refusal(command, on.count(), session, nowMillis);
            if (why != null) {
                refuse(command, why, reply);
                return false;
            }
            obeyQuiet(on);
            command.handler().run(on);
        } catch (CommandException e) {
            fail(command, reply, mark, e.text());
        } catch (WrongTypeException e) {
            fail(command, reply, mark, CommandException.WRONG_TYPE.text());
        } catch (NeedsFiber e) {
            output.truncate(mark);
            throw e;
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            Log.error("an error of ours in " + command.fullName(), e);
            fail(command, reply, mark, "ERR internal error, described in the log of the server");
        }
        return true;
    }

    /// CLIENT NO-TOUCH: for what runs next. TOUCH does what it is called for.
    @Hot
    static void obeyQuiet(CommandContext on) {
        boolean quiet = on.session().isQuiet();
        on.databases().quiet(quiet && !on.command().name().equals("touch"));
    }

    /// There is no such command.
    void unknown(Request request, Session session, ByteChain output) {
        ReplyWriter reply = context.reply();
        reply.into(output, session.resp());
        String text =
                session.authenticated() ? commands.unknown(request).text() : CommandException.NO_AUTHENTICATION.text();
        statistics.unknown(text);
        reply.error(text);
    }

    /// Why the command may not run; null if it may.
    private @Nullable CommandException refusal(Command command, int count, Session session, long nowMillis) {
        if (!command.accepts(count)) {
            return CommandException.wrongArity(command.fullName());
        }
        if (!session.authenticated() && !command.has(CommandFlag.NO_AUTH)) {
            return CommandException.NO_AUTHENTICATION;
        }
        if (command.has(CommandFlag.DENYOOM) && memory.isFull(nowMillis)) {
            return CommandException.OUT_OF_MEMORY;
        }
        return null;
    }

    /// Answers a command that may not run.
    void refuse(Command command, CommandException why, Session session, ByteChain output) {
        ReplyWriter reply = context.reply();
        reply.into(output, session.resp());
        refuse(command, why, reply);
    }

    private void refuse(Command command, CommandException why, ReplyWriter reply) {
        statistics.rejected(command, why.text());
        reply.error(why.text());
    }

    private void fail(Command command, ReplyWriter reply, long mark, String text) {
        statistics.failed(command, text);
        reply.output().truncate(mark);
        reply.error(text);
    }
}
