package io.anax.keyspace;

/// What one shard counted since it started, or since `reset`. Its thread writes; others may read a
/// value that is a moment old.
public final class Statistics {
    long hits;
    long misses;
    long expired;
    long evicted;
    long movedAllocations;
    long keptAllocations;
    long movedKeys;
    long keptKeys;
    boolean defragmenting;

    public long hits() {
        return hits;
    }

    public long misses() {
        return misses;
    }

    /// Forgets what was looked up since there were so many: the command begins again.
    public void takeBackLookups(long hits, long misses) {
        this.hits = hits;
        this.misses = misses;
    }

    /// Keys removed because their deadline had passed.
    public long expired() {
        return expired;
    }

    /// Keys removed to make room.
    public long evicted() {
        return evicted;
    }

    /// Allocations that the defragmentation moved, `active_defrag_hits`.
    public long movedAllocations() {
        return movedAllocations;
    }

    /// Allocations that it came across and left where they were, `active_defrag_misses`.
    public long keptAllocations() {
        return keptAllocations;
    }

    /// Keys of which it moved the entry or a part, `active_defrag_key_hits`.
    public long movedKeys() {
        return movedKeys;
    }

    /// Keys of which it moved nothing, `active_defrag_key_misses`.
    public long keptKeys() {
        return keptKeys;
    }

    /// Whether a defragmentation is under way, `active_defrag_running`.
    public boolean isDefragmenting() {
        return defragmenting;
    }

    public void reset() {
        hits = 0;
        misses = 0;
        expired = 0;
        evicted = 0;
        movedAllocations = 0;
        keptAllocations = 0;
        movedKeys = 0;
        keptKeys = 0;
    }
}
