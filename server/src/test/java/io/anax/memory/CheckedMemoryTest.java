package io.anax.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What checked mode promises; without `-Danax.memory.checked=true` there is nothing to test.
final class CheckedMemoryTest {
    @BeforeEach
    void onlyInCheckedMode() {
        assumeTrue(Memory.CHECKED);
    }

    @Test
    void anAccessBehindTheEndIsFoundAndNamed() {
        long address = Memory.allocate(16);
        assertThatThrownBy(() -> Memory.getLong(address + 9))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("access to " + (address + 9) + " + 8")
                .hasMessageContaining(address + "=16");
        assertThatThrownBy(() -> Memory.putByte(address + 16, (byte) 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Memory.getLongAcquire(address + 16)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Memory.fill(address, 17, (byte) 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Memory.bytes(address - 1, 2)).isInstanceOf(AssertionError.class);
        Memory.free(address, 16);
    }

    @Test
    void aUseAfterFreeIsFoundInSlabsAndInBuffers() {
        long buffer = Memory.allocate(100);
        Memory.free(buffer, 100);
        assertThatThrownBy(() -> Memory.getByte(buffer)).isInstanceOf(AssertionError.class);
        try (var allocator = new SlabAllocator()) {
            long slab = allocator.allocate(100);
            long neighbour = allocator.allocate(100);
            allocator.free(slab, 100);
            assertThatThrownBy(() -> Memory.getByte(slab)).isInstanceOf(AssertionError.class);
            assertThatThrownBy(() -> allocator.free(slab, 100)).isInstanceOf(AssertionError.class);
            allocator.free(neighbour, 100);
        }
    }

    @Test
    void anAccessFromOneSlabIntoItsNeighbourIsFound() {
        try (var allocator = new SlabAllocator()) {
            long first = allocator.allocate(32);
            long second = allocator.allocate(32);
            assertThat(second).isEqualTo(first + 32);
            assertThatThrownBy(() -> Memory.bytes(first, 33)).isInstanceOf(AssertionError.class);
            allocator.free(first, 32);
            allocator.free(second, 32);
        }
    }

    @Test
    void freedMemoryIsPoisoned() {
        try (var allocator = new SlabAllocator()) {
            long slab = allocator.allocate(40);
            long keepsThePage = allocator.allocate(40);
            Memory.fill(slab, 40, (byte) 1);
            allocator.free(slab, 40);
            assertThat(Memory.rawGetInt(slab + 36)).isEqualTo(0xDDDD_DDDD);
            allocator.free(keepsThePage, 40);
        }
    }

    @Test
    void largeValuesArePoisonedAndGuardedToo() {
        try (var allocator = new SlabAllocator()) {
            int size = 100 << 10;
            long value = allocator.allocate(size);
            long keepsTheBlock = allocator.allocate(size);
            assertThat(keepsTheBlock).isEqualTo(value + size);
            assertThatThrownBy(() -> Memory.fill(value, size + 1, (byte) 1)).isInstanceOf(AssertionError.class);
            assertThatThrownBy(() -> allocator.free(value, size + 1)).isInstanceOf(AssertionError.class);
            Memory.fill(value, size, (byte) 1);
            allocator.free(value, size);
            assertThat(Memory.rawGetLong(value)).isEqualTo(0xDDDD_DDDD_DDDD_DDDDL);
            assertThat(Memory.rawGetLong(value + size - Long.BYTES)).isEqualTo(0xDDDD_DDDD_DDDD_DDDDL);
            assertThatThrownBy(() -> Memory.getLong(value)).isInstanceOf(AssertionError.class);
            assertThatThrownBy(() -> allocator.free(value, size)).isInstanceOf(AssertionError.class);
            allocator.free(keepsTheBlock, size);
        }
    }

    @Test
    void aFreeOfAnotherSizeIsFound() {
        long buffer = Memory.allocate(100);
        assertThatThrownBy(() -> Memory.free(buffer, 99)).isInstanceOf(AssertionError.class);
        Memory.free(buffer, 100);
    }

    @Test
    void leaksAreCounted() {
        long before = Memory.liveAllocations();
        try (var allocator = new SlabAllocator()) {
            long slab = allocator.allocate(8);
            long large = allocator.allocate(3 << 20);
            long buffer = Memory.allocate(8);
            long mapping = Memory.map(Memory.HUGE_PAGE_SIZE);
            assertThat(Memory.liveAllocations()).isEqualTo(before + 4);
            allocator.free(slab, 8);
            allocator.free(large, 3 << 20);
            Memory.free(buffer, 8);
            Memory.unmap(mapping, Memory.HUGE_PAGE_SIZE);
        }
        assertThat(Memory.liveAllocations()).isEqualTo(before);
    }
}
