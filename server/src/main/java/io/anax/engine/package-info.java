/// Shards, and how a request finds its way through one. A shard is one thread with its databases and
/// its sockets; nobody else touches them.
///
/// May import `command`, `keyspace`, `protocol` and what is below them; knows sockets only as a
/// [io.anax.engine.Poller]. Start reading at [io.anax.engine.Shard#poll].
@NullMarked
package io.anax.engine;

import org.jspecify.annotations.NullMarked;
