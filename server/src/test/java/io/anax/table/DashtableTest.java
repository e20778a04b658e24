package io.anax.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.anax.memory.LongList;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The table against java.util.HashMap, and the promises that a map does not make.
final class DashtableTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 40, 300, 2_000, 20_000, 300_000})
    void doesWhatAHashMapDoes(int keys) {
        long seed = keys * 31L;
        var random = new Random(seed);
        Map<Integer, Integer> model = new HashMap<>();
        try (var fixture = new TableFixture()) {
            for (int round = 0; round < 3; round++) {
                int steps = Math.min(keys * 3, 400_000);
                double removals = round == 1 ? 0.8 : 0.2;
                for (int step = 0; step < steps; step++) {
                    int key = random.nextInt(keys);
                    if (random.nextDouble() < removals) {
                        assertThat(fixture.remove(key)).isEqualTo(model.remove(key) != null);
                    } else {
                        fixture.put(key, step, random.nextBoolean());
                        model.put(key, step);
                    }
                }
                fixture.table.checkInvariants();
                assertSame(fixture, model, keys, "seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 42, 43, 500, 5_000, 100_000})
    void shrinksToWhatItWasWhenAllIsRemoved(int keys) {
        try (var fixture = new TableFixture()) {
            long fresh = fixture.table.memoryBytes();
            for (int round = 0; round < 2; round++) {
                for (int key = 0; key < keys; key++) {
                    fixture.insert(key, key);
                }
                fixture.table.checkInvariants();
                for (int key = 0; key < keys; key++) {
                    assertThat(fixture.remove(key)).isTrue();
                    if (key == keys / 2) {
                        fixture.table.checkInvariants();
                    }
                }
                fixture.table.checkInvariants();
                assertThat(fixture.table.size()).isZero();
                assertThat(fixture.table.memoryBytes()).isEqualTo(fresh);
            }
            assertThat(fixture.allocator.usedBytes()).isEqualTo(fixture.usedAtStart + fresh);
        }
    }

    @Test
    void anIdleTenantCostsNextToNothing() {
        try (var fixture = new TableFixture()) {
            for (int key = 0; key < 30; key++) {
                fixture.insert(key, key);
            }
            assertThat(fixture.table.memoryBytes()).isLessThan(300);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aWalkMeetsEachEntryThatStaysExactlyOnce(long seed) {
        var random = new Random(seed);
        int stay = 3_000;
        int firstOther = 10_000;
        try (var fixture = new TableFixture()) {
            for (int key = 0; key < stay; key++) {
                fixture.insert(key, key);
            }
            boolean grows = seed % 2 == 0;
            int others = 60_000;
            if (!grows) {
                for (int i = 0; i < others; i++) {
                    fixture.insert(firstOther + i, 0);
                }
            }
            int[] seen = new int[stay];
            var out = new LongList();
            int next = firstOther;
            long position = 0;
            do {
                out.clear();
                long after = fixture.table.scan(position, out);
                assertThat(after == 0 || after > position).as("seed " + seed).isTrue();
                position = after;
                for (int i = 0; i < out.size(); i++) {
                    int key = TableFixture.keyOf(out.get(i));
                    if (key < stay) {
                        seen[key]++;
                    }
                }
                int changes = random.nextInt(400); // growth from 3,000 to 63,000 entries, or back, while we walk
                for (int i = 0; i < changes && next < firstOther + others; i++, next++) {
                    if (grows) {
                        fixture.insert(next, 0);
                    } else {
                        fixture.remove(next);
                    }
                }
            } while (position != 0);
            assertThat(seen).as("seed " + seed).containsOnly(1);
            fixture.table.checkInvariants();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aSnapshotIsTheStateAtTheCut(long seed) {
        var random = new Random(seed);
        int keys = seed % 2 == 0 ? 2_000 : 40_000;
        Map<Integer, Integer> model = new HashMap<>();
        try (var fixture = new TableFixture()) {
            for (int cut = 1; cut <= 20; cut++) { // more than there are versions
                for (int i = 0; i < keys / 4; i++) {
                    change(fixture, model, random, keys, cut % 3 == 0 ? 0.7 : 0.3);
                }
                Map<Integer, Integer> expected = new HashMap<>(model);
                Map<Integer, Integer> snapshot = walk(fixture, model, random, keys, cut);
                assertThat(snapshot.equals(expected))
                        .as("seed " + seed + " cut " + cut)
                        .isTrue();
            }
            fixture.table.checkInvariants();
        }
    }

    /// Walks as a snapshot does: in slices, with changes in between that hand over what they
    /// overwrite.
    private static Map<Integer, Integer> walk(
            TableFixture fixture, Map<Integer, Integer> model, Random random, int keys, int cut) {
        Map<Integer, Integer> snapshot = new HashMap<>();
        byte version = (byte) (cut % Entry.VERSIONS);
        fixture.table.changeListener((bucket, slot) -> take(snapshot, Bucket.entry(bucket, slot)), version);
        var out = new LongList();
        long position = 0;
        do {
            out.clear();
            position = fixture.table.scan(position, out);
            for (int i = 0; i < out.size(); i++) {
                if (Entry.version(out.get(i)) != version) {
                    take(snapshot, out.get(i));
                    Entry.setVersion(out.get(i), version);
                }
            }
            int changes = random.nextInt(20);
            for (int i = 0; i < changes; i++) {
                change(fixture, model, random, keys, cut % 2 == 0 ? 0.8 : 0.2);
            }
        } while (position != 0);
        fixture.table.changeListener(null, version);
        return snapshot;
    }

    private static void take(Map<Integer, Integer> snapshot, long entry) {
        Integer twice = snapshot.put(TableFixture.keyOf(entry), TableFixture.valueOf(entry));
        assertThat(twice).as("handed over once").isNull();
    }

    private static void change(
            TableFixture fixture, Map<Integer, Integer> model, Random random, int keys, double removals) {
        int key = random.nextInt(keys);
        if (random.nextDouble() < removals) {
            fixture.remove(key);
            model.remove(key);
        } else {
            int value = random.nextInt();
            fixture.put(key, value, random.nextBoolean());
            model.put(key, value);
        }
    }

    @Test
    void evictionTakesTheOldestThatNobodyVisited() {
        try (var fixture = new TableFixture()) {
            for (int key = 0; key < 20; key++) {
                fixture.insert(key, key); // two buckets
            }
            Entry.markVisited(fixture.find(0));
            Entry.markVisited(fixture.find(7));
            Set<Integer> evicted = new TreeSet<>();
            while (fixture.table.size() > 2) {
                evicted.add(evict(fixture, false));
                fixture.table.checkInvariants();
            }
            assertThat(evicted).hasSize(18).doesNotContain(0, 7);
            assertThat(Entry.visited(fixture.find(0))).as("lost its mark").isFalse();
            evict(fixture, false);
            evict(fixture, false);
            assertThat(fixture.table.size()).isZero();
            assertThat(fixture.table.evictionCandidate(false)).isEqualTo(Dashtable.NONE);
        }
    }

    @Test
    void entriesOfOneBucketGoInTheOrderTheyCame() {
        try (var fixture = new TableFixture()) {
            int inserted = 0;
            int[] first = new int[10];
            for (int key = 0; inserted < first.length; key++) {
                if (KeyHash.position(fixture.hash(key)) < 1L << KeyHash.POSITION_BITS - 1) { // home: bucket 0
                    fixture.insert(key, key);
                    first[inserted++] = key;
                }
            }
            for (int key : first) {
                assertThat(evict(fixture, false)).isEqualTo(key);
            }
        }
    }

    @Test
    void onlyEntriesWithADeadlineGoWhenAskedFor() {
        try (var fixture = new TableFixture()) {
            insertOneInHundredWithADeadline(fixture, 10_000);
            for (int i = 0; i < 100; i++) {
                assertThat(evict(fixture, true) % 100).isZero();
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(fixture.table.evictionCandidate(true)).isEqualTo(Dashtable.NONE);
            }
            assertThat(fixture.table.size()).isEqualTo(9_900);
            fixture.table.checkInvariants();
        }
    }

    @Test
    void anEntryWithADeadlineIsFoundAmongThoseReadAllTheTime() {
        try (var fixture = new TableFixture()) {
            insertOneInHundredWithADeadline(fixture, 2_000);
            for (int i = 0; i < 20; i++) {
                for (int key = 0; key < 2_000; key++) {
                    for (int visits = key % 100 == 0 ? 0 : 1 + key % 2; visits > 0; visits--) {
                        Entry.markVisited(fixture.find(key));
                    }
                }
                assertThat(evict(fixture, true) % 100).isZero();
                fixture.table.checkInvariants();
            }
        }
    }

    @Test
    void anEntryThatReplacesAnotherTakesItsVisitsOver() {
        try (var fixture = new TableFixture()) {
            fixture.insert(1, 10);
            Entry.markVisited(fixture.find(1));
            Entry.markVisited(fixture.find(1));
            fixture.put(1, 11, false);
            assertThat(Entry.visited(fixture.find(1))).isTrue();
            assertThat(Entry.visitedAgain(fixture.find(1))).isTrue();
        }
    }

    private static void insertOneInHundredWithADeadline(TableFixture fixture, int count) {
        for (int key = 0; key < count; key++) {
            if (key % 100 == 0) {
                fixture.insertWithDeadline(key, key);
            } else {
                fixture.insert(key, key);
            }
        }
    }

    private static int evict(TableFixture fixture, boolean volatileOnly) {
        long entry = fixture.table.evictionCandidate(volatileOnly);
        for (int call = 0; entry == Dashtable.NONE && call < 1000; call++) {
            entry = fixture.table.evictionCandidate(volatileOnly);
        }
        assertThat(entry).isNotEqualTo(Dashtable.NONE);
        int key = TableFixture.keyOf(entry);
        fixture.table.removeFound();
        fixture.free(entry);
        assertThat(fixture.find(key)).isEqualTo(Dashtable.NONE);
        return key;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 60, 300, 1_000, 3_000})
    void everyEntryIsDrawnAsOften(int keys) {
        var random = new Random(keys);
        int each = 200;
        try (var fixture = new TableFixture()) {
            assertThat(fixture.table.randomEntry(random.nextLong())).isEqualTo(Dashtable.NONE);
            for (int key = 0; key < keys; key++) {
                fixture.insert(key, key);
            }
            int[] drawn = new int[keys];
            for (int i = 0; i < keys * each; i++) {
                drawn[TableFixture.keyOf(fixture.table.randomEntry(random.nextLong()))]++;
            }
            assertEven(drawn, each, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 60, 300, 1_000, 3_000})
    void everyEntryIsAsOftenInASample(int keys) {
        var random = new Random(keys);
        int each = 200;
        int inASample = Math.min(5, keys);
        var out = new LongList();
        try (var fixture = new TableFixture()) {
            for (int key = 0; key < keys; key++) {
                fixture.insert(key, key);
            }
            int[] drawn = new int[keys];
            for (int i = 0; i < keys * each / inASample; i++) {
                out.clear();
                fixture.table.sample(random.nextLong(), inASample, out);
                assertThat(out.size()).isEqualTo(inASample);
                for (int at = 0; at < inASample; at++) {
                    drawn[TableFixture.keyOf(out.get(at))]++;
                }
            }
            assertEven(drawn, each, inASample);
        }
    }

    /// Chi square per degree of freedom: 1 for independent even draws, and up to `group` when so many
    /// are drawn at once. Slots that were never or twice as often drawn make it some dozens.
    private static void assertEven(int[] drawn, int each, int group) {
        double sum = 0;
        for (int times : drawn) {
            sum += (double) (times - each) * (times - each) / each;
        }
        double spread = 5 * Math.sqrt(2.0 / drawn.length);
        assertThat(sum / drawn.length).isLessThan(group * 1.3 + spread);
    }

    @Test
    void anEntryThatComesMakesANeighbourLeave() {
        try (var fixture = new TableFixture()) {
            int next = 0;
            while (next < 5_000) {
                fixture.insert(next, next++);
            }
            evict(fixture, false); // from now on the table is a cache
            int[] before = countsByPart(fixture);
            for (int i = 0; i < 20_000; i++, next++) {
                fixture.insert(next, next);
                assertThat(evict(fixture, false)).as("the newcomer stays").isNotEqualTo(next);
            }
            assertThat(fixture.table.size()).isEqualTo(4_999);
            assertThat(countsByPart(fixture)).isEqualTo(before);
            fixture.table.checkInvariants();
        }
    }

    /// Entries in each eighth of the positions: whole segments.
    private static int[] countsByPart(TableFixture fixture) {
        int[] counts = new int[8];
        var out = new LongList();
        long position = 0;
        do {
            position = fixture.table.scan(position, out);
        } while (position != 0);
        for (int i = 0; i < out.size(); i++) {
            long entry = out.get(i);
            long hash = KeyHash.hash(Entry.key(entry), Entry.keyLength(entry));
            counts[(int) (KeyHash.position(hash) >>> KeyHash.POSITION_BITS - 3)]++;
        }
        return counts;
    }

    @Test
    void whoIsReadOftenStaysAndWhoIsNotGoes() {
        try (var fixture = new TableFixture()) {
            int next = 0;
            while (next < 3_000) {
                fixture.insert(next, next++);
            }
            for (int key = 0; key < 300; key++) {
                Entry.markVisited(fixture.find(key));
            }
            for (int i = 0; i < 30_000; i++, next++) {
                long often = fixture.find(i % 300);
                assertThat(often).as("key " + i % 300).isNotEqualTo(Dashtable.NONE);
                Entry.markVisited(often);
                fixture.insert(next, next);
                evict(fixture, false);
            }
            assertThat(fixture.table.size()).isEqualTo(3_000);
            fixture.table.checkInvariants();
        }
    }

    @Test
    void churnDoesNotFattenTheTable() {
        var random = new Random(3);
        int keys = 60_000;
        try (var fixture = new TableFixture();
                var fresh = new TableFixture()) {
            var present = new ArrayList<Integer>();
            for (int key = 0; key < keys; key++) {
                fixture.insert(key, 0);
                present.add(key);
            }
            while (present.size() > keys / 10) {
                removeAny(fixture, present, random);
            }
            for (int i = 0; i < keys; i++) {
                fixture.insert(keys + i, 0);
                present.add(keys + i);
                removeAny(fixture, present, random);
            }
            for (int key = 0; key < present.size(); key++) {
                fresh.insert(key, 0);
            }
            assertThat(fixture.table.size()).isEqualTo(fresh.table.size());
            assertThat((double) fixture.table.memoryBytes() / fresh.table.memoryBytes())
                    .isLessThan(1.25);
        }
    }

    private static void removeAny(TableFixture fixture, ArrayList<Integer> present, Random random) {
        int at = random.nextInt(present.size());
        fixture.remove(present.get(at));
        present.set(at, present.getLast());
        present.removeLast();
    }

    @Test
    void defragmentationMovesEntriesAndKeepsThem() {
        Map<Integer, Integer> model = new HashMap<>();
        int keys = 300_000;
        try (var fixture = new TableFixture()) {
            for (int key = 0; key < keys; key++) {
                fixture.insert(key, key);
            }
            for (int key = 0; key < keys; key++) {
                if (key % 10 != 0) {
                    fixture.remove(key);
                } else {
                    model.put(key, key);
                }
            }
            long used = fixture.allocator.usedBytes();
            long reserved = fixture.allocator.reservedBytes();
            fixture.allocator.beginDefragmentation(1);
            while (fixture.allocator.planSome()) {
                assertThat(fixture.allocator.pagesToEmpty()).isNotNegative();
            }
            long position = 0;
            do {
                position = fixture.table.defragment(position, fixture::moved);
            } while (position != 0);
            while (fixture.allocator.endSome()) {
                assertThat(fixture.allocator.usedBytes()).isEqualTo(used);
            }
            assertThat(fixture.allocator.usedBytes()).isEqualTo(used);
            assertThat(fixture.allocator.reservedBytes()).isLessThanOrEqualTo(reserved / 2);
            fixture.table.checkInvariants();
            assertSame(fixture, model, keys, "after defragmentation");
        }
    }

    /// At this size most segments have grown from 24 to 32 buckets, so that their old pages are nearly empty.
    @Test
    void segmentsAloneAreMovedOutOfPagesThatGrowthLeftNearlyEmpty() {
        Map<Integer, Integer> model = new HashMap<>();
        int keys = 63_000;
        try (var fixture = new TableFixture()) {
            for (int key = 0; key < keys; key++) {
                fixture.insert(key, key);
                model.put(key, key);
            }
            long used = fixture.allocator.usedBytes();
            long entry = fixture.find(7);
            fixture.allocator.beginDefragmentationOfPages(
                    Dashtable.SEGMENT_BYTES_MIN, Dashtable.SEGMENT_BYTES_MAX, 0.95);
            while (fixture.allocator.planSome()) {
                assertThat(fixture.allocator.pagesToEmpty()).isNotNegative();
            }
            assertThat(fixture.allocator.pagesToEmpty()).isPositive();
            long position = 0;
            int segments = 0;
            do {
                position = fixture.table.defragmentSegment(position);
                segments++;
            } while (position != 0);
            while (fixture.allocator.endSome()) {
                assertThat(fixture.allocator.usedBytes()).isEqualTo(used);
            }
            assertThat(segments).isBetween(100, 200);
            assertThat(fixture.find(7)).as("entries stay").isEqualTo(entry);
            fixture.table.checkInvariants();
            assertSame(fixture, model, keys, "after the move of segments");
        }
    }

    @Test
    void nothingIsAllocatedOnTheJavaHeap() {
        assumeFalse(Boolean.getBoolean("anax.memory.checked"), "the checks themselves allocate");
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var fixture = new TableFixture()) {
            for (int key = 0; key < 3_000; key++) {
                fixture.insert(key, key);
            }
            long hash = fixture.hash(7);
            long entry = fixture.find(7);
            long key = Entry.key(entry);
            int length = Entry.keyLength(entry);
            long before = 0;
            for (int round = 0; round < 200_000; round++) {
                if (round == 100_000) { // compiled by now
                    before = threads.getCurrentThreadAllocatedBytes();
                }
                fixture.table.find(hash, key, length);
                fixture.table.removeFound();
                fixture.table.insert(hash, entry);
                fixture.table.touchBucket(hash);
                fixture.table.touchEntry(hash);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
        }
    }

    @Test
    void touchingLoadsAndChangesNothing() {
        try (var fixture = new TableFixture()) {
            long none = fixture.table.touchEntry(fixture.hash(1));
            fixture.insert(1, 1);
            assertThat(none).isZero();
            assertThat(fixture.table.touchBucket(fixture.hash(1))).isNotZero();
            assertThat(fixture.table.touchEntry(fixture.hash(1))).isNotZero();
        }
    }

    private static void assertSame(TableFixture fixture, Map<Integer, Integer> model, int keys, String as) {
        assertThat(fixture.table.size()).as(as).isEqualTo(model.size());
        for (int key = 0; key < keys; key++) {
            long entry = fixture.find(key);
            Integer expected = model.get(key);
            assertThat(entry != Entry.NONE).as(as).isEqualTo(expected != null);
            if (expected != null) {
                assertThat(TableFixture.valueOf(entry)).as(as).isEqualTo(expected);
            }
        }
    }
}
