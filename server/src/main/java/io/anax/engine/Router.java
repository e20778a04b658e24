package io.anax.engine;

import io.anax.Hot;
import io.anax.command.Command;
import io.anax.command.CommandFlag;
import io.anax.command.Gather;
import io.anax.command.KeyFlag;
import io.anax.command.KeyPositions;
import io.anax.command.Session;
import io.anax.memory.Workspace;
import io.anax.protocol.Numbers;
import io.anax.protocol.Request;
import io.anax.table.Cursor;
import io.anax.table.KeyHash;

/// Where a request runs, and which keys it locks when somebody else is using some.
final class Router {
    /// Has no keys, or will be refused: where its client is.
    static final int HERE = -1;

    /// Changes the state of its connection: where its client is, after all before it and before all after it.
    static final int ALONE = -2;

    /// On several shards: a transaction.
    static final int ACROSS = -3;

    private final int shardCount;
    private final KeyPositions positions;

    Router(int shardCount, Workspace workspace) {
        this.shardCount = shardCount;
        this.positions = new KeyPositions(workspace);
    }

    /// The number of a shard, or HERE, ALONE or ACROSS. `hash` is that of the first key.
    @Hot
    int route(Command command, Request request, Session session, long hash) {
        if (!command.accepts(request.count()) || !session.authenticated()) {
            return command.has(CommandFlag.BARRIER) ? ALONE : HERE;
        }
        if (command.oneKey()) {
            int at = command.firstKey();
            return KeyHash.shardOf(request.address(at), request.length(at), hash, shardCount);
        }
        return routeOther(command, request);
    }

    private int routeOther(Command command, Request request) {
        if (command.has(CommandFlag.BARRIER)) {
            return ALONE;
        }
        if (command.has(CommandFlag.ALL_SHARDS)) {
            return ACROSS;
        }
        if (command.has(CommandFlag.BY_CURSOR)) {
            return shardOfCursor(request);
        }
        if (!command.hasKeys() || !positions.find(command, request) || positions.count() == 0) {
            return HERE;
        }
        int shard = routeByKeys(command, request);
        positions.clear();
        return shard;
    }

    private int routeByKeys(Command command, Request request) {
        int shard = shardOf(request, positions.at(0));
        for (int i = 1; i < positions.count(); i++) {
            if (shardOf(request, positions.at(i)) != shard) {
                return isWhole(command, request) ? ACROSS : HERE;
            }
        }
        return shard;
    }

    /// Whether each key has all that belongs to it: `MSET a 1 b` is refused by its handler.
    private static boolean isWhole(Command command, Request request) {
        return command.gather() == Gather.COORDINATE || (request.count() - command.firstKey()) % command.keyStep() == 0;
    }

    int shardOf(Request request, int i) {
        long address = request.address(i);
        int length = request.length(i);
        return KeyHash.shardOf(address, length, KeyHash.hash(address, length), shardCount);
    }

    private int shardOfCursor(Request request) {
        long address = request.address(1);
        int length = request.length(1);
        if (!Numbers.isLong(address, length)) {
            return HERE;
        }
        int shard = Cursor.shard(Numbers.parseLong(address, length));
        return shard < shardCount ? shard : HERE;
    }

    /// Which arguments are keys: of the last request asked for; valid until the next question, and to be
    /// cleared before.
    KeyPositions positions(Command command, Request request) {
        positions.find(command, request);
        return positions;
    }

    /// Puts into the ticket what the request needs of one shard, or of this shard when there is but one.
    void fill(Ticket ticket, Command command, Request request, int shard) {
        if (command.has(CommandFlag.ALL_SHARDS)) {
            if (command.gather() != Gather.CONCAT) { // a walk holds nothing: SCAN's guarantee is enough
                ticket.wantShard(command.has(CommandFlag.WRITE));
            }
            return;
        }
        if (!command.hasKeys() || !positions.find(command, request)) {
            return;
        }
        for (int i = 0; i < positions.count(); i++) {
            int at = positions.at(i);
            long hash = KeyHash.hash(request.address(at), request.length(at));
            if (KeyHash.shardOf(request.address(at), request.length(at), hash, shardCount) == shard) {
                ticket.addKey(hash, !KeyFlag.RO.in(command.keyFlags(positions.spec(i))));
            }
        }
        positions.clear();
    }
}
