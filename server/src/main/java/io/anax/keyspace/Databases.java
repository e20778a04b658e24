package io.anax.keyspace;

import io.anax.Limits;
import io.anax.memory.LongList;
import io.anax.memory.SlabAllocator;
import io.anax.memory.Workspace;
import io.anax.table.Entry;
import io.anax.types.Thresholds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// All databases of one shard, by tenant and index, each created when somebody asks for it. One
/// without keys is some 200 bytes. Owns what they share: allocator, counters, chance, reclaimer, thresholds.
///
/// ```
///   tenant 0 --> [db 0][db 1] ... [db 15]     null until asked for
///   tenant 1 --> ...
/// ```
public final class Databases {
    /// The tenant of who did not say which.
    public static final int DEFAULT_TENANT = 0;

    /// One more, and a cut has the version of entries from before the first of them. See
    /// [io.anax.table.Dashtable#changeListener].
    private static final int UNFINISHED_CUTS_MAX = Entry.VERSIONS - 2;

    private static final int MET_EXPIRED_MAX = 64; // the active expiry comes across the others

    private static final int TRIMMED_AT_ONCE = 64; // some microseconds

    private final SlabAllocator allocator;
    private final Workspace workspace = new Workspace();
    private final SplitMix random;
    private final Statistics statistics = new Statistics();
    private final Thresholds thresholds = new Thresholds();
    private final Stamps stamps;
    private final Reclaimer reclaimer;
    private final List<Database> existing = new ArrayList<>();
    private Database[][] byTenant = {};
    private int nextToTrim; // database
    private @Nullable Cut cut; // null: no snapshot is going on
    private byte version; // that entries are written with, the same in all tables
    private int unfinishedCuts; // in a row
    private LongPredicate isHeld = _ -> false;
    private final List<Database> metExpired = new ArrayList<>(); // of each, the hash of a key
    private final LongList metExpiredHashes = new LongList();

    public Databases(SlabAllocator allocator, long seed) {
        this.allocator = allocator;
        random = new SplitMix(seed);
        stamps = new Stamps(random);
        reclaimer = new Reclaimer(allocator);
    }

    /// The database of the default tenant.
    public Database at(int index) {
        return at(DEFAULT_TENANT, index);
    }

    public Database at(int tenant, int index) {
        if (tenant < byTenant.length && index < byTenant[tenant].length) {
            Database database = byTenant[tenant][index];
            if (database != null) {
                return database;
            }
        }
        return create(tenant, index);
    }

    private Database create(int tenant, int index) {
        assert tenant >= 0 && tenant < Limits.TENANTS_MAX : tenant;
        assert index >= 0 && index < Limits.DATABASES_MAX : index;
        if (tenant >= byTenant.length) {
            int oldLength = byTenant.length;
            byTenant = Arrays.copyOf(byTenant, tenant + 1);
            Arrays.fill(byTenant, oldLength, byTenant.length, new Database[0]);
        }
        if (index >= byTenant[tenant].length) {
            byTenant[tenant] = Arrays.copyOf(byTenant[tenant], index + 1);
        }
        var database = new Database(tenant, index, this);
        byTenant[tenant][index] = database;
        existing.add(database);
        return database;
    }

    /// Those that exist, the oldest first: `at` adds at the end.
    public List<Database> existing() {
        return existing;
    }

    /// SWAPDB, as far as this shard is concerned.
    public void swap(int tenant, int first, int second) {
        if (first != second) {
            at(tenant, first).swap(at(tenant, second));
        }
    }

    /// FLUSHALL of one tenant, however many others there are. `pause` is run after each database.
    public void clear(int tenant, Runnable pause) {
        for (int index = 0; index < indexCount(tenant); index++) {
            Database database = byTenant[tenant][index];
            if (database != null) {
                database.clear();
            }
            pause.run();
        }
    }

    /// The highest index of a database that the tenant has used, plus one.
    public int indexCount(int tenant) {
        return tenant < byTenant.length ? byTenant[tenant].length : 0;
    }

