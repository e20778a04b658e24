package io.anax.keyspace;

import io.anax.Limits;
import io.anax.memory.LongList;
import io.anax.memory.SlabAllocator;
import io.anax.table.Dashtable;
import io.anax.table.Entry;
import io.anax.table.KeyHash;
import io.anax.types.Value;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Gives memory back without holding up its shard: whole tables and big values wait here, and `run`
/// frees them slice by slice.
///
/// A small value is freed where it is removed; queueing it would cost more than freeing it.
public final class Reclaimer {
    private final SlabAllocator allocator;
    private final ArrayDeque<Dashtable> tables = new ArrayDeque<>();
    private final LongList values = new LongList();
    private final LongList batch = new LongList();
    private @Nullable Dashtable current; // null: none has been begun
    private long position;

    Reclaimer(SlabAllocator allocator) {
        this.allocator = allocator;
    }

    /// Takes an entry that is in no table any more.
    void free(long entry) {
        if (Value.partsBytes(entry) > Limits.FREE_AT_ONCE_BYTES_MAX) {
            values.add(entry);
        } else {
            Value.free(allocator, entry);
        }
    }

    /// Takes a table with all its entries, which nobody uses any more.
    void add(Dashtable table) {
        tables.add(table);
    }

    public boolean isIdle() {
        return current == null && tables.isEmpty() && values.size() == 0;
    }

    /// Frees until nothing is left or the slice is over; returns how many entries it freed.
    public int run(Slice slice) {
        int freed = 0;
        while (!isIdle() && !slice.isOver()) {
            freed += freeSome();
        }
        return freed;
    }

    /// Frees all there is, however long it takes: at the end of a shard.
    void runToEnd() {
        while (!isIdle()) {
            freeSome();
        }
    }

    private int freeSome() {
        return values.size() == 0 ? freeFromTable() : freeValue();
    }

    private int freeValue() {
        Value.free(allocator, values.get(values.size() - 1));
        values.truncate(values.size() - 1);
        return 1;
    }

    /// One step is the entries of one bucket, asked for together so that their misses overlap. Each is
    /// taken out of the table, which shrinks on the way: so closing it is no long work.
    private int freeFromTable() {
        if (current == null) {
            current = tables.remove();
            position = 0;
        }
        position = current.scan(position, batch);
        int freed = batch.size();
        for (int i = 0; i < freed; i++) {
            freeFrom(current, batch.get(i));
        }
        batch.clear();
        if (position == 0) {
            current.close();
            current = null;
        }
        return freed;
    }

    private void freeFrom(Dashtable table, long entry) {
        long key = Entry.key(entry);
        int keyLength = Entry.keyLength(entry);
        long found = table.find(KeyHash.hash(key, keyLength), key, keyLength);
        assert found == entry : "the entry is not of this table";
        table.removeFound();
        free(entry);
    }
}
