package io.anax.memory;

import java.util.Arrays;

/// A growable array of longs, without boxing.
public final class LongList {
    private long[] items = new long[16];
    private int size;

    public void add(long item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, 2 * size);
        }
        items[size++] = item;
    }

    public long get(int index) {
        assert index < size;
        return items[index];
    }

    public void set(int index, long item) {
        assert index < size;
        items[index] = item;
    }

    /// Takes out one that is there: the last one takes its place. Looks at all of them.
    void remove(long item) {
        int index = 0;
        while (items[index] != item) {
            index++;
            assert index < size : item + " is not in the list";
        }
        items[index] = items[--size];
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public void clear() {
        size = 0;
    }

    public void truncate(int newSize) {
        assert newSize <= size;
        size = newSize;
    }
}
