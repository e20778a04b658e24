package io.anax;

/// Every bound of the product, with its unit in its name and its reason beside it.
public final class Limits {
    /// Tenants of one server. Each costs a reference a shard once it was there.
    public static final int TENANTS_MAX = 1 << 16;

    /// Logical databases of a tenant; `databases` says how many are offered.
    public static final int DATABASES_MAX = 1 << 14;

    /// What one turn spends on work that can wait: expiry, eviction, freeing. Short enough that a
    /// neighbour's p99 does not show it.
    public static final long SLICE_NANOS = 200_000;

    /// What long commands get of a turn when others wait meanwhile: they go on beside any load.
    public static final long SLICE_NANOS_MIN = 50_000;

    /// How often the search for expired keys begins anew; Redis's default too.
    public static final long EXPIRY_PERIOD_MILLIS = 100;

    /// Output that a client has not read yet, beyond which no more is read from it and none of its commands
    /// runs: at most one reply more than this waits for it.
    public static final long CLIENT_OUTPUT_PAUSE_BYTES = 1 << 20;

    /// Output that is long: the replies to others do not wait behind all of it. A client takes less in 1 ms.
    public static final long LONG_OUTPUT_BYTES_MIN = 1 << 20;

    /// How fast all long outputs of a shard leave while others talk: 5 Gbit/s, a shard's share of a fast
    /// network card, and a third of what a client takes.
    public static final long LONG_OUTPUT_BYTES_PER_MICRO = 640;

    /// What goes out of them at a time: the 20 us that a client needs for it are what another one on its
    /// core has to wait.
    public static final int LONG_OUTPUT_PIECE_BYTES = 1 << 15;

    /// Memory that a client gets for an argument on its word alone.
    public static final long INPUT_BELIEVED_BYTES = 1 << 16;

    /// Arguments of one command, as in Redis before version 7.
    public static final int ARGUMENTS_MAX = 1024 * 1024;

    /// Longest argument that `proto-max-bulk-len` may allow: addresses inside one are an int.
    public static final int BULK_SIZE_MAX = Integer.MAX_VALUE - (1 << 16);

    /// Longest argument that is looked at as text: a name, a word, a setting. It lies on the heap then, which
    /// has a fixed size; keys and values never do.
    public static final int TEXT_BYTES_MAX = 1 << 16;

    /// Arguments of a command that looks at each as text.
    public static final int TEXT_ARGUMENTS_MAX = 1 << 12;

    /// Longest name of a client, of its library, and version of that: all clients keep theirs.
    public static final int CLIENT_NAME_BYTES_MAX = 512;

    /// Longest line of the protocol: an inline command, or the header of an argument. As in Redis.
    public static final int PROTOCOL_LINE_SIZE_MAX = 1 << 16;

    /// Arguments of a command of a client that has not said who it is. As in Redis.
    public static final int UNAUTHENTICATED_ARGUMENTS_MAX = 10;

    /// Bytes of an argument of such a client. As in Redis.
    public static final int UNAUTHENTICATED_BULK_SIZE_MAX = 1 << 14;

    /// Longest string that lies in its entry; a longer one hangs on it, and can grow without moving
    /// its key.
    public static final int EMBEDDED_STRING_BYTES_MAX = 1 << 12;

    /// Longest string value until `proto-max-bulk-len` says otherwise, as in Redis.
    public static final long STRING_BYTES_MAX = 512L << 20;

    /// Up to here a growing string doubles its room, beyond it takes so much more: bounds the waste.
    public static final long STRING_DOUBLING_BYTES_MAX = 1 << 20;

    /// Bytes of strings that a command on bits looks at in one go, some 20 microseconds of work; more,
    /// and it runs on a fiber.
    public static final long BITS_AT_ONCE_BYTES_MAX = 1 << 18;

    /// Bytes that such a command looks at between two chances for others to have their turn.
    public static final long BITS_PIECE_BYTES = 1 << 16;

    /// Bytes of a result that BITOP computes from all its sources before it goes on: a step to another
    /// shard for each source is a fifth of the work then, and the piece stays in the core's cache.
    public static final long BITOP_PIECE_BYTES = 1 << 18;

    /// Arguments that BITFIELD or PFADD work off in one go, some 50 microseconds; with more they run on
    /// a fiber.
    public static final int WORK_ARGUMENTS_AT_ONCE_MAX = 1 << 10;

    /// A HyperLogLog that would be larger becomes dense: the default of `hll-sparse-max-bytes`, as in Redis.
    public static final int HLL_SPARSE_BYTES_MAX = 3000;

    /// Values up to here are freed at once; larger ones in slices.
    public static final long FREE_AT_ONCE_BYTES_MAX = 1 << 16;

    /// Keys that a command works on in one go; with more of them it runs on a fiber: some 100 us.
    public static final int KEYS_AT_ONCE_MAX = 1000;

    /// Bytes copied between two looks at the clock: some 6 us.
    public static final long COPY_PIECE_BYTES = 1 << 16;

    /// Bytes of a string that move in one go when it has to grow elsewhere, some 50 us; with more the
    /// command runs on a fiber.
    public static final long GROWTH_AT_ONCE_BYTES_MAX = 1 << 18;

