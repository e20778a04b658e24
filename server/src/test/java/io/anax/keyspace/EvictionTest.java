package io.anax.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import io.anax.table.Entry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each policy: memory stays below the bound, and the right keys go.
class EvictionTest {
    private static final long LIMIT = 1 << 18;

    private final TestKeys keys = new TestKeys();
    private final Eviction eviction = new Eviction(keys.databases);

    @AfterEach
    void allMemoryIsBack() {
        eviction.close();
        keys.close();
    }

    private boolean makeRoom(long limitBytes) {
        keys.slice.begin(1_000_000_000);
        return eviction.run(keys.slice, limitBytes, keys.nowMillis);
    }

    @ParameterizedTest
    @EnumSource(value = EvictionPolicy.class, names = "NOEVICTION", mode = EnumSource.Mode.EXCLUDE)
    void memoryStaysBelowTheBound(EvictionPolicy policy) {
        eviction.policy(policy);
        for (int i = 0; i < 12_000; i++) {
            keys.set(keys.databases.at(i % 3), "key:" + i, "x".repeat(i % 80), keys.nowMillis + 100_000_000 - i);
            assertThat(makeRoom(LIMIT)).isTrue();
            assertThat(keys.allocator.usedBytes()).isLessThanOrEqualTo(LIMIT);
            keys.nowMillis++;
        }
        long left = keys.db().size()
                + keys.databases.at(1).size()
                + keys.databases.at(2).size();
        assertThat(left).isGreaterThan(1_500);
        assertThat(keys.databases.statistics().evicted()).isEqualTo(12_000 - left);
    }

    @ParameterizedTest
    @EnumSource(EvictionPolicy.class)
    void onlyWhatMayGoGoes(EvictionPolicy policy) {
        eviction.policy(policy);
        for (int i = 0; i < 5000; i++) {
            keys.set("key:" + i, "v", i % 50 == 0 ? keys.nowMillis + 100_000 : Database.NEVER);
        }
        assertThat(makeRoom(1)).isFalse();
        long left = policy == EvictionPolicy.NOEVICTION ? 5000 : policy.volatileOnly() ? 4900 : 0;
        assertThat(keys.db().size()).isEqualTo(left);
    }

    @Test
    void policiesHaveTheNamesOfRedis() {
        for (EvictionPolicy policy : EvictionPolicy.values()) {
            assertThat(EvictionPolicy.named(policy.label())).isEqualTo(policy);
        }
        assertThat(EvictionPolicy.named("ALLKEYS-LRU")).isEqualTo(EvictionPolicy.ALLKEYS_LRU);
        assertThat(EvictionPolicy.named("allkeys-lrm")).isNull();
    }

    @Test
    void lruPrefersThoseUnusedForLong() {
        eviction.policy(EvictionPolicy.ALLKEYS_LRU);
        eviction.samples(10);
        fill(4000);
        keys.nowMillis += 600_000;
        readHalf(4000);
        keys.nowMillis += 600_000;
        assertThat(keys.db().idleSeconds(keys.peek("key:1"), keys.nowMillis)).isEqualTo(1200);
        evictQuarter();
        assertThat(evenLeft(4000)).isGreaterThan(1950);
    }

    @Test
    void lfuPrefersThoseUsedSeldom() {
        eviction.policy(EvictionPolicy.ALLKEYS_LFU);
        eviction.samples(10);
        fill(4000);
        for (int i = 0; i < 30; i++) {
            readHalf(4000);
        }
        assertThat(keys.db().frequency(keys.peek("key:0"), keys.nowMillis)).isGreaterThan(5);
        assertThat(keys.db().frequency(keys.peek("key:1"), keys.nowMillis)).isEqualTo(5);
        evictQuarter();
        assertThat(evenLeft(4000)).isGreaterThan(1950);
    }

