package io.anax.table;

import io.anax.Hot;
import io.anax.memory.Memory;

/// The hash of a key, 64 bits, and what each bit is for. Seeded once per process, so that nobody
/// who chooses keys can choose where they fall.
///
/// ```
///  bit  63        48 47                             8 7          0
///      +------------+--------------------------------+------------+
///      | shard      | table position                 | fingerprint|
///      | 16 bits    | 40 bits: directory, then home  | 8 bits     |
///      +------------+--------------------------------+------------+
/// ```
///
/// The function is wyhash's: pairs of words, each under its own secret, are multiplied to 128 bits
/// whose halves are folded. One multiplication for 16 bytes, two more at the end.
public final class KeyHash {
    /// Bits of a position in a table: two to the 40th home buckets would be enough for anybody.
    public static final int POSITION_BITS = 40;

    static final long POSITION_MASK = (1L << POSITION_BITS) - 1;

    private static final int FINGERPRINT_BITS = 8;
    private static final int SHARD_BITS = 16;
    private static final int SHARD_SHIFT = Long.SIZE - SHARD_BITS;

    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
    private static final long EACH_TOP_BIT = 0x8080_8080_8080_8080L;
    private static final long OPEN_BRACES = '{' * EACH_BYTE;

    // Set once before the first shard starts, then only read; starting a thread publishes them.
    private static long secret0;
    private static long secret1;
    private static long secret2;
    private static long secret3;

    static {
        seed(0);
    }

    private KeyHash() {}

    /// Before the first key: every hash changes with it.
    public static void seed(long seed) {
        secret0 = mixed(seed + 0xA076_1D64_78BD_642FL);
        secret1 = mixed(seed + 0xE703_7ED1_A0B4_28DBL);
        secret2 = mixed(seed + 0x8EBC_6AF0_9C88_C6E3L);
        secret3 = mixed(seed + 0x5899_65CC_7537_4CC3L);
    }

    @Hot
    public static long hash(long key, int length) {
        if (length > 16) {
            return longHash(key, length);
        }
        long first;
        long second;
        if (length >= 8) {
            first = Memory.getLong(key);
            second = Memory.getLong(key + length - 8); // overlaps the first when shorter than 16
        } else if (length >= 4) {
            first = Memory.getInt(key);
            second = Memory.getInt(key + length - 4);
        } else {
            first = length == 0 ? 0 : upToThree(key, length);
            second = 0;
        }
        return finished(first, second, length);
    }

    /// The eight bits kept in the bucket; never 0, which means an empty slot there.
    static byte fingerprint(long hash) {
        int bits = (int) hash & 0xFF;
        return (byte) (bits == 0 ? 1 : bits);
    }

    /// Where in a table the key belongs, in 40 bits.
    public static long position(long hash) {
        return hash >>> FINGERPRINT_BITS & POSITION_MASK;
    }

    /// Multiply-shift: no division, and even for every count.
    public static int shard(long hash, int shardCount) {
        assert shardCount > 0 && shardCount <= Cursor.SHARDS_MAX : shardCount;
        return (int) ((hash >>> SHARD_SHIFT) * shardCount >>> SHARD_BITS);
    }

    /// The shard of a key. Keys with the same tag in braces meet on one shard: `user{42}name` and
    /// `mail{42}` do. As in Redis Cluster the tag lies between the first `{` and the first `}`
    /// after it, and an empty one counts for nothing.
    @Hot
    public static int shardOf(long key, int length, long hash, int shardCount) {
        if (shardCount == 1) {
            return 0;
        }
        int open = indexOfBrace(key, length);
        return open == length ? shard(hash, shardCount) : shardOfTag(key, length, open, hash, shardCount);
    }

    private static int shardOfTag(long key, int length, int open, long hash, int shardCount) {
        int close = open + 1;
        while (close < length && Memory.getByte(key + close) != '}') {
            close++;
        }
        if (close == length || close == open + 1) {
            return shard(hash, shardCount);
        }
        return shard(hash(key + open + 1, close - open - 1), shardCount);
    }

    /// The index of the first `{`, or the length. Eight bytes at a time: nearly every key has none.
    @Hot
    private static int indexOfBrace(long key, int length) {
        int index = 0;
        for (; index + 8 <= length; index += 8) {
            long zeroWhereBrace = Memory.getLong(key + index) ^ OPEN_BRACES;
            if ((zeroWhereBrace - EACH_BYTE & ~zeroWhereBrace & EACH_TOP_BIT) != 0) {
                break;
            }
        }
        while (index < length && Memory.getByte(key + index) != '{') {
            index++;
        }
        return index;
    }

    @Hot
    private static long longHash(long key, int length) {
        long sum = secret3;
        int index = 0;
        for (; index + 16 < length; index += 16) {
            sum = folded(Memory.getLong(key + index) ^ secret1, Memory.getLong(key + index + 8) ^ sum);
        }
        long end = key + length;
        return finished(Memory.getLong(end - 16) ^ sum, Memory.getLong(end - 8), length);
    }

    @Hot
    private static long finished(long first, long second, int length) {
        long low = (first ^ secret1) * (second ^ secret2);
        long high = Math.unsignedMultiplyHigh(first ^ secret1, second ^ secret2);
        return folded(low ^ secret0 ^ length, high ^ secret1);
    }

    private static long folded(long left, long right) {
        return left * right ^ Math.unsignedMultiplyHigh(left, right);
    }

    /// First, middle and last byte: each of up to three bytes at least once.
    private static long upToThree(long key, int length) {
        return (Memory.getByte(key) & 0xFFL) << 16
                | (Memory.getByte(key + (length >> 1)) & 0xFFL) << 8
                | Memory.getByte(key + length - 1) & 0xFFL;
    }

    /// The finalizer of SplitMix64: every bit of the seed changes half of the result.
    private static long mixed(long seed) {
        long z = (seed ^ seed >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31 | 1;
    }
}
