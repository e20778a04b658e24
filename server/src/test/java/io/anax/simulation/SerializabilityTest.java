package io.anax.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Whatever the shards do at whatever time: what the clients saw is one story. A failure names its seed;
/// `-Danax.seed=…` runs it alone and tells what happens.
final class SerializabilityTest {
    /// Some ten seconds with checked memory; `-Danax.simulations=…` makes them more.
    static final int SEEDS = Integer.getInteger("anax.simulations", 40);

    @Test
    void manyClientsOfSeveralShardsSeeOneStory() {
        Long only = Long.getLong("anax.seed");
        if (only != null) {
            assertThat(SerializabilityRun.failure(only, true)).isEmpty();
            return;
        }
        long first = System.nanoTime();
        System.out.println("SerializabilityTest: " + SEEDS + " seeds from " + first);
        for (long seed = first; seed < first + SEEDS; seed++) {
            assertThat(SerializabilityRun.failure(seed, false)).isEmpty();
        }
        // Some 20 of 1000 have too many orders to try; few seeds may have more than their share.
        assertThat(SerializabilityRun.undecidedCount).as("undecided").isLessThanOrEqualTo(3 + SEEDS / 25);
    }
}
