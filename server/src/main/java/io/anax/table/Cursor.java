package io.anax.table;

/// Where a SCAN over all shards stands, as the client sees it: one number, 0 before the first step
/// and 0 again after the last.
///
/// ```
///  bit  52        40 39                             0
///      +------------+--------------------------------+
///      | shard      | position in its table          |
///      | 12 bits    | 40 bits, in the order of hashes|
///      +------------+--------------------------------+
/// ```
///
/// Below two to the 53rd, so that a client which reads numbers as doubles keeps it whole. A
/// position means the same however the table grew or shrank since: it is a bound in the order of
/// hashes.
public final class Cursor {
    public static final long START = 0;

    private static final int SHARD_BITS = 12;

    /// As many shards as a cursor can name.
    public static final int SHARDS_MAX = 1 << SHARD_BITS;

    private Cursor() {}

    public static long of(int shard, long position) {
        assert shard >= 0 && shard < SHARDS_MAX : shard;
        assert position == (position & KeyHash.POSITION_MASK) : position;
        return (long) shard << KeyHash.POSITION_BITS | position;
    }

    public static long position(long cursor) {
        return cursor & KeyHash.POSITION_MASK;
    }

    /// May name a shard that does not exist: a client can send any number.
    public static int shard(long cursor) {
        return (int) (cursor >>> KeyHash.POSITION_BITS) & SHARDS_MAX - 1;
    }

    /// Where to go on after a step on a shard came to `position`: its next position, the beginning
    /// of the next shard, or START when that was the last.
    public static long next(int shard, long position, int shardCount) {
        if (position != 0) {
            return of(shard, position);
        }
        return shard + 1 == shardCount ? START : of(shard + 1, 0);
    }
}
