package io.anax.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import io.anax.keyspace.Eviction;
import io.anax.keyspace.EvictionPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Commands whose keys lie on several shards, and walks over all of them.
final class ManyKeysTest {
    private static final int SHARDS = 4;
    private static final int KEYS = 5000;

    private final TestShards shards = new TestShards(SHARDS);
    private final String here = shards.keyOn(0, "here");
    private final String there = shards.keyOn(1, "there");

    @AfterEach
    void close() {
        shards.close();
    }

    // ---- a value on its way ---------------------------------------------------------------------

    @Test
    void aRenameTakesValueAndDeadlineToTheOtherShard() {
        for (String value : List.of("", "12", "-9000000000", "text", "x".repeat(5000), "y".repeat(1 << 20))) {
            shards.send("SET", here, value, "PX", "100000");
            shards.run("SET " + there + " old");
            assertThat(shards.run("RENAME " + here + " " + there)).isEqualTo("+OK");
            assertThat(shards.send("GET", there)).isEqualTo(bulk(value));
            assertThat(shards.run("PTTL " + there)).isEqualTo(":100000");
            assertThat(shards.run("EXISTS " + here)).isEqualTo(":0");
            assertThat(shards.run("DBSIZE")).isEqualTo(":1");
        }
    }

    @Test
    void aRenameToAKeyThatIsThereDoesNothingWithNx() {
        shards.run("MSET " + here + " a " + there + " b");
        assertThat(shards.run("RENAMENX " + here + " " + there)).isEqualTo(":0");
        assertThat(shards.run("MGET " + here + " " + there)).isEqualTo("*2 $1 a $1 b");
        shards.run("DEL " + there);
        assertThat(shards.run("RENAMENX " + here + " " + there)).isEqualTo(":1");
        assertThat(shards.run("MGET " + here + " " + there)).isEqualTo("*2 $-1 $1 a");
        assertThat(shards.run("RENAME " + here + " " + there)).isEqualTo("-ERR no such key");
    }

    @Test
    void aCopyStaysWhatItsSourceWas() {
        shards.send("SET", here, "text", "PX", "100000");
        shards.run("APPEND " + here + " more");
        assertThat(shards.run("COPY " + here + " " + there)).isEqualTo(":1");
        assertThat(shards.run("COPY " + here + " " + there)).isEqualTo(":0");
        assertThat(shards.run("COPY " + here + " " + there + " DB 3 REPLACE")).isEqualTo(":1");
        assertThat(shards.run("OBJECT ENCODING " + there)).isEqualTo(bulk("raw"));
        assertThat(shards.run("PTTL " + there)).isEqualTo(":100000");
        assertThat(shards.run("MGET " + here + " " + there)).isEqualTo("*2 $8 textmore $8 textmore");
    }

    @Test
    void aMovedKeyStaysAsOldAsItWasAndACopyIsNew() {
        for (int shard = 0; shard < SHARDS; shard++) {
            try (var eviction = new Eviction(shards.shard(shard))) {
                eviction.policy(EvictionPolicy.ALLKEYS_LRU);
            }
        }
        shards.run("SET " + here + " a");
        shards.nowMillis += 50_000;
        shards.run("RENAME " + here + " " + there);
        assertThat(shards.run("OBJECT IDLETIME " + there)).isEqualTo(":50");
        shards.run("COPY " + there + " " + here);
        assertThat(shards.run("OBJECT IDLETIME " + here)).isEqualTo(":0");
    }

    @Test
    void aLongValueLetsOthersHaveTheirTurn() {
        String value = "v".repeat(1 << 20);
        shards.send("SET", here, value);
        String neighbour = shards.keyOn(0, "neighbour");
        shards.onCheckpoint = () -> shards.run("INCR " + neighbour);
        int pieces = (1 << 20) / (int) Limits.COPY_PIECE_BYTES;

        shards.run("COPY " + here + " " + shards.keyOn(0, "copy"));
        assertThat(shards.checkpoints).isEqualTo(2 * pieces);
        shards.run("RENAME " + here + " " + there);
        assertThat(shards.checkpoints).isEqualTo(2 * pieces);
        shards.onCheckpoint = () -> {};
        assertThat(shards.run("GET " + neighbour)).isEqualTo(bulk(String.valueOf(4 * pieces)));
        assertThat(shards.send("GET", there)).isEqualTo(bulk(value));
    }

