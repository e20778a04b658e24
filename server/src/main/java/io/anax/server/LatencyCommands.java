package io.anax.server;

import static io.anax.command.CommandFamily.family;
import static io.anax.command.CommandFlag.ADMIN;
import static io.anax.command.CommandFlag.LOADING;
import static io.anax.command.CommandFlag.NOSCRIPT;
import static io.anax.command.CommandFlag.STALE;

import io.anax.Limits;
import io.anax.command.Command;
import io.anax.command.CommandContext;
import io.anax.command.CommandException;
import io.anax.command.CommandFamily;
import io.anax.engine.LatencyMonitor.Event;
import io.anax.engine.LatencyMonitor.Sample;
import io.anax.engine.ShardSet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/// LATENCY: when the server was slow, and how long each command takes. Each shard keeps its own; here they
/// are one.
final class LatencyCommands {
    private static final long FIRST_BUCKET_NANOS = 1024; // and twice as long the next, as in Redis

    private final ShardSet shards;
    private final Config config;

    LatencyCommands(ShardSet shards, Config config) {
        this.shards = shards;
        this.config = config;
    }

    CommandFamily commands() {
        return family("server")
                .container("LATENCY")
                .doc("Depends on subcommand.", "2.8.13", "Shows when the server was slow.")
                .add("LATENCY DOCTOR", this::doctor, ADMIN, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "2.8.13", "Explains what was slow and what may be done about it.")
                .add("LATENCY GRAPH event", this::graph, ADMIN, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "2.8.13", "Draws the slow moments of an event.")
                .help("LATENCY")
                .add("LATENCY HISTOGRAM [command [command ...]]", this::histogram, ADMIN, NOSCRIPT, LOADING, STALE)
                .doc(
                        "O(N) where N is the number of commands",
                        "7.0.0",
                        "Counts how many calls of commands took up to so many microseconds.")
                .add("LATENCY HISTORY event", this::history, ADMIN, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "2.8.13", "Returns the slow moments of an event: second and milliseconds.")
                .add("LATENCY LATEST", this::latest, ADMIN, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "2.8.13", "Returns of each event its last slow moment, and the worst of all times.")
                .add("LATENCY RESET [event [event ...]]", this::reset, ADMIN, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "2.8.13", "Forgets the slow moments of some events, or of all.");
    }

    // ---- slow moments -----------------------------------------------------------------------------

    private List<Event> events(CommandContext ctx) {
        return merged(ctx.everywhere(there ->
                shards.at(there.shardId()).statistics().latencyMonitor().events()));
    }

    /// The events of all shards, by name.
    static List<Event> merged(List<List<Event>> byShard) {
        var byName = new TreeMap<String, Event>();
        for (var events : byShard) {
            for (Event event : events) {
                byName.merge(event.name(), event, LatencyCommands::merged);
            }
        }
        return List.copyOf(byName.values());
    }

    /// The worst of each second, and no more than one monitor keeps.
    private static Event merged(Event one, Event other) {
        var worst = new TreeMap<Long, Long>();
        one.samples().forEach(sample -> worst.merge(sample.second(), sample.millis(), Math::max));
        other.samples().forEach(sample -> worst.merge(sample.second(), sample.millis(), Math::max));
        var samples = worst.entrySet().stream()
                .skip(Math.max(0, worst.size() - Limits.LATENCY_SAMPLES_MAX))
                .map(entry -> new Sample(entry.getKey(), entry.getValue()))
                .toList();
        return new Event(one.name(), samples, Math.max(one.worstMillis(), other.worstMillis()));
    }

    private void latest(CommandContext ctx) {
        var events = events(ctx);
        ctx.reply().array(events.size());
        for (Event event : events) {
            ctx.reply().array(4);
            ctx.reply().bulk(event.name());
            ctx.reply().integer(event.last().second());
            ctx.reply().integer(event.last().millis());
            ctx.reply().integer(event.worstMillis());
        }
    }

