package io.anax.command;

import java.util.function.Predicate;

/// The keys of a command, ordered by the shard that owns each: a command that coordinates visits a
/// shard once for a phase, not once for a key. Never changes, so that all shards may read it.
///
/// ```
///   MSETNX a 1 b 2 c 3    a and c on shard 1, b on shard 0
///   positions  3 | 1 5        the arguments, those of a shard in their order
///   ends       1 | 3          where the positions of each shard end
/// ```
final class KeysByShard {
    private final int[] positions;
    private final int[] ends;

    /// `count` keys, the first at argument `first`, with `step` arguments from one to the next.
    KeysByShard(CommandContext ctx, int first, int step, int count) {
        positions = new int[count];
        ends = new int[ctx.shardCount()];
        int[] shards = new int[count];
        for (int k = 0; k < count; k++) {
            shards[k] = ctx.shardOf(first + k * step);
            ends[shards[k]]++;
        }
        for (int shard = 1; shard < ends.length; shard++) {
            ends[shard] += ends[shard - 1];
        }
        int[] next = new int[ends.length];
        for (int k = 0; k < count; k++) {
            int shard = shards[k];
            positions[begin(shard) + next[shard]++] = first + k * step;
        }
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
        return positions[begin(shard) + k];
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
}
