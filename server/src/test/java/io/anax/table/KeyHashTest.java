package io.anax.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// That each part of the hash spreads the keys, and which part of a key names its shard.
final class KeyHashTest {
    private static final int SIZE = 256;
    private final SlabAllocator allocator = new SlabAllocator();
    private final long buffer = allocator.allocate(SIZE);

    @AfterEach
    void freeAll() {
        KeyHash.seed(0);
        allocator.free(buffer, SIZE);
        allocator.close();
    }

    @Test
    void everyByteOfAKeyCounts() {
        for (int length = 1; length <= 100; length++) {
            Set<Long> hashes = new HashSet<>();
            hashes.add(hash("x".repeat(length)));
            for (int i = 0; i < length; i++) {
                hashes.add(hash("x".repeat(i) + "y" + "x".repeat(length - i - 1)));
            }
            hashes.add(hash("x".repeat(length + 1)));
            assertThat(hashes).as("length " + length).hasSize(length + 2);
        }
    }

    @Test
    void eachPartSpreadsEvenly() {
        int keys = 100_000;
        int[] shards = new int[7];
        int[] fingerprints = new int[256];
        int[] positions = new int[64];
        for (int i = 0; i < keys; i++) {
            long hash = hash("user:" + i);
            shards[KeyHash.shard(hash, shards.length)]++;
            fingerprints[KeyHash.fingerprint(hash) & 0xFF]++;
            positions[(int) (KeyHash.position(hash) >>> KeyHash.POSITION_BITS - 6)]++;
        }
        assertThat(fingerprints[0]).as("0 means empty").isZero();
        assertEven(shards, keys / shards.length);
        assertEven(positions, keys / positions.length);
        for (int value = 2; value < 256; value++) {
            assertThat(fingerprints[value]).isBetween(keys / 256 / 2, keys / 256 * 2);
        }
    }

    private static void assertEven(int[] counts, int expected) {
        for (int count : counts) {
            assertThat(count).isBetween(expected * 8 / 10, expected * 12 / 10);
        }
    }

    @Test
    void theSeedChangesEveryHash() {
        long before = hash("key");
        KeyHash.seed(1);
        assertThat(hash("key")).isNotEqualTo(before);
        KeyHash.seed(0);
        assertThat(hash("key")).isEqualTo(before);
    }

    @Test
    void keysWithTheSameTagMeetOnOneShard() {
        int shards = 1000;
        int tag = shardOf("42", shards);
        assertThat(shardOf("{42}", shards)).isEqualTo(tag);
        assertThat(shardOf("user{42}", shards)).isEqualTo(tag);
        assertThat(shardOf("a long key in front of {42}and behind}", shards)).isEqualTo(tag);
        assertThat(shardOf("foo{{42}}", shards)).isEqualTo(shardOf("{42", shards));
    }

    @Test
    void anEmptyOrOpenTagCountsForNothing() {
        int shards = 1000;
        for (String key : new String[] {"foo{}{42}", "foo{42", "foo}42{", "", "foo", "foo{"}) {
            assertThat(shardOf(key, shards)).as(key).isEqualTo(KeyHash.shard(hash(key), shards));
        }
        assertThat(shardOf("user{42}", 1)).isZero();
    }

    private long hash(String key) {
        byte[] bytes = key.getBytes();
        Memory.copy(bytes, 0, buffer, bytes.length);
        return KeyHash.hash(buffer, bytes.length);
    }

    private int shardOf(String key, int shards) {
        long hash = hash(key);
        return KeyHash.shardOf(buffer, key.length(), hash, shards);
    }
}
