package io.anax.server;

import io.anax.command.Command;
import io.anax.command.CommandContext;
import io.anax.engine.CommandStatistics;
import io.anax.engine.ShardSet;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// What INFO says of commands: calls, errors, and how long they took.
final class CommandInfoSections {
    private CommandInfoSections() {}

    /// What all shards counted of one command.
    private record Calls(long calls, long nanos, long rejections, long failures) {
        static Calls of(CommandStatistics statistics, Command command) {
            int id = command.id();
            return new Calls(
                    statistics.calls(id), statistics.nanos(id), statistics.rejections(id), statistics.failures(id));
        }

        Calls plus(Calls other) {
            return new Calls(
                    calls + other.calls, nanos + other.nanos, rejections + other.rejections, failures + other.failures);
        }

        boolean isNone() {
            return calls == 0 && rejections == 0 && failures == 0;
        }

        @Override
        public String toString() {
            long micros = nanos / 1000;
            return String.format(
                    Locale.ROOT,
                    "calls=%d,usec=%d,usec_per_call=%.2f,rejected_calls=%d,failed_calls=%d",
                    calls,
                    micros,
                    calls == 0 ? 0 : (double) micros / calls,
                    rejections,
                    failures);
        }
    }

    static void calls(InfoText text, CommandContext ctx, ShardSet shards) {
        var commands = shards.at(ctx.shardId()).allCommands();
        var byShard = ctx.everywhere(there -> {
            var statistics = shards.at(there.shardId()).statistics();
            return commands.stream()
                    .map(command -> Calls.of(statistics, command))
                    .toList();
        });
        text.section("Commandstats");
        for (int i = 0; i < commands.size(); i++) {
            Calls sum = new Calls(0, 0, 0, 0);
            for (List<Calls> ofShard : byShard) {
                sum = sum.plus(ofShard.get(i));
            }
            if (!sum.isNone()) {
                text.field("cmdstat_" + commands.get(i).fullName(), sum.toString());
            }
        }
    }

    static void errors(InfoText text, List<ShardReport> reports) {
        var counts = new TreeMap<String, Long>();
        for (ShardReport report : reports) {
            report.errors().forEach((code, count) -> counts.merge(code, count, Long::sum));
        }
        text.section("Errorstats");
        counts.forEach((code, count) -> text.field("errorstat_" + code, "count=" + count));
    }

    static void latencies(InfoText text, CommandContext ctx, ShardSet shards, Config config) {
        var commands = shards.at(ctx.shardId()).allCommands();
        var percentiles = config.percentiles();
        text.section("Latencystats");
        CommandLatencies.of(ctx, shards, commands)
                .forEach((command, latencies) ->
                        text.field("latency_percentiles_usec_" + command.fullName(), values(percentiles, latencies)));
    }

    private static String values(List<Double> percentiles, Histogram latencies) {
        return String.join(
                ",",
                percentiles.stream()
                        .map(percentile -> String.format(
                                Locale.ROOT,
                                "p%s=%.3f",
                                Percentiles.print(percentile),
                                latencies.getValueAtPercentile(percentile) / 1000.0))
                        .toList());
    }
}
