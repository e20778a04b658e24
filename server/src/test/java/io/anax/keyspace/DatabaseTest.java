package io.anax.keyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anax.memory.LongList;
import io.anax.memory.Memory;
import io.anax.table.Entry;
import io.anax.types.StringValue;
import io.anax.types.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A database against a map of the JDK, and the promises of each method one by one.
class DatabaseTest {
    private final TestKeys keys = new TestKeys();

    @AfterEach
    void allMemoryIsBack() {
        keys.close();
    }

    private record Held(String text, long deadlineMillis) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void behavesAsAMapWithDeadlines(long seed) {
        var random = new Random(seed);
        Map<String, Held> model = new HashMap<>();
        for (int i = 0; i < 30_000; i++) {
            String name = "key:" + random.nextInt(400);
            model.entrySet().removeIf(e -> e.getKey().equals(name) && e.getValue().deadlineMillis <= keys.nowMillis);
            step(random, name, model);
            Held held = model.get(name);
            assertThat(keys.get(name)).as("seed " + seed + " step " + i).isEqualTo(held == null ? null : held.text);
            keys.nowMillis += random.nextInt(3);
            if (i % 1000 == 0) {
                keys.db().checkInvariants();
            }
        }
        compareAll(model, seed);
    }

    private void step(Random random, String name, Map<String, Held> model) {
        Held old = model.get(name);
        long oldDeadline = old == null ? Database.NEVER : old.deadlineMillis;
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                long deadline = deadline(random);
                String text = text(random);
                keys.set(name, text, deadline);
                model.put(name, new Held(text, deadline));
            }
            case 2 -> {
                String text = text(random);
                keys.set(name, text, Database.KEEP);
                model.put(name, new Held(text, oldDeadline));
            }
            case 3 -> {
                long number = random.nextLong() >> random.nextInt(64);
                keys.setInteger(name, number, Database.KEEP);
                model.put(name, new Held(Long.toString(number), oldDeadline));
            }
            case 4 -> {
                assertThat(keys.remove(name)).isEqualTo(old != null);
                model.remove(name);
            }
            case 5 -> changeDeadline(random, name, model, old);
            case 6 -> {
                String more = text(random);
                keys.append(name, more);
                model.put(name, new Held(old == null ? more : old.text + more, oldDeadline));
            }
            case 7 -> {
                int offset = random.nextInt(200);
                keys.setRange(name, offset, "<part>");
                model.put(name, new Held(withPart(old == null ? "" : old.text, offset), oldDeadline));
            }
            case 8 -> {
                if (keys.find(name) != Database.NONE) {
                    assertThat(old).isNotNull();
                    keys.db().setIntegerFound(offsetOf(random));
                    model.put(name, new Held(keys.text(keys.peek(name)), oldDeadline));
                }
            }
            default -> rename(random, name, model, old);
        }
    }

    private static long offsetOf(Random random) {
        return random.nextLong() >> random.nextInt(64);
    }

    private void changeDeadline(Random random, String name, Map<String, Held> model, Held old) {
        if (keys.find(name) != Database.NONE) {
            long deadline = deadline(random);
            long entry = keys.db().setDeadlineFound(deadline);
            assertThat(Entry.deadline(entry)).isEqualTo(deadline);
            model.put(name, new Held(old.text, deadline));
        }
    }

    private void rename(Random random, String name, Map<String, Held> model, Held old) {
        if (keys.find(name) != Database.NONE) {
            String to = "key:" + random.nextInt(400);
            keys.moveFound(keys.db(), to);
            model.remove(name);
            model.put(to, old);
        }
    }

    private long deadline(Random random) {
        return random.nextBoolean() ? Database.NEVER : keys.nowMillis + 1 + random.nextInt(2000);
    }

    private static String text(Random random) {
        int kind = random.nextInt(20);
        if (kind < 6) {
            return Long.toString(random.nextLong() >> random.nextInt(64));
        }
        int most = kind == 19 ? 9000 : kind > 15 ? 1000 : 60;
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String withPart(String old, int offset) {
        var text = new StringBuilder(old);
        while (text.length() < offset + 6) {
            text.append('\0');
        }
        return text.replace(offset, offset + 6, "<part>").toString();
    }

    private void compareAll(Map<String, Held> model, long seed) {
        model.values().removeIf(held -> held.deadlineMillis <= keys.nowMillis);
        Set<String> scanned = scan();
        assertThat(scanned).as("seed " + seed).isEqualTo(model.keySet());
        for (Map.Entry<String, Held> entry : model.entrySet()) {
            assertThat(keys.get(entry.getKey())).isEqualTo(entry.getValue().text);
            assertThat(Entry.deadline(keys.peek(entry.getKey()))).isEqualTo(entry.getValue().deadlineMillis);
        }
    }

    private Set<String> scan() {
        var entries = new LongList();
        long position = 0;
        do {
            position = keys.db().scan(position, entries);
        } while (position != 0);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            long entry = entries.get(i);
            if (!Expiry.isExpired(entry, keys.nowMillis)) {
                byte[] name = Memory.bytes(Entry.key(entry), Entry.keyLength(entry));
                assertThat(names.add(new String(name, StandardCharsets.ISO_8859_1)))
                        .isTrue();
            }
        }
        return names;
    }

    @Test
    void anExpiredKeyIsNeverSeen() {
        keys.set("k", "v", keys.nowMillis + 10);
        keys.nowMillis += 9;
        assertThat(keys.get("k")).isEqualTo("v");
        keys.nowMillis += 1;
        assertThat(keys.get("k")).isNull();
        assertThat(keys.db().size()).isZero();
        assertThat(keys.databases.statistics().expired()).isEqualTo(1);
        keys.append("k", "new");
        assertThat(Entry.hasDeadline(keys.peek("k"))).isFalse();
    }

    @Test
    void anExpiredKeyHasNoDeadlineToKeep() {
        keys.set("k", "v", keys.nowMillis + 10);
        keys.nowMillis += 10;
        keys.set("k", "w", Database.KEEP);
        assertThat(Entry.deadline(keys.peek("k"))).isEqualTo(Database.NEVER);
        assertThat(keys.databases.statistics().expired()).isEqualTo(1);
        assertThat(keys.db().expiresCount()).isZero();
    }

    @Test
    void anotherValueOfTheSizeTakesTheSamePlace() {
        keys.set("counter", "1", keys.nowMillis + 10);
        long entry = keys.peek("counter");
        keys.set("counter", "2", keys.nowMillis + 20);
        assertThat(keys.peek("counter")).isEqualTo(entry);
        keys.setInteger("counter", 3, Database.KEEP);
        assertThat(keys.peek("counter")).isEqualTo(entry);
        keys.db().setIntegerFound(4);
        assertThat(keys.peek("counter")).isEqualTo(entry);
        assertThat(Entry.deadline(entry)).isEqualTo(keys.nowMillis + 20);
        assertThat(keys.get("counter")).isEqualTo("4");
    }

    @Test
    void countsHitsAndMissesOfReadersOnly() {
        keys.set("k", "v", Database.NEVER);
        keys.get("k");
        keys.get("nobody");
        keys.peek("k");
        keys.peek("nobody");
        keys.append("k", "w");
        assertThat(keys.databases.statistics().hits()).isEqualTo(1);
        assertThat(keys.databases.statistics().misses()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(value = Type.class, names = "STRING", mode = EnumSource.Mode.EXCLUDE)
    void aValueOfAnotherTypeIsRefused(Type type) {
        keys.set("k", "v", Database.NEVER);
        long hash = keys.hash("k");
        long entry = keys.peek("k");
        long key = Entry.key(entry);
        assertThatThrownBy(() -> keys.db().find(hash, key, 1, type, 0)).isSameAs(WrongTypeException.INSTANCE);
        assertThatThrownBy(() -> keys.db().findToChange(hash, key, 1, type, 0)).isSameAs(WrongTypeException.INSTANCE);
        assertThat(keys.get("k")).isEqualTo("v");
    }

    @Test
    void whatWasChangedInPlaceIsRaw() {
        keys.set("n", "12", Database.NEVER);
        assertThat(StringValue.encodingName(keys.peek("n"))).isEqualTo("int");
        keys.append("n", "3");
        long entry = keys.peek("n");
        assertThat(StringValue.encodingName(entry)).isEqualTo("raw");
        assertThat(StringValue.isInteger(entry)).isTrue();
        assertThat(StringValue.integer(entry)).isEqualTo(123);
        keys.setInteger("n", 124, Database.KEEP);
        assertThat(StringValue.encodingName(keys.peek("n"))).isEqualTo("int");
    }

    @Test
    void appendingMovesALargeValueSeldomAndItsKeyNever() {
        keys.set("log", "x".repeat(5000), Database.NEVER);
        long entry = keys.peek("log");
        for (int i = 0; i < 2000; i++) {
            keys.append("log", "y".repeat(100));
            assertThat(keys.peek("log")).isEqualTo(entry);
        }
        assertThat(keys.get("log")).isEqualTo("x".repeat(5000) + "y".repeat(200_000));
    }

    @Test
    void movingToAnotherDatabaseTakesValueAndDeadlineAlong() {
        keys.set("a", "x".repeat(6000), keys.nowMillis + 50);
        Database other = keys.databases.at(3);
        keys.set(other, "b", "in the way", Database.NEVER);
        keys.find("a");
        keys.moveFound(other, "b");
        assertThat(keys.db().size()).isZero();
        assertThat(keys.db().expiresCount()).isZero();
        assertThat(keys.get(other, "b")).hasSize(6000);
        assertThat(other.expiresCount()).isEqualTo(1);
        assertThat(other.size()).isEqualTo(1);
    }

    @Test
    void swappedDatabasesExchangeTheirKeys() {
        Database zero = keys.db();
        Database one = keys.databases.at(1);
        keys.set(zero, "k", "zero", keys.nowMillis + 1);
        keys.set(one, "k", "one", Database.NEVER);
        long version = keys.watch("k");
        keys.databases.swap(0, 0, 1);
        assertThat(keys.get(zero, "k")).isEqualTo("one");
        assertThat(keys.get(one, "k")).isEqualTo("zero");
        assertThat(one.expiresCount()).isEqualTo(1);
        assertThat(keys.watchedVersion("k")).isNotEqualTo(version);
        zero.unwatch(keys.hash("k"));
    }

    @Test
    void clearingGivesTheMemoryBackInSlices() {
        for (int i = 0; i < 20_000; i++) {
            keys.set("key:" + i, "x".repeat(i % 100), i % 2 == 0 ? Database.NEVER : keys.nowMillis + 1);
        }
        keys.set("big", "x".repeat(900_000), Database.NEVER);
        keys.databases.clear(Databases.DEFAULT_TENANT, () -> {});
        assertThat(keys.db().size()).isZero();
        assertThat(keys.db().expiresCount()).isZero();
        keys.set("key:1", "new", Database.NEVER);
        int slices = 0;
        while (!keys.databases.reclaimer().isIdle()) {
            keys.slice.begin(5_000);
            keys.databases.reclaimer().run(keys.slice);
            slices++;
        }
        assertThat(slices).isGreaterThan(10);
        assertThat(keys.get("key:1")).isEqualTo("new");
        keys.remove("key:1");
        keys.databases.trim();
        assertThat(keys.allocator.usedBytes()).isZero();
    }

    @Test
    void emptyTablesGoBackFewAtATime() {
        int count = 200;
        for (int index = 0; index < count; index++) {
            keys.set(keys.databases.at(index), "k", "v", Database.NEVER);
        }
        long kept = keys.allocator.usedBytes() / count;
        for (int index = 1; index < count; index++) {
            keys.find(keys.databases.at(index), "k");
            keys.databases.at(index).removeFound();
        }
        keys.databases.trimSome();
        assertThat(keys.allocator.usedBytes()).isGreaterThan(count / 3 * (kept / 2));
        for (int i = 0; i < 3; i++) {
            keys.databases.trimSome();
        }
        assertThat(keys.allocator.usedBytes()).isEqualTo(kept);
        assertThat(keys.get("k")).isEqualTo("v");
        keys.set(keys.databases.at(7), "k", "again", Database.NEVER);
        assertThat(keys.get(keys.databases.at(7), "k")).isEqualTo("again");
    }

    @Test
    void bigValuesAreFreedLater() {
        keys.set("big", "x".repeat(900_000), Database.NEVER);
        keys.remove("big");
        assertThat(keys.databases.reclaimer().isIdle()).isFalse();
        assertThat(keys.allocator.usedBytes()).isGreaterThan(900_000);
        keys.slice.begin(1_000_000);
        keys.databases.reclaimer().run(keys.slice);
        assertThat(keys.allocator.usedBytes()).isLessThan(1000);
    }

    @Test
    void everyChangeOfAWatchedKeyIsSeen() {
        List<Runnable> changes = new ArrayList<>();
        changes.add(() -> keys.set("w", "1", Database.NEVER));
        changes.add(() -> keys.setInteger("w", 2, Database.NEVER));
        changes.add(() -> keys.append("w", "3"));
        changes.add(() -> {
            keys.find("w");
            keys.db().setDeadlineFound(keys.nowMillis + 10);
        });
        changes.add(() -> {
            keys.find("w");
            keys.db().setIntegerFound(4);
        });
        changes.add(() -> keys.nowMillis += 10); // expires
        changes.add(() -> keys.set("w", "5", Database.NEVER));
        changes.add(() -> {
            keys.find("w");
            keys.moveFound(keys.db(), "elsewhere");
        });
        changes.add(() -> {
            keys.find("elsewhere");
            keys.moveFound(keys.db(), "w");
        });
        changes.add(() -> keys.remove("w"));
        changes.add(() -> keys.db().clear());
        long version = keys.watch("w");
        for (Runnable change : changes) {
            assertThat(keys.watchedVersion("w")).isEqualTo(version);
            change.run();
            assertThat(keys.watchedVersion("w")).isGreaterThan(version);
            version = keys.watchedVersion("w");
        }
        keys.set("other", "1", Database.NEVER);
        keys.remove("w"); // is not there
        assertThat(keys.watchedVersion("w")).isEqualTo(version);
        keys.db().unwatch(keys.hash("w"));
    }

    @Test
    void watchedKeysBehaveAsAMap() {
        var random = new Random(7);
        var watched = new WatchedKeys();
        Map<Long, int[]> model = new HashMap<>(); // watchers, version
        int[] changesOfAll = {0};
        for (int i = 0; i < 100_000; i++) {
            long hash = (long) random.nextInt(300) << 8 | 0xF00_0000_0000L;
            int[] held = model.get(hash);
            switch (random.nextInt(4)) {
                case 0 -> {
                    int[] now = model.computeIfAbsent(hash, _ -> new int[] {0, changesOfAll[0]});
                    now[0]++;
                    assertThat(watched.watch(hash)).isEqualTo(now[1]);
                }
                case 1 -> {
                    if (held != null) {
                        watched.unwatch(hash);
                        if (--held[0] == 0) {
                            model.remove(hash);
                        }
                    }
                }
                case 2 -> {
                    if (i % 10 == 0) {
                        watched.allChanged();
                        changesOfAll[0]++;
                        model.values().forEach(other -> other[1]++);
                    }
                }
                default -> {
                    if (!model.isEmpty()) {
                        watched.changed(hash);
                    }
                    if (held != null) {
                        assertThat(watched.version(hash)).isEqualTo(++held[1]);
                    }
                }
            }
        }
        watched.checkInvariants();
        assertThat(watched.isEmpty()).isEqualTo(model.isEmpty());
    }

    @Test
    void randomEntriesAreAlive() {
        for (int i = 0; i < 100; i++) {
            keys.set("key:" + i, "v", i < 50 ? keys.nowMillis + 1 : Database.NEVER);
        }
        keys.nowMillis += 1;
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            long entry = keys.db().randomEntry(keys.nowMillis);
            assertThat(Expiry.isExpired(entry, keys.nowMillis)).isFalse();
            seen.add(entry);
        }
        assertThat(seen).hasSize(50);
        assertThat(keys.databases.at(5).randomEntry(keys.nowMillis)).isEqualTo(Database.NONE);
    }

    @Test
    void aSnapshotHearsOfEachOldEntryBeforeItChanges() {
        for (int i = 0; i < 300; i++) {
            keys.set("key:" + i, "old", keys.nowMillis + 1_000_000);
        }
        List<String> heard = new ArrayList<>();
        Cut cut = keys.databases.cut((_, _, entry) -> heard.add(keys.text(entry)));
        keys.set("key:1", "new", Database.KEEP);
        keys.append("key:2", "er");
        keys.remove("key:3");
        keys.find("key:4");
        keys.db().setDeadlineFound(Database.NEVER);
        keys.find("key:5");
        keys.db().setDeadlineFound(keys.nowMillis + 5);
        keys.find("key:6");
        keys.moveFound(keys.db(), "key:7");
        keys.find("key:8");
        keys.db().setIntegerFound(1);
        assertThat(heard).hasSize(8).containsOnly("old");
        keys.append("key:2", "er");
        keys.set("key:1", "newer", Database.NEVER);
        keys.set("brand new", "x", Database.NEVER);
        assertThat(heard).hasSize(8);
        cut.close();
    }
}
