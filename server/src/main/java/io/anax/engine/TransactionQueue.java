package io.anax.engine;

import io.anax.Limits;
import io.anax.memory.Workspace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Who waits for keys of one shard and who holds them, in the order of transaction ids. This is VLL
/// (Ren, Thomson, Abadi: "Lightweight locking for main memory database systems", VLDB 2013): a ticket's
/// turn comes when no ticket before it wants one of its keys.
///
/// ```
///   first                                          last
///  +---------+    +---------+    +---------+    +---------+
///  | id 17   | -> | id 20   | -> | id 23   | -> | id 24   |      turn: 17, 20 and 24; 23 waits for 20
///  | a       |    | b       |    | b c     |    | d       |
///  +---------+    +---------+    +---------+    +---------+
/// ```
///
/// Why the result is strictly serializable: a transaction runs when it has its turn on all its shards, so
/// there is a moment when it holds all its keys, and those moments are the order. Why nobody waits for
/// ever: on every shard conflicting tickets stand in the order of their ids. One that comes late, behind
/// a higher id with which it conflicts, is refused and tries again with a higher id; *late* is also who
/// comes after a higher id has been here and gone, which the queue remembers by key in [#gone].
final class TransactionQueue {
    private static final int GONE_BITS = 10;
    private static final int SHARD_ID_BITS = 12;

    /// When the only ticket leaves and has more keys, the table is made empty instead of key after key.
    private static final int CLEARED_KEYS_MIN = 64;

    private final LockTable locks;
    private final LockTable earlier; // of the tickets that a walk has passed
    private final long[] gone = new long[1 << GONE_BITS]; // highest id that left, by some bits of the key
    private long goneHighest;
    private long clock;
    private int count;
    private int waitingCount; // those whose turn has not come

    private @Nullable Ticket first;
    private @Nullable Ticket last;

    TransactionQueue(Workspace workspace) {
        locks = new LockTable(workspace);
        earlier = new LockTable(workspace);
    }

    /// When the shard ends.
    void close() {
        locks.close();
        earlier.close();
    }

    /// Nobody is here: every command may run at once.
    boolean isEmpty() {
        return first == null;
    }

    int count() {
        return count;
    }

    LockTable locks() {
        return locks;
    }

    /// Whether somebody holds the key of this hash, or waits for it: a suspended command may point at its
    /// entry.
    boolean isWanted(long hash) {
        return first != null && !locks.isFree(Ticket.keyOf(hash), true);
    }

    /// An id higher than all that were seen here, and different from those of other shards. (Lamport.)
    long nextId(int shardId) {
        clock++;
        return clock << SHARD_ID_BITS | shardId;
    }

    /// An id was seen: ours will be higher.
    void saw(long id) {
        clock = Math.max(clock, id >>> SHARD_ID_BITS);
    }

    /// No id that was seen is higher.
    long highestId() {
        return clock << SHARD_ID_BITS;
    }

    /// Makes the next id higher by so much: for who was refused often.
    void leap(long steps) {
        clock += steps;
    }

    /// Takes a place. False: the ticket is late, and not in the queue.
    boolean place(Ticket ticket) {
        saw(ticket.id);
        if (isLate(ticket)) {
            return false;
        }
        insert(ticket);
        ticket.isTurn = ticket.isFreeIn(locks);
        waitingCount += ticket.isTurn ? 0 : 1;
        ticket.acquireIn(locks);
        return true;
    }

    private boolean isLate(Ticket ticket) {
        Ticket highest = last;
        boolean passed = highest != null && ticket.id < highest.id && !ticket.isFreeIn(locks);
        return passed || ticket.id < goneHighest && hasGone(ticket);
    }

    private boolean hasGone(Ticket ticket) {
        boolean late = ticket.wantsShard();
        for (int i = 0; i < ticket.keyCount() && !late; i++) {
            late = ticket.id < gone[goneIndex(ticket.fingerprintAt(i))];
        }
        return late;
    }

    /// Nearly always at the end.
    private void insert(Ticket ticket) {
        assert !ticket.isQueued;
        Ticket before = last;
        while (before != null && before.id > ticket.id) {
            before = before.previous;
        }
        Ticket after = before == null ? first : before.next;
        ticket.previous = before;
        ticket.next = after;
        if (before == null) {
            first = ticket;
        } else {
            before.next = ticket;
        }
        if (after == null) {
            last = ticket;
        } else {
            after.previous = ticket;
        }
        ticket.isQueued = true;
        count++;
    }

    /// The owner of the ticket has used its keys. Clears the ticket.
    void leave(Ticket ticket) {
        goneHighest = Math.max(goneHighest, ticket.id);
        if (ticket.wantsShard() || ticket.keyCount() > gone.length) {
            Arrays.fill(gone, goneHighest); // nearly all of it is hit
        } else {
            for (int i = 0; i < ticket.keyCount(); i++) {
                int index = goneIndex(ticket.fingerprintAt(i));
                gone[index] = Math.max(gone[index], ticket.id);
            }
        }
        withdraw(ticket);
    }

    /// The owner of the ticket will not use its keys. Clears the ticket.
    void withdraw(Ticket ticket) {
        assert ticket.isQueued;
        if (count == 1 && ticket.keyCount() > CLEARED_KEYS_MIN) {
            locks.clear();
        } else {
            ticket.releaseIn(locks);
        }
        if (ticket.previous == null) {
            first = ticket.next;
        } else {
            ticket.previous.next = ticket.next;
        }
        if (ticket.next == null) {
            last = ticket.previous;
        } else {
            ticket.next.previous = ticket.previous;
        }
        ticket.previous = null;
        ticket.next = null;
        waitingCount -= ticket.isTurn ? 0 : 1;
        ticket.isQueued = false;
        ticket.clear();
        count--;
    }

    private static int goneIndex(long fingerprint) {
        return (int) (fingerprint >>> Long.SIZE / 2) & (1 << GONE_BITS) - 1;
    }

    /// Somebody left: finds those whose turn has come. They hear it from `ready`. What is behind a ticket
    /// with very many keys is not looked at before that has left.
    void advance(ReadyQueue ready) {
        if (waitingCount == 0) {
            return;
        }
        earlier.clear();
        int looked = 0;
        for (Ticket ticket = first; ticket != null; ticket = ticket.next) {
            if (!ticket.isTurn && ticket.isFreeIn(earlier)) {
                ticket.isTurn = true;
                waitingCount--;
                ready.add(ticket.owner());
            }
            looked += 1 + ticket.keyCount();
            if (looked > Limits.QUEUE_LOOKED_AT_MAX) {
                return;
            }
            ticket.acquireIn(earlier);
        }
    }

    void checkInvariants() {
        locks.checkInvariants();
        int found = 0;
        int waiting = 0;
        long before = Long.MIN_VALUE;
        for (Ticket ticket = first; ticket != null; ticket = ticket.next) {
            assert ticket.id > before : "out of order";
            assert ticket.isQueued;
            before = ticket.id;
            found++;
            waiting += ticket.isTurn ? 0 : 1;
        }
        assert found == count : found + " of " + count;
        assert waiting == waitingCount : waiting + " that wait, not " + waitingCount;
        assert count > 0 || locks.isEmpty() : "intents of nobody";
    }
}
