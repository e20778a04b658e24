package io.anax.table;

import io.anax.memory.LongList;
import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;

/// A table with entries whose keys are `key:n` and whose values are one int, and what a caller of
/// the table does: it allocates and frees the entries.
final class TableFixture implements AutoCloseable {
    static final int VALUE_SIZE = Integer.BYTES;
    private static final String PREFIX = "key:";
    private static final int KEY_SIZE_MAX = 32;

    final SlabAllocator allocator;
    final long usedAtStart;
    final Dashtable table;
    private final long keyBuffer;
    private int keyLength;
    private long hash;

    TableFixture() {
        // Where keys lie decides which goes first; a server in the same JVM leaves another seed behind.
        KeyHash.seed(0);
        allocator = new SlabAllocator();
        keyBuffer = allocator.allocate(KEY_SIZE_MAX);
        usedAtStart = allocator.usedBytes();
        table = new Dashtable(allocator);
    }

    /// The entry of key n, or NONE.
    long find(int n) {
        write(n);
        return table.find(hash, keyBuffer, keyLength);
    }

    /// Adds a key that is not there.
    long insert(int n, int value) {
        write(n);
        long entry = newEntry(value, 0);
        table.insert(hash, entry);
        return entry;
    }

    long insertWithDeadline(int n, long deadlineMillis) {
        write(n);
        long entry = newEntry(n, Entry.DEADLINE);
        Entry.setDeadline(entry, deadlineMillis);
        table.insert(hash, entry);
        return entry;
    }

    /// Sets a key as the keyspace does: insert, replace by a new entry, or write in place.
    void put(int n, int value, boolean inPlace) {
        long old = find(n);
        if (old == Entry.NONE) {
            insert(n, value);
        } else if (inPlace) {
            table.beforeFoundChanges();
            Memory.putInt(Entry.value(old), value);
        } else {
            table.replaceFound(newEntry(value, 0));
            free(old);
        }
    }

    boolean remove(int n) {
        long entry = find(n);
        if (entry == Entry.NONE) {
            return false;
        }
        table.removeFound();
        free(entry);
        return true;
    }

    long hash(int n) {
        write(n);
        return hash;
    }

    static int keyOf(long entry) {
        String key = new String(Memory.bytes(Entry.key(entry), Entry.keyLength(entry)));
        return Integer.parseInt(key.substring(PREFIX.length()));
    }

    static int valueOf(long entry) {
        return Memory.getInt(Entry.value(entry));
    }

    static long sizeOf(long entry) {
        return Entry.headSize(Entry.flags(entry), Entry.keyLength(entry)) + VALUE_SIZE;
    }

    /// As the keyspace moves an entry for a defragmentation.
    long moved(long entry) {
        if (!allocator.shouldMove(entry, sizeOf(entry))) {
            return entry;
        }
        long moved = allocator.allocate(sizeOf(entry));
        Memory.copy(entry, moved, sizeOf(entry));
        free(entry);
        return moved;
    }

    void free(long entry) {
        allocator.free(entry, sizeOf(entry));
    }

    /// Frees the entries, as the owner of a table must before it closes it.
    @Override
    public void close() {
        var entries = new LongList();
        long position = 0;
        do {
            position = table.scan(position, entries);
        } while (position != 0);
        for (int i = 0; i < entries.size(); i++) {
            free(entries.get(i));
        }
        table.close();
        assert allocator.usedBytes() == usedAtStart : "leaked " + (allocator.usedBytes() - usedAtStart);
        allocator.free(keyBuffer, KEY_SIZE_MAX);
        allocator.close();
    }

    private long newEntry(int value, int flags) {
        long entry = allocator.allocate(Entry.headSize(flags, keyLength) + VALUE_SIZE);
        long at = Entry.write(entry, 0, 2, flags, keyBuffer, keyLength);
        Memory.putInt(at, value);
        return entry;
    }

    private void write(int n) {
        byte[] key = (PREFIX + n).getBytes();
        keyLength = key.length;
        Memory.copy(key, 0, keyBuffer, keyLength);
        hash = KeyHash.hash(keyBuffer, keyLength);
    }
}
