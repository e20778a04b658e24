package io.anax.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// A cursor carries shard and position, and fits a double.
final class CursorTest {
    @Test
    void holdsWhatItWasMadeOf() {
        long cursor = Cursor.of(Cursor.SHARDS_MAX - 1, KeyHash.POSITION_MASK);
        assertThat(Cursor.shard(cursor)).isEqualTo(Cursor.SHARDS_MAX - 1);
        assertThat(Cursor.position(cursor)).isEqualTo(KeyHash.POSITION_MASK);
        assertThat(cursor).isLessThan(1L << 53);
    }

    @Test
    void goesThroughTheShardsAndEnds() {
        assertThat(Cursor.next(0, 5, 2)).isEqualTo(Cursor.of(0, 5));
        assertThat(Cursor.next(0, 0, 2)).isEqualTo(Cursor.of(1, 0)).isNotEqualTo(Cursor.START);
        assertThat(Cursor.next(1, 0, 2)).isEqualTo(Cursor.START);
    }

    @Test
    void anyNumberAClientSendsIsReadSafely() {
        for (long cursor : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThat(Cursor.shard(cursor)).isBetween(0, Cursor.SHARDS_MAX - 1);
            assertThat(Cursor.position(cursor)).isBetween(0L, KeyHash.POSITION_MASK);
        }
    }
}
