package io.anax.engine;

import io.anax.memory.Memory;

/// The bytes of a client that are not yet a whole command. Holds memory only while there are some, so
/// that an idle client costs none.
final class InputBuffer {
    /// The first size; most commands that arrive in pieces fit.
    private static final int INITIAL_BYTES = 1 << 12;

    private long address;
    private long capacityBytes;
    private long sizeBytes;

    long address() {
        return address;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    long capacityBytes() {
        return capacityBytes;
    }

    boolean isEmpty() {
        return sizeBytes == 0;
    }

    /// Copies the bytes behind those already here. `expectedBytes` is how many the command still needs as
    /// far as is known: a large value gets its memory at once, and is copied once.
    void append(long from, long size, long expectedBytes) {
        long wanted = sizeBytes + Math.max(size, expectedBytes);
        if (wanted > capacityBytes) {
            grow(wanted);
        }
        Memory.copy(from, address + sizeBytes, size);
        sizeBytes += size;
    }

    /// Drops the first bytes: commands that ran.
    void consume(long size) {
        assert size <= sizeBytes;
        sizeBytes -= size;
        if (sizeBytes == 0) {
            clear();
        } else if (size > 0) {
            Memory.copy(address + size, address, sizeBytes);
        }
    }

    void clear() {
        if (capacityBytes > 0) {
            Memory.free(address, capacityBytes);
        }
        address = 0;
        capacityBytes = 0;
        sizeBytes = 0;
    }

    /// At least doubles, so that a long command costs one copy of itself in all.
    private void grow(long wantedBytes) {
        long capacity = Math.max(Math.max(INITIAL_BYTES, 2 * capacityBytes), wantedBytes);
        long grown = Memory.allocate(capacity);
        if (sizeBytes > 0) {
            Memory.copy(address, grown, sizeBytes);
        }
        if (capacityBytes > 0) {
            Memory.free(address, capacityBytes);
        }
        address = grown;
        capacityBytes = capacity;
    }
}
