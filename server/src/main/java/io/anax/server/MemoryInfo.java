package io.anax.server;

import java.util.List;

/// What INFO says of memory.
final class MemoryInfo {
    private MemoryInfo() {}

    static void memory(InfoText text, List<ShardReport> reports, Config config) {
        ProcessStatus process = ProcessStatus.now();
        MemoryUse use = MemoryUse.of(reports, process);
        text.section("Memory");
        text.size("used_memory", use.usedBytes());
        text.size("used_memory_rss", use.rssBytes());
        text.size("used_memory_peak", use.peakBytes());
        text.percent("used_memory_peak_perc", use.peakPercent());
        text.field("used_memory_overhead", use.overheadBytes());
        text.field("used_memory_startup", 0); // shards start with nothing
        text.field("used_memory_dataset", use.datasetBytes());
        text.percent("used_memory_dataset_perc", use.datasetPercent());
        text.field("allocator_allocated", use.dataBytes());
        text.field("allocator_active", use.reservedBytes());
        text.field("allocator_resident", use.reservedBytes());
        text.size("total_system_memory", process.systemBytes());
        scripts(text);
        text.size("maxmemory", config.number(Directive.MAXMEMORY));
        text.field("maxmemory_policy", config.text(Directive.MAXMEMORY_POLICY));
        fragmentation(text, use);
        clients(text, use);
        text.field("mem_allocator", "slabs");
        text.field("active_defrag_running", 0);
        text.field(
                "lazyfree_pending_objects",
                ShardReport.sum(reports, report -> report.memory().isReclaiming() ? 1 : 0));
    }

    /// There are no scripts so far.
    private static void scripts(InfoText text) {
        text.field("used_memory_scripts_eval", 0);
        text.field("number_of_cached_scripts", 0);
        text.field("number_of_functions", 0);
        text.field("number_of_libraries", 0);
    }

    private static void fragmentation(InfoText text, MemoryUse use) {
        text.field("allocator_frag_ratio", use.allocatorRatio(), 2);
        text.field("allocator_frag_bytes", use.reservedBytes() - use.dataBytes());
        text.field("rss_overhead_ratio", use.processToReservedRatio(), 2);
        text.field("rss_overhead_bytes", use.rssBytes() - use.reservedBytes());
        text.field("mem_fragmentation_ratio", use.processRatio(), 2);
        text.field("mem_fragmentation_bytes", use.rssBytes() - use.usedBytes());
    }

    private static void clients(InfoText text, MemoryUse use) {
        text.field("mem_not_counted_for_evict", 0);
        text.field("mem_replication_backlog", 0);
        text.field("mem_total_replication_buffers", 0);
        text.field("mem_clients_slaves", 0);
        text.field("mem_clients_normal", use.clientBytes());
        text.field("mem_cluster_links", 0);
        text.field("mem_aof_buffer", 0);
    }
}
