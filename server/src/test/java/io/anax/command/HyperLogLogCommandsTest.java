package io.anax.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import io.anax.compatibility.RedisServer;
import io.anax.compatibility.RespClient;
import io.anax.types.HyperLogLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// HyperLogLogs over keys of one and of several shards: replies and bytes are those of redis-server.
class HyperLogLogCommandsTest {
    private static final List<String> KEYS = List.of("a", "b", "c", "d", "e");

    /// From none that stays sparse to all that do.
    private static final long[] SPARSE_BYTES_MAX = {
        0, 17, 18, 100, 1000, 3000, HyperLogLog.DENSE_SIZE, 14_000, 20_000, Long.MAX_VALUE
    };

    private final long seed = Long.getLong("anax.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void bytesAreThoseOfRedisAfterAnyCommands(int shardCount) {
        System.out.println("HyperLogLogCommandsTest: -Danax.seed=" + seed);
        try (var redis = RedisServer.start();
                var client = redis.connect();
                var shards = shards(shardCount)) {
            int visits = 0;
            for (int round = 0; round < 160; round++) {
                if (round % 10 == 9) {
                    sparseBytesMax(SPARSE_BYTES_MAX[random.nextInt(SPARSE_BYTES_MAX.length)], client, shards);
                }
                String[] command = command();
                String what = "seed " + seed + " round " + round + ": " + command[0] + " " + command[1];
                assertThat(shards.send(command)).as(what).isEqualTo(line(client.send(command)));
                visits += shards.visits;
                for (String key : KEYS) {
                    assertThat(shards.send("GET", key)).as(what).isEqualTo(line(client.send("GET", key)));
                }
            }
            assertThat(visits > 0).isEqualTo(shardCount > 1);
        }
    }

    @Test
    void aSparseOneMayBeLargerThanADenseOne() {
        try (var redis = RedisServer.start();
                var client = redis.connect();
                var shards = shards(1)) {
            sparseBytesMax(Long.MAX_VALUE, client, shards);
            for (int round = 0; round < 12; round++) {
                String[] command = new String[2000];
                Arrays.setAll(command, i -> "element:" + random.nextInt());
                command[0] = "PFADD";
                command[1] = KEYS.get(round % 2);
                assertThat(shards.send(command)).isEqualTo(line(client.send(command)));
            }
            for (String merge : List.of("PFMERGE c a b", "PFMERGE a b", "PFADD c x y z")) {
                assertThat(shards.run(merge)).isEqualTo(line(client.send(merge.split(" "))));
                for (String key : KEYS) {
                    assertThat(shards.send("GET", key)).as(merge).isEqualTo(line(client.send("GET", key)));
                }
            }
            assertThat(shards.run("STRLEN c")).isGreaterThan(":" + HyperLogLog.DENSE_SIZE);
            assertThat(shards.run("PFDEBUG ENCODING c")).isEqualTo("+sparse");
        }
    }

    private static void sparseBytesMax(long size, RespClient redis, TestShards shards) {
        assertThat(line(redis.send("CONFIG", "SET", "hll-sparse-max-bytes", String.valueOf(size))))
                .isEqualTo("+OK");
        for (int i = 0; i < shards.count(); i++) {
            shards.shard(i).thresholds().hllSparseBytesMax(size);
        }
    }

