package io.anax.command;

import java.util.Locale;

/// What the dispatcher must know of a command before it runs. Redis's own flags come first, in the
/// order in which COMMAND INFO lists them; then those that only we know.
///
/// A set of flags is an `int`, one bit each: `command.flags() & mask(WRITE, DENYOOM)`.
public enum CommandFlag {
    WRITE,
    READONLY,
    /// Refused when memory is used up.
    DENYOOM,
    MODULE,
    ADMIN,
    PUBSUB,
    /// Not to be called from a script.
    NOSCRIPT,
    BLOCKING,
    /// Allowed while the data is still being loaded.
    LOADING,
    /// Allowed on a replica that lost its primary.
    STALE,
    SKIP_MONITOR,
    SKIP_SLOWLOG,
    ASKING,
    /// Takes constant or logarithmic time: @fast, all others are @slow.
    FAST,
    NO_AUTH,
    /// It has keys, but may be called with none: EVAL with numkeys 0.
    NO_MANDATORY_KEYS,
    NO_ASYNC_LOADING,
    /// Not allowed between MULTI and EXEC.
    NO_MULTI,
    /// Its keys are not all in one plain range. Derived from the key specs, never declared.
    MOVABLEKEYS,
    ALLOW_BUSY,

    // Hidden from clients, as Redis hides them.
    MAY_REPLICATE,
    PROTECTED,
    TOUCHES_ARBITRARY_KEYS,

    // Ours.

    /// Changes the state of its connection, so it runs there, after all commands before it have
    /// been answered and before any that follow: SELECT, MULTI, SUBSCRIBE, CLIENT REPLY.
    BARRIER,
    /// Has no keys and runs on every shard: DBSIZE, FLUSHALL, KEYS.
    ALL_SHARDS,
    /// Has no keys and runs on the shard that its first argument names, a cursor: SCAN.
    BY_CURSOR;

    private static final CommandFlag LAST_SHOWN = ALLOW_BUSY;

    static {
        assert values().length <= Integer.SIZE : "a set of flags is an int";
    }

    @SuppressWarnings("EnumOrdinal") // bits of this process only: they reach no disk and no wire
    private final int bit = 1 << ordinal();

    /// The set of just this flag.
    public int bit() {
        return bit;
    }

    public boolean in(int flags) {
        return (flags & bit) != 0;
    }

    /// The set of these flags.
    public static int mask(CommandFlag... flags) {
        int mask = 0;
        for (var flag : flags) {
            mask |= flag.bit;
        }
        return mask;
    }

    /// Whether COMMAND INFO names it.
    boolean isShown() {
        return compareTo(LAST_SHOWN) <= 0;
    }

    /// As COMMAND INFO writes it: `no_auth`.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
