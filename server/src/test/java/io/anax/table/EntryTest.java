package io.anax.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The layout of an entry: what goes in comes out, and the example in the picture is true.
final class EntryTest {
    private static final int SIZE = 1 << 20;
    private final SlabAllocator allocator = new SlabAllocator();
    private final long key = allocator.allocate(SIZE);
    private final long entry = allocator.allocate(SIZE);

    @AfterEach
    void freeAll() {
        allocator.free(key, SIZE);
        allocator.free(entry, SIZE);
        allocator.close();
    }

    @Test
    void theExampleInTheDocumentIsTrue() {
        Memory.putByte(key, (byte) 'k');
        long value = Entry.write(entry, 0, 4, Entry.DEADLINE, key, 1);
        Entry.setDeadline(entry, 1_000_000);
        Memory.putByte(value, (byte) 1);
        Memory.putByte(value + 1, (byte) 'v');
        byte[] bytes = Memory.bytes(entry, Entry.headSize(Entry.DEADLINE, 1) + 2);
        assertThat(HexFormat.ofDelimiter(" ").formatHex(bytes)).isEqualTo("40 01 01 40 42 0f 00 00 00 6b 01 76");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16, 127, 128, 300, 16_383, 16_384, 1_000_000})
    void keysOfAnyLengthWithAnyFields(int length) {
        Memory.fill(key, length, (byte) 'x');
        for (int flags = 0; flags < 16; flags++) {
            long value = Entry.write(entry, 5, 7, flags, key, length);
            Entry.setVersion(entry, 7);
            Entry.setProven(entry, (length & 1) == 1);
            Entry.setVersion(entry, 6);
            fillFields(flags);
            assertThat(value).isEqualTo(entry + Entry.headSize(flags, length)).isEqualTo(Entry.value(entry));
            assertThat(Entry.type(entry)).isEqualTo(5);
            assertThat(Entry.encoding(entry)).isEqualTo(7);
            assertThat(Entry.flags(entry)).isEqualTo(flags);
            assertThat(Entry.version(entry)).isEqualTo(6);
            assertThat(Entry.isProven(entry)).isEqualTo((length & 1) == 1);
            assertThat(Entry.hasKey(entry, key, length)).isTrue();
            assertFields(flags);
        }
    }

    private void fillFields(int flags) {
        if ((flags & Entry.DEADLINE) != 0) {
            Entry.setDeadline(entry, 1L << 47 | 0x8000_0001L);
        }
        if ((flags & Entry.STAMP) != 0) {
            Entry.setStamp(entry, 0xFEDCBA);
        }
        if ((flags & Entry.CLIENT_FLAGS) != 0) {
            Entry.setClientFlags(entry, -2);
        }
        if ((flags & Entry.CAS) != 0) {
            Entry.setCas(entry, -3);
        }
    }

    private void assertFields(int flags) {
        boolean hasDeadline = (flags & Entry.DEADLINE) != 0;
        assertThat(Entry.deadline(entry)).isEqualTo(hasDeadline ? 1L << 47 | 0x8000_0001L : Entry.NEVER);
        if ((flags & Entry.STAMP) != 0) {
            assertThat(Entry.stamp(entry)).isEqualTo(0xFEDCBA);
        }
        if ((flags & Entry.CLIENT_FLAGS) != 0) {
            assertThat(Entry.clientFlags(entry)).isEqualTo(-2);
        }
        if ((flags & Entry.CAS) != 0) {
            assertThat(Entry.cas(entry)).isEqualTo(-3);
        }
    }

    @Test
    void theVisitedMarkTouchesNothingElse() {
        Entry.write(entry, 3, 6, 0, key, 4);
        Entry.markVisited(entry);
        assertThat(Entry.visited(entry)).isTrue();
        assertThat(Entry.type(entry)).isEqualTo(3);
        assertThat(Entry.encoding(entry)).isEqualTo(6);
        Entry.setKind(entry, 4, 1);
        assertThat(Entry.visited(entry)).isTrue();
        Entry.clearVisited(entry);
        assertThat(Entry.visited(entry)).isFalse();
        assertThat(Entry.type(entry)).isEqualTo(4);
        assertThat(Entry.encoding(entry)).isEqualTo(1);
    }

    @Test
    void aDeadlineOutOfRangeIsTheNearestInIt() {
        Entry.write(entry, 0, 0, Entry.DEADLINE, key, 4);
        Entry.setDeadline(entry, Long.MAX_VALUE);
        assertThat(Entry.deadline(entry)).isEqualTo(Entry.DEADLINE_MAX);
        Entry.setDeadline(entry, -5);
        assertThat(Entry.deadline(entry)).isZero();
    }
}
