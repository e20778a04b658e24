package io.anax.keyspace;

/// The keys of one database that somebody watches, by hash, and how often each changed since the
/// first watcher came. Two keys with the same 64 bits would share a count: a transaction would be
/// aborted without need, once in ages.
///
/// ```
///   hashes    [hash of the key]        open addressing, linear, at most half full
///   watchers  [how many watch it]      0 = the place is empty
///   versions  [how often it changed]       and, for all keys, changesOfAll
/// ```
///
/// On the Java heap: only as large as clients in the middle of a WATCH make it, and bounded by them.
final class WatchedKeys {
    private static final int CAPACITY_MIN = 16;

    private long[] hashes = {};
    private int[] watchers = {};
    private long[] versions = {};
    private int count;
    private long changesOfAll;

    boolean isEmpty() {
        return count == 0;
    }

    long watch(long hash) {
        if (count * 2 >= hashes.length) {
            grow();
        }
        int at = place(hash);
        if (watchers[at] == 0) {
            hashes[at] = hash;
            versions[at] = 0;
            count++;
        }
        watchers[at]++;
        return versions[at] + changesOfAll;
    }

    void unwatch(long hash) {
        int at = place(hash);
        assert watchers[at] > 0 : "nobody watches this key";
        if (--watchers[at] == 0) {
            count--;
            closeGap(at);
        }
    }

    long version(long hash) {
        int at = place(hash);
        assert watchers[at] > 0 : "nobody watches this key";
        return versions[at] + changesOfAll;
    }

    void changed(long hash) {
        int at = place(hash);
        if (watchers[at] > 0) {
            versions[at]++;
        }
    }

    /// However many are watched, it is one step.
    void allChanged() {
        changesOfAll++;
    }

    /// Where the hash is, or the empty place where it would be.
    private int place(long hash) {
        int mask = hashes.length - 1;
        int at = home(hash, mask);
        while (watchers[at] != 0 && hashes[at] != hash) {
            at = at + 1 & mask;
        }
        return at;
    }

    private static int home(long hash, int mask) {
        return (int) (hash >>> 8) & mask;
    }

    /// Moves back those behind a removed one that would no longer be found.
    private void closeGap(int removed) {
        int mask = hashes.length - 1;
        int gap = removed;
        for (int at = gap + 1 & mask; watchers[at] != 0; at = at + 1 & mask) {
            int distanceFromHome = at - home(hashes[at], mask) & mask;
            int distanceFromGap = at - gap & mask;
            if (distanceFromHome >= distanceFromGap) {
                move(at, gap);
                gap = at;
            }
        }
    }

    private void move(int from, int to) {
        hashes[to] = hashes[from];
        watchers[to] = watchers[from];
        versions[to] = versions[from];
        watchers[from] = 0;
    }

    private void grow() {
        long[] oldHashes = hashes;
        int[] oldWatchers = watchers;
        long[] oldVersions = versions;
        int capacity = Math.max(CAPACITY_MIN, oldHashes.length * 2);
        hashes = new long[capacity];
        watchers = new int[capacity];
        versions = new long[capacity];
        for (int from = 0; from < oldHashes.length; from++) {
            if (oldWatchers[from] != 0) {
                int at = place(oldHashes[from]);
                hashes[at] = oldHashes[from];
                watchers[at] = oldWatchers[from];
                versions[at] = oldVersions[from];
            }
        }
    }

    void checkInvariants() {
        int seen = 0;
        for (int at = 0; at < hashes.length; at++) {
            if (watchers[at] != 0) {
                seen++;
                assert place(hashes[at]) == at : "a watched key cannot be found";
            }
        }
        assert seen == count : seen + " watched keys, counted " + count;
    }
}
