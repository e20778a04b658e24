package io.anax.keyspace;

import io.anax.Limits;
import io.anax.memory.LongList;
import io.anax.table.Entry;
import io.anax.table.KeyHash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes room: removes keys, chosen by the policy, until the shard's memory is below a bound.
///
/// Our own order is that of the table's buckets, which adapts to the load: two bits an entry, no list, no
/// stamp. The others are Redis's: LRU and LFU by 24 bits in the entry, the best of some samples goes. A database
/// is drawn by how many keys it has that may go, so that each key is in the same danger.
///
/// Memory on its way back ([Reclaimer]) comes first: evicting for it would remove too much.
public final class Eviction implements AutoCloseable {
    private static final int SAMPLES = 5; // maxmemory-samples

    /// Evictions before another database is drawn.
    private static final int RUN_LENGTH = 16;

    /// Buckets in a row that are searched for entries with a deadline.
    private static final int SAMPLE_BUCKETS_MAX = 64;

    private static final long UNSTAMPED = 1 << 24; // more than any stamp makes

    private final Databases databases;
    private final Stamps stamps;
    private final SplitMix random;
    private final LongList sample = new LongList();
    private final EvictionPool pool = new EvictionPool();
    private EvictionPolicy policy = EvictionPolicy.NOEVICTION;
    private int samples = SAMPLES;

    public Eviction(Databases databases) {
        this.databases = databases;
        stamps = databases.stamps();
        random = databases.random();
    }

    @Override
    public void close() {
        pool.close();
    }

    public void policy(EvictionPolicy selected) {
        policy = selected;
        stamps.select(selected.stamps());
        pool.clear();
    }

    public EvictionPolicy policy() {
        return policy;
    }

    /// `maxmemory-samples`: more come nearer to the exact order and cost more.
    public void samples(int count) {
        assert count > 0 : count;
        samples = count;
    }

    /// `lfu-log-factor` and `lfu-decay-time`.
    public void lfu(int logFactor, int decayMinutes) {
        stamps.lfu(logFactor, decayMinutes);
    }

    /// Works until the shard uses at most `limitBytes`, nothing more may go, or the slice is over.
    /// Returns whether it is below the bound now.
    public boolean run(Slice slice, long limitBytes, long nowMillis) {
        while (isAbove(limitBytes) && !databases.reclaimer().isIdle() && !slice.isOver()) {
            databases.reclaimer().run(slice);
        }
        while (isAbove(limitBytes) && !slice.isOver()) {
            Database database = draw();
            if (database == null || policy == EvictionPolicy.NOEVICTION) {
                return false;
            }
            for (int i = 0; i < RUN_LENGTH && isAbove(limitBytes) && !slice.isOver(); i++) {
                evict(database, nowMillis);
            }
        }
        return !isAbove(limitBytes);
    }

    private boolean isAbove(long limitBytes) {
        return databases.allocator().usedBytes() > limitBytes;
    }

    private void evict(Database database, long nowMillis) {
        switch (policy.order()) {
            case ADAPTIVE -> database.evictNext(policy.volatileOnly());
            case RANDOM -> evictRandom(database);
            case LRU, LFU, TTL -> evictBest(database, nowMillis);
            case NONE -> throw new AssertionError("noeviction evicts nothing");
        }
    }

    /// A database, each as likely as many of its keys may go; null when none may.
    private @Nullable Database draw() {
        List<Database> existing = databases.existing();
        long total = 0;
        for (int i = 0; i < existing.size(); i++) {
            total += candidates(existing.get(i));
        }
        if (total == 0) {
            return null;
        }
        long rest = Long.remainderUnsigned(random.next(), total);
        int i = 0;
        while (rest >= candidates(existing.get(i))) {
            rest -= candidates(existing.get(i++));
        }
        return existing.get(i);
    }

    private long candidates(Database database) {
        return policy.volatileOnly() ? database.expiresCount() : database.size();
    }

    private void evictRandom(Database database) {
        takeSample(database, 1);
        if (!sample.isEmpty()) {
            database.evict(sample.get(0));
        }
    }

    private void evictBest(Database database, long nowMillis) {
        takeSample(database, samples);
        for (int i = 0; i < sample.size(); i++) {
            long entry = sample.get(i);
            long score = score(database, entry, nowMillis);
            if (Entry.keyLength(entry) > Limits.EVICTION_POOL_KEY_BYTES_MAX && score >= pool.highestScore()) {
                database.evict(entry);
                return;
            }
            pool.offer(database, entry, score);
        }
        evictFromPool(nowMillis);
    }

    /// The first that is still there and was not used since it was sampled.
    private void evictFromPool(long nowMillis) {
        for (int at = pool.takeHighest(); at >= 0; at = pool.takeHighest()) {
            Database database = pool.database(at);
            long entry = pool.entry(at, nowMillis);
            if (entry != Database.NONE && mayGo(entry) && score(database, entry, nowMillis) >= pool.score(at)) {
                database.evict(entry);
                return;
            }
        }
    }

    private boolean mayGo(long entry) {
        return !policy.volatileOnly() || Entry.hasDeadline(entry);
    }

    /// How much an entry deserves to go.
    private long score(Database database, long entry, long nowMillis) {
        return switch (policy.order()) {
            case LRU -> isStamped(entry) ? database.idleSeconds(entry, nowMillis) : unstampedScore(entry);
            case LFU -> isStamped(entry) ? -database.frequency(entry, nowMillis) : unstampedScore(entry);
            case TTL -> Long.MAX_VALUE - Entry.deadline(entry);
            case NONE, ADAPTIVE, RANDOM -> throw new AssertionError("no order of scores");
        };
    }

    private static boolean isStamped(long entry) {
        return (Entry.flags(entry) & Entry.STAMP) != 0;
    }

    /// Entries from before the policy go before all others, those that nobody read since first.
    private static long unstampedScore(long entry) {
        return Entry.visited(entry) ? UNSTAMPED : UNSTAMPED + 1;
    }

    /// Some entries that may go, neighbours from a random place on: one miss brings many, and
    /// neighbours in a table have nothing in common but some bits of their hashes.
    private void takeSample(Database database, int count) {
        sample.clear();
        long position = KeyHash.position(random.next());
        for (int step = 0; sample.size() < count && step < SAMPLE_BUCKETS_MAX; step++) {
            int before = sample.size();
            position = database.scan(position, sample);
            if (policy.volatileOnly()) {
                dropPersistent(before);
            }
        }
        shuffleFirst(Math.min(count, sample.size()));
    }

    private void dropPersistent(int from) {
        int kept = from;
        for (int i = from; i < sample.size(); i++) {
            if (Entry.hasDeadline(sample.get(i))) {
                sample.set(kept++, sample.get(i));
            }
        }
        sample.truncate(kept);
    }

    /// Draws `count` of the sample without order: a bucket holds the oldest first.
    private void shuffleFirst(int count) {
        for (int i = 0; i < count; i++) {
            int other = i + random.below(sample.size() - i);
            long entry = sample.get(i);
            sample.set(i, sample.get(other));
            sample.set(other, entry);
        }
        sample.truncate(count);
    }
}
