package io.anax.server;

import java.util.List;
import java.util.TreeMap;

/// What INFO says of keys: in each database, and on each shard.
final class KeyspaceInfo {
    private KeyspaceInfo() {}

    static void databases(InfoText text, List<ShardReport> reports) {
        var sums = new TreeMap<Integer, ShardReport.Keys>();
        for (ShardReport report : reports) {
            report.databases().forEach(keys -> sums.merge(keys.database(), keys, ShardReport.Keys::plus));
        }
        text.section("Keyspace");
        sums.forEach((database, keys) -> text.field(
                "db" + database,
                "keys=" + keys.keys() + ",expires=" + keys.expires() + ",avg_ttl=" + keys.averageTtlMillis()));
    }

    static void shards(InfoText text, List<ShardReport> reports) {
        text.section("Shards");
        for (ShardReport report : reports) {
            var memory = report.memory();
            text.field(
                    "shard" + report.id(),
                    "keys=" + report.keyCount() + ",used_memory=" + memory.usedBytes() + ",reserved_memory="
                            + memory.reservedBytes() + ",clients="
                            + report.clients().count() + ",ops_per_sec="
                            + report.counts().commandsPerSecond() + ",commands="
                            + report.counts().commands() + ",messages="
                            + report.traffic().messages() + ",wake_ups="
                            + report.traffic().wakeUps() + ",transaction_retries="
                            + report.traffic().retries() + ",tickets="
                            + report.traffic().tickets() + ",fibers="
                            + report.traffic().fibers());
        }
    }
}
