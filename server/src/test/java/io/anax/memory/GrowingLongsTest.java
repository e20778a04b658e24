package io.anax.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class GrowingLongsTest {
    private final Workspace workspace = new Workspace();
    private final GrowingLongs longs = new GrowingLongs(workspace);
    private final GrowingLongs copy = new GrowingLongs(workspace);

    @Test
    void theyAreWhatAJavaListIs() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var model = new ArrayList<Long>();
        for (int step = 0; step < 200_000; step++) {
            int choice = random.nextInt(40_000);
            if (choice == 0) {
                longs.clear();
                model.clear();
                assertThat(longs.areMany()).isFalse();
            } else if (choice < 10) {
                copy.copy(longs);
                assertSame(copy, model, seed);
            } else if (choice < 4_000 && !model.isEmpty()) {
                int index = random.nextInt(model.size());
                longs.set(index, step);
                model.set(index, (long) step);
            } else {
                longs.add(-step);
                model.add((long) -step);
            }
        }
        assertSame(longs, model, seed);
        longs.clear();
        copy.clear();
        assertThat(workspace.heldBytes()).as("seed %d", seed).isZero();
    }

    private static void assertSame(GrowingLongs longs, List<Long> model, long seed) {
        assertThat(longs.size()).as("seed %d", seed).isEqualTo(model.size());
        for (int i = 0; i < model.size(); i++) {
            assertThat(longs.get(i)).as("seed %d", seed).isEqualTo(model.get(i));
        }
    }

    @Test
    void manyOfThemAreCountedWhereTheyAre() {
        for (int i = 0; i < 100_000; i++) {
            longs.add(i);
        }
        assertThat(longs.areMany()).isTrue();
        assertThat(workspace.heldBytes()).isGreaterThanOrEqualTo(100_000 * Long.BYTES);
        copy.copy(longs);
        assertThat(workspace.heldBytes()).isGreaterThanOrEqualTo(2 * 100_000 * Long.BYTES);
        longs.clear();
        copy.clear();

        var elsewhere = new Workspace();
        longs.countIn(elsewhere);
        for (int i = 0; i < 100_000; i++) {
            longs.add(i);
        }
        assertThat(workspace.heldBytes()).isZero();
        assertThat(elsewhere.heldBytes()).isGreaterThanOrEqualTo(100_000 * Long.BYTES);
        longs.clear();
        assertThat(elsewhere.heldBytes()).isZero();
    }
}
