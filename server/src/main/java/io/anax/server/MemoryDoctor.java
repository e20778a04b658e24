package io.anax.server;

import java.util.ArrayList;
import java.util.List;

/// MEMORY DOCTOR: what is wrong with the use of memory, as far as numbers tell.
final class MemoryDoctor {
    /// With less in use the ratios say nothing.
    private static final long WORTH_LOOKING_BYTES = 5 << 20;

    private static final double PEAK_PERCENT_LOW = 66;
    private static final double ALLOCATOR_RATIO_HIGH = 1.25;
    private static final double LIMIT_SHARE_HIGH = 0.9;
    private static final double CLIENT_SHARE_HIGH = 0.2;

    private MemoryDoctor() {}

    static String report(MemoryUse use, Config config) {
        if (use.usedBytes() < WORTH_LOOKING_BYTES) {
            return "Too little memory is in use to say anything about it.\n";
        }
        var findings = findings(use, config);
        if (findings.isEmpty()) {
            return "Nothing is wrong with the use of memory.\n";
        }
        var report = new StringBuilder("This was found:\n\n");
        for (String finding : findings) {
            report.append(" * ").append(finding).append("\n\n");
        }
        return report.toString();
    }

    private static List<String> findings(MemoryUse use, Config config) {
        var findings = new ArrayList<String>();
        if (use.peakPercent() < PEAK_PERCENT_LOW) {
            findings.add("Peak: at its most the server used " + MemorySize.human(use.peakBytes()) + ", now "
                    + MemorySize.human(use.usedBytes())
                    + ". Memory that it took from the system then may not be back yet: MEMORY PURGE gives back"
                    + " what is unused.");
        }
        if (use.allocatorRatio() > ALLOCATOR_RATIO_HIGH) {
            findings.add("Fragmentation: of " + MemorySize.human(use.reservedBytes()) + " reserved for data only "
                    + MemorySize.human(use.dataBytes()) + " are in use. New data fills the gaps first.");
        }
        if (use.clientBytes() > use.usedBytes() * CLIENT_SHARE_HIGH) {
            findings.add("Clients: " + MemorySize.human(use.clientBytes())
                    + " are requests and replies under way. CLIENT LIST shows whose.");
        }
        long limit = config.number(Directive.MAXMEMORY);
        if (limit > 0 && use.usedBytes() > limit * LIMIT_SHARE_HIGH) {
            findings.add("Limit: " + MemorySize.human(use.usedBytes()) + " of " + MemorySize.human(limit)
                    + " (maxmemory) are in use; the policy beyond is "
                    + config.text(Directive.MAXMEMORY_POLICY) + ".");
        }
        return findings;
    }
}
