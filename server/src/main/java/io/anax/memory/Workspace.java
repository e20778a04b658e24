package io.anax.memory;

/// Memory of one shard that is none of its data, counted: what clients sent and is no whole command yet,
/// what is on its way to other shards and back, room for long computations. It comes from the system, each
/// piece as it is asked for.
public final class Workspace {
    private long heldBytes;

    /// To be given back with [#free]. Throws a [MemoryExhaustedException] when the system has no more.
    public long allocate(long sizeBytes) {
        long address = Memory.allocate(sizeBytes);
        heldBytes += sizeBytes;
        return address;
    }

    public void free(long address, long sizeBytes) {
        heldBytes -= sizeBytes;
        Memory.free(address, sizeBytes);
    }

    /// As [Memory#reallocate].
    public long reallocate(long address, long oldSize, long newSize) {
        long moved = Memory.reallocate(address, oldSize, newSize);
        heldBytes += newSize - oldSize;
        return moved;
    }

    /// So many bytes that others allocated count here from now on, or, when negative, no longer.
    public void charge(long bytes) {
        heldBytes += bytes;
    }

    public long heldBytes() {
        return heldBytes;
    }
}
