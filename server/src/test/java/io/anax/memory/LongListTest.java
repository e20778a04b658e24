package io.anax.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class LongListTest {
    @Test
    void itHoldsWhatAJavaListHolds() {
        long seed = 12;
        var random = new Random(seed);
        var list = new LongList();
        var model = new ArrayList<Long>();
        for (int step = 0; step < 20_000; step++) {
            int choice = random.nextInt(100);
            if (choice == 0) {
                int size = random.nextInt(model.size() + 1);
                list.truncate(size);
                model.subList(size, model.size()).clear();
            } else if (choice < 20 && !model.isEmpty()) {
                int index = random.nextInt(model.size());
                list.set(index, step);
                model.set(index, (long) step);
            } else {
                list.add(-step);
                model.add((long) -step);
            }
            assertThat(list.size()).as("seed %d", seed).isEqualTo(model.size());
        }
        for (int i = 0; i < model.size(); i++) {
            assertThat(list.get(i)).isEqualTo(model.get(i));
        }
        list.clear();
        assertThat(list.isEmpty()).isTrue();
    }

    @Test
    void theLastOneTakesThePlaceOfOneThatIsRemoved() {
        var list = new LongList();
        for (long item = 1; item <= 4; item++) {
            list.add(item);
        }
        list.remove(2);
        assertThat(LongStream.range(0, list.size()).map(i -> list.get((int) i))).containsExactly(1L, 4L, 3L);
        list.remove(3);
        list.remove(1);
        list.remove(4);
        assertThat(list.isEmpty()).isTrue();
    }
}
