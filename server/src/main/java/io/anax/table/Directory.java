package io.anax.table;

import io.anax.Hot;
import io.anax.Limits;
import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;

/// Finds the segment of a position: an array of segment words, as long as two to the power of its
/// bits, indexed by the top bits of the position (extendible hashing).
///
/// ```
///  bits 2:   00        01        10        11
///          +---------+---------+---------+---------+
///          | word    | word    | word    | word    |     8 B each, see Segment
///          +---------+---------+---------+---------+
///               \       /           |         |
///             depth 1 (0..)    depth 2 (10)  depth 2 (11)
/// ```
///
/// When a segment as deep as the directory splits, the array doubles. That is no stall: 10M keys are
/// some 20k segments, their array 256 KB, and doubling it is one pass over that.
final class Directory {
    private static final int WORD_SIZE = Long.BYTES;

    private final SlabAllocator allocator;
    private long address;
    private int bits;

    /// Segments that are as deep as the directory: without any it can be halved.
    private int deepest;

    Directory(SlabAllocator allocator, long segment) {
        assert Segment.depth(segment) == 0 : "the first segment covers all";
        this.allocator = allocator;
        address = allocator.allocate(WORD_SIZE);
        Memory.putLong(address, segment);
        deepest = 1;
    }

    @Hot
    long segment(long position) {
        assert position == (position & KeyHash.POSITION_MASK) : position;
        return Memory.getLong(address + (position >>> KeyHash.POSITION_BITS - bits) * WORD_SIZE);
    }

    /// The segment which shares all but its last bit with this one, or NONE when that range is
    /// split further.
    long buddy(long position, long segment) {
        int depth = Segment.depth(segment);
        assert depth > 0 : "the only segment has no buddy";
        long buddy = segment(buddyPosition(position, depth));
        return Segment.depth(buddy) == depth ? buddy : Segment.NONE;
    }

    static long buddyPosition(long position, int depth) {
        return position ^ 1L << KeyHash.POSITION_BITS - depth;
    }

    /// The same range in another segment.
    void replace(long position, long segment) {
        assert Segment.depth(segment) == Segment.depth(segment(position)) : "replace keeps the range";
        put(position, segment);
    }

    /// Two segments in place of one.
    void split(long position, long left, long right) {
        int depth = Segment.depth(left);
        assert Segment.depth(right) == depth : "buddies are equally deep";
        assert Segment.depth(segment(position)) == depth - 1 : "a split is one level";
        if (depth > bits) {
            doubleUp();
        }
        long leftPosition = Segment.start(position, depth - 1);
        put(leftPosition, left);
        put(buddyPosition(leftPosition, depth), right);
        if (depth == bits) {
            deepest += 2;
        }
    }

    /// One segment in place of two.
    void merge(long position, long segment) {
        int depth = Segment.depth(segment) + 1;
        assert Segment.depth(segment(position)) == depth : "a merge is one level";
        if (depth == bits) {
            deepest -= 2;
        }
        put(position, segment);
        while (deepest == 0) {
            halve();
        }
    }

    int bits() {
        return bits;
    }

    /// Buckets that a segment of the greatest depth may have.
    int finestBuckets() {
        return bits == 0 ? Segment.buckets(Memory.getLong(address)) : Segment.BUCKETS_MAX;
    }

    long sizeBytes() {
        return (long) WORD_SIZE << bits;
    }

    /// Moves the array when the allocator wants it elsewhere.
    void defragment() {
        long size = sizeBytes();
        if (allocator.shouldMove(address, size)) {
            long moved = allocator.allocate(size);
            Memory.copy(address, moved, size);
            allocator.free(address, size);
            address = moved;
        }
    }

    void close() {
        allocator.free(address, sizeBytes());
        address = 0;
    }

    private void put(long position, long segment) {
        int depth = Segment.depth(segment);
        long first = Segment.start(position, depth) >>> KeyHash.POSITION_BITS - bits;
        long end = first + (1L << bits - depth);
        for (long index = first; index < end; index++) {
            Memory.putLong(address + index * WORD_SIZE, segment);
        }
    }

    private void doubleUp() {
        assert bits < Limits.TABLE_DIRECTORY_BITS_MAX : "too deep";
        long size = sizeBytes();
        long larger = allocator.allocate(2 * size);
        for (long at = 0; at < size; at += WORD_SIZE) {
            long segment = Memory.getLong(address + at);
            Memory.putLong(larger + 2 * at, segment);
            Memory.putLong(larger + 2 * at + WORD_SIZE, segment);
        }
        allocator.free(address, size);
        address = larger;
        bits++;
        deepest = 0;
    }

    private void halve() {
        long size = sizeBytes() / 2;
        long smaller = allocator.allocate(size);
        for (long at = 0; at < size; at += WORD_SIZE) {
            long segment = Memory.getLong(address + 2 * at);
            Memory.putLong(smaller + at, segment);
            if (Segment.depth(segment) == bits - 1) {
                deepest++;
            }
        }
        allocator.free(address, 2 * size);
        address = smaller;
        bits--;
    }

    /// Every range is covered by one segment, in all the words that it should be in.
    void checkInvariants() {
        int found = 0;
        for (long position = 0; position <= KeyHash.POSITION_MASK; ) {
            long segment = segment(position);
            int depth = Segment.depth(segment);
            assert depth <= bits : depth + " > " + bits;
            assert Segment.start(position, depth) == position : "range begins in the middle: " + position;
            long end = position + (1L << KeyHash.POSITION_BITS - depth);
            for (long other = position; other < end; other += 1L << KeyHash.POSITION_BITS - bits) {
                assert segment(other) == segment : "two segments for one range";
            }
            found += depth == bits ? 1 : 0;
            position = end;
        }
        assert found == deepest : found + " != " + deepest;
        assert bits == 0 || deepest > 0 : "the directory could be halved";
    }
}
