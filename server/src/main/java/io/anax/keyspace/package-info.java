/// The keys: databases of one shard with deadlines, eviction, statistics and the slow work behind
/// them. Promises that whatever is expired is never seen, that all memory of a removed key comes
/// back, and that no call here runs longer than its slice. Imports `memory`, `table` and `types`;
/// knows no command and no client. All of a shard's objects belong to the shard's thread.
///
/// Start reading at `Database`, then `Databases`, then `Expiry` and `Eviction`.
@NullMarked
package io.anax.keyspace;

import org.jspecify.annotations.NullMarked;
