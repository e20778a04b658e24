package io.anax.keyspace;

/// What one shard counted since it started, or since `reset`. Its thread writes; others may read a
/// value that is a moment old.
public final class Statistics {
    long hits;
    long misses;
    long expired;
    long evicted;

    public long hits() {
        return hits;
    }

    public long misses() {
        return misses;
    }

    /// Keys removed because their deadline had passed.
    public long expired() {
        return expired;
    }

    /// Keys removed to make room.
    public long evicted() {
        return evicted;
    }

    public void reset() {
        hits = 0;
        misses = 0;
        expired = 0;
        evicted = 0;
    }
}
