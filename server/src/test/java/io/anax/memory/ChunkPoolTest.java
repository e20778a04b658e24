package io.anax.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ChunkPoolTest {
    private static final long SIZE = ChunkPool.CHUNK_SIZE;
    private static final int STAYS = 256;
    private static final int KEPT_MAX = 4096;

    private final ChunkPool pool = new ChunkPool();
    private final ChunkPool other = new ChunkPool();
    private final ArrayDeque<Long> used = new ArrayDeque<>();

    @AfterEach
    void nothingIsLost() {
        used.forEach(pool::give);
        pool.trim();
        other.trim();
        assertThat(pool.heldBytes() + other.heldBytes()).isZero();
    }

    private void use(int count) {
        for (int i = 0; i < count; i++) {
            used.add(pool.take());
        }
    }

    private void giveBack() {
        used.forEach(pool::give);
        used.clear();
    }

    @Test
    void whatNobodyWantsGoesBackInSteps() {
        use(1000);
        giveBack();
        assertThat(pool.heldBytes()).isEqualTo(1000 * SIZE);
        long before = pool.heldBytes();
        for (int i = 0; i < 100; i++) {
            pool.releaseSome();
            assertThat(before - pool.heldBytes()).isLessThanOrEqualTo(64 * SIZE);
            before = pool.heldBytes();
        }
        assertThat(pool.heldBytes()).isEqualTo(STAYS * SIZE);
    }

    @Test
    void whatIsNeededAgainAndAgainStays() {
        for (int i = 0; i < 100; i++) {
            use(1000);
            pool.releaseSome();
            giveBack();
        }
        assertThat(pool.heldBytes()).isEqualTo(1000 * SIZE);
    }

    @Test
    void moreThanIsKeptGoesBackAtOnce() {
        use(KEPT_MAX + 10);
        giveBack();
        assertThat(pool.heldBytes()).isEqualTo(KEPT_MAX * SIZE);
    }

    @Test
    void whatTheShardKeepsIsTakenBeforeNewOnesAreMade() {
        use(3);
        giveBack();
        other.drawFrom(pool);
        long held = Memory.allocatedBytes();
        long[] chunks = {other.take(), other.take(), other.take()};
        assertThat(Memory.allocatedBytes()).isEqualTo(held);
        assertThat(pool.heldBytes()).isZero();
        assertThat(other.heldBytes()).isEqualTo(3 * SIZE);
        other.give(other.take());
        assertThat(other.heldBytes()).isEqualTo(4 * SIZE);
        for (long chunk : chunks) {
            other.give(chunk);
        }
        other.giveUp();
        assertThat(other.heldBytes()).isZero();
        assertThat(pool.heldBytes()).isEqualTo(4 * SIZE);
    }

    @Test
    void whoWasElsewhereTakesBackWhatItHandsOver() {
        use(2);
        giveBack();
        long chunk = other.take();
        other.handOver(pool);
        used.add(chunk);
        assertThat(other.heldBytes()).isEqualTo(SIZE);
        other.giveUp();
        assertThat(other.heldBytes()).isZero();
        assertThat(pool.heldBytes()).isEqualTo(2 * SIZE);

        other.drawFrom(pool);
        chunk = other.take();
        other.handOver(pool);
        used.add(chunk);
        assertThat(other.heldBytes()).isZero();
        assertThat(pool.heldBytes()).isEqualTo(2 * SIZE);
    }

    @Test
    void oneByOneUntilNoneIsLeft() {
        use(2);
        assertThat(pool.releaseOne()).isFalse();
        giveBack();
        assertThat(pool.releaseOne()).isTrue();
        assertThat(pool.releaseOne()).isTrue();
        assertThat(pool.releaseOne()).isFalse();
        assertThat(pool.heldBytes()).isZero();
    }

    /// No chunk is given out twice, and every one is somewhere.
    @Test
    void chunksOfTwoPoolsAgainstAQueue() {
        for (long seed = 1; seed <= 50; seed++) {
            var random = new Random(seed);
            other.drawFrom(pool);
            var ofPool = new ArrayDeque<Long>();
            var ofOther = new ArrayDeque<Long>();
            for (int step = 0; step < 2_000; step++) {
                switch (random.nextInt(8)) {
                    case 0, 1 -> taken(pool, ofPool);
                    case 2, 3 -> taken(other, ofOther);
                    case 4 -> given(pool, ofPool, seed);
                    case 5 -> given(other, ofOther, seed);
                    case 6 -> {
                        if (!ofOther.isEmpty()) {
                            other.handOver(pool);
                            ofPool.add(ofOther.remove());
                        }
                    }
                    default -> pool.releaseSome();
                }
                assertThat(pool.heldBytes()).as("seed %d", seed).isGreaterThanOrEqualTo(ofPool.size() * SIZE);
                assertThat(other.heldBytes()).as("seed %d", seed).isGreaterThanOrEqualTo(ofOther.size() * SIZE);
            }
            ofPool.forEach(pool::give);
            ofOther.forEach(other::give);
            other.giveUp();
            assertThat(other.heldBytes()).isZero();
        }
    }

    /// Marked: one that somebody else has too would be seen.
    private static void taken(ChunkPool from, ArrayDeque<Long> to) {
        long chunk = from.take();
        Memory.putLong(chunk, 0); // where the list goes through those that are kept
        Memory.putLong(chunk + 8, chunk);
        assertThat(to).doesNotContain(chunk);
        to.add(chunk);
    }

    private static void given(ChunkPool to, ArrayDeque<Long> from, long seed) {
        if (!from.isEmpty()) {
            long chunk = from.remove();
            assertThat(Memory.getLong(chunk + 8)).as("seed %d", seed).isEqualTo(chunk);
            to.give(chunk);
        }
    }
}
