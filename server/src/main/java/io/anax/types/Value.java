package io.anax.types;

import io.anax.memory.SlabAllocator;
import io.anax.table.Entry;

/// What all types have in common: how much room a value takes and how it is given back. The only
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

    /// Frees the entry with all that it holds.
    public static void free(SlabAllocator allocator, long entry) {
        long size = sizeBytes(entry);
        freeParts(allocator, entry);
        allocator.free(entry, size);
    }

    private static AssertionError unknown(long entry) {
        return new AssertionError("nothing writes values of type " + Type.of(Entry.type(entry)));
    }
}
