package io.anax.command;

import io.anax.memory.GrowingLongs;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/// The keys of a command, ordered by the shard that owns each: a command that coordinates visits a
/// shard once for a phase, not once for a key. Never changes, so that all shards may read it, until it
/// is closed.
///
/// ```
///   MSETNX a 1 b 2 c 3    a and c on shard 1, b on shard 0
///   positions  3 | 1 5        the arguments, those of a shard in their order
///   ends       1 | 3          where the positions of each shard end
/// ```
final class KeysByShard implements AutoCloseable {
    private final GrowingLongs positions;
    private final int[] ends;

    /// `count` keys, the first at argument `first`, with `step` arguments from one to the next.
    KeysByShard(CommandContext ctx, int first, int step, int count) {
        positions = new GrowingLongs(ctx.databases().workspace());
        ends = new int[ctx.shardCount()];
        var owners = new GrowingLongs(ctx.databases().workspace()); // so that a key is hashed once
        for (int k = 0; k < count; k++) {
            int shard = ctx.shardOf(first + k * step);
            ends[shard]++;
            owners.add(shard);
            positions.add(0);
        }
        for (int shard = 1; shard < ends.length; shard++) {
            ends[shard] += ends[shard - 1];
        }
        int[] next = new int[ends.length];
        for (int k = 0; k < count; k++) {
            int shard = (int) owners.get(k);
            positions.set(begin(shard) + next[shard]++, first + k * step);
        }
        owners.clear();
    }

    private int begin(int shard) {
        return shard == 0 ? 0 : ends[shard - 1];
    }

    /// How many keys this shard has.
    int count(int shard) {
        return ends[shard] - begin(shard);
    }

    /// The argument that is the `k`-th key of this shard.
    int position(int shard, int k) {
        assert k < count(shard);
        return (int) positions.get(begin(shard) + k);
    }

    /// Runs a step on one shard with keys after the other, until one says no. Whether all said yes.
    boolean all(CommandContext ctx, Predicate<CommandContext> step) {
        for (int shard = 0; shard < ends.length; shard++) {
            if (count(shard) > 0 && !ctx.atShard(shard, step::test)) {
                return false;
            }
        }
        return true;
    }

    /// Runs a step on each shard with keys, one after the other, and returns what they return.
    <T> List<T> each(CommandContext ctx, Function<CommandContext, T> step) {
        var results = new ArrayList<T>(ends.length);
        for (int shard = 0; shard < ends.length; shard++) {
            if (count(shard) > 0) {
                results.add(ctx.atShard(shard, step));
            }
        }
        return results;
    }

    /// Where it was made.
    @Override
    public void close() {
        positions.clear();
    }
}
