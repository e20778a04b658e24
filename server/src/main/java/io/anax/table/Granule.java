package io.anax.table;

import io.anax.Hot;
import io.anax.memory.SlabAllocator;

/// Addresses in 40 bits: in units of 2 bytes, counted from a base, which is the same for the
/// process.
///
/// ```
///  base                                anchor              base + 2 TiB
///   |<----------- 1.5 TiB ------------>|<---- 0.5 TiB ---->|
/// ```
///
/// The system maps memory downwards from one place (Linux: some 128 TiB up), so a first mapping,
/// the anchor, tells where the others will be.
final class Granule {
    static final int SIZE = 2;
    static final int BITS = 40;

    private static final long BELOW_ANCHOR = 3L << 39;
    /// Too large for a slab, so that it comes from where the slabs come from.
    private static final long ANCHOR_SIZE = 1L << 21;

    private static final long BASE = base();

    private Granule() {}

    @Hot
    static long address(long granules) {
        return BASE + granules * SIZE;
    }

    /// Throws when the address does not fit: to lose its upper bits would be far worse.
    @Hot
    static long of(long address) {
        assert address % SIZE == 0 : "not on a granule: " + address;
        long granules = (address - BASE) / SIZE;
        if (granules >>> BITS != 0) {
            throw outside(address);
        }
        return granules;
    }

    private static IllegalStateException outside(long address) {
        return new IllegalStateException("address " + address + " is not within 2 TiB from " + BASE);
    }

    private static long base() {
        try (var allocator = new SlabAllocator()) {
            long anchor = allocator.allocate(ANCHOR_SIZE);
            allocator.free(anchor, ANCHOR_SIZE);
            return Math.max(0, anchor - BELOW_ANCHOR) & -ANCHOR_SIZE;
        }
    }
}
