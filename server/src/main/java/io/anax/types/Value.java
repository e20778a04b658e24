package io.anax.types;

import io.anax.memory.SlabAllocator;
import io.anax.table.Entry;

/// What all types have in common: how much room a value takes, how it is given back and how
/// it is copied. The only
/// place that asks an entry for its type before it asks that type's class.
///
/// ```
///   entry: [head][key][value] --address--> parts: what the value keeps outside its entry
/// ```
public final class Value {
    private Value() {}

    /// Bytes of the entry's own allocation: head, key and value.
    public static long sizeBytes(long entry) {
        return switch (Type.of(Entry.type(entry))) {
            case STRING -> StringValue.sizeBytes(entry);
            case LIST, SET, SORTED_SET, HASH, STREAM -> throw unknown(entry);
        };
    }

    /// Bytes of what the value keeps outside its entry.
    public static long partsBytes(long entry) {
        return switch (Type.of(Entry.type(entry))) {
            case STRING -> StringValue.isLarge(entry) ? StringValue.largeCapacity(entry) : 0;
            case LIST, SET, SORTED_SET, HASH, STREAM -> throw unknown(entry);
        };
    }

    /// Frees what the value keeps outside its entry; the value is unusable from then on.
    public static void freeParts(SlabAllocator allocator, long entry) {
        switch (Type.of(Entry.type(entry))) {
            case STRING -> StringValue.freeLarge(allocator, entry);
            case LIST, SET, SORTED_SET, HASH, STREAM -> throw unknown(entry);
        }
    }

    /// Moves what the value keeps outside its entry and the allocator wants elsewhere. Returns how many
    /// allocations it moved.
    public static int moveParts(SlabAllocator allocator, long entry) {
        return switch (Type.of(Entry.type(entry))) {
            case STRING -> StringValue.moveLarge(allocator, entry) ? 1 : 0;
            case LIST, SET, SORTED_SET, HASH, STREAM -> throw unknown(entry);
        };
    }

    /// Frees the entry with all that it holds.
    public static void free(SlabAllocator allocator, long entry) {
        long size = sizeBytes(entry);
        freeParts(allocator, entry);
        allocator.free(entry, size);
    }

    // ---- on the way to another key: what a parcel holds -----------------------------------------

    /// Bytes that [#pack] writes.
    public static long packedBytes(long entry) {
        return switch (Type.of(Entry.type(entry))) {
            case STRING -> StringValue.packedBytes(entry);
            case LIST, SET, SORTED_SET, HASH, STREAM -> throw unknown(entry);
        };
    }

    /// Writes the value in a form that holds no address. `pause` is run once in some microseconds; the
    /// entry must stay as it is meanwhile.
    public static void pack(long entry, long to, Runnable pause) {
        switch (Type.of(Entry.type(entry))) {
            case STRING -> StringValue.pack(entry, to, pause);
            case LIST, SET, SORTED_SET, HASH, STREAM -> throw unknown(entry);
        }
    }

    /// Bytes that a packed value will take in its entry.
    public static int unpackedSize(Type type, int encoding, long packedBytes) {
        return switch (type) {
            case STRING -> StringValue.unpackedSize(encoding, packedBytes);
            case LIST, SET, SORTED_SET, HASH, STREAM -> throw new AssertionError("nothing packs a " + type);
        };
    }

    /// Writes a packed value behind the head of an entry, which is in no table yet, and its parts into
    /// memory of `allocator`. Keeps none of them when it throws.
    public static void unpack(SlabAllocator allocator, long entry, long packed, long packedBytes, Runnable pause) {
        switch (Type.of(Entry.type(entry))) {
            case STRING -> StringValue.unpack(allocator, entry, packed, packedBytes, pause);
            case LIST, SET, SORTED_SET, HASH, STREAM -> throw unknown(entry);
        }
    }

    private static AssertionError unknown(long entry) {
        return new AssertionError("nothing writes values of type " + Type.of(Entry.type(entry)));
    }
}
