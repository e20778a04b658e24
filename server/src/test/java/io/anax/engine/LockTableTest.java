package io.anax.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.memory.Workspace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The table of intents against a map of counters.
final class LockTableTest {
    private static final int STEPS = 40_000;

    private record Intent(long fingerprint, boolean alone) {}

    private final LockTable table = new LockTable(new Workspace());
    private final Map<Long, int[]> counters = new HashMap<>(); // shared, exclusive
    private final List<Intent> held = new ArrayList<>();
    private final List<Boolean> heldShards = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 40, 1_000, 20_000})
    void countsAsAMapDoes(int keys) {
        long seed = Long.getLong("anax.seed", System.nanoTime());
        System.out.println("LockTableTest: " + keys + " keys -Danax.seed=" + seed);
        var random = new Random(seed);
        for (int i = 0; i < STEPS; i++) {
            boolean grows = i / 4_000 % 2 == 0; // full, then empty again
            step(random, keys, grows ? 7 : 3);
            ask(random, keys);
            if (i % 500 == 0) {
                table.checkInvariants();
            }
            if (random.nextInt(10_000) == 0) {
                clear();
            }
        }
    }

    private void step(Random random, int keys, int acquiresInTen) {
        boolean acquires = random.nextInt(10) < acquiresInTen;
        boolean alone = random.nextBoolean();
        if (random.nextInt(10) == 0) {
            shard(random, acquires, alone);
        } else if (acquires) {
            acquire(new Intent(fingerprint(random, keys), alone));
        } else if (!held.isEmpty()) {
            release(held.remove(random.nextInt(held.size())));
        }
    }

    private void shard(Random random, boolean acquires, boolean alone) {
        if (acquires) {
            table.acquireShard(alone);
            heldShards.add(alone);
        } else if (!heldShards.isEmpty()) {
            table.releaseShard(heldShards.remove(random.nextInt(heldShards.size())));
        }
    }

    private void acquire(Intent intent) {
        table.acquire(intent.fingerprint, intent.alone);
        counters.computeIfAbsent(intent.fingerprint, _ -> new int[2])[intent.alone ? 1 : 0]++;
        held.add(intent);
    }

    private void release(Intent intent) {
        table.release(intent.fingerprint, intent.alone);
        counters.get(intent.fingerprint)[intent.alone ? 1 : 0]--;
    }

    private void clear() {
        table.clear();
        counters.clear();
        held.clear();
        heldShards.clear();
    }

    private void ask(Random random, int keys) {
        long asked = fingerprint(random, keys);
        int[] found = counters.getOrDefault(asked, new int[2]);
        boolean shardAlone = heldShards.contains(true);
        boolean shardShared = heldShards.contains(false);
        assertThat(table.isFree(asked, false)).isEqualTo(!shardAlone && found[1] == 0);
        assertThat(table.isFree(asked, true)).isEqualTo(heldShards.isEmpty() && found[0] + found[1] == 0);
        boolean anyAlone =
                held.stream().limit(20).anyMatch(Intent::alone) || held.stream().anyMatch(Intent::alone);
        assertThat(table.isShardFree(false)).isEqualTo(!shardAlone && !anyAlone);
        assertThat(table.isShardFree(true)).isEqualTo(!shardAlone && !shardShared && held.isEmpty());
        assertThat(table.isEmpty()).isEqualTo(held.isEmpty() && heldShards.isEmpty());
    }

    /// Neighbours too, so that they meet in the table.
    private static long fingerprint(Random random, int keys) {
        long key = random.nextInt(keys);
        return (random.nextBoolean() ? key * 0x9E37_79B9_7F4A_7C15L : key << 1) | 1L << 63;
    }
}
