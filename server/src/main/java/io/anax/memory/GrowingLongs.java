package io.anax.memory;

import java.util.Arrays;

/// A growable array of longs whose length a client decides: as many as its command has arguments. A few lie
/// on the heap, where they cost no care. The heap has a fixed size, so many lie in memory of the system,
/// until [#clear].
public final class GrowingLongs {
    /// 32 KiB.
    private static final int NEAR_MAX = 1 << 12;

    private static final int FIRST = 16;

    private Workspace workspace;
    private long[] near = new long[FIRST];
    private long far = Memory.NONE; // all of them, when they are many
    private int capacity = FIRST;
    private int size;

    /// Many of them count in `workspace`, of the shard that fills and clears it.
    public GrowingLongs(Workspace workspace) {
        this.workspace = workspace;
    }

    /// From now on in this one, of another shard.
    public void countIn(Workspace other) {
        assert far == Memory.NONE : "counted elsewhere";
        workspace = other;
    }

    public void add(long item) {
        if (size == capacity) {
            grow(2 * capacity);
        }
        put(size++, item);
    }

    public long get(int index) {
        assert index >= 0 && index < size : index + " of " + size;
        return far == Memory.NONE ? near[index] : Memory.getLong(far + (long) index * Long.BYTES);
    }

    public void set(int index, long item) {
        assert index >= 0 && index < size : index + " of " + size;
        put(index, item);
    }

    private void put(int index, long item) {
        if (far == Memory.NONE) {
            near[index] = item;
        } else {
            Memory.putLong(far + (long) index * Long.BYTES, item);
        }
    }

    public int size() {
        return size;
    }

    /// They lie in memory of the system.
    public boolean areMany() {
        return far != Memory.NONE;
    }

    /// There are none, and they hold no memory of the system.
    public void clear() {
        size = 0;
        if (far != Memory.NONE) {
            workspace.free(far, (long) capacity * Long.BYTES);
            far = Memory.NONE;
            capacity = near.length;
        }
    }

    /// Makes it the same as another one.
    public void copy(GrowingLongs other) {
        clear();
        if (other.size > capacity) {
            grow(other.capacity);
        }
        size = other.size;
        if (far == Memory.NONE) {
            System.arraycopy(other.near, 0, near, 0, size);
        } else {
            Memory.copy(other.far, far, (long) size * Long.BYTES);
        }
    }

    private void grow(int newCapacity) {
        if (newCapacity <= NEAR_MAX) {
            near = Arrays.copyOf(near, newCapacity);
        } else if (far == Memory.NONE) {
            far = workspace.allocate((long) newCapacity * Long.BYTES);
            for (int i = 0; i < size; i++) {
                Memory.putLong(far + (long) i * Long.BYTES, near[i]);
            }
        } else {
            far = workspace.reallocate(far, (long) capacity * Long.BYTES, (long) newCapacity * Long.BYTES);
        }
        capacity = newCapacity;
    }
}
