package io.anax.engine;

import io.anax.Hot;
import io.anax.Limits;
import io.anax.command.Command;
import io.anax.memory.ByteChain;
import io.anax.protocol.Request;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A batch of one client that does not run in one go here: a hop to each shard that has a part of it, and
/// the order in which the replies belong. A client has one at most. Reused.
///
/// Where replies are large it goes in several steps: hops come back with some of their replies, these are
/// handed out, and when the client has read them the hops go again.
///
/// ```
///  shards[]   2 0 2 1        the shard of command 0, 1, 2, 3
///  hops[]     one for each of the shards 0, 1, 2; their replies are in order among themselves
/// ```
final class Round {
    private final Shard home;
    private final short[] shards = new short[Pipeline.BATCH_REQUESTS];
    private final @Nullable Hop[] hops;
    private final long[] bytes;
    private @Nullable Client client;
    private int count;
    private int handedOut;
    private int pending;

    Round(Shard home, int shardCount) {
        this.home = home;
        this.hops = new @Nullable Hop[shardCount];
        this.bytes = new long[shardCount];
    }

    /// Takes the requests from `begin` to `end`; `routes` says the shard of each, or less than 0 for here.
    @Hot
    void open(
            Client of,
            Request[] requests,
            @Nullable Command[] commands,
            long[] hashes,
            int[] routes,
            int begin,
            int end) {
        client = of;
        count = end - begin;
        handedOut = 0;
        if (count == 1 && of.keepsHuge(requests[begin])) {
            openWithInput(of, requests[begin], commands[begin], hashes[begin], routes[begin]);
            return;
        }
        for (int i = begin; i < end; i++) {
            int shard = routes[i] < 0 ? home.id() : routes[i];
            shards[i - begin] = (short) shard;
            bytes[shard] += requests[i].spanBytes();
        }
        for (int i = begin; i < end; i++) {
            hop(shards[i - begin]).add(commands[i], requests[i], hashes[i]);
        }
    }

    /// A copy would take long: the hop gets the memory in which the request lies.
    private void openWithInput(Client of, Request request, @Nullable Command command, long hash, int route) {
        int shard = route < 0 ? home.id() : route;
        shards[0] = (short) shard;
        Hop hop = hop(shard);
        long capacity = of.inputCapacityBytes();
        hop.adopt(of.handOver(request), capacity);
        hop.addAdopted(command, request, hash);
    }

    private Hop hop(int shard) {
        Hop hop = hops[shard];
        if (hop == null) {
            hop = home.hops().take();
            hop.open(this, Objects.requireNonNull(client).session(), bytes[shard]);
            bytes[shard] = 0;
            hops[shard] = hop;
        }
        return hop;
    }

    /// Sends all hops that have something to do; the one that stays here goes last, to overlap with the others.
    @Hot
    void start() {
        pending++; // ours, so that the round does not end while it starts
        for (int shard = 0; shard < hops.length; shard++) {
            Hop hop = hops[shard];
            if (hop != null && shard != home.id()) {
                send(hop, shard);
            }
        }
        Hop own = hops[home.id()];
        if (own != null) {
            send(own, home.id());
        }
        hopIsBack();
    }

    @Hot
    private void send(Hop hop, int shard) {
        if (hop.isToRun()) {
            pending++;
            hop.sendTo(shard);
        }
    }

    @Hot
    void hopIsBack() {
        if (--pending == 0) {
            Objects.requireNonNull(client).roundIsBack();
        }
    }

    /// Hops are away: [Client#roundIsBack] will be called.
    boolean isUnderWay() {
        return pending > 0;
    }

    /// Moves the replies that are there to the client's output, in order, until it has enough to read.
    @Hot
    void handOut(ByteChain output, long pauseBytes) {
        while (handedOut < count && output.sizeBytes() <= pauseBytes) {
            Hop hop = Objects.requireNonNull(hops[shards[handedOut]]);
            if (!hop.hasReply()) {
                return;
            }
            hop.handOut(output);
            handedOut++;
        }
    }

    /// Every command has run, and its reply is in the output.
    boolean isHandedOut() {
        return handedOut == count;
    }

    /// Whether one of those that have not run has to wait for the end of a pause.
    boolean isHeld() {
        for (Hop hop : hops) {
            if (hop != null && hop.isHeld()) {
                return true;
            }
        }
        return false;
    }

    void close() {
        for (int shard = 0; shard < hops.length; shard++) {
            Hop hop = hops[shard];
            if (hop != null) {
                hop.close();
                home.hops().give(hop);
                hops[shard] = null;
            }
        }
        client = null;
    }

    /// Hops at rest, for the next round.
    static final class Hops {
        private final Shard home;
        private final ArrayDeque<Hop> idle = new ArrayDeque<>();
        private final ArrayDeque<Hop> all = new ArrayDeque<>();
        private long idleBytes;

        Hops(Shard home) {
            this.home = home;
        }

        Hop take() {
            if (idle.isEmpty()) {
                var hop = new Hop(home);
                all.add(hop);
                return hop;
            }
            Hop hop = idle.pop();
            idleBytes -= hop.heldBytes();
            return hop;
        }

        /// It keeps its memory, unless those at rest have enough.
        void give(Hop hop) {
            if (idleBytes + hop.heldBytes() > Limits.HOPS_KEPT_BYTES_MAX) {
                hop.freeAll();
            }
            idleBytes += hop.heldBytes();
            idle.push(hop);
        }

        void close() {
            for (Hop hop : all) {
                hop.freeAll();
            }
        }
    }
}