    /// The neighbours' many keys make the table grow, so that the long value's place in it is another one.
    @Test
    void aLongReplyLetsOthersHaveTheirTurn() {
        String value = "v".repeat((int) Limits.REPLY_AT_ONCE_BYTES_MAX + 1);
        int pieces = 1 + (value.length() - 1) / (int) Limits.COPY_PIECE_BYTES;
        shards.send("SET", here, value);
        int[] neighbours = {0};
        shards.onCheckpoint = () -> {
            for (int i = 0; i < 100; i++) {
                shards.run("SET " + shards.keyOn(0, "neighbour" + ++neighbours[0]) + " v");
            }
        };
        assertThat(shards.run("GET " + here)).isEqualTo(bulk(value));
        assertThat(shards.checkpoints).isEqualTo(pieces);
        assertThat(shards.run("GETRANGE " + here + " 0 -1")).isEqualTo(bulk(value));
        assertThat(shards.checkpoints).isEqualTo(pieces);
        assertThat(shards.run("GETRANGE " + here + " 1 -1")).isEqualTo(bulk(value.substring(1)));
        assertThat(shards.checkpoints).as("as much as goes at once").isZero();
        assertThat(shards.run("GETEX " + here + " PX 70000")).isEqualTo(bulk(value));
        assertThat(shards.run("PTTL " + here)).isEqualTo(":70000");
        assertThat(shards.run("MGET " + here + " " + here)).isEqualTo("*2 " + bulk(value) + " " + bulk(value));
        assertThat(shards.run("SET " + here + " short GET")).isEqualTo(bulk(value));
        assertThat(shards.run("GET " + here)).isEqualTo(bulk("short"));
        shards.send("SET", here, value);
        assertThat(shards.run("GETSET " + here + " short")).isEqualTo(bulk(value));
        assertThat(shards.run("GET " + here)).isEqualTo(bulk("short"));
        shards.send("SET", here, value);
        assertThat(shards.run("GETDEL " + here)).isEqualTo(bulk(value));
        assertThat(shards.run("EXISTS " + here)).isEqualTo(":0");
        assertThat(neighbours[0]).as("the table has grown").isGreaterThan(10_000);
    }

    @Test
    void whoIsInterruptedOnTheWayHasChangedNothing() {
        String value = "v".repeat(1 << 20);
        shards.send("SET", here, value);
        shards.run("SET " + there + " old");
        for (int when = 1; when <= 32; when++) {
            int[] left = {when};
            shards.onCheckpoint = () -> {
                if (--left[0] == 0) {
                    throw CommandException.OUT_OF_MEMORY;
                }
            };
            assertThat(shards.run("RENAME " + here + " " + there)).startsWith("-OOM");
            shards.onCheckpoint = () -> {};
            assertThat(shards.run("GET " + there)).isEqualTo(bulk("old"));
            assertThat(shards.run("STRLEN " + here)).isEqualTo(":" + value.length());
        }
    }

    // ---- several keys ---------------------------------------------------------------------------

    @Test
    void msetNxVisitsEachShardOnceAPhase() {
        var command = new ArrayList<>(List.of("MSETNX"));
        for (int i = 0; i < 100; i++) {
            command.addAll(List.of("k" + i, "v" + i));
        }
        assertThat(shards.send(command.toArray(String[]::new))).isEqualTo(":1");
        assertThat(shards.visits).isEqualTo(2 * (SHARDS - 1));
        assertThat(shards.run("DBSIZE")).isEqualTo(":100");
        for (int i = 0; i < 100; i++) {
            assertThat(shards.run("GET k" + i)).isEqualTo(bulk("v" + i));
        }
    }