    private String[] command() {
        var command = new ArrayList<String>();
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                command.add("PFADD");
                command.add(key());
                for (int i = elementCount(); i > 0; i--) {
                    command.add("element:" + random.nextInt(1 << random.nextInt(4, 20)));
                }
            }
            case 3, 4 -> several("PFMERGE", command);
            case 5, 6 -> several("PFCOUNT", command);
            default -> command.addAll(List.of("DEL", key()));
        }
        return command.toArray(String[]::new);
    }

    private int elementCount() {
        return random.nextInt(random.nextInt(4) == 0 ? 2 * Limits.WORK_ARGUMENTS_AT_ONCE_MAX : 30);
    }

    private void several(String name, List<String> command) {
        command.add(name);
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            command.add(key());
        }
    }

    private String key() {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    /// Runs that do not cover the registers: the same is refused, and the same is left behind.
    @Test
    void corruptRunsAreAnsweredAsByRedis() {
        System.out.println("HyperLogLogCommandsTest: -Danax.seed=" + seed);
        try (var redis = RedisServer.start();
                var client = redis.connect();
                var shards = shards(1)) {
            for (int round = 0; round < 300; round++) {
                String value = corrupt();
                var commands = List.of(
                        new String[] {"SET", "a", value},
                        new String[] {"PFADD", "a", "e" + round, "x", "y", "z"},
                        new String[] {"GET", "a"},
                        new String[] {"PFCOUNT", "a"},
                        new String[] {"PFCOUNT", "a", "b"},
                        new String[] {"PFMERGE", "b", "a"},
                        new String[] {"PFDEBUG", "TODENSE", "a"},
                        new String[] {"GET", "a"});
                for (String[] command : commands) {
                    assertThat(shards.send(command))
                            .as("seed %d round %d: %s", seed, round, command[0])
                            .isEqualTo(line(client.send(command)));
                }
            }
        }
    }

    /// Opcodes of one byte, so that none is cut off by the end: there Redis reads a byte too many.
    private String corrupt() {
        var value = new StringBuilder("HYLL\1" + "\0".repeat(11));
        for (int left = 16384 + random.nextInt(3) - 1; left > 0; ) {
            int opcode = random.nextInt(4) == 0 ? 0x80 | random.nextInt(128) : 0x3F;
            int run = opcode >= 0x80 ? (opcode & 3) + 1 : opcode + 1;
            if (run > left) {
                opcode = left - 1;
                run = left;
            }
            value.append((char) opcode);
            left -= run;
        }
        return value.toString();
    }

    @Test
    void whatIsLargerThanAnyIsCorrupt() {
        try (var shards = shards(1)) {
            shards.send("SET", "a", "HYLL\1" + "\0".repeat(40_000));
            for (String command : List.of("PFADD a x", "PFCOUNT a", "PFCOUNT a b", "PFMERGE b a", "PFDEBUG DECODE a")) {
                assertThat(shards.send(command.split(" "))).isEqualTo("-INVALIDOBJ Corrupted HLL object detected");
            }
        }
    }

    @Test
    void theSelfTestSucceedsOnAFiber() {
        try (var shards = shards(1)) {
            assertThat(shards.send("PFSELFTEST")).isEqualTo("+OK");
            assertThat(shards.onFiber).isTrue();
            assertThat(shards.checkpoints).isPositive();
        }
    }

    @Test
    void manyKeysAndManyElementsAskForAFiber() {
        try (var shards = shards(1)) {
            String[] many = new String[Limits.WORK_ARGUMENTS_AT_ONCE_MAX + 2];
            Arrays.setAll(many, i -> "e" + i);
            many[0] = "PFADD";
            many[1] = "a";
            assertThat(shards.send(many)).isEqualTo(":1");
            assertThat(shards.onFiber).isTrue();
            assertThat(shards.send(many)).isEqualTo(":0");
            String count = shards.send("PFCOUNT", "a");
            assertThat(shards.onFiber).isFalse();
            many[0] = "PFCOUNT";
            assertThat(shards.send(many)).isEqualTo(count);
            assertThat(shards.onFiber).isTrue();
            String longElement = "x".repeat((int) Limits.BITS_AT_ONCE_BYTES_MAX);
            assertThat(shards.send("PFADD", "b", longElement)).isEqualTo(":1");
            assertThat(shards.onFiber).isTrue();
        }
    }

    @Test
    void aCountThatIsKeptIsAChangeThatTheFirstReaderMakes() {
        try (var shards = shards(1)) {
            shards.send("PFADD", "a", "x");
            String stale = shards.send("GET", "a");
            assertThat(shards.send("PFCOUNT", "a")).isEqualTo(":1");
            int begin = stale.indexOf("HYLL");
            String kept = shards.send("GET", "a");
            assertThat(kept.charAt(begin + 15)).isEqualTo('\0');
            assertThat(stale.charAt(begin + 15)).isEqualTo('\u0080');
            shards.send("PFADD", "a", "x");
            assertThat(shards.send("GET", "a")).isEqualTo(kept);
        }
    }

    /// As [TestShards] has it.
    private static String line(RespClient.Reply reply) {
        return reply.rawText().replace("\r\n", " ").strip();
    }

    private static TestShards shards(int count) {
        return new TestShards(count, BitmapCommands.FAMILY, HyperLogLogCommands.FAMILY);
    }
}
