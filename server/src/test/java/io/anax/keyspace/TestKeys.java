package io.anax.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import io.anax.table.KeyHash;
import io.anax.types.StringValue;
import io.anax.types.Type;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The databases of one shard with Java strings as keys and values and a clock that stands still
/// until a test moves it. `close` wants all memory back.
final class TestKeys implements AutoCloseable {
    static final long NEVER = Database.NEVER;

    private static final int BUFFER_SIZE = 1 << 20;
    private static final int DIGITS_SIZE = 32;

    final SlabAllocator allocator = new SlabAllocator();
    final Databases databases = new Databases(allocator, 42);
    final Clock clock = new Clock() {
        @Override
        public long millis() {
            return nowMillis;
        }

        @Override
        public long nanos() {
            return nanos += nanosPerReading;
        }
    };
    final Slice slice = new Slice(clock);
    long nowMillis = 1_000_000;
    long nanosPerReading = 1000;

    private final long key = Memory.allocate(BUFFER_SIZE);
    private final long value = Memory.allocate(BUFFER_SIZE);
    private final long digits = Memory.allocate(DIGITS_SIZE); // of its own: a snapshot reads during a change
    private long nanos;

    Database db() {
        return databases.at(0);
    }

    void set(String name, String text, long deadlineMillis) {
        set(db(), name, text, deadlineMillis);
    }

    void set(Database db, String name, String text, long deadlineMillis) {
        int length = put(key, name);
        db.putString(KeyHash.hash(key, length), key, length, value, put(value, text), deadlineMillis, nowMillis);
    }

    void setInteger(String name, long number, long deadlineMillis) {
        int length = put(key, name);
        db().putInteger(KeyHash.hash(key, length), key, length, number, deadlineMillis, nowMillis);
    }

    /// As GET: null when there is none.
    @Nullable
    String get(String name) {
        return get(db(), name);
    }

    @Nullable
    String get(Database db, String name) {
        int length = put(key, name);
        return text(db.find(KeyHash.hash(key, length), key, length, Type.STRING, nowMillis));
    }

    long find(String name) {
        return find(db(), name);
    }

    long find(Database db, String name) {
        int length = put(key, name);
        return db.find(KeyHash.hash(key, length), key, length, nowMillis);
    }

    long peek(String name) {
        int length = put(key, name);
        return db().peek(KeyHash.hash(key, length), key, length, nowMillis);
    }

    boolean remove(String name) {
        int length = put(key, name);
        return db().remove(KeyHash.hash(key, length), key, length, nowMillis);
    }

    void append(String name, String more) {
        long entry = peek(name);
        long old = entry == Database.NONE ? 0 : StringValue.length(entry);
        int moreLength = put(value, more);
        int length = put(key, name);
        long bytes = db().growString(KeyHash.hash(key, length), key, length, old + moreLength, nowMillis);
        Memory.copy(value, bytes + old, moreLength);
    }

    void setRange(String name, int offset, String part) {
        int partLength = put(value, part);
        int length = put(key, name);
        long wanted = offset + partLength;
        long bytes = db().growString(KeyHash.hash(key, length), key, length, wanted, nowMillis);
        Memory.copy(value, bytes + offset, partLength);
    }

    /// Moves the entry of the last find to another name.
    void moveFound(Database to, String name) {
        moveFound(db(), to, name);
    }

    void moveFound(Database from, Database to, String name) {
        from.moveFound(to, hash(name), key, put(key, name), nowMillis);
    }

    long watch(String name) {
        int length = put(key, name);
        return db().watch(KeyHash.hash(key, length), key, length, nowMillis);
    }

    long watchedVersion(String name) {
        int length = put(key, name);
        return db().watchedVersion(KeyHash.hash(key, length), key, length, nowMillis);
    }

    long hash(String name) {
        return KeyHash.hash(key, put(key, name));
    }

    @Nullable
    String text(long entry) {
        if (entry == Database.NONE) {
            return null;
        }
        byte[] bytes = Memory.bytes(StringValue.bytes(entry, digits), (int) StringValue.length(entry));
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static int put(long at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Memory.copy(bytes, 0, at, bytes.length);
        return bytes.length;
    }

    @Override
    public void close() {
        for (Database database : databases.existing()) {
            database.checkInvariants();
        }
        databases.close();
        assertThat(allocator.usedBytes()).as("bytes not given back").isZero();
        allocator.close();
        Memory.free(key, BUFFER_SIZE);
        Memory.free(value, BUFFER_SIZE);
        Memory.free(digits, DIGITS_SIZE);
    }
}
