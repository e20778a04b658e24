package io.anax.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A bucket against a list of fingerprints and addresses.
final class BucketTest {
    private final SlabAllocator allocator = new SlabAllocator();
    private final long bucket = allocator.allocate(Bucket.SIZE);
    private final long memory = allocator.allocate(1 << 15);

    @AfterEach
    void freeAll() {
        allocator.free(bucket, Bucket.SIZE);
        allocator.free(memory, 1 << 15);
        allocator.close();
    }

    private record Slot(byte fingerprint, long entry) {}

    @Test
    void keepsEntriesInTheirOrder() {
        long seed = 5;
        var random = new Random(seed);
        List<Slot> model = new ArrayList<>();
        Memory.fill(bucket, Bucket.SIZE, (byte) 0);
        for (int step = 0; step < 20_000; step++) {
            if (model.isEmpty() || model.size() < Bucket.SLOTS && random.nextInt(5) < 3) {
                byte fingerprint = KeyHash.fingerprint(random.nextInt(6) * 51L); // few, with the extremes 1 and 255
                var slot = new Slot(fingerprint, memory + 4 * random.nextInt(1 << 13));
                Bucket.append(bucket, slot.fingerprint, slot.entry);
                model.add(slot);
            } else if (random.nextBoolean()) {
                int slot = random.nextInt(model.size());
                int to = random.nextInt(slot + 1);
                Bucket.moveForward(bucket, slot, to);
                model.add(to, model.remove(slot));
            } else {
                int slot = random.nextInt(model.size());
                Bucket.remove(bucket, slot);
                model.remove(slot);
            }
            assertSame(model);
        }
    }

    private void assertSame(List<Slot> model) {
        assertThat(Bucket.count(bucket)).isEqualTo(model.size());
        assertThat(Bucket.isFull(bucket)).isEqualTo(model.size() == Bucket.SLOTS);
        assertThat(Bucket.isEmpty(bucket)).isEqualTo(model.isEmpty());
        int[] matches = new int[256];
        for (int slot = 0; slot < model.size(); slot++) {
            assertThat(Bucket.entry(bucket, slot)).isEqualTo(model.get(slot).entry);
            matches[model.get(slot).fingerprint & 0xFF] |= 1 << slot;
        }
        for (int fingerprint = 1; fingerprint < 256; fingerprint++) {
            assertThat(Bucket.matches(bucket, (byte) fingerprint)).isEqualTo(matches[fingerprint]);
        }
    }

    @Test
    void theOverflowCountStaysAtItsLimit() {
        Memory.fill(bucket, Bucket.SIZE, (byte) 0);
        Bucket.addOverflow(bucket);
        Bucket.subtractOverflow(bucket);
        assertThat(Bucket.overflow(bucket)).isZero();
        for (int i = 0; i < 300; i++) {
            Bucket.addOverflow(bucket);
        }
        Bucket.subtractOverflow(bucket);
        assertThat(Bucket.overflow(bucket)).isEqualTo(Bucket.OVERFLOW_MAX);
    }
}
