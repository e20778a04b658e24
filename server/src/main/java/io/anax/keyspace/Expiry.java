package io.anax.keyspace;

import io.anax.Limits;
import io.anax.memory.LongList;
import io.anax.table.Entry;
import java.util.List;

/// What a deadline means, and the work that removes the keys which nobody asks for any more.
///
/// The work walks the tables of the databases that have deadlines in the order of hashes: since a
/// hash has nothing to do with a deadline, what it sees in a slice is a fair sample of the whole. A
/// pause follows each slice while at most one in ten of the deadlines it saw had passed; above that
/// it goes on in every turn. So memory held by the dead stays below a tenth or so, and a million keys
/// that expire together are gone after one walk.
public final class Expiry {
    /// More than one in so many: go on at full speed.
    private static final int BUSY_DIVISOR = 10;

    /// Deadlines to be seen before the share of the passed ones says anything.
    private static final int SAMPLE_MIN = 20;

    private final Databases databases;
    private final LongList batch = new LongList();
    private int next; // index of the database to go on with
    private int seen;
    private int passed;
    private boolean busy;
    private long pauseEndMillis;

    public Expiry(Databases databases) {
        this.databases = databases;
    }

    /// A deadline is the first moment at which the key is gone.
    public static boolean isExpired(long entry, long nowMillis) {
        return Entry.deadline(entry) <= nowMillis;
    }

    /// Whether the next call of `run` will work without a pause.
    public boolean isBusy() {
        return busy;
    }

    /// Works for a slice when it is time to, and returns how many keys it removed.
    public int run(Slice slice, long nowMillis) {
        if (!busy && nowMillis < pauseEndMillis) {
            return 0;
        }
        int removed = 0;
        List<Database> existing = databases.existing();
        for (int idle = 0; idle < existing.size() && !slice.isOver(); ) {
            Database database = existing.get(next % existing.size());
            if (database.expiresCount() == 0) {
                next = (next + 1) % existing.size();
                idle++;
            } else {
                removed += step(database, nowMillis);
                idle = 0;
                if (database.expiryPosition == 0 && !busyAfter(existing)) {
                    break;
                }
            }
        }
        judge();
        pauseEndMillis = nowMillis + Limits.EXPIRY_PAUSE_MILLIS;
        return removed;
    }

    /// At the end of a table: on to the next database; true when there is a reason to hurry.
    private boolean busyAfter(List<Database> existing) {
        next = (next + 1) % existing.size();
        return busy || passed * BUSY_DIVISOR > seen;
    }

    /// The keys of one bucket.
    private int step(Database database, long nowMillis) {
        database.expiryPosition = database.scan(database.expiryPosition, batch);
        int removed = 0;
        for (int i = 0; i < batch.size(); i++) {
            long entry = batch.get(i);
            if (Entry.hasDeadline(entry)) {
                seen++;
                if (!isExpired(entry, nowMillis)) {
                    database.sawTtl(Entry.deadline(entry) - nowMillis);
                } else if (database.expire(entry)) {
                    removed++;
                }
            }
        }
        batch.clear();
        passed += removed;
        if (database.expiryPosition == 0) {
            database.averageTtl();
        }
        return removed;
    }

    private void judge() {
        if (seen >= SAMPLE_MIN || !hasDeadlines()) {
            busy = passed * BUSY_DIVISOR > seen;
            seen = 0;
            passed = 0;
        }
    }

    private boolean hasDeadlines() {
        List<Database> existing = databases.existing();
        for (int i = 0; i < existing.size(); i++) {
            if (existing.get(i).expiresCount() != 0) {
                return true;
            }
        }
        return false;
    }
}
