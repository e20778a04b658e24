package io.anax.server;

import io.anax.command.Command;
import io.anax.command.CommandContext;
import io.anax.engine.CommandStatistics;
import io.anax.engine.ShardSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// How long calls of commands took, over all shards, in nanoseconds.
final class CommandLatencies {
    private CommandLatencies() {}

    /// Of those among the commands that were called, in their order.
    static Map<Command, Histogram> of(CommandContext ctx, ShardSet shards, Collection<Command> commands) {
        var byShard = ctx.everywhere(there -> of(shards.at(there.shardId()).statistics(), commands));
        var sum = new LinkedHashMap<Command, Histogram>();
        for (Command command : commands) {
            for (var ofShard : byShard) {
                Histogram histogram = ofShard.get(command);
                if (histogram != null) {
                    sum.merge(command, histogram, CommandLatencies::sum);
                }
            }
        }
        return sum;
    }

    private static Map<Command, Histogram> of(CommandStatistics statistics, Collection<Command> commands) {
        var copies = new LinkedHashMap<Command, Histogram>();
        for (Command command : commands) {
            Histogram copy = statistics.latencies(command.id());
            if (copy != null) {
                copies.put(command, copy);
            }
        }
        return copies;
    }

    private static Histogram sum(Histogram one, Histogram other) {
        one.add(other);
        return one;
    }
}
