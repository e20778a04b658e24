package io.anax.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MemoryTest {
    private static final int SIZE = 4096;
    private static final long SEED = 0x5EED_0001L;

    private final Random random = new Random(SEED);
    private long buffer;
    private long other;
    private byte[] model = new byte[SIZE];

    @BeforeEach
    void allocate() {
        buffer = Memory.allocate(SIZE);
        other = Memory.allocate(SIZE);
        random.nextBytes(model);
        Memory.copy(model, 0, buffer, SIZE);
    }

    @AfterEach
    void free() {
        Memory.free(buffer, SIZE);
        Memory.free(other, SIZE);
    }

    @Test
    void numbersAreLittleEndianAndNeedNoAlignment() {
        Memory.putLong(buffer + 3, 0x0807_0605_0403_0201L);
        assertThat(Memory.bytes(buffer + 3, 8)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(Memory.getLong(buffer + 3)).isEqualTo(0x0807_0605_0403_0201L);
        assertThat(Memory.getInt(buffer + 4)).isEqualTo(0x0504_0302);
        assertThat(Memory.getShort(buffer + 5)).isEqualTo((short) 0x0403);
        assertThat(Memory.getByte(buffer + 6)).isEqualTo((byte) 4);
    }

    @Test
    void whatIsReleasedIsAcquired() {
        long aligned = (buffer + 7) & -8;
        Memory.putLongRelease(aligned, -5L);
        Memory.putIntRelease(aligned + 8, -6);
        assertThat(Memory.getLongAcquire(aligned)).isEqualTo(-5L);
        assertThat(Memory.getIntAcquire(aligned + 8)).isEqualTo(-6);
        assertThat(Memory.getLong(aligned)).isEqualTo(-5L);
        assertThat(Memory.getInt(aligned + 8)).isEqualTo(-6);
    }

    @Test
    void anOrderedAccessIsAligned() {
        long aligned = (buffer + 7) & -8;
        assertThatThrownBy(() -> Memory.putLongRelease(aligned + 4, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Memory.getLongAcquire(aligned + 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Memory.putIntRelease(aligned + 2, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Memory.getIntAcquire(aligned + 3)).isInstanceOf(AssertionError.class);
    }

    /// A message is four longs behind a counter that is released: its reader never sees half of one.
    @Test
    void whatWasWrittenBeforeTheReleaseIsSeenBehindTheAcquire() throws InterruptedException {
        int messages = 200_000;
        long sent = (buffer + 63) & -64;
        long received = sent + 128;
        long message = sent + 256;
        Memory.putLongRelease(sent, 0);
        Memory.putLongRelease(received, 0);
        var writer = new Thread(() -> {
            for (long i = 1; i <= messages; i++) {
                awaitAtLeast(received, i - 1);
                for (int word = 0; word < 4; word++) {
                    Memory.putLong(message + 8 * word, i * (word + 1));
                }
                Memory.putLongRelease(sent, i);
            }
        });
        writer.start();
        long wrong = 0;
        for (long i = 1; i <= messages; i++) {
            awaitAtLeast(sent, i);
            for (int word = 0; word < 4; word++) {
                wrong += Memory.getLong(message + 8 * word) == i * (word + 1) ? 0 : 1;
            }
            Memory.putLongRelease(received, i);
        }
        writer.join();
        assertThat(wrong).isZero();
    }

    private static void awaitAtLeast(long address, long value) {
        while (Memory.getLongAcquire(address) < value) {
            Thread.yield();
        }
    }

    /// Dekker: who wants to enter says so, then looks whether the other said so too. With the fence at
    /// most one finds nobody, so the sum that both add to without any atomic is right.
    @Test
    void aFullFenceKeepsTheLoadBehindTheStore() throws InterruptedException {
        long words = (buffer + 63) & -64;
        long sum = words + 256;
        Memory.fill(words, 512, (byte) 0);
        long[] entered = new long[2];
        var other = new Thread(() -> entered[1] = enterOften(words + 128, words, sum));
        other.start();
        entered[0] = enterOften(words, words + 128, sum);
        other.join();
        assertThat(Memory.getLong(sum)).isEqualTo(entered[0] + entered[1]);
    }

    private static long enterOften(long mine, long theirs, long sum) {
        int tries = Memory.CHECKED ? 300_000 : 20_000_000;
        long entered = 0;
        for (int i = 0; i < tries; i++) {
            Memory.putLongRelease(mine, 1);
            Memory.fullFence();
            if (Memory.getLongAcquire(theirs) == 0) {
                Memory.putLong(sum, Memory.getLong(sum) + 1);
                entered++;
            }
            Memory.putLongRelease(mine, 0);
        }
        return entered;
    }

    @Test
    void aCopyOfAnySizeIsRightAlsoWhereTheRangesOverlap() {
        for (int size = 0; size <= 300; size++) {
            for (int distance = -80; distance <= 80; distance++) {
                int from = 1000;
                System.arraycopy(model, from, model, from + distance, size);
                Memory.copy(buffer + from, buffer + from + distance, size);
                assertSame("size " + size + " distance " + distance);
            }
            random.nextBytes(model);
            Memory.copy(model, 0, buffer, SIZE);
        }
    }

    @Test
    void aFillWritesItsRangeAndNothingElse() {
        for (int size = 0; size <= 200; size++) {
            int at = random.nextInt(500);
            byte value = (byte) random.nextInt();
            Arrays.fill(model, at, at + size, value);
            Memory.fill(buffer + at, size, value);
            assertSame("size " + size);
        }
    }

    @Test
    void rangesAreEqualWhenNoByteDiffers() {
        for (int size = 0; size <= 300; size++) {
            Memory.copy(buffer + 5, other + 2, size);
            assertThat(Memory.equal(buffer + 5, other + 2, size)).isTrue();
            for (int i = 0; i < size; i++) {
                byte was = Memory.getByte(other + 2 + i);
                Memory.putByte(other + 2 + i, (byte) ~was);
                assertThat(Memory.equal(buffer + 5, other + 2, size))
                        .as("size %d at %d", size, i)
                        .isFalse();
                Memory.putByte(other + 2 + i, was);
            }
        }
    }

    @Test
    void comparisonIsByUnsignedBytesThenBySize() {
        for (int round = 0; round < 20_000; round++) {
            byte[] a = randomBytes(random.nextInt(150));
            byte[] b = random.nextBoolean() ? randomBytes(random.nextInt(150)) : mutated(a);
            Memory.copy(a, 0, buffer, a.length);
            Memory.copy(b, 0, other, b.length);
            int difference = Memory.compare(buffer, a.length, other, b.length);
            assertThat(Integer.signum(difference))
                    .as("seed %d round %d", SEED, round)
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
        }
    }

    @Test
    void mappedMemoryIsZeroAndAlignedToAHugePage() {
        long before = Memory.allocatedBytes();
        long size = 2 * Memory.HUGE_PAGE_SIZE;
        long address = Memory.map(size);
        assertThat(address % Memory.HUGE_PAGE_SIZE).isZero();
        assertThat(Memory.getLong(address)).isZero();
        assertThat(Memory.getLong(address + size - 8)).isZero();
        assertThat(Memory.allocatedBytes()).isEqualTo(before + size);
        Memory.unmap(address, size);
        assertThat(Memory.allocatedBytes()).isEqualTo(before);
    }

    @Test
    void withoutMmapTheLibrarysMemoryIsAlignedAndZeroToo() {
        long address = Memory.mapFromMalloc(1 << 16, Memory.HUGE_PAGE_SIZE);
        assertThat(address % Memory.HUGE_PAGE_SIZE).isZero();
        assertThat(Memory.rawGetLong(address + (1 << 16) - 8)).isZero();
        Memory.unmapToMalloc(address, 1 << 16);
    }

    @Test
    void whatIsReallocatedKeepsItsBytes() {
        long before = Memory.allocatedBytes();
        long at = Memory.allocate(10);
        Memory.fill(at, 10, (byte) 7);
        for (int size : new int[] {100, 5000, 3 << 20, 40 << 20, 11}) {
            at = Memory.reallocate(at, sizeOfLast(before), size);
            assertThat(Memory.allocatedBytes() - before).isEqualTo(size);
            assertThat(Memory.bytes(at, 10)).containsOnly(7);
            Memory.putByte(at + size - 1, (byte) 1);
        }
        Memory.free(at, 11);
        assertThat(Memory.allocatedBytes()).isEqualTo(before);
    }

    private static long sizeOfLast(long before) {
        return Memory.allocatedBytes() - before;
    }

    @Test
    void moreThanThereIsIsRefused() {
        long before = Memory.allocatedBytes();
        assertThatThrownBy(() -> Memory.allocate(1L << 50)).isInstanceOf(MemoryExhaustedException.class);
        assertThatThrownBy(() -> Memory.map(1L << 50)).isInstanceOf(MemoryExhaustedException.class);
        assertThat(Memory.allocatedBytes()).isEqualTo(before);
    }

    private byte[] randomBytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] mutated(byte[] bytes) {
        byte[] copy = Arrays.copyOf(bytes, Math.max(0, bytes.length - random.nextInt(3)));
        if (copy.length > 0 && random.nextBoolean()) {
            copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return copy;
    }

    private void assertSame(String what) {
        assertThat(Arrays.equals(Memory.bytes(buffer, SIZE), model)).as(what).isTrue();
    }
}
