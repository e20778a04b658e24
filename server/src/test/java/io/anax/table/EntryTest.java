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
            Entry.setVersion(entry, 3);
            if ((length & 1) == 1) {
                Entry.prove(entry);
            }
            Entry.setVersion(entry, 2);
            fillFields(flags);
            assertThat(value).isEqualTo(entry + Entry.headSize(flags, length)).isEqualTo(Entry.value(entry));
            assertThat(Entry.type(entry)).isEqualTo(5);
            assertThat(Entry.encoding(entry)).isEqualTo(7);
            assertThat(Entry.flags(entry)).isEqualTo(flags);
            assertThat(Entry.version(entry)).isEqualTo(2);
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
    void visitsTouchNothingElse() {
        Entry.write(entry, 3, 6, Entry.DEADLINE, key, 4);
        Entry.setVersion(entry, 2);
        assertVisits(entry, false, false, false);
        Entry.markVisited(entry);
        assertVisits(entry, true, false, false);
        Entry.markVisited(entry);
        Entry.markVisited(entry);
        assertVisits(entry, true, true, false);
        Entry.setKind(entry, 4, 1);
        Entry.setVersion(entry, 3);
        assertVisits(entry, true, true, false);
        Entry.prove(entry);
        assertVisits(entry, false, false, true);
        Entry.markVisited(entry);
        assertVisits(entry, true, false, true);
        assertThat(Entry.type(entry)).isEqualTo(4);
        assertThat(Entry.encoding(entry)).isEqualTo(1);
        assertThat(Entry.version(entry)).isEqualTo(3);
        assertThat(Entry.flags(entry)).isEqualTo(Entry.DEADLINE);
    }

    @Test
    void anotherEntryTakesVisitsOver() {
        Entry.write(entry, 3, 6, 0, key, 4);
        long other = allocator.allocate(SIZE);
        Entry.write(other, 1, 2, Entry.DEADLINE, key, 4);
        Entry.setVersion(other, 3);
        for (int visits = 0; visits < 3; visits++) {
            Entry.copyVisits(entry, other);
            assertVisits(other, visits > 0, visits > 1, false);
            Entry.markVisited(entry);
        }
        Entry.prove(entry);
        Entry.copyVisits(entry, other);
        assertVisits(other, false, false, true);
        assertThat(Entry.type(other)).isEqualTo(1);
        assertThat(Entry.encoding(other)).isEqualTo(2);
        assertThat(Entry.flags(other)).isEqualTo(Entry.DEADLINE);
        assertThat(Entry.version(other)).isEqualTo(3);
        allocator.free(other, SIZE);
    }

    private static void assertVisits(long of, boolean visited, boolean again, boolean proven) {
        assertThat(Entry.visited(of)).isEqualTo(visited);
        assertThat(Entry.visitedAgain(of)).isEqualTo(again);
        assertThat(Entry.isProven(of)).isEqualTo(proven);
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
