package io.anax.server;

import java.util.List;

/// The memory of all shards together, and that of the process around them: bytes, and what they mean to
/// each other. INFO and MEMORY STATS say the same with it.
///
/// ```
///  process   |------------------------------ rss -------------------------------|
///  shards    |------- reserved for data and tables -------|-- buffers --|
///            |-- live: entries --|-- tables --|-- free ---|
///  used       live + buffers;  overhead = tables + buffers;  dataset = used - overhead
/// ```
record MemoryUse(
        long usedBytes,
        long dataBytes,
        long reservedBytes,
        long bufferBytes,
        long clientBytes,
        long peakBytes,
        long tableBytes,
        long keyCount,
        long rssBytes) {

    static MemoryUse of(List<ShardReport> reports, ProcessStatus process) {
        return new MemoryUse(
                ShardReport.sum(reports, report -> report.memory().usedBytes()),
                ShardReport.sum(reports, report -> report.memory().dataBytes()),
                ShardReport.sum(reports, report -> report.memory().reservedBytes()),
                ShardReport.sum(reports, report -> report.memory().bufferBytes()),
                ShardReport.sum(reports, report -> report.memory().clientBytes()),
                ShardReport.sum(reports, report -> report.memory().peakBytes()),
                ShardReport.sum(reports, ShardReport::tableBytes),
                ShardReport.sum(reports, ShardReport::keyCount),
                process.rssBytes());
    }

    /// What is used but for the data itself.
    long overheadBytes() {
        return tableBytes + bufferBytes;
    }

    long datasetBytes() {
        return usedBytes - overheadBytes();
    }

    double datasetPercent() {
        return percent(datasetBytes(), usedBytes);
    }

    double peakPercent() {
        return percent(usedBytes, peakBytes);
    }

    long bytesPerKey() {
        return keyCount == 0 ? 0 : usedBytes / keyCount;
    }

    /// Taken from the system for data, by what of it is live.
    double allocatorRatio() {
        return ratio(reservedBytes, dataBytes);
    }

    /// The process, by what is used: large while little is, since the JVM itself counts.
    double processRatio() {
        return ratio(rssBytes, usedBytes);
    }

    /// The process, by what shards took for data.
    double processToReservedRatio() {
        return ratio(rssBytes, reservedBytes);
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }

    private static double ratio(long one, long other) {
        return other == 0 ? 0 : (double) one / other;
    }
}
