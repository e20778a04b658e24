package io.anax.keyspace;

import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import io.anax.memory.Workspace;
import io.anax.table.Entry;
import io.anax.types.Type;
import io.anax.types.Value;
import org.jspecify.annotations.Nullable;

/// A value on its way to another key, which may lie on another shard: a copy in memory that belongs
/// to no shard, together with what its entry knows of it.
///
/// ```
///   entry of one shard --pack--> fields | value without addresses --unpack--> entry of any shard
/// ```
///
/// Copying is sliced: `pause` is run once in some microseconds and may let others have their turn.
/// The entry that is packed must stay as it is meanwhile; the lock on its key sees to that.
public final class Parcel implements AutoCloseable {
    private final Type type;
    private final int encoding;
    private final int flags;
    private final boolean renews; // a copy has not been used yet: it gets a stamp where it comes to
    private final long deadlineMillis;
    private final int stamp;
    private final int clientFlags;
    private final long cas;
    private final long packed;
    private final long packedBytes;
    private @Nullable Workspace charged;

    /// The value of an entry that will go away: for RENAME.
    public static Parcel toMove(long entry, Runnable pause) {
        return new Parcel(entry, false, pause);
    }

    /// The value of an entry that stays: for COPY.
    public static Parcel toCopy(long entry, Runnable pause) {
        return new Parcel(entry, true, pause);
    }

    private Parcel(long entry, boolean renews, Runnable pause) {
        int all = Entry.flags(entry);
        this.renews = renews;
        type = Type.of(Entry.type(entry));
        encoding = Entry.encoding(entry);
        flags = renews ? all & ~Entry.STAMP : all;
        deadlineMillis = Entry.deadline(entry);
        stamp = has(Entry.STAMP) ? Entry.stamp(entry) : 0;
        clientFlags = has(Entry.CLIENT_FLAGS) ? Entry.clientFlags(entry) : 0;
        cas = has(Entry.CAS) ? Entry.cas(entry) : 0;
        packedBytes = Value.packedBytes(entry);
        packed = Memory.allocate(packedBytes);
        try {
            Value.pack(entry, packed, pause);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /// Bytes of the value.
    public long sizeBytes() {
        return packedBytes;
    }

    /// Until it is closed it counts among the memory of this shard, whose thread closes it.
    public void chargeTo(Workspace workspace) {
        workspace.charge(packedBytes);
        charged = workspace;
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /// Puts the value under a key, whatever that held before. Changes nothing when it throws.
    public void putInto(Database to, long hash, long key, int keyLength, long nowMillis, Runnable pause) {
        SlabAllocator allocator = to.allocator();
        int entryFlags = renews ? flags | to.stamps().flag() : flags;
        long size = (long) Entry.headSize(entryFlags, keyLength) + Value.unpackedSize(type, encoding, packedBytes);
        long entry = allocator.allocate(size);
        try {
            Entry.write(entry, type.number(), encoding, entryFlags, key, keyLength);
            writeFields(entry);
            Value.unpack(allocator, entry, packed, packedBytes, pause);
        } catch (RuntimeException | Error e) {
            allocator.free(entry, size);
            throw e;
        }
        if (renews) {
            to.stamps().start(entry, nowMillis);
        }
        to.take(hash, entry, nowMillis);
    }

    private void writeFields(long entry) {
        if (has(Entry.DEADLINE)) {
            Entry.setDeadline(entry, deadlineMillis);
        }
        if (has(Entry.STAMP)) {
            Entry.setStamp(entry, stamp);
        }
        if (has(Entry.CLIENT_FLAGS)) {
            Entry.setClientFlags(entry, clientFlags);
        }
        if (has(Entry.CAS)) {
            Entry.setCas(entry, cas);
        }
    }

    @Override
    public void close() {
        if (charged != null) {
            charged.charge(-packedBytes);
        }
        Memory.free(packed, packedBytes);
    }
}