    /// A random number: at least 0, less than `bound`.
    public long draw(long bound) {
        assert bound > 0 : bound;
        return Math.unsignedMultiplyHigh(random.next(), bound);
    }

    // ---- snapshots ------------------------------------------------------------------------------

    /// Begins a snapshot of all databases: what they hold now reaches the listener. One at a time.
    public Cut cut(CutListener listener) {
        assert cut == null : "a snapshot is under way";
        if (unfinishedCuts == UNFINISHED_CUTS_MAX) {
            walkToEnd();
        }
        version = nextVersion();
        cut = new Cut(this, version, listener);
        return cut;
    }

    /// Each snapshot that was given up leaves entries of one more version; before they are as many as
    /// there are versions, all get the same.
    private void walkToEnd() {
        version = nextVersion();
        cut = new Cut(this, version, (_, _, _) -> {});
        while (cut.step()) {
            assert !existing.isEmpty() : "walks over nothing";
        }
        cut.close();
    }

    private byte nextVersion() {
        return (byte) ((version + 1) % Entry.VERSIONS);
    }

    void cutEnded(boolean complete) {
        unfinishedCuts = complete ? 0 : unfinishedCuts + 1;
        cut = null;
    }

    public boolean isCutUnderWay() {
        return cut != null;
    }

    /// What a new table has to write its entries with: they are none of the running snapshot's.
    byte version() {
        return version;
    }

    // ---- suspended commands ---------------------------------------------------------------------

    /// Tells by its hash whether a key belongs to a command that is suspended: its entry may be pointed
    /// at, so nobody moves or removes it meanwhile. To be set once; without it nobody suspends.
    public void heldKeys(LongPredicate isHeld) {
        this.isHeld = isHeld;
    }

    boolean isHeld(long hash) {
        return isHeld.test(hash);
    }

    /// Somebody came across a key that has expired and is held, so it stays for now.
    void metExpired(Database database, long hash) {
        if (metExpired.size() < MET_EXPIRED_MAX) {
            metExpired.add(database);
            metExpiredHashes.add(hash);
        }
    }

    /// Keys are held no more: removes those expired ones that somebody came across meanwhile. So a key is
    /// gone once it was asked for, whoever asked, and DBSIZE agrees.
    public void removeMetExpired(long nowMillis) {
        for (int i = 0; i < metExpired.size(); i++) {
            metExpired.get(i).removeExpired(metExpiredHashes.get(i), nowMillis);
        }
        metExpired.clear();
        metExpiredHashes.clear();
    }

    // ---- memory ---------------------------------------------------------------------------------

    /// Gives back the tables of empty databases among the next few, and goes on there the next time: an
    /// idle tenant costs next to nothing.
    public void trimSome() {
        for (int i = Math.min(TRIMMED_AT_ONCE, existing.size()); i > 0; i--) {
            nextToTrim = nextToTrim + 1 < existing.size() ? nextToTrim + 1 : 0;
            existing.get(nextToTrim).trim();
        }
    }

    /// Gives back the tables of empty databases. The small rest stays: who is suspended may hold it.
    public void trim() {
        for (int i = 0; i < existing.size(); i++) {
            existing.get(i).trim();
        }
    }

    /// Gives all memory back at once, when the shard ends.
    public void close() {
        for (int i = 0; i < existing.size(); i++) {
            existing.get(i).clear();
        }
        reclaimer.runToEnd();
    }

    /// While on, accesses leave no trace in what eviction knows of keys.
    public void quiet(boolean on) {
        stamps.quiet(on);
    }

    public long touchBucket(int index, long hash) {
        return at(index).touchBucket(hash);
    }

    public long touchEntry(int index, long hash) {
        return at(index).touchEntry(hash);
    }

    public SlabAllocator allocator() {
        return allocator;
    }

    /// For what is no data: memory that counts, but is never evicted.
    public Workspace workspace() {
        return workspace;
    }

    public Statistics statistics() {
        return statistics;
    }

    public Reclaimer reclaimer() {
        return reclaimer;
    }

    public Thresholds thresholds() {
        return thresholds;
    }

    Stamps stamps() {
        return stamps;
    }

    SplitMix random() {
        return random;
    }
}
