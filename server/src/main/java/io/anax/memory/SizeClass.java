package io.anax.memory;

/// The sizes that slabs come in: every even number from 4 to 128 bytes, then 16 to a doubling up to 8 KiB.
/// A size in the middle of two classes wastes 1/32 of itself, so 2 to 3 % on average; what a page has left
/// behind its last slab adds up to 1/8 for the largest.
final class SizeClass {
    static final int GRANULE = 2;
    /// A free slab holds the offset of the next.
    private static final int SMALLEST = 4;
    /// Eight of the largest fit a page beside its header. Beyond, what a page has left is too much: with
    /// classes up to 32 KiB, random sizes from 8 to 16 KiB took 1.15 times their bytes, from 16 to 32 KiB
    /// 1.20 times, as [Extents] 1.05 and 1.03.
    static final int LARGEST = (1 << 13) - 8;

    private static final int EXACT_MAX = 128;
    private static final int EXACT_COUNT = (EXACT_MAX - SMALLEST) / GRANULE + 1;
    private static final int STEPS = 16;
    private static final int STEP_BITS = 4;
    static final int COUNT = indexOf(LARGEST) + 1;

    private SizeClass() {}

    /// The class that a size of 1 to [#LARGEST] bytes falls into.
    static int indexOf(int sizeBytes) {
        if (sizeBytes <= EXACT_MAX) {
            return (Math.max(sizeBytes, SMALLEST) - SMALLEST + GRANULE - 1) / GRANULE;
        }
        int below = sizeBytes - 1;
        int doubling = 31 - Integer.numberOfLeadingZeros(below); // 2^doubling <= below
        int step = (below >>> (doubling - STEP_BITS)) & (STEPS - 1);
        return EXACT_COUNT + (doubling - 7) * STEPS + step;
    }

    /// The bytes that an allocation of this class really has.
    static int size(int index) {
        if (index < EXACT_COUNT) {
            return SMALLEST + index * GRANULE;
        }
        int doubling = 7 + (index - EXACT_COUNT) / STEPS;
        int step = (index - EXACT_COUNT) % STEPS;
        return Math.min(LARGEST, (1 << doubling) + ((step + 1) << (doubling - STEP_BITS)));
    }
}