    @Test
    void theLfuCounterFallsWithTime() {
        eviction.policy(EvictionPolicy.ALLKEYS_LFU);
        keys.set("k", "v", Database.NEVER);
        keys.nowMillis += 2 * 60_000;
        assertThat(keys.db().frequency(keys.peek("k"), keys.nowMillis)).isEqualTo(3);
        eviction.lfu(10, 0);
        assertThat(keys.db().frequency(keys.peek("k"), keys.nowMillis)).isEqualTo(5);
        eviction.lfu(0, 1); // every access counts
        keys.get("k");
        assertThat(keys.db().frequency(keys.peek("k"), keys.nowMillis)).isEqualTo(4);
    }

    @Test
    void theAdaptiveOrderSparesTheVisited() {
        eviction.policy(EvictionPolicy.ALLKEYS_ADAPTIVE);
        fill(4000);
        readHalf(4000);
        evictQuarter();
        assertThat(evenLeft(4000)).isGreaterThan(1950);
    }

    @Test
    void ttlPrefersTheNearestDeadline() {
        eviction.policy(EvictionPolicy.VOLATILE_TTL);
        eviction.samples(10);
        for (int i = 0; i < 4000; i++) {
            keys.set("key:" + i, "value", keys.nowMillis + (i % 2 == 0 ? 900_000 : 100_000) + i);
        }
        evictQuarter();
        assertThat(evenLeft(4000)).isGreaterThan(1950);
    }

    @Test
    void keysFromBeforeThePolicyGoFirstAndThoseNobodyReadBeforeThem() {
        fill(4000);
        eviction.policy(EvictionPolicy.ALLKEYS_LRU);
        eviction.samples(10);
        readHalf(4000);
        assertThat(Entry.flags(keys.peek("key:0"))).isZero();
        keys.set("key:0", "value", Database.NEVER);
        assertThat(Entry.flags(keys.peek("key:0"))).isEqualTo(Entry.STAMP);
        evictQuarter();
        assertThat(evenLeft(4000)).isGreaterThan(1950);
    }

    @Test
    void longKeysGoToo() {
        eviction.policy(EvictionPolicy.ALLKEYS_LRU);
        for (int i = 0; i < 200; i++) {
            keys.set("k".repeat(Limits.EVICTION_POOL_KEY_BYTES_MAX) + i, "v", Database.NEVER);
        }
        makeRoom(1);
        assertThat(keys.db().size()).isZero();
    }

    @Test
    void memoryOnItsWayBackIsWaitedFor() {
        eviction.policy(EvictionPolicy.ALLKEYS_ADAPTIVE);
        fill(2000);
        long before = keys.allocator.usedBytes();
        keys.set("big", "x".repeat(900_000), Database.NEVER);
        keys.remove("big");
        assertThat(makeRoom(before + 1000)).isTrue();
        assertThat(keys.db().size()).isEqualTo(2000);
    }

    @Test
    void aSliceEndsInTime() {
        eviction.policy(EvictionPolicy.ALLKEYS_ADAPTIVE);
        fill(20_000);
        keys.nanosPerReading = Limits.SLICE_NANOS;
        keys.slice.begin(Limits.SLICE_NANOS);
        assertThat(eviction.run(keys.slice, 1, keys.nowMillis)).isFalse();
        assertThat(keys.db().size()).isBetween(19_900L, 19_999L);
    }

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            keys.set("key:" + i, "value", Database.NEVER);
        }
    }

    private void readHalf(int count) {
        for (int i = 0; i < count; i += 2) {
            assertThat(keys.get("key:" + i)).isEqualTo("value");
        }
    }

    /// Evicts key by key until a quarter of them is gone, so there is a choice to the end.
    private void evictQuarter() {
        long target = keys.db().size() * 3 / 4;
        while (keys.db().size() > target) {
            makeRoom(keys.allocator.usedBytes() - 1);
        }
    }

    private int evenLeft(int count) {
        int left = 0;
        for (int i = 0; i < count; i += 2) {
            left += keys.peek("key:" + i) == Database.NONE ? 0 : 1;
        }
        return left;
    }
}
