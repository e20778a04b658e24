package io.anax.keyspace;

import io.anax.memory.LongList;
import io.anax.table.Bucket;
import io.anax.table.ChangeListener;
import io.anax.table.Dashtable;
import io.anax.table.Entry;
import java.util.ArrayList;
import java.util.List;

/// The moment of a snapshot: hands over each entry that the shard had then, exactly once, while the
/// databases go on changing.
///
/// ```
///   step, step, ...      the walk, in the order of hashes    \
///                                                              CutListener.entry
///   a command changes    the old entry first                  /
/// ```
///
/// It holds on to tables, not to databases: FLUSHDB leaves the table to the reclaimer, SWAPDB gives
/// it to another database, and both change nothing in what the cut had. A table made later has
/// nothing for it.
public final class Cut implements AutoCloseable {
    /// One table as of the cut, and how far the walk came in it.
    private static final class Part implements ChangeListener {
        private final int tenant;
        private final int index;
        private final Dashtable table;
        private final CutListener listener;
        private long position;

        Part(Database database, Dashtable table, CutListener listener) {
            tenant = database.tenant();
            index = database.index();
            this.table = table;
            this.listener = listener;
        }

        @Override
        public void beforeChange(long bucket, int slot) {
            listener.entry(tenant, index, Bucket.entry(bucket, slot));
        }
    }

    private final Databases databases;
    private final byte version;
    private final List<Part> parts = new ArrayList<>();
    private final LongList batch = new LongList();
    private int next; // part that the walk is in

    Cut(Databases databases, byte version, CutListener listener) {
        this.databases = databases;
        this.version = version;
        for (Database database : databases.existing()) {
            Dashtable table = database.tableToCut();
            if (table != null) {
                var part = new Part(database, table, listener);
                table.changeListener(part, version);
                parts.add(part);
            }
        }
    }

    /// Walks over the entries of one bucket; false when all have been handed over.
    public boolean step() {
        while (next < parts.size()) {
            Part part = parts.get(next);
            if (part.table.size() > 0) { // an empty one may be closed already
                walk(part);
                next += part.position == 0 ? 1 : 0;
                return true;
            }
            next++;
        }
        return false;
    }

    private void walk(Part part) {
        part.position = part.table.scan(part.position, batch);
        for (int i = 0; i < batch.size(); i++) {
            long entry = batch.get(i);
            if (Entry.version(entry) != version) {
                part.listener.entry(part.tenant, part.index, entry);
                Entry.setVersion(entry, version);
            }
        }
        batch.clear();
    }

    /// The snapshot is complete, or given up.
    @Override
    public void close() {
        for (Part part : parts) {
            part.table.changeListener(null, version);
        }
        databases.cutEnded(next == parts.size());
    }
}
