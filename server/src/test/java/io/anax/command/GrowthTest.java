package io.anax.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anax.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Strings that grow and long ones that are put: no command touches more than a piece of them before
/// others have their turn, nobody sees a half, and the bytes are those of an array that did the same.
final class GrowthTest {
    /// What a command may touch in one go: what moves and an argument of the most that go at once, read and
    /// written, and the zeros of the largest string without a mapping of its own.
    private static final long RUN_BYTES_MAX =
            2 * Limits.GROWTH_AT_ONCE_BYTES_MAX + 3 * Limits.ARGUMENT_AT_ONCE_BYTES_MAX;

    private static final int MIB = 1 << 20;

    private final long seed = Long.getLong("anax.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final TestShards shards = new TestShards(1, BitmapCommands.FAMILY);
    private byte[] model = new byte[0];

    @AfterEach
    void close() {
        shards.close();
    }

    @Test
    void growingStringsAreThoseOfTheModel() {
        System.out.println("GrowthTest: -Danax.seed=" + seed);
        for (int round = 0; round < 60; round++) {
            String what = "seed " + seed + ", round " + round;
            grow(what);
            assertThat(shards.longestRunBytes).as(what).isLessThan(RUN_BYTES_MAX);
            if (round % 5 == 4) {
                assertThat(bytesOf("k")).as(what).isEqualTo(model);
            }
            if (model.length > 8 * MIB) {
                shards.send("DEL", "k");
                model = new byte[0];
            }
        }
    }

    private void grow(String what) {
        int size = random.nextInt(4) == 0 ? MIB + random.nextInt(MIB) : random.nextInt(400_000);
        byte[] bytes = randomBytes(size);
        int offset = random.nextInt(model.length + MIB);
        String reply = switch (random.nextInt(5)) {
            case 0 -> {
                byte[] old = model;
                model = Arrays.copyOf(old, old.length + size);
                System.arraycopy(bytes, 0, model, old.length, size);
                yield shards.send("APPEND", "k", text(bytes));
            }
            case 1 -> {
                byte[] old = model;
                model = Arrays.copyOf(bytes, size + old.length);
                System.arraycopy(old, 0, model, size, old.length);
                yield shards.send("PREPEND", "k", text(bytes));
            }
            case 2 -> {
                model = Arrays.copyOf(model, Math.max(model.length, size == 0 ? 0 : offset + size));
                System.arraycopy(bytes, 0, model, size == 0 ? 0 : offset, size);
                yield shards.send("SETRANGE", "k", String.valueOf(offset), text(bytes));
            }
            case 3 -> {
                lengthen(offset);
                model[offset] |= 1;
                assertThat(shards.send("SETBIT", "k", String.valueOf(8L * offset + 7), "1"))
                        .as(what)
                        .startsWith(":");
                yield ":" + model.length;
            }
            default -> {
                lengthen(offset);
                model[offset] = 77;
                assertThat(shards.send("BITFIELD", "k", "SET", "u8", "#" + offset, "77"))
                        .as(what)
                        .startsWith("*1 :");
                yield ":" + model.length;
            }
        };
        assertThat(reply).as(what).isEqualTo(":" + model.length);
    }

    private void lengthen(int offset) {
        model = Arrays.copyOf(model, Math.max(model.length, offset + 1));
    }

    @Test
    void farBitsOfNewAndSmallStringsCostNothing() {
        shards.send("SET", "number", "12345");
        shards.send("SET", "text", "abc");
        for (String key : List.of("none", "number", "text")) {
            assertThat(shards.send("SETBIT", key, String.valueOf((512L << 23) - 1), "1"))
                    .isEqualTo(":0");
            assertThat(shards.onFiber).isFalse();
            assertThat(shards.longestRunBytes).isLessThan(10_000);
            assertThat(shards.send("STRLEN", key)).isEqualTo(":" + (512 << 20));
            assertThat(shards.send("GETRANGE", key, "-3", "-1")).isEqualTo("$3 \0\0\u0001");
            shards.send("GETRANGE", key, "0", "9");
            shards.send("SETRANGE", key, "0", "x");
            assertThat(shards.longestRunBytes).isLessThan(10_000);
        }
        shards.send("DEL", "none", "number", "text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "APPEND k x",
                "PREPEND k x",
                "SETRANGE k 3000000 x",
                "SETBIT k 24000007 1",
                "BITFIELD k SET u8 #3000000 1"
            })
    void whatMovesMovesPieceByPieceAndNobodySeesAHalf(String line) {
        byte[] before = randomBytes(2 * MIB + 1);
        shards.send("SET", "k", text(before));
        var seen = new ArrayList<Integer>();
        shards.onCheckpoint = () -> {
            seen.add(shards.send("GETRANGE", "k", "-5", "-1").hashCode());
            shards.send("SET", "other" + seen.size(), "x".repeat(5000));
        };
        shards.run(line);
        assertThat(shards.checkpoints).isGreaterThanOrEqualTo(32);
        assertThat(shards.longestRunBytes).isLessThan(RUN_BYTES_MAX);
        if (!line.startsWith("PREPEND")) {
            assertThat(seen.stream().distinct()).hasSize(1);
        }
        int begin = line.startsWith("PREPEND") ? 1 : 0;
        assertThat(Arrays.copyOfRange(bytesOf("k"), begin, begin + before.length))
                .isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET k %",
                "SET k % GET",
                "SETEX k 100 %",
                "PSETEX k 100 %",
                "GETSET k %",
                "MSET a % k %",
                "MSETNX a % b %",
                "MSETEX 2 a % b % EX 100",
                "SETNX new %",
                "APPEND k %",
                "APPEND new %",
                "SETRANGE k 7 %",
                "PREPEND k %"
            })
    void hugeArgumentsAreCopiedPieceByPiece(String line) {
        String value = text(randomBytes(3 * MIB));
        shards.send("SET", "k", "old");
        String[] words = line.split(" ");
        int values = 0;
        for (int i = 0; i < words.length; i++) {
            boolean isValue = words[i].equals("%");
            words[i] = isValue ? value : words[i];
            values += isValue ? 1 : 0;
        }
        shards.send(words);
        assertThat(shards.onFiber).isTrue();
        assertThat(shards.checkpoints).isGreaterThanOrEqualTo(values * 48);
        assertThat(shards.longestRunBytes).isLessThan(RUN_BYTES_MAX);
        for (String key : List.of("a", "b", "new", "k")) {
            String now = text(bytesOf(key));
            assertThat(now.equals("$-1") || now.equals("old") || now.contains(value))
                    .as(key)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SET k %", "MSET k %", "APPEND k %", "APPEND small %", "APPEND number %", "APPEND roomy %"})
    void whoFailsOnTheWayLeavesAllAsItWas(String line) {
        byte[] before = randomBytes(2 * MIB);
        shards.send("SET", "k", text(before));
        shards.send("SET", "small", "abc");
        shards.send("SET", "number", "-17");
        shards.send("SETRANGE", "roomy", String.valueOf(6 * MIB), "r"); // a quarter more is room
        String value = text(randomBytes(MIB + 100_000));
        String[] words = line.replace("%", value).split(" ", 3);
        for (int last : new int[] {1, 9, 17}) {
            int[] left = {last};
            shards.onCheckpoint = () -> {
                if (--left[0] == 0) {
                    throw new IllegalStateException("planted");
                }
            };
            assertThatThrownBy(() -> shards.send(words)).hasMessage("planted");
            assertThat(bytesOf("k")).isEqualTo(before);
            assertThat(shards.run("GET small")).isEqualTo("$3 abc");
            assertThat(shards.run("GET number")).isEqualTo("$3 -17");
            assertThat(shards.run("STRLEN roomy")).isEqualTo(":" + (6 * MIB + 1));
            shards.onCheckpoint = () -> {};
        }
        shards.send("SETRANGE", "roomy", String.valueOf(7 * MIB), "r");
        assertThat(bytesOf("roomy")).isEqualTo(zerosWith('r', 6 * MIB, 7 * MIB));
    }

    private static byte[] zerosWith(char letter, int... places) {
        byte[] bytes = new byte[places[places.length - 1] + 1];
        for (int place : places) {
            bytes[place] = (byte) letter;
        }
        return bytes;
    }

    private byte[] randomBytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) Math.max(bytes[i] & 0x7F, '!'); // no blanks or line ends: see `send`
        }
        return bytes;
    }

    private byte[] bytesOf(String key) {
        Runnable others = shards.onCheckpoint;
        shards.onCheckpoint = () -> {};
        String reply = shards.send("GET", key);
        shards.onCheckpoint = others;
        return reply.substring(reply.indexOf(' ') + 1).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
