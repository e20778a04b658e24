package io.anax.net;

import io.anax.engine.Shard;
import io.anax.engine.ShardSet;
import java.util.List;

/// Takes new connections on the first shard and gives each to the shard that has the fewest.
///
/// A count is ours from the moment the connection is given away until its shard says that it is closed,
/// so that many that come together are spread evenly. Belongs to the thread of the first shard.
public final class Reception {
    private static final int FIRST = 0;

    private final ShardSet shards;
    private final List<SocketPoller> pollers;
    private final int[] openCounts;
    private int openCount;
    private long lastClientId;

    public Reception(ShardSet shards, List<SocketPoller> pollers) {
        this.shards = shards;
        this.pollers = pollers;
        this.openCounts = new int[shards.count()];
    }

    /// To be given to the first shard's poller for every socket it listens on.
    public SocketEvents accepted(Channel channel) {
        int target = emptiest();
        openCounts[target]++;
        openCount++;
        long clientId = ++lastClientId;
        boolean isSurplus = openCount > shards.at(FIRST).settings().clientCountMax();
        if (target == FIRST) {
            return connect(channel, shards.at(FIRST), clientId, isSurplus);
        }
        channel.detach();
        shards.at(FIRST)
                .post(
                        target,
                        shard -> pollers.get(target)
                                .adopt(channel, adopted -> connect(adopted, shard, clientId, isSurplus)));
        return new Detached();
    }

    private SocketEvents connect(Channel channel, Shard shard, long clientId, boolean isSurplus) {
        return new Connection(channel, shard, clientId, isSurplus, () -> shard.post(FIRST, _ -> closed(shard.id())));
    }

    private int emptiest() {
        int emptiest = 0;
        for (int i = 1; i < openCounts.length; i++) {
            if (openCounts[i] < openCounts[emptiest]) {
                emptiest = i;
            }
        }
        return emptiest;
    }

    private void closed(int shard) {
        openCounts[shard]--;
        openCount--;
    }

    /// What hears nothing any more.
    private static final class Detached implements SocketEvents {
        @Override
        public void received(Channel channel, long address, int size) {
            throw new AssertionError("detached");
        }

        @Override
        public void sent(Channel channel) {
            throw new AssertionError("detached");
        }

        @Override
        public void closed(Channel channel) {
            throw new AssertionError("detached");
        }
    }
}
