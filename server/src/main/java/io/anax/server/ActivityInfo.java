package io.anax.server;

import static io.anax.server.ShardReport.most;
import static io.anax.server.ShardReport.sum;

import java.util.List;

/// What INFO says of clients and of what was counted.
final class ActivityInfo {
    private ActivityInfo() {}

    /// Clients wait for the end of a pause only, and track no keys so far.
    static void clients(InfoText text, List<ShardReport> reports, Config config) {
        text.section("Clients");
        text.field("connected_clients", sum(reports, report -> report.clients().count()));
        text.field("cluster_connections", 0);
        text.field("maxclients", config.number(Directive.MAXCLIENTS));
        text.field(
                "client_recent_max_input_buffer",
                most(reports, report -> report.clients().longestInputBytes()));
        text.field(
                "client_recent_max_output_buffer",
                most(reports, report -> report.clients().longestOutputBytes()));
        text.field("blocked_clients", sum(reports, report -> report.clients().waiting()));
        text.field("tracking_clients", 0);
        text.field("clients_in_timeout_table", 0);
        text.field("total_blocking_keys", 0);
        text.field("total_blocking_keys_on_nokey", 0);
    }

    static void stats(InfoText text, List<ShardReport> reports) {
        text.section("Stats");
        text.field(
                "total_connections_received",
                sum(reports, report -> report.counts().connections()));
        text.field(
                "total_commands_processed",
                sum(reports, report -> report.counts().commands()));
        text.field(
                "instantaneous_ops_per_sec",
                sum(reports, report -> report.counts().commandsPerSecond()));
        text.field(
                "total_net_input_bytes", sum(reports, report -> report.counts().inputBytes()));
        text.field(
                "total_net_output_bytes", sum(reports, report -> report.counts().outputBytes()));
        long inputPerSecond = sum(reports, report -> report.counts().inputPerSecondBytes());
        long outputPerSecond = sum(reports, report -> report.counts().outputPerSecondBytes());
        text.field("instantaneous_input_kbps", inputPerSecond / 1024.0, 2);
        text.field("instantaneous_output_kbps", outputPerSecond / 1024.0, 2);
        text.field(
                "rejected_connections", sum(reports, report -> report.counts().refused()));
        text.field("sync_full", 0);
        text.field("sync_partial_ok", 0);
        text.field("sync_partial_err", 0);
        text.field("expired_keys", sum(reports, report -> report.counts().expired()));
        text.field("evicted_keys", sum(reports, report -> report.counts().evicted()));
        text.field("evicted_clients", 0);
        text.field("keyspace_hits", sum(reports, report -> report.counts().hits()));
        text.field("keyspace_misses", sum(reports, report -> report.counts().misses()));
        text.field("pubsub_channels", 0);
        text.field("pubsub_patterns", 0);
        text.field("pubsubshard_channels", 0);
        text.field("latest_fork_usec", 0); // there are no forks
        text.field("total_forks", 0);
        text.field("tracking_total_keys", 0);
        text.field("tracking_total_items", 0);
        text.field("tracking_total_prefixes", 0);
        text.field("total_error_replies", sum(reports, report -> report.counts().errors()));
        text.field(
                "total_reads_processed", sum(reports, report -> report.counts().reads()));
    }
}
