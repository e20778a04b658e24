package io.anax.server;

import io.anax.command.CommandContext;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// INFO: section and field names are Redis's, as tools parse them. A number is the sum over all shards; a
/// field of Redis that has no meaning here is left out.
final class InfoCommand {
    private final Server server;
    private final ServerInfo about;

    InfoCommand(Server server) {
        this.server = server;
        about = new ServerInfo(server);
    }

    /// In the order in which they are shown.
    private enum Section {
        SERVER,
        CLIENTS,
        MEMORY,
        PERSISTENCE,
        STATS,
        REPLICATION,
        CPU,
        MODULES,
        COMMANDSTATS,
        ERRORSTATS,
        LATENCYSTATS,
        CLUSTER,
        KEYSPACE,
        SHARDS;

        /// Those that are only shown when they are asked for: long.
        private static final Set<Section> ON_DEMAND = EnumSet.of(COMMANDSTATS, LATENCYSTATS);

        static Set<Section> usual() {
            return EnumSet.complementOf(EnumSet.copyOf(ON_DEMAND));
        }

        boolean isNamed(String word) {
            return name().equalsIgnoreCase(word) || this == MODULES && word.equals("module_list");
        }
    }

    void info(CommandContext ctx) {
        var wanted = wanted(ctx);
        var text = new InfoText();
        var reports = wanted.isEmpty() ? List.<ShardReport>of() : ShardReport.all(ctx, server.shards());
        for (Section section : wanted) {
            write(section, ctx, reports, text);
        }
        ctx.reply().verbatim("txt", text.toString());
    }

    private static Set<Section> wanted(CommandContext ctx) {
        ctx.limitTextArguments();
        var words = new ArrayList<String>();
        for (int i = 1; i < ctx.count(); i++) {
            words.add(ctx.text(i).toLowerCase(Locale.ROOT));
        }
        if (words.contains("all") || words.contains("everything")) {
            return EnumSet.allOf(Section.class);
        }
        var wanted = EnumSet.noneOf(Section.class);
        if (words.isEmpty() || words.contains("default")) {
            wanted.addAll(Section.usual());
        }
        for (Section section : Section.values()) {
            if (words.stream().anyMatch(section::isNamed)) {
                wanted.add(section);
            }
        }
        return wanted;
    }

    private void write(Section section, CommandContext ctx, List<ShardReport> reports, InfoText text) {
        switch (section) {
            case SERVER -> about.server(text, ctx.nowMillis());
            case CLIENTS -> ActivityInfo.clients(text, reports, server.config());
            case MEMORY -> MemoryInfo.memory(text, reports, server.config());
            case PERSISTENCE -> ServerInfo.persistence(text);
            case STATS -> ActivityInfo.stats(text, reports);
            case REPLICATION -> ServerInfo.replication(text);
            case CPU -> ServerInfo.cpu(text);
            case MODULES -> text.section("Modules");
            case COMMANDSTATS -> CommandInfoSections.calls(text, ctx, server.shards());
            case ERRORSTATS -> CommandInfoSections.errors(text, reports);
            case LATENCYSTATS -> CommandInfoSections.latencies(text, ctx, server.shards(), server.config());
            case CLUSTER -> ServerInfo.cluster(text);
            case KEYSPACE -> KeyspaceInfo.databases(text, reports);
            case SHARDS -> KeyspaceInfo.shards(text, reports);
        }
    }
}
