package io.anax.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The active expiry: that it removes what is expired and nothing else, when it hurries and when not.
class ExpiryTest {
    /// Checking each access to memory makes it a hundred times slower.
    private static final int MANY = Boolean.getBoolean("anax.memory.checked") ? 30_000 : 300_000;

    private final TestKeys keys = new TestKeys();
    private final Expiry expiry = new Expiry(keys.databases);

    @AfterEach
    void allMemoryIsBack() {
        keys.close();
    }

    private int run() {
        keys.slice.begin(Limits.SLICE_NANOS);
        return expiry.run(keys.slice, keys.nowMillis);
    }

    @Test
    void manyThatExpireTogetherAreGoneAfterOneWalk() {
        for (int i = 0; i < MANY; i++) {
            keys.set("key:" + i, "v", i % 10 == 0 ? Database.NEVER : keys.nowMillis + 1000);
        }
        keys.nowMillis += 999;
        assertThat(run()).isZero();
        keys.nowMillis += 1000;
        int slices = 0;
        int removed = 0;
        while (keys.db().expiresCount() > 0) {
            removed += run();
            slices++;
            assertThat(slices).isLessThan(1000);
        }
        assertThat(removed).isEqualTo(MANY / 10 * 9);
        assertThat(keys.db().size()).isEqualTo(MANY / 10);
        assertThat(keys.databases.statistics().expired()).isEqualTo(MANY / 10 * 9);
    }

    @Test
    void pausesWhileLittleIsExpired() {
        keys.nanosPerReading = Limits.SLICE_NANOS / 20; // some 1500 keys a slice
        for (int i = 0; i < 10_000; i++) {
            keys.set("key:" + i, "v", keys.nowMillis + (i % 50 == 0 ? 1 : 1_000_000));
        }
        keys.nowMillis += 10;
        int removed = run();
        assertThat(removed).isPositive();
        assertThat(expiry.isBusy()).isFalse();
        assertThat(run()).isZero();
        keys.nowMillis += Limits.EXPIRY_PAUSE_MILLIS;
        assertThat(run()).isPositive();
    }

    @Test
    void hurriesWhileMuchIsExpired() {
        keys.nanosPerReading = Limits.SLICE_NANOS / 20; // some 1500 keys a slice
        for (int i = 0; i < 10_000; i++) {
            keys.set("key:" + i, "v", keys.nowMillis + (i % 5 == 0 ? 1 : 1_000_000));
        }
        keys.nowMillis += 10;
        assertThat(run()).isPositive();
        assertThat(expiry.isBusy()).isTrue();
        assertThat(run()).isPositive();
        for (int i = 0; expiry.isBusy(); i++) {
            run();
            assertThat(i).isLessThan(1000);
        }
        assertThat(keys.db().expiresCount()).isBetween(8_000L, 8_900L);
    }

    @Test
    void leavesDatabasesWithoutDeadlinesAlone() {
        keys.set("forever", "v", Database.NEVER);
        keys.set(keys.databases.at(2), "soon", "v", keys.nowMillis + 1);
        keys.set(keys.databases.at(7), "soon", "v", keys.nowMillis + 1);
        keys.nowMillis += 1;
        assertThat(run()).isEqualTo(2);
        assertThat(keys.databases.at(2).size()).isZero();
        assertThat(keys.db().size()).isEqualTo(1);
        assertThat(run()).isZero();
        assertThat(keys.db().expiryPosition).isZero();
    }

    @Test
    void nothingToDoIsDoneAtOnce() {
        assertThat(run()).isZero();
        assertThat(expiry.isBusy()).isFalse();
    }

    @Test
    void aSliceEndsInTime() {
        for (int i = 0; i < 20_000; i++) {
            keys.set("key:" + i, "v", keys.nowMillis + 1);
        }
        keys.nowMillis += 1;
        keys.nanosPerReading = Limits.SLICE_NANOS; // the first look at the clock is the last
        assertThat(run()).isBetween(1, 300);
    }

    @Test
    void theAverageTtlIsThatOfWhatWasSeen() {
        assertThat(keys.db().averageTtlMillis()).isZero();
        keys.set("k", "v", keys.nowMillis + 60_000);
        run();
        assertThat(keys.db().averageTtlMillis()).isEqualTo(60_000);
        for (int i = 0; i < 4_000; i++) {
            keys.set("key:" + i, "v", keys.nowMillis + 100_000 + 25 * i);
        }
        for (int i = 0; i < 50; i++) {
            keys.nowMillis += Limits.EXPIRY_PAUSE_MILLIS;
            run();
        }
        assertThat(keys.db().averageTtlMillis()).isBetween(135_000L, 155_000L);
        keys.db().clear();
        assertThat(keys.db().averageTtlMillis()).isZero();
    }

    @Test
    void keysThatStayHaveNoTtl() {
        keys.set("k", "v", keys.nowMillis + 60_000);
        run();
        keys.find("k");
        keys.db().setDeadlineFound(Database.NEVER);
        assertThat(keys.db().averageTtlMillis()).isZero();
    }
}