    @Test
    void msetNxSetsAllOrNothing() {
        for (int shard = 0; shard < SHARDS; shard++) {
            String taken = shards.keyOn(shard, "taken");
            shards.run("SET " + taken + " x");
            assertThat(shards.run("MSETNX " + here + " 1 " + taken + " 2 " + there + " 3"))
                    .isEqualTo(":0");
            assertThat(shards.run("DBSIZE")).isEqualTo(":1");
            shards.run("FLUSHALL");
        }
    }

    @Test
    void manyKeysAreWorkedOnInSlices() {
        var mset = new ArrayList<>(List.of("MSET"));
        var names = new ArrayList<String>();
        for (int i = 0; i < KEYS; i++) {
            names.add("k" + i);
            mset.addAll(List.of("k" + i, "v" + i));
        }
        inSlices(":0", command("EXISTS", names));
        inSlices("+OK", mset.toArray(String[]::new));
        inSlices(":" + KEYS, command("EXISTS", names));
        inSlices(":" + KEYS, command("TOUCH", names));
        var values = shards.names(command("MGET", names));
        assertThat(values).startsWith("v0", "v1").hasSize(KEYS);
        inSlices(":" + KEYS, command("DEL", names));
        inSlices(":1", command("MSETNX", mset.subList(1, mset.size())));
        inSlices(":" + KEYS, command("UNLINK", names));
        assertThat(shards.run("DBSIZE")).isEqualTo(":0");
    }

    private void inSlices(String reply, String... command) {
        assertThat(shards.send(command)).as(command[0]).isEqualTo(reply);
        assertThat(shards.onFiber).as(command[0]).isTrue();
        assertThat(shards.checkpoints).as(command[0]).isGreaterThanOrEqualTo(KEYS / SHARDS);
    }

    private static String[] command(String name, List<String> arguments) {
        var command = new ArrayList<>(List.of(name));
        command.addAll(arguments);
        return command.toArray(String[]::new);
    }

    // ---- all keys -------------------------------------------------------------------------------

