package io.anax.engine;

import io.anax.Hot;
import io.anax.command.Command;
import io.anax.command.Session;
import io.anax.keyspace.Clock;
import io.anax.memory.ByteChain;
import io.anax.protocol.Request;
import io.anax.protocol.RespParser;
import org.jspecify.annotations.Nullable;

/// Runs what a client sent in one go: parses up to [#BATCH_REQUESTS] commands, then reads the buckets of
/// all their keys, then their entries, then runs them in order. A cache miss costs 230–370 ns alone and
/// 10 ns when sixteen overlap; one per shard.
final class Pipeline {
    /// More would not overlap better: a core keeps 10–16 misses in flight.
    static final int BATCH_REQUESTS = 32;

    private final Dispatcher dispatcher;
    private final CommandStatistics statistics;
    private final Clock clock;
    private final Request[] requests = new Request[BATCH_REQUESTS];
    private final @Nullable Command[] commands = new Command[BATCH_REQUESTS];
    private final long[] hashes = new long[BATCH_REQUESTS];
    private int parseStatus;

    Pipeline(Dispatcher dispatcher, CommandStatistics statistics, Clock clock) {
        this.dispatcher = dispatcher;
        this.statistics = statistics;
        this.clock = clock;
        for (int i = 0; i < BATCH_REQUESTS; i++) {
            requests[i] = new Request();
        }
    }

    /// How parsing ended: NEED_MORE or ERROR of [RespParser], or COMPLETE when the batch was full.
    int parseStatus() {
        return parseStatus;
    }

    /// Parses and runs one batch. Returns how many bytes it took.
    @Hot
    long run(long address, long size, RespParser parser, Session session, ByteChain output, long nowMillis) {
        long consumed = 0;
        int count = 0;
        parseStatus = RespParser.COMPLETE;
        // Who has not logged in may do so with the next command, which changes what the parser allows.
        int most = session.authenticated() ? BATCH_REQUESTS : 1;
        while (count < most) {
            parseStatus = parser.parse(address + consumed, size - consumed, requests[count]);
            if (parseStatus != RespParser.COMPLETE) {
                break;
            }
            consumed += parser.consumedBytes();
            if (requests[count].count() > 0) {
                stage(count++, session);
            }
        }
        stageEntries(count, session);
        execute(count, session, output, nowMillis);
        return consumed;
    }

    @Hot
    private void stage(int i, Session session) {
        Command command = dispatcher.find(requests[i]);
        commands[i] = command;
        hashes[i] = command == null ? 0 : dispatcher.stage(command, requests[i], session);
    }

    @Hot
    private void stageEntries(int count, Session session) {
        if (count < 2) {
            return; // nothing to overlap with
        }
        for (int i = 0; i < count; i++) {
            if (hashes[i] != 0) {
                dispatcher.stageEntry(hashes[i], session);
            }
        }
    }

    @Hot
    private void execute(int count, Session session, ByteChain output, long nowMillis) {
        long before = clock.nanos();
        for (int i = 0; i < count; i++) {
            Command command = commands[i];
            if (session.closing()) {
                return; // what follows a QUIT is not answered
            }
            if (command == null) {
                dispatcher.unknown(requests[i], session, output);
                continue;
            }
            session.active(command.id(), nowMillis);
            dispatcher.run(command, requests[i], session, output, hashes[i], nowMillis);
            long after = clock.nanos();
            statistics.ran(command.id(), after - before);
            before = after;
        }
    }
}
