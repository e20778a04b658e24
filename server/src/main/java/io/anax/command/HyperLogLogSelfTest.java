package io.anax.command;

import io.anax.Limits;
import io.anax.keyspace.SplitMix;
import io.anax.memory.Memory;
import io.anax.types.HyperLogLog;

/// PFSELFTEST: adds a million different numbers to a HyperLogLog that is sparse at first and to a dense
/// one, and compares both with each other and with the truth. Takes a tenth of a second, on a fiber.
final class HyperLogLogSelfTest {
    private static final int ELEMENTS = 1_000_000;
    private static final int FIRST_COMPARED = 1000; // after it, each power of ten
    private static final int BETWEEN_PAUSES = 256; // elements, some 10 microseconds
    private static final double STANDARD_ERROR = 0.0081; // 1.04 / sqrt(16384)
    private static final int ERRORS_ALLOWED = 6; // as Redis: 1 of 500 million honest runs is worse

    private final CommandContext ctx;
    private final long sparse;
    private final long dense;
    private final long element;
    private int sparseSize;

    private HyperLogLogSelfTest(CommandContext ctx, long room) {
        this.ctx = ctx;
        sparse = room;
        dense = room + HyperLogLog.DENSE_SIZE;
        element = dense + HyperLogLog.DENSE_SIZE;
    }

    static void pfSelfTest(CommandContext ctx) {
        ctx.needFiber();
        int size = 2 * HyperLogLog.DENSE_SIZE + Long.BYTES;
        long room = Memory.allocate(size);
        try {
            new HyperLogLogSelfTest(ctx, room).run();
        } finally {
            Memory.free(room, size);
        }
        ctx.reply().ok();
    }

    private void run() {
        sparseSize = HyperLogLog.create(sparse);
        HyperLogLog.toDense(dense, HyperLogLog.create(dense));
        long seed = new SplitMix(ctx.nowMillis()).next();
        int compared = FIRST_COMPARED;
        for (int n = 1; n <= ELEMENTS; n++) {
            Memory.putLong(element, n ^ seed);
            addToBoth(n);
            if (n == compared) {
                compare(n);
                compared *= 10;
            }
            if (n % BETWEEN_PAUSES == 0) {
                ctx.checkpoint();
            }
        }
    }

    private void addToBoth(int n) {
        int one = add(sparse, sparseSize);
        int other = add(dense, HyperLogLog.DENSE_SIZE);
        sparseSize = one > 0 ? one : sparseSize;
        if (one > 0 != other > 0) {
            throw failed("sparse and dense disagree about element " + n);
        }
    }

    private int add(long hll, int size) {
        return HyperLogLog.add(hll, size, element, Long.BYTES, Limits.HLL_SPARSE_BYTES_MAX);
    }

    private void compare(int n) {
        long counted = HyperLogLog.count(dense, HyperLogLog.DENSE_SIZE);
        if (counted != HyperLogLog.count(sparse, sparseSize)) {
            throw failed("sparse and dense count differently at " + n);
        }
        if (Math.abs(counted - n) > Math.ceil(ERRORS_ALLOWED * STANDARD_ERROR * n)) {
            throw failed("Too big error. card:" + n + " abserr:" + Math.abs(counted - n));
        }
    }

    private static CommandException failed(String why) {
        return CommandException.error("TESTFAILED " + why);
    }
}
