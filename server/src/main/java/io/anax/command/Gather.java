package io.anax.command;

/// How a command whose keys lie on several shards becomes one reply. A command without a `Gather`
/// has one key and runs where that key lives (or has no key and runs where its client is).
///
/// With all but [#COORDINATE] the handler runs once on each involved shard and sees only the
/// arguments of that shard's keys; with the flag [CommandFlag#ALL_SHARDS] it runs on every shard
/// and sees all arguments.
public enum Gather {
    /// Each shard says OK, and so does the whole: MSET, FLUSHALL.
    OK,
    /// Integers, added up: DEL, EXISTS, DBSIZE.
    SUM,
    /// Arrays, one after the other in any order: KEYS. With ALL_SHARDS it is a walk, which locks nothing.
    CONCAT,
    /// Arrays with an element for each key, put back in the order of the keys: MGET.
    IN_ORDER,
    /// The handler runs once, where the first key lives, and goes to the others with
    /// `CommandContext.at`, under the locks of a transaction: RENAME, SINTERSTORE.
    COORDINATE
}