    /// Bytes of an argument that are copied into a value in one go, some 100 us; with more the command runs
    /// on a fiber. What is not larger has no mapping of its own.
    public static final long ARGUMENT_AT_ONCE_BYTES_MAX = 1 << 20;

    /// Bytes of a value that are copied into a reply in one go, some 100 us; with more the command runs on a
    /// fiber.
    public static final long REPLY_AT_ONCE_BYTES_MAX = 1 << 20;

    /// Cells of its table that LCS fills in one go, some 2 ns each; with more it runs on a fiber.
    public static final long LCS_CELLS_AT_ONCE_MAX = 1 << 14;

    /// Cells of its table that LCS fills between two looks at the clock.
    public static final int LCS_PIECE_CELLS = 1 << 11;

    /// While little is expired, the active expiry works once in so long, one slice at most: 0.2 % of
    /// a core.
    public static final long EXPIRY_PAUSE_MILLIS = 100;

    /// How often some databases are asked whether their table is empty: a queue that runs empty now and
    /// then shall keep it.
    public static final long TRIM_PAUSE_MILLIS = 100;

    /// Memory that the system gave for 100 bytes of data, from which on defragmentation begins.
    public static final int DEFRAGMENTATION_PERCENT = 110;

    /// Waste below which it does not: a few blocks are always half full.
    public static final long DEFRAGMENTATION_WASTE_BYTES_MIN = 8 << 20;

    /// Waste below which the pages of segments are not looked at, in bytes: two blocks.
    public static final long SEGMENT_WASTE_BYTES_MIN = 4 << 20;

    /// Waste in 100 bytes of data from which on the pages of segments are emptied when memory grows.
    public static final int SEGMENT_WASTE_PERCENT = 3;

    /// How much memory grows from one time to the next that the pages of segments are emptied: a walk over
    /// all segments costs 0.2 ms for a million keys.
    public static final int SEGMENT_GROWTH_PERCENT = 2;

    /// Pause after a defragmentation that won little; it doubles while that goes on.
    public static final long DEFRAGMENTATION_PAUSE_MILLIS_MIN = 1_000;

    /// Where that ends: a look at all block headers a minute costs nothing that anybody could notice.
    public static final long DEFRAGMENTATION_PAUSE_MILLIS_MAX = 64_000;

    /// Candidates that the sampling eviction policies remember, as in Redis.
    public static final int EVICTION_POOL_ENTRIES = 16;

    /// A longer key is not remembered as a candidate, but evicted at once or not at all.
    public static final int EVICTION_POOL_KEY_BYTES_MAX = 1 << 10;

    /// 16M segments, some 8 billion entries of one table in 128 MB of directory; segments that deep
    /// stretch instead of splitting.
    public static final int TABLE_DIRECTORY_BITS_MAX = 24;

    /// Buckets at which one call looks for something to evict or to sample: some 1300 entries.
    public static final int EVICTION_BUCKETS_MAX = 64;

    /// Tickets and keys of theirs, all together, at which one walk over a queue looks for those whose turn
    /// has come: some us. Who stands behind has to wait until they are fewer.
    public static final int QUEUE_LOOKED_AT_MAX = 512;

    /// Fibers of one kind that a shard has at a time; more wait. A stack each, some KiB.
    public static final int FIBERS_MAX = 1024;

    /// Input that a client may send ahead while its last commands are under way on other shards.
    public static final long INPUT_AHEAD_BYTES_MAX = 1 << 20;

    /// What a hop keeps for its next use, arguments and replies together: a batch of short ones.
    public static final int HOP_KEPT_BYTES_MAX = 1 << 18;

    /// What all hops at rest keep together: some 800 of the smallest, more than are under way at a time.
    public static final int HOPS_KEPT_BYTES_MAX = 1 << 24;

    /// Threads that a shard keeps for its next fibers where the JVM has no continuations: enough for the
    /// long commands that run at a time, and each costs a stack.
    public static final int FIBER_THREADS_RESTING_MAX = 16;

    /// Different error codes that are counted one by one; as in Redis, so that a client that makes up
    /// codes costs bounded memory.
    public static final int ERROR_CODES_MAX = 128;

    /// Arguments of a command that the slow log keeps, as in Redis; the last then counts the others.
    public static final int SLOWLOG_ARGUMENTS_MAX = 32;

    /// Bytes of such an argument that are kept, as in Redis: an entry is some 5 KB at most.
    public static final int SLOWLOG_ARGUMENT_BYTES_MAX = 128;

    /// Seconds of an event that the latency monitor remembers, as in Redis: two lines of LATENCY GRAPH.
    public static final int LATENCY_SAMPLES_MAX = 160;

    /// What took longer is counted as this long among the latencies of a command, as in Redis.
    public static final long COMMAND_LATENCY_NANOS_MAX = 1_000_000_000;

    /// Bytes of an argument that MONITOR shows.
    public static final int MONITOR_ARGUMENT_BYTES_MAX = 1 << 14;

    /// Characters of a line of MONITOR after which further arguments are counted only.
    public static final int MONITOR_LINE_CHARACTERS_MAX = 1 << 16;

    /// Lines that wait for a client that monitors and does not read; beyond, it is closed. Half a second of
    /// a busy shard.
    public static final long MONITOR_OUTPUT_BYTES_MAX = 1 << 25;

    private Limits() {}
}
