package io.anax.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A row of bits against the JDK's.
final class BitRowTest {
    private static final int BITS = 320;

    @Test
    void aRowIsWhatABitSetIs() {
        for (long seed = 1; seed <= 20; seed++) {
            var random = new Random(seed);
            long row = Memory.allocate(BITS / Byte.SIZE);
            Memory.fill(row, BITS / Byte.SIZE, (byte) 0);
            var model = new BitSet(BITS);
            for (int step = 0; step < 500; step++) {
                int from = random.nextInt(BITS);
                int count = 1 + random.nextInt(BITS - from);
                if (random.nextInt(3) > 0) {
                    count = Math.min(count, 1 + random.nextInt(70));
                }
                if (random.nextBoolean()) {
                    BitRow.set(row, from, count);
                    model.set(from, from + count);
                } else {
                    BitRow.clear(row, from, count);
                    model.clear(from, from + count);
                }
                compare(row, model, random, "seed " + seed + " step " + step);
            }
            Memory.free(row, BITS / Byte.SIZE);
        }
    }

    private static void compare(long row, BitSet model, Random random, String what) {
        for (int i = 0; i < 20; i++) {
            int from = random.nextInt(BITS + 1);
            int end = random.nextInt(BITS + 1);
            int nextSet = model.nextSetBit(from);
            int expected = nextSet < 0 ? end : Math.min(nextSet, end);
            assertThat(BitRow.nextSet(row, from, end)).as(what).isEqualTo(from >= end ? end : expected);
            expected = Math.min(model.nextClearBit(from), end);
            assertThat(BitRow.nextClear(row, from, end)).as(what).isEqualTo(from >= end ? end : expected);
            if (from < BITS) {
                assertThat(BitRow.isSet(row, from)).as(what).isEqualTo(model.get(from));
            }
            int last = model.previousSetBit(from - 1);
            if (last >= 0) {
                assertThat(BitRow.lastSet(row, from)).as(what).isEqualTo(last);
            }
        }
    }
}
