package io.anax.engine;

import io.anax.memory.Memory;
import io.anax.memory.Workspace;

/// The bytes of a client that are not yet a whole command. Holds memory only while there are some, so
/// that an idle client costs none.
final class InputBuffer {
    /// The first size; most commands that arrive in pieces fit.
    private static final int INITIAL_BYTES = 1 << 12;

    private final Workspace workspace;
    private long memory;
    private long capacityBytes;
    private long begin; // of what is not consumed
    private long sizeBytes;
    private long handedOverBytes; // of the next to be consumed

    InputBuffer(Workspace workspace) {
        this.workspace = workspace;
    }

    long address() {
        return memory + begin;
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
        if (begin + wanted > capacityBytes) {
            makeRoom(wanted);
        }
        Memory.copy(from, memory + begin + sizeBytes, size);
        sizeBytes += size;
    }

    /// Drops the first bytes: commands that ran. The others stay where they are, so that a long queue of
    /// short batches is not moved for each of them.
    void consume(long size) {
        if (handedOverBytes > 0) {
            assert size == handedOverBytes : size + " consumed, handed over " + handedOverBytes;
            handedOverBytes = 0;
            return;
        }
        assert size <= sizeBytes;
        sizeBytes -= size;
        begin += size;
        if (sizeBytes == 0) {
            clear();
        }
    }

    /// Where its memory begins.
    long base() {
        return memory;
    }

    boolean isHandedOver() {
        return handedOverBytes > 0;
    }

    /// Whether what is at this address is among the bytes here.
    boolean contains(long at) {
        return sizeBytes > 0 && at >= address() && at < address() + sizeBytes;
    }

    /// Gives the memory away with all bytes before `end`, and goes on with a copy of the others. The next
    /// [#consume] means what was given away.
    void handOver(long end) {
        assert contains(end - 1) && !isHandedOver() : "hands over what it does not have";
        long handedOver = end - address();
        long rest = sizeBytes - handedOver;
        workspace.charge(-capacityBytes); // who has it now counts it
        memory = 0;
        capacityBytes = 0;
        begin = 0;
        sizeBytes = 0;
        if (rest > 0) {
            append(end, rest, 0);
        }
        handedOverBytes = handedOver;
    }

    void clear() {
        if (capacityBytes > 0) {
            workspace.free(memory, capacityBytes);
        }
        memory = 0;
        capacityBytes = 0;
        begin = 0;
        sizeBytes = 0;
    }

    /// Moves the bytes to the front when that frees half of the room, else at least doubles: either way a
    /// byte is copied a bounded number of times.
    private void makeRoom(long wantedBytes) {
        if (2 * wantedBytes <= capacityBytes) {
            Memory.copy(memory + begin, memory, sizeBytes);
            begin = 0;
            return;
        }
        long capacity = Math.max(Math.max(INITIAL_BYTES, 2 * capacityBytes), wantedBytes);
        if (capacityBytes > 0 && begin == 0) {
            memory = workspace.reallocate(memory, capacityBytes, capacity); // half a huge value is not copied
            capacityBytes = capacity;
            return;
        }
        long grown = workspace.allocate(capacity);
        if (sizeBytes > 0) {
            Memory.copy(memory + begin, grown, sizeBytes);
        }
        if (capacityBytes > 0) {
            workspace.free(memory, capacityBytes);
        }
        memory = grown;
        capacityBytes = capacity;
        begin = 0;
    }
}
