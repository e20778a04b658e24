package io.anax.engine;

import io.anax.Hot;
import io.anax.Limits;
import io.anax.command.Command;
import io.anax.command.NeedsFiber;
import io.anax.command.Session;
import io.anax.memory.ByteChain;
import io.anax.protocol.Request;
import io.anax.protocol.RespParser;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Runs what a client sent in one go: parses up to [#BATCH_REQUESTS] commands and then, when all of them
/// belong here, reads the buckets of all their keys, then their entries, then runs them in order. A cache
/// miss costs 230–370 ns alone and 10 ns when sixteen overlap. One per shard.
///
/// Where a batch cannot run in one go – keys of other shards, a key that somebody holds, a long command –
/// the rest of it becomes a [Round], and the client waits for that; so it does where replies pile up. A
/// command on several shards, one that changes its connection, and a huge one are a batch of their own.
final class Pipeline {
    /// More would not overlap better: a core keeps 10–16 misses in flight.
    static final int BATCH_REQUESTS = 32;

    private final Shard shard;
    private final Dispatcher dispatcher;
    private final Ticket probe;
    private final Request[] requests = new Request[BATCH_REQUESTS];
    private final @Nullable Command[] commands = new @Nullable Command[BATCH_REQUESTS];
    private final long[] hashes = new long[BATCH_REQUESTS];
    private final int[] routes = new int[BATCH_REQUESTS];
    private int count;
    private boolean isElsewhere; // one of the batch runs on another shard
    private boolean isFull; // nothing may follow in this batch
    private boolean isHeld; // the next command waits for the end of a pause
    private boolean hasVast; // one of the requests needs memory for the places of its arguments
    private int parseStatus;

    Pipeline(Shard shard) {
        this.shard = shard;
        this.dispatcher = shard.dispatcher();
        this.probe = new Ticket(() -> {}, shard.databases().workspace());
        for (int i = 0; i < BATCH_REQUESTS; i++) {
            requests[i] = new Request(shard.databases().workspace());
        }
    }

    /// How parsing ended: NEED_MORE or ERROR of [RespParser], or COMPLETE when the batch was full.
    int parseStatus() {
        return parseStatus;
    }

    /// Parses and runs one batch. Returns how many bytes it took. The client waits afterwards if some of it
    /// is still under way.
    @Hot
    long run(long address, long size, RespParser parser, Client client) {
        long consumed = parse(address, size, parser, client.session());
        if (count == 0) {
            if (isHeld) {
                client.hold();
            }
            clearVast();
            return consumed;
        }
        if (routes[0] == Router.ACROSS) {
            client.session().active(Objects.requireNonNull(commands[0]).id(), shard.nowMillis());
            client.begin(new Transaction(shard, client, Objects.requireNonNull(commands[0]), requests[0]));
        } else if (isElsewhere) {
            detour(client, 0);
        } else {
            stageEntries(client.session().database());
            execute(client);
        }
        clearVast();
        return consumed;
    }

    @Hot
    private long parse(long address, long size, RespParser parser, Session session) {
        long consumed = 0;
        count = 0;
        isElsewhere = false;
        isHeld = false;
        // Who has not logged in may do so with the next command, which changes what the parser allows.
        isFull = false;
        parseStatus = RespParser.COMPLETE;
        while (!isFull) {
            parseStatus = parser.parse(address + consumed, size - consumed, requests[count]);
            hasVast |= requests[count].isVast();
            if (parseStatus != RespParser.COMPLETE) {
                break;
            }
            if (requests[count].count() > 0 && !take(session)) {
                break; // it is parsed again as the first of the next batch
            }
            consumed += parser.consumedBytes();
        }
        return consumed;
    }

    /// Very many arguments hold memory: not until somebody sends the next command.
    @Hot
    private void clearVast() {
        if (hasVast) {
            hasVast = false;
            for (Request request : requests) {
                request.clear();
            }
        }
    }

    /// Takes the request just parsed into the batch; false when it has to wait for the batch to end.
    @Hot
    private boolean take(Session session) {
        Command command = dispatcher.find(requests[count]);
        if (shard.pause().holds(command, requests[count].count(), session, shard.nowMillis())) {
            isFull = true;
            isHeld = count == 0;
            return false;
        }
        long hash = command == null ? 0 : dispatcher.hash(command, requests[count]);
        int route = route(command, session, hash);
        boolean isAlone = route < Router.HERE || requests[count].spanBytes() > Limits.ARGUMENT_AT_ONCE_BYTES_MAX;
        if (isAlone && count > 0) {
            isFull = true;
            return false;
        }
        commands[count] = command;
        hashes[count] = hash;
        routes[count] = route;
        if (route != Router.HERE && route != shard.id()) {
            isElsewhere |= route >= 0;
        } else if (hash != 0) {
            dispatcher.stageBucket(hash, session.database());
        }
        count++;
        isFull = count == BATCH_REQUESTS || isAlone || !session.authenticated() || session.isMuted();
        return true;
    }

    /// With one shard all run here, in order.
    @Hot
    private int route(@Nullable Command command, Session session, long hash) {
        if (command == null || shard.shardCount() == 1) {
            return Router.HERE;
        }
        return shard.router().route(command, requests[count], session, hash);
    }

    @Hot
    private void stageEntries(int database) {
        if (count < 2) {
            return; // nothing to overlap with
        }
        for (int i = 0; i < count; i++) {
            if (hashes[i] != 0) {
                dispatcher.stageEntry(hashes[i], database);
            }
        }
    }

    @Hot
    private void execute(Client client) {
        Session session = client.session();
        ByteChain output = client.output();
        long pauseBytes = client.pauseBytes();
        long nowMillis = shard.nowMillis();
        long before = shard.clock().nanos();
        for (int i = 0; i < count; i++) {
            Command command = commands[i];
            if (session.closing()) {
                return; // what follows a QUIT is not answered
            }
            long mark = output.mark();
            if (command == null) {
                dispatcher.unknown(requests[i], session, output);
                replied(session, output, mark);
                continue;
            }
            if (!shard.queue().isEmpty() && isHeld(command, requests[i])) {
                detour(client, i);
                return;
            }
            session.active(command.id(), nowMillis);
            boolean ran;
            try {
                ran = dispatcher.run(command, requests[i], session, output, hashes[i], nowMillis);
            } catch (NeedsFiber _) {
                detour(client, i);
                return;
            }
            long after = shard.clock().nanos();
            if (ran) {
                shard.ran(command, requests[i], session, after - before, nowMillis);
            }
            before = after;
            replied(session, output, mark);
            if (output.sizeBytes() > pauseBytes && i + 1 < count) {
                detour(client, i + 1); // which begins when the client has read some of it
                return;
            }
        }
    }

    /// CLIENT REPLY: the reply from `mark` on may not be wanted.
    @Hot
    private static void replied(Session session, ByteChain output, long mark) {
        if (session.isMuted() && !session.keepsReply()) {
            output.truncate(mark);
        }
    }

    /// Whether somebody holds a key of the request, or waits for it.
    private boolean isHeld(Command command, Request request) {
        probe.clear();
        shard.router().fill(probe, command, request, shard.id());
        boolean isFree = probe.isFreeIn(shard.queue().locks());
        probe.clear();
        return !isFree;
    }

    /// The requests from `begin` on go the long way.
    private void detour(Client client, int begin) {
        for (int i = begin; i < count; i++) {
            Command command = commands[i];
            if (command != null) {
                client.session().active(command.id(), shard.nowMillis());
            }
        }
        Round round = shard.takeRound();
        round.open(client, requests, commands, hashes, routes, begin, count);
        client.begin(round);
    }
}
