package io.anax.keyspace;

import io.anax.memory.Memory;
import io.anax.memory.Pager;
import io.anax.memory.SlabAllocator;
import io.anax.server.PagerThread;
import io.anax.table.KeyHash;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/// Measures what the table takes for a key after a fill, after nine in ten keys were deleted, after as
/// many random insertions and deletions as there are keys ten times over, and in a new database of the
/// same size. Prints also the worst insertions of a fill of 3M keys, in CPU time of the thread. The same
/// fill grows at the same insertions each time, so each counts as the best of some fills: what the
/// machine does else, now here and now there, falls out.
public final class TableSize {
    private static final int KEY_SIZE = Long.BYTES;
    private static final int FILL = 1_000_000;
    private static final int LONG_FILL = 3_000_000;
    private static final int FILLS = 6;
    private static final int WORST = 10;

    private final Pager pager = new Pager();
    private final SlabAllocator allocator = new SlabAllocator(pager);
    private final Databases databases = new Databases(allocator, 1);
    private final Database db = databases.at(0);
    private final SplitMix random = new SplitMix(1);
    private final long key = Memory.allocate(KEY_SIZE);
    private long[] present = new long[FILL];
    private int count;
    private long nextKey;

    private final PagerThread pagerThread = new PagerThread(pager);

    private TableSize() {
        pagerThread.start();
    }

    public static void main(String[] arguments) {
        new TableSize().churn();
        steps();
    }

    private void churn() {
        fill(FILL);
        report("1M inserted");
        while (count > FILL / 10) {
            removeRandom();
        }
        report("90 % deleted");
        int rest = count;
        long begin = cpuNanos();
        for (int i = 0; i < 10 * rest; i++) {
            insert();
            removeRandom();
        }
        report("churned, %.0f ns a pair".formatted((cpuNanos() - begin) / (10.0 * rest)));
        for (int i = 0; i < 10 * rest; i++) {
            removeRandom();
            insert();
        }
        report("churned more");
        close();
        var fresh = new TableSize();
        fresh.fill(rest);
        fresh.report("new");
        fresh.close();
    }

    private void fill(int keys) {
        for (int i = 0; i < keys; i++) {
            insert();
        }
    }

    private void insert() {
        present[count++] = nextKey;
        put(nextKey++);
    }

    private void put(long number) {
        Memory.putLong(key, number);
        db.putInteger(KeyHash.hash(key, KEY_SIZE), key, KEY_SIZE, number, Database.NEVER, 0);
    }

    private void removeRandom() {
        int at = random.below(count);
        Memory.putLong(key, present[at]);
        db.remove(KeyHash.hash(key, KEY_SIZE), key, KEY_SIZE, 0);
        present[at] = present[--count];
    }

    private void report(String when) {
        System.out.printf(
                "%-28s %8d keys, table %.2f bytes a key%n", when, db.size(), (double) db.tableBytes() / db.size());
    }

    private static void steps() {
        long[] best = new long[LONG_FILL];
        Arrays.fill(best, Long.MAX_VALUE);
        for (int round = 1; round <= FILLS; round++) {
            new TableSize().timedFill(best);
            long[] worst = new long[WORST];
            for (long nanos : best) {
                keepWorst(worst, nanos);
            }
            var line = new StringBuilder();
            for (long nanos : worst) {
                line.append(" %.0f".formatted(nanos / 1e3));
            }
            System.out.printf("worst insertions of 3M, us of CPU, best of %d:%s%n", round, line);
        }
    }

    private void timedFill(long[] best) {
        for (int i = 0; i < best.length; i++) {
            long begin = cpuNanos();
            put(i);
            best[i] = Math.min(best[i], cpuNanos() - begin);
        }
        close();
    }

    private static void keepWorst(long[] worst, long nanos) {
        int at = worst.length;
        while (at > 0 && worst[at - 1] < nanos) {
            at--;
        }
        if (at < worst.length) {
            System.arraycopy(worst, at, worst, at + 1, worst.length - 1 - at);
            worst[at] = nanos;
        }
    }

    private void close() {
        databases.close();
        allocator.close();
        try {
            pagerThread.stop();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        pager.close();
        Memory.free(key, KEY_SIZE);
        present = new long[0];
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
