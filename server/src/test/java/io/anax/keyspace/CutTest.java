package io.anax.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.memory.Memory;
import io.anax.table.Entry;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A snapshot holds what the databases held at the cut, whatever happens to them meanwhile.
class CutTest {
    private static final int DATABASES = 3;
    private static final int KEYS = 600;

    private final TestKeys keys = new TestKeys();
    private final Map<String, String> model = new HashMap<>(); // "index/key" to value
    private final Map<String, String> snapshot = new HashMap<>();

    @AfterEach
    void allMemoryIsBack() {
        keys.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aSnapshotIsTheStateAtTheCut(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 60; round++) { // more than there are versions
            change(random, 200);
            Map<String, String> expected = new HashMap<>(model);
            Cut cut = begin();
            boolean givesUp = random.nextInt(100) < seed * 15;
            while (cut.step() && !(givesUp && random.nextInt(20) == 0)) {
                change(random, 1 + random.nextInt(20));
            }
            cut.close();
            if (!givesUp) {
                assertThat(snapshot.equals(expected))
                        .as("seed " + seed + " round " + round)
                        .isTrue();
            }
        }
        keys.databases.existing().forEach(Database::checkInvariants);
    }

    @Test
    void aDatabaseMadeDuringASnapshotIsNotInItAndIsInTheNext() {
        set(0, "old", "1");
        Cut cut = begin();
        set(1, "new", "2");
        set(1, "new", "3");
        finish(cut);
        assertThat(snapshot).containsOnly(Map.entry("0/old", "1"));
        for (int i = 0; i < 2 * Entry.VERSIONS; i++) {
            finish(begin());
            assertThat(snapshot).containsOnly(Map.entry("0/old", "1"), Map.entry("1/new", "3"));
        }
    }

    @Test
    void whatIsFlushedDuringASnapshotIsInIt() {
        for (int i = 0; i < 1000; i++) {
            set(0, "key:" + i, "old");
        }
        Map<String, String> expected = new HashMap<>(model);
        Cut cut = begin();
        keys.databases.clear(Databases.DEFAULT_TENANT, () -> {});
        set(0, "key:1", "new");
        reclaim(1_000_000_000);
        assertThat(snapshot.equals(expected)).isTrue();
        finish(cut);
        assertThat(snapshot.equals(expected)).isTrue();
    }

    @Test
    void emptyTablesFollowTheVersionToo() {
        set(0, "k", "1");
        set(1, "other", "1");
        keys.remove("k");
        for (int i = 0; i < Entry.VERSIONS; i++) {
            finish(begin());
        }
        set(0, "k", "2");
        finish(begin());
        assertThat(snapshot).containsOnly(Map.entry("0/k", "2"), Map.entry("1/other", "1"));
    }

    private Cut begin() {
        snapshot.clear();
        return keys.databases.cut((_, index, entry) -> {
            byte[] name = Memory.bytes(Entry.key(entry), Entry.keyLength(entry));
            String key = index + "/" + new String(name, StandardCharsets.ISO_8859_1);
            assertThat(snapshot.put(key, keys.text(entry)))
                    .as("handed over once")
                    .isNull();
        });
    }

    private static void finish(Cut cut) {
        while (cut.step()) {
            assertThat(cut).isNotNull();
        }
        cut.close();
    }

    private void set(int index, String name, String text) {
        keys.set(keys.databases.at(index), name, text, Database.NEVER);
        model.put(index + "/" + name, text);
    }

    private void change(Random random, int count) {
        for (int i = 0; i < count; i++) {
            change(random);
        }
        reclaim(random.nextInt(30_000));
    }

    private void change(Random random) {
        int index = random.nextInt(DATABASES);
        String name = "key:" + random.nextInt(KEYS);
        Database db = keys.databases.at(index);
        switch (random.nextInt(300)) {
            case 0 -> {
                db.clear();
                model.keySet().removeIf(key -> key.startsWith(index + "/"));
            }
            case 1 -> swap(index, random.nextInt(DATABASES));
            case 2 -> keys.databases.trim();
            default -> {
                switch (random.nextInt(4)) {
                    case 0 -> remove(db, name);
                    case 1 -> move(db, name, random.nextInt(DATABASES));
                    default -> set(index, name, "x".repeat(random.nextInt(8)) + random.nextInt());
                }
            }
        }
    }

    private void remove(Database db, String name) {
        if (keys.find(db, name) != Database.NONE) {
            db.removeFound();
            model.remove(db.index() + "/" + name);
        }
    }

    private void move(Database db, String name, int to) {
        if (to != db.index() && keys.find(db, name) != Database.NONE) {
            keys.moveFound(db, keys.databases.at(to), name);
            model.put(to + "/" + name, model.remove(db.index() + "/" + name));
        }
    }

    private void swap(int one, int other) {
        keys.databases.swap(Databases.DEFAULT_TENANT, one, other);
        Map<String, String> before = new HashMap<>(model);
        model.clear();
        before.forEach((key, text) -> {
            int index = key.charAt(0) - '0';
            int now = index == one ? other : index == other ? one : index;
            model.put(now + key.substring(1), text);
        });
    }

    private void reclaim(long nanos) {
        keys.slice.begin(nanos);
        keys.databases.reclaimer().run(keys.slice);
    }
}
