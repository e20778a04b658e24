package io.anax.server;

import io.anax.command.CommandContext;
import io.anax.keyspace.Database;
import io.anax.memory.Memory;
import io.anax.table.KeyHash;
import java.nio.charset.StandardCharsets;

/// DEBUG POPULATE on one shard: of the keys `prefix:0`, `prefix:1`, … those that belong there, each with the
/// value `value:0`, `value:1`, …, cut or filled up with zeros to a size if there is one.
final class Population {
    private static final int DIGITS_MAX = 20;
    private static final int KEYS_BETWEEN_CHECKPOINTS = 64; // some 50 µs
    private static final byte[] VALUE = "value".getBytes(StandardCharsets.US_ASCII);

    private final CommandContext there;
    private final byte[] prefix;
    private final int size; // 0: as long as it comes

    Population(CommandContext there, byte[] prefix, int size) {
        this.there = there;
        this.prefix = prefix;
        this.size = size;
    }

    /// Returns how many were new here.
    long create(long count) {
        int keyCapacity = prefix.length + DIGITS_MAX;
        int valueCapacity = Math.max(size, VALUE.length + DIGITS_MAX);
        long key = Memory.allocate(keyCapacity);
        long value = Memory.allocate(valueCapacity);
        Memory.fill(value, valueCapacity, (byte) 0);
        try {
            long created = 0;
            for (long i = 0; i < count; i++) {
                created += create(i, key, value) ? 1 : 0;
                if (i % KEYS_BETWEEN_CHECKPOINTS == 0) {
                    there.checkpoint();
                }
            }
            return created;
        } finally {
            Memory.free(key, keyCapacity);
            Memory.free(value, valueCapacity);
        }
    }

    private boolean create(long number, long key, long value) {
        int keyLength = write(prefix, number, key);
        long hash = KeyHash.hash(key, keyLength);
        int shard = there.shardCount() == 1 ? 0 : KeyHash.shardOf(key, keyLength, hash, there.shardCount());
        Database db = there.db();
        if (shard != there.shardId() || db.peek(hash, key, keyLength, there.nowMillis()) != Database.NONE) {
            return false;
        }
        int length = write(VALUE, number, value);
        db.putString(hash, key, keyLength, value, size == 0 ? length : size, Database.NEVER, there.nowMillis());
        return true;
    }

    /// Numbers only grow, so nothing of a longer one is left behind.
    private static int write(byte[] word, long number, long to) {
        Memory.copy(word, 0, to, word.length);
        byte[] digits = (":" + number).getBytes(StandardCharsets.US_ASCII);
        Memory.copy(digits, 0, to + word.length, digits.length);
        return word.length + digits.length;
    }
}