    private void history(CommandContext ctx) {
        String name = ctx.text(2);
        var samples = events(ctx).stream()
                .filter(event -> event.name().equals(name))
                .flatMap(event -> event.samples().stream())
                .toList();
        ctx.reply().array(samples.size());
        for (Sample sample : samples) {
            ctx.reply().array(2);
            ctx.reply().integer(sample.second());
            ctx.reply().integer(sample.millis());
        }
    }

    private void graph(CommandContext ctx) {
        String name = ctx.text(2);
        for (Event event : events(ctx)) {
            if (event.name().equals(name)) {
                ctx.reply().verbatim("txt", LatencyGraph.of(event, ctx.nowMillis() / 1000));
                return;
            }
        }
        throw CommandException.error("ERR No samples available for event '" + CommandException.printable(name) + "'");
    }

    private void doctor(CommandContext ctx) {
        ctx.reply().verbatim("txt", LatencyDoctor.report(events(ctx), config, ctx.nowMillis() / 1000));
    }

    private void reset(CommandContext ctx) {
        ctx.limitTextArguments();
        var meant = new LinkedHashSet<String>();
        for (int i = 2; i < ctx.count(); i++) {
            meant.add(ctx.text(i));
        }
        Predicate<String> isMeant = name -> meant.isEmpty() || meant.stream().anyMatch(name::equalsIgnoreCase);
        var names = new LinkedHashSet<String>();
        ctx.everywhere(there ->
                        shards.at(there.shardId()).statistics().latencyMonitor().reset(isMeant))
                .forEach(names::addAll);
        ctx.reply().integer(names.size());
    }

    // ---- how long commands take -------------------------------------------------------------------

    private void histogram(CommandContext ctx) {
        var commands = ctx.count() == 2 ? all() : named(ctx);
        var latencies = CommandLatencies.of(ctx, shards, commands);
        ctx.reply().map(latencies.size());
        latencies.forEach((command, histogram) -> {
            ctx.reply().bulk(command.fullName());
            write(ctx, histogram);
        });
    }

    private List<Command> all() {
        return shards.at(0).allCommands();
    }

    /// A container stands for its subcommands; a name that no command has is left out.
    private Set<Command> named(CommandContext ctx) {
        ctx.limitTextArguments();
        var commands = new LinkedHashSet<Command>();
        for (int i = 2; i < ctx.count(); i++) {
            String name = ctx.text(i);
            for (Command command : all()) {
                String full = command.fullName();
                if (full.equalsIgnoreCase(name) || isWithin(full, name)) {
                    commands.add(command);
                }
            }
        }
        return commands;
    }

    private static boolean isWithin(String fullName, String container) {
        int bar = fullName.indexOf('|');
        return bar > 0 && fullName.substring(0, bar).equalsIgnoreCase(container);
    }

    private static void write(CommandContext ctx, Histogram histogram) {
        long total = histogram.getTotalCount();
        ctx.reply().map(2);
        ctx.reply().bulk("calls");
        ctx.reply().integer(total);
        ctx.reply().bulk("histogram_usec");
        var buckets = buckets(histogram);
        ctx.reply().map(buckets.size() / 2);
        buckets.forEach(ctx.reply()::integer);
    }

    /// Upper bound in microseconds and how many calls took no longer, again and again; without those where
    /// nothing is added.
    static List<Long> buckets(Histogram histogram) {
        var buckets = new ArrayList<Long>();
        long before = 0;
        for (long bound = FIRST_BUCKET_NANOS; before < histogram.getTotalCount(); bound *= 2) {
            long most = histogram.highestEquivalentValue(bound);
            long count = histogram.getCountBetweenValues(0, most);
            if (count > before) {
                buckets.add(most / 1000);
                buckets.add(count);
            }
            before = count;
        }
        return buckets;
    }
}
