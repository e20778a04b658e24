package io.anax.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Whatever the shards do at whatever time: what the clients saw is one story. A failure names its seed;
/// `-Danax.seed=…` runs it alone and tells what happens.
final class SerializabilityTest {
    @Test
    void manyClientsOfSeveralShardsSeeOneStory() {
        Long only = Long.getLong("anax.seed");
        if (only != null) {
            assertThat(SerializabilityRun.failure(only, true)).isEmpty();
            return;
        }
        long first = System.nanoTime();
        int count = Integer.getInteger("anax.simulations", 2000);
        System.out.println("SerializabilityTest: " + count + " seeds from " + first);
        for (long seed = first; seed < first + count; seed++) {
            assertThat(SerializabilityRun.failure(seed, false)).isEmpty();
        }
    }
}
