package io.anax.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import io.anax.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// BITOP over keys of one and of several shards, against loops over bytes; and what is long runs on a
/// fiber, with checkpoints, and needs no more memory than its result.
class BitOperationTest {
    private static final List<String> OPERATIONS = List.of("AND", "OR", "XOR", "NOT", "DIFF", "DIFF1", "ANDOR", "ONE");
    private static final int LONG = (int) Limits.BITOP_PIECE_BYTES + 12_345;

    private final long seed = Long.getLong("anax.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void everyBitIsAsTheOperationSays(int shardCount) {
        System.out.println("BitOperationTest: -Danax.seed=" + seed);
        try (var shards = new TestShards(shardCount, BitmapCommands.FAMILY)) {
            int visits = 0;
            for (int round = 0; round < 300; round++) {
                String operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
                int sources = operation.equals("NOT") ? 1 : 2 + random.nextInt(4);
                visits += compare(shards, operation, sources, round % 25 == 0 ? 5000 : 40);
            }
            assertThat(visits > 0).isEqualTo(shardCount > 1);
        }
    }

    @Test
    void longStringsAreFoldedPieceByPiece() {
        try (var shards = new TestShards(3, BitmapCommands.FAMILY)) {
            for (String operation : OPERATIONS) {
                compare(shards, operation, operation.equals("NOT") ? 1 : 3, LONG);
            }
        }
    }

    @Test
    void theResultIsAllTheMemoryThatItTakes() {
        try (var shards = new TestShards(1, BitmapCommands.FAMILY)) {
            for (int i = 0; i < 4; i++) {
                shards.send("SETBIT", "s" + i, String.valueOf(8L * LONG - 1), "1");
            }
            long before = Memory.allocatedBytes();
            shards.send("BITOP", "ONE", "d", "s0", "s1", "s2", "s3");
            assertThat(Memory.allocatedBytes() - before).isLessThan(LONG + (1 << 20));
            assertThat(shards.onFiber).isTrue();
            assertThat(shards.checkpoints).isEqualTo(4 + 2 * 4); // the size of each source, then two pieces of each
        }
    }

    @Test
    void aSourceOfAnotherTypeChangesNothing() {
        try (var shards = new TestShards(3, BitmapCommands.FAMILY)) {
            shards.send("SET", "d", "old");
            shards.send("SET", "a", "abc");
            assertThat(shards.send("BITOP", "DIFF", "d", "a"))
                    .isEqualTo("-ERR BITOP DIFF must be called with at least two source keys.");
            assertThat(shards.send("BITOP", "diff1", "d", "a"))
                    .isEqualTo("-ERR BITOP DIFF1 must be called with at least two source keys.");
            assertThat(shards.send("BITOP", "AndOr", "d", "a"))
                    .isEqualTo("-ERR BITOP ANDOR must be called with at least two source keys.");
            assertThat(shards.send("BITOP", "ONE", "d", "a")).isEqualTo(":3");
            assertThat(shards.send("GET", "d")).isEqualTo("$3 abc");
        }
    }

    @Test
    void longRangesAreCountedAndSearchedPieceByPiece() {
        try (var shards = new TestShards(1, BitmapCommands.FAMILY)) {
            long last = 8L * LONG - 1;
            shards.send("SETBIT", "k", String.valueOf(last), "1");
            assertThat(shards.send("BITCOUNT", "k")).isEqualTo(":1");
            assertThat(shards.send("BITCOUNT", "k", "0", "-2", "BIT")).isEqualTo(":0");
            assertThat(shards.send("BITPOS", "k", "1")).isEqualTo(":" + last);
            assertThat(shards.send("BITPOS", "k", "1", "7", "-2", "BIT")).isEqualTo(":-1");
            shards.send("BITOP", "NOT", "ones", "k");
            assertThat(shards.send("BITCOUNT", "ones")).isEqualTo(":" + last);
            assertThat(shards.send("BITPOS", "ones", "0")).isEqualTo(":" + last);
            shards.send("SETBIT", "ones", String.valueOf(last), "1");
            assertThat(shards.send("BITPOS", "ones", "0")).isEqualTo(":" + (last + 1));
            assertThat(shards.send("BITPOS", "ones", "0", "0", "-1")).isEqualTo(":-1");
            long border = 8 * Limits.BITS_PIECE_BYTES;
            for (long bit = border - 1; bit <= border + 1; bit++) {
                shards.send("SETBIT", "ones", String.valueOf(bit), "0");
                assertThat(shards.send("BITPOS", "ones", "0")).isEqualTo(":" + bit);
                shards.send("SETBIT", "ones", String.valueOf(bit), "1");
            }
            assertThat(shards.send("BITCOUNT", "k")).isEqualTo(":1");
            assertThat(shards.onFiber).isTrue();
            assertThat(shards.checkpoints).isEqualTo(5);
        }
    }

    /// How many steps ran on other shards.
    private int compare(TestShards shards, String operation, int sources, int sizeMax) {
        byte[][] values = new byte[sources][];
        String[] command = new String[3 + sources];
        command[0] = "BITOP";
        command[1] = operation;
        command[2] = "key" + random.nextInt(8); // now and then one of the sources
        for (int i = 0; i < sources; i++) {
            values[i] = value(sizeMax);
            command[3 + i] = "key" + i;
            if (values[i].length == 0) {
                shards.send("GETDEL", "key" + i);
            } else {
                shards.send("SET", "key" + i, text(values[i]));
            }
        }
        byte[] expected = expected(operation, values);
        String what = "seed " + seed + ": " + String.join(" ", command);
        assertThat(shards.send(command)).as(what).isEqualTo(":" + expected.length);
        int visits = shards.visits;
        assertThat(shards.onFiber || visits == 0).as(what).isTrue();
        String result = shards.send("GET", command[2]);
        assertThat(result.equals(expected.length == 0 ? "$-1" : bulk(expected)))
                .as(what)
                .isTrue();
        return visits;
    }

    private static String bulk(byte[] bytes) {
        return ("$" + bytes.length + "\r\n" + text(bytes) + "\r\n")
                .replace("\r\n", " ")
                .strip();
    }

    private byte[] value(int sizeMax) {
        return switch (random.nextInt(6)) {
            case 0 -> new byte[0];
            case 1 -> String.valueOf(random.nextInt()).getBytes(StandardCharsets.US_ASCII);
            default -> {
                byte[] bytes = new byte[random.nextInt(sizeMax) + sizeMax / 2];
                random.nextBytes(bytes);
                yield bytes;
            }
        };
    }

    private static byte[] expected(String operation, byte[][] sources) {
        int size =
                Arrays.stream(sources).mapToInt(source -> source.length).max().orElse(0);
        byte[] result = new byte[size];
        for (int i = 0; i < size; i++) {
            for (int mask = 1; mask < 256; mask <<= 1) {
                int first = bit(sources[0], i, mask);
                int count = 0;
                for (byte[] source : sources) {
                    count += bit(source, i, mask);
                }
                int others = count - first;
                boolean set = switch (operation) {
                    case "AND" -> count == sources.length;
                    case "OR" -> count > 0;
                    case "XOR" -> count % 2 == 1;
                    case "NOT" -> count == 0;
                    case "DIFF" -> first == 1 && others == 0;
                    case "DIFF1" -> first == 0 && others > 0;
                    case "ANDOR" -> first == 1 && others > 0;
                    default -> count == 1;
                };
                result[i] |= (byte) (set ? mask : 0);
            }
        }
        return result;
    }

    private static int bit(byte[] bytes, int i, int mask) {
        return i < bytes.length && (bytes[i] & mask) != 0 ? 1 : 0;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
