package io.anax.engine;

import io.anax.Hot;
import io.anax.command.Command;
import io.anax.command.CommandContext;
import io.anax.command.CommandException;
import io.anax.command.CommandFlag;
import io.anax.command.CommandTable;
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
    private final ReplyWriter reply;
    private final CommandStatistics statistics;
    private final Housekeeping memory;
    private long touched; // what staging read; kept so that the loads are not optimised away

    Dispatcher(CommandTable commands, CommandContext context, CommandStatistics statistics, Housekeeping memory) {
        this.commands = commands;
        this.context = context;
        this.reply = context.reply();
        this.statistics = statistics;
        this.memory = memory;
    }

    /// Finds the command of a request; `null` if there is none.
    @Hot
    @Nullable
    Command find(Request request) {
        return commands.find(request);
    }

    /// Hashes the key and reads its bucket, for a command that has one; 0 otherwise.
    @Hot
    long stage(Command command, Request request, Session session) {
        int keyAt = command.firstKey();
        if (keyAt <= 0 || keyAt >= request.count()) {
            return 0;
        }
        long hash = KeyHash.hash(request.address(keyAt), request.length(keyAt));
        touched += context.databases().touchBucket(session.database(), hash);
        return hash;
    }

    /// Reads the entry that [#stage] found the bucket of.
    @Hot
    void stageEntry(long hash, Session session) {
        touched += context.databases().touchEntry(session.database(), hash);
    }

    /// Runs one request; its reply is in `output` when this returns, whatever happened.
    @Hot
    void run(Command command, Request request, Session session, ByteChain output, long hash, long nowMillis) {
        reply.into(output, session.resp());
        long mark = output.mark();
        try {
            if (refused(command, request, session, nowMillis)) {
                return;
            }
            context.begin(command, request, session, nowMillis, hash);
            command.handler().run(context);
        } catch (CommandException e) {
            fail(command, output, mark, e.text());
        } catch (WrongTypeException e) {
            fail(command, output, mark, CommandException.WRONG_TYPE.text());
        }
    }

    /// There is no such command.
    void unknown(Request request, Session session, ByteChain output) {
        reply.into(output, session.resp());
        String text =
                session.authenticated() ? commands.unknown(request).text() : CommandException.NO_AUTHENTICATION.text();
        statistics.unknown(text);
        reply.error(text);
    }

    /// Whether the command may not run; its client has then been told why.
    private boolean refused(Command command, Request request, Session session, long nowMillis) {
        if (!command.accepts(request.count())) {
            return refuse(command, CommandException.wrongArity(command.fullName()));
        }
        if (!session.authenticated() && !command.has(CommandFlag.NO_AUTH)) {
            return refuse(command, CommandException.NO_AUTHENTICATION);
        }
        if (command.has(CommandFlag.DENYOOM) && memory.isFull(nowMillis)) {
            return refuse(command, CommandException.OUT_OF_MEMORY);
        }
        return false;
    }

    private boolean refuse(Command command, CommandException why) {
        statistics.rejected(command, why.text());
        reply.error(why.text());
        return true;
    }

    private void fail(Command command, ByteChain output, long mark, String text) {
        statistics.failed(command, text);
        output.truncate(mark);
        reply.error(text);
    }
}
