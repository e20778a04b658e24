/// The hash table that holds everything: a Dashtable of segments that stretch, over memory outside
/// the Java heap. It promises that no operation touches more than two segments (so nothing stalls
/// while it grows), that a walk by cursor misses no entry that was there all the time, and that a
/// snapshot hears of an entry before it changes.
///
/// It knows an entry's head and key, never its value. May import `memory` only. Start reading at
/// [Bucket], then [Segment], then [Dashtable].
@NullMarked
package io.anax.table;

import org.jspecify.annotations.NullMarked;
