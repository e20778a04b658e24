package io.anax.protocol;

import io.anax.memory.GrowingLongs;
import io.anax.memory.Memory;
import io.anax.memory.Workspace;

/// The arguments of one command: where each lies and how long it is; argument 0 is the name.
/// Nothing is copied, so a request is worth what the buffer under it is worth. Reused for one
/// command after the other, it allocates only when a command has more arguments than any before.
///
/// ```
///  places   offset 0 | length 0 | offset 1 | length 1 | …      two longs an argument
///  address(i) = base + offset i                                 so that a moved buffer costs one add
/// ```
public final class Request {
    private final GrowingLongs places;
    private long base;
    private long sizeBytes;

    public Request() {
        this(new Workspace());
    }

    /// Very many arguments need memory, which counts in `workspace`.
    public Request(Workspace workspace) {
        places = new GrowingLongs(workspace);
    }

    public int count() {
        return places.size() / 2;
    }

    public long address(int index) {
        assert index >= 0 && index < count() : "argument " + index + " of " + count();
        return base + places.get(2 * index);
    }

    public int length(int index) {
        assert index >= 0 && index < count() : "argument " + index + " of " + count();
        return (int) places.get(2 * index + 1);
    }

    /// The arguments' bytes together.
    public long sizeBytes() {
        return sizeBytes;
    }

    /// Whether [#clear] gives memory back: not to be left to the next use.
    public boolean isVast() {
        return places.areMany();
    }

    public void clear() {
        places.clear();
        base = 0;
        sizeBytes = 0;
    }

    public void add(long address, int length) {
        assert length >= 0 : "length " + length;
        places.add(address - base); // the parser bounds the count
        places.add(length);
        sizeBytes += length;
    }

    /// Replaces one argument: a rewritten command keeps its other arguments where they are.
    public void set(int index, long address, int length) {
        assert index >= 0 && index < count() : "argument " + index + " of " + count();
        sizeBytes += length - places.get(2 * index + 1);
        places.set(2 * index, address - base);
        places.set(2 * index + 1, length);
    }

    /// Where the first argument begins. All others lie behind it, in order.
    public long begin() {
        return count() == 0 ? 0 : address(0);
    }

    /// From the first byte of the first argument to the last one of the last, with what lies between.
    public long spanBytes() {
        return count() == 0 ? 0 : address(count() - 1) + length(count() - 1) - begin();
    }

    /// Copies the span to `to` and lets `copy` be the same request there; when `to` is where it lies,
    /// nothing is copied.
    public void copyTo(long to, Request copy) {
        if (to != begin()) {
            Memory.copy(begin(), to, spanBytes());
        }
        copy.places.copy(places);
        copy.base = base + to - begin();
        copy.sizeBytes = sizeBytes;
    }

    /// The bytes under all arguments have moved together by this much.
    public void rebase(long delta) {
        base += delta;
    }
}