    @Test
    void keysFindsAllThatStayedWhateverHappensMeanwhile() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int i = 0; i < KEYS; i++) {
            shards.run("SET stays" + i + " x");
            shards.run("SET goes" + i + " x");
        }
        shards.onCheckpoint = () -> {
            shards.run("DEL goes" + random.nextInt(KEYS));
            shards.run("SET comes" + random.nextInt(10 * KEYS) + " x");
            shards.run("SET stays" + random.nextInt(KEYS) + " " + "y".repeat(random.nextInt(100)));
        };
        var names = shards.names("KEYS", "*s*");
        assertThat(shards.onFiber).isTrue();
        assertThat(names.stream().filter(name -> name.startsWith("stays")))
                .as("seed %d", seed)
                .hasSize(KEYS);
        assertThat(names).as("seed %d", seed).doesNotHaveDuplicates();
        shards.onCheckpoint = () -> shards.run("FLUSHALL");
        assertThat(shards.names("KEYS", "*").size()).isLessThan(100);
    }

    @Test
    void aFewKeysNeedNoFiber() {
        shards.run("MSET a 1 b 2 c 3");
        shards.run("EXPIRE b 10");
        shards.nowMillis += 10_000;
        assertThat(shards.names("KEYS", "*")).containsExactlyInAnyOrder("a", "c");
        assertThat(shards.names("KEYS", "[b-z]*")).containsExactly("c");
        assertThat(shards.onFiber).isFalse();
    }

    @Test
    void scanGoesThroughAllShards() {
        for (int i = 0; i < KEYS; i++) {
            shards.run("SET k" + i + " x");
        }
        for (String count : List.of("1", "10", "1000", "100000")) {
            var seen = new ArrayList<String>();
            String cursor = "0";
            do {
                String[] words =
                        shards.run("SCAN " + cursor + " COUNT " + count).split(" ");
                cursor = words[2];
                for (int i = 5; i < words.length; i += 2) {
                    seen.add(words[i]);
                }
            } while (!cursor.equals("0"));
            assertThat(seen).hasSize(KEYS);
            assertThat(new HashSet<>(seen)).hasSize(KEYS);
            assertThat(shards.onFiber).isEqualTo(count.equals("100000"));
        }
    }

    @Test
    void aRandomKeyIsAnyWithTheSameChance() {
        assertThat(shards.run("RANDOMKEY")).isEqualTo("$-1");
        int count = 40;
        for (int i = 0; i < count; i++) {
            shards.run("SET " + shards.keyOn(i % 8 == 0 ? 1 : 2, "k" + i + "-") + " x"); // few here, many there
        }
        var drawn = new HashMap<String, Integer>();
        int tries = 20_000;
        for (int i = 0; i < tries; i++) {
            drawn.merge(shards.run("RANDOMKEY"), 1, Integer::sum);
        }
        assertThat(drawn).hasSize(count);
        assertThat(drawn.values()).allMatch(times -> times > tries / count / 2 && times < tries / count * 2);
    }

    @Test
    void aRandomKeyIsNoExpiredOneHoweverManyThereAre() {
        for (int i = 0; i < KEYS; i++) {
            shards.run("SET k" + i + " x PX 10");
        }
        shards.run("SET lives x");
        shards.nowMillis += 10;
        assertThat(shards.run("RANDOMKEY")).isEqualTo(bulk("lives"));
        shards.run("DEL lives");
        assertThat(shards.run("RANDOMKEY")).isEqualTo("$-1");
    }

    @Test
    void flushAllIsForAllDatabasesOfAllShards() {
        for (int i = 0; i < 100; i++) {
            shards.session().select(i % 16);
            shards.run("SET k" + i + " x");
        }
        assertThat(shards.run("FLUSHALL")).isEqualTo("+OK");
        for (int i = 0; i < 16; i++) {
            shards.session().select(i);
            assertThat(shards.run("DBSIZE")).isEqualTo(":0");
        }
    }

    /// The databases of others, and keys that are watched, are not counted one by one.
    @Test
    void flushAllLooksAtTheDatabasesOfItsTenantAndPausesBetweenThem() {
        var first = shards.shard(0);
        for (int tenant = 1; tenant < 3000; tenant++) {
            first.at(tenant, 0);
        }
        shards.run("MSET " + here + " a " + there + " b");
        assertThat(shards.run("FLUSHALL")).isEqualTo("+OK");
        assertThat(shards.onFiber).isFalse();
        first.at(2000);
        shards.run("SET " + here + " a");
        assertThat(shards.run("FLUSHALL")).isEqualTo("+OK");
        assertThat(shards.onFiber).isTrue();
        assertThat(shards.checkpoints).isEqualTo(2001);
        assertThat(shards.run("DBSIZE")).isEqualTo(":0");
    }

    // ---- LCS ------------------------------------------------------------------------------------

    @Test
    void lcsOfLongStringsOfTwoShardsRunsInSlices() {
        shards.send("SET", here, "ab".repeat(200));
        shards.send("SET", there, "b".repeat(300));
        assertThat(shards.run("LCS " + here + " " + there + " LEN")).isEqualTo(":200");
        assertThat(shards.checkpoints).isGreaterThan(400 * 300 / Limits.LCS_PIECE_CELLS / 2);
        assertThat(shards.run("LCS " + here + " none")).isEqualTo("$0");
        shards.send("SET", here, "x".repeat(20_000));
        shards.send("SET", there, "x".repeat(20_000));
        assertThat(shards.run("LCS " + here + " " + there)).startsWith("-ERR Insufficient memory");
        assertThat(shards.run("LCS " + here + " " + there + " LEN IDX")).startsWith("-ERR If you want both");
    }

    private static String bulk(String value) {
        return ("$" + value.length() + " " + value).strip();
    }
}
