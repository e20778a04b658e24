package io.anax.server;

import io.anax.command.Command;
import io.anax.engine.Shard;
import io.anax.keyspace.Database;
import java.util.List;
import java.util.Map;

/// What INFO says: sections and field names are Redis's, as tools parse them.
final class Info {
    private static final List<String> SECTIONS = List.of(
            "server",
            "clients",
            "memory",
            "persistence",
            "stats",
            "replication",
            "cpu",
            "commandstats",
            "errorstats",
            "cluster",
            "keyspace");

    /// Shown only when asked for: long.
    private static final String ON_DEMAND = "commandstats";

    private final Server server;
    private final Shard shard;
    private final long nowMillis;
    private final StringBuilder text = new StringBuilder();

    Info(Server server, long nowMillis) {
        this.server = server;
        this.shard = server.shards().at(0);
        this.nowMillis = nowMillis;
    }

    /// The named sections, or the usual ones when none is named.
    String text(List<String> wanted) {
        boolean all = wanted.contains("all") || wanted.contains("everything");
        boolean usual = wanted.isEmpty() || wanted.contains("default");
        for (String section : SECTIONS) {
            if (all || wanted.contains(section) || (usual && !section.equals(ON_DEMAND))) {
                append(section);
            }
        }
        return text.toString();
    }

    private void append(String section) {
        if (!text.isEmpty()) {
            text.append("\r\n");
        }
        text.append("# ")
                .append(Character.toUpperCase(section.charAt(0)))
                .append(section.substring(1))
                .append("\r\n");
        switch (section) {
            case "server" -> server();
            case "clients" -> clients();
            case "memory" -> memory();
            case "persistence" -> field("loading", 0);
            case "stats" -> stats();
            case "replication" -> replication();
            case "cpu" -> cpu();
            case "commandstats" -> commandStats();
            case "errorstats" -> errorStats();
            case "cluster" -> field("cluster_enabled", 0);
            default -> keyspace();
        }
    }

    private void server() {
        long upSeconds = (nowMillis - server.startMillis()) / 1000;
        field("redis_version", Server.REDIS_VERSION);
        field("anax_version", CommandLine.VERSION);
        field("redis_mode", "standalone");
        field("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        field("arch_bits", 64);
        field("multiplexing_api", server.io());
        field("process_id", ProcessHandle.current().pid());
        field("tcp_port", server.port());
        field("uptime_in_seconds", upSeconds);
        field("uptime_in_days", upSeconds / 86_400);
    }

    private void clients() {
        field("connected_clients", shard.clients().size());
        field("maxclients", server.config().number(Directive.MAXCLIENTS));
        field("blocked_clients", 0);
    }

    private void memory() {
        field("used_memory", shard.housekeeping().usedBytes());
        field("used_memory_dataset", shard.databases().allocator().usedBytes());
        field("allocator_active", shard.databases().allocator().reservedBytes());
        field("maxmemory", server.config().number(Directive.MAXMEMORY));
        field("maxmemory_policy", server.config().text(Directive.MAXMEMORY_POLICY));
    }

    private void stats() {
        var statistics = shard.databases().statistics();
        field("total_connections_received", shard.connectionCount());
        field("total_commands_processed", shard.statistics().total());
        field("rejected_connections", shard.refusedCount());
        field("expired_keys", statistics.expired());
        field("evicted_keys", statistics.evicted());
        field("keyspace_hits", statistics.hits());
        field("keyspace_misses", statistics.misses());
        field("total_error_replies", shard.statistics().errorReplies());
    }

    private void replication() {
        field("role", "master");
        field("connected_slaves", 0);
    }

    private void cpu() {
        ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .ifPresent(used -> text.append("used_cpu_total:")
                        .append(used.toNanos() / 1e9)
                        .append("\r\n"));
    }

    private void commandStats() {
        var statistics = shard.statistics();
        for (Command command : shard.commands()) {
            long calls = statistics.calls(command.id());
            if (calls > 0) {
                double micros = statistics.nanos(command.id()) / 1e3;
                field(
                        "cmdstat_" + command.fullName(),
                        String.format(
                                "calls=%d,usec=%.0f,usec_per_call=%.2f,rejected_calls=%d,failed_calls=%d",
                                calls,
                                micros,
                                micros / calls,
                                statistics.rejections(command.id()),
                                statistics.failures(command.id())));
            }
        }
    }

    private void errorStats() {
        for (Map.Entry<String, Long> error : shard.statistics().errors().entrySet()) {
            field("errorstat_" + error.getKey(), "count=" + error.getValue());
        }
    }

    private void keyspace() {
        for (Database database : shard.databases().existing()) {
            if (database.size() > 0) {
                field(
                        "db" + database.index(),
                        "keys=" + database.size() + ",expires=" + database.expiresCount() + ",avg_ttl=0");
            }
        }
    }

    private void field(String name, long value) {
        field(name, Long.toString(value));
    }

    private void field(String name, String value) {
        text.append(name).append(':').append(value).append("\r\n");
    }
}
