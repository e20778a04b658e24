package io.anax.memory;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// The shadow of all live allocations, for tests: finds accesses outside any, and counts leaks. Any
/// thread allocates, hence the concurrent map; production never loads this class.
final class CheckedMemory {
    private static final byte POISON = (byte) 0xDD;
    private static final ConcurrentSkipListMap<Long, Long> LIVE = new ConcurrentSkipListMap<>();
    private static long accessedBytes; // plain: exact where one thread is at work

    private CheckedMemory() {}

    static void allocated(long address, long size) {
        Long before = LIVE.put(address, size);
        assert before == null : "allocated twice: " + address;
    }

    /// Poisons the memory: who still reads it sees garbage, and is found here.
    static void freed(long address, long size) {
        Long was = LIVE.get(address);
        if (was == null || was != size) {
            throw new AssertionError("free of " + address + " + " + size + ", but live there is " + was);
        }
        Memory.fill(address, size, POISON);
        accessedBytes -= size; // that was the check, not the program
        LIVE.remove(address);
    }

    /// The end of a mapping that somebody else owns: its content is not ours to poison.
    static void unmapped(long address, long size) {
        Long was = LIVE.get(address);
        if (was == null || was != size) {
            throw new AssertionError("unmapping " + address + " + " + size + ", but live there is " + was);
        }
        LIVE.remove(address);
    }

    static void check(long address, long size) {
        if (size <= 0) {
            assert size == 0 : "negative size " + size;
            return;
        }
        accessedBytes += size;
        Map.Entry<Long, Long> range = LIVE.floorEntry(address);
        if (range == null || address + size > range.getKey() + range.getValue()) {
            throw new AssertionError("access to " + address + " + " + size + "; the nearest allocation before is "
                    + range + ", after it " + LIVE.higherEntry(address));
        }
    }

    static long accessedBytes() {
        return accessedBytes;
    }

    static long liveCount() {
        return LIVE.size();
    }
}
