package io.anax.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever grows counts against `maxmemory` while it is there, and no longer.
final class BufferBytesTest {
    private static final int SIZE = 3_000_000;

    /// What hops and pools may keep for the next time.
    private static final long KEPT_BYTES_MAX = 2_000_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aCommandThatIsNotYetWhole(int shardCount) {
        try (var engine = new EngineFixture(shardCount)) {
            Client client = engine.connect(0);
            engine.sendPart(client, "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + SIZE + "\r\n" + "x".repeat(SIZE));
            assertThat(engine.bufferBytes()).isGreaterThanOrEqualTo(SIZE);
            assertThat(engine.ask(client, "")).isEqualTo("+OK\r\n");
            assertThat(engine.bufferBytes()).isLessThan(KEPT_BYTES_MAX);
        }
    }

    /// Each may have a place in the request, in its copies, in a ticket and in the table of locks.
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theArgumentsOfACommandWithVeryMany(int shardCount) {
        try (var engine = new EngineFixture(shardCount)) {
            Client client = engine.connect(0);
            for (String name : new String[] {"EXISTS", "MSETNX", "MGET", "DEL"}) {
                int count = 150_000;
                var request = new StringBuilder("*" + (count + 1) + "\r\n$" + name.length() + "\r\n" + name + "\r\n");
                for (int i = 0; i < count; i++) {
                    request.append("$7\r\n").append(1_000_000 + i).append("\r\n");
                }
                engine.clock.nanosPerReading = 1_000_000; // every slice is over at once
                engine.sendPart(client, request.toString());
                engine.turn(0);
                assertThat(engine.bufferBytes()).isGreaterThan(request.length() + 2L * count * Long.BYTES);
                engine.clock.nanosPerReading = 0;
                engine.settle();
                client.output().clear();
                engine.settle();
                assertThat(engine.bufferBytes()).as(name).isLessThan(KEPT_BYTES_MAX);
            }
        }
    }

    @Test
    void theRequestOfATransaction() {
        try (var engine = new EngineFixture(3)) {
            Client client = engine.connect(0);
            String others = "$1\r\nb\r\n$1\r\n1\r\n$1\r\nc\r\n$1\r\n1\r\n$1\r\nd\r\n$1\r\n1\r\n";
            String value = "$" + SIZE + "\r\n" + "x".repeat(SIZE);
            engine.sendPart(client, "*9\r\n$4\r\nMSET\r\n" + others + "$1\r\na\r\n" + value + "\r\n");
            assertThat(engine.bufferBytes()).isBetween((long) SIZE, 2L * SIZE);
            engine.settle();
            assertThat(EngineFixture.taken(client.output())).isEqualTo("+OK\r\n");
            assertThat(engine.bufferBytes()).isLessThan(KEPT_BYTES_MAX);
        }
    }

    /// RENAME and COPY between shards: the value is in nobody's table then.
    @Test
    void aValueOnItsWayToAnotherShard() {
        try (var engine = new EngineFixture(3)) {
            Client client = engine.connect(0);
            for (String key : new String[] {"b", "c", "d", "e", "f"}) {
                engine.ask(client, "SETRANGE a " + (SIZE - 1) + " x");
                engine.clock.nanosPerReading = 1_000_000; // every slice is over at once
                long most = 0;
                engine.send(client, "COPY a " + key + "\r\nRENAME " + key + " z");
                for (int turn = 0; turn < 1000; turn++) {
                    engine.turn(turn % 3);
                    most = Math.max(most, engine.bufferBytes());
                }
                assertThat(EngineFixture.taken(client.output())).isEqualTo(":1\r\n+OK\r\n");
                assertThat(most).isGreaterThanOrEqualTo(SIZE);
                assertThat(engine.bufferBytes()).isLessThan(KEPT_BYTES_MAX);
                engine.clock.nanosPerReading = 0;
            }
        }
    }

    /// Replies that came back with a hop.
    @Test
    void aReplyOfAnotherShard() {
        try (var engine = new EngineFixture(3)) {
            Client client = engine.connect(0);
            for (String key : new String[] {"a", "b", "c", "d", "e"}) {
                engine.ask(client, "SETRANGE " + key + " " + (SIZE - 1) + " x");
                engine.send(client, "GET " + key);
                engine.settle();
                assertThat(engine.bufferBytes()).isGreaterThanOrEqualTo(SIZE);
                client.output().clear();
            }
        }
    }

    @Test
    void inputThatFillsTheMemoryKeepsOthersFromWriting() {
        try (var engine = new EngineFixture(1)) {
            Client large = engine.connect(0);
            Client other = engine.connect(0);
            engine.shards.at(0).housekeeping().maxMemory(SIZE);
            assertThat(engine.ask(other, "SET a 1")).isEqualTo("+OK\r\n");
            engine.sendPart(large, "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + 2 * SIZE + "\r\n" + "x".repeat(SIZE + 1));
            assertThat(engine.ask(other, "SET a 2")).startsWith("-OOM ");
            assertThat(engine.ask(other, "GET a")).isEqualTo("$1\r\n1\r\n");
            large.close();
            assertThat(engine.ask(other, "SET a 3")).isEqualTo("+OK\r\n");
        }
    }

    /// They are kept for the next long reply, but not in the place of keys.
    @Test
    void theChunksOfALongReplyGoBeforeAnyKey() {
        try (var engine = new EngineFixture(1)) {
            Client client = engine.connect(0);
            Housekeeping housekeeping = engine.shards.at(0).housekeeping();
            engine.ask(client, "SETRANGE a " + (SIZE - 1) + " x");
            engine.send(client, "MGET a a a");
            engine.settle();
            client.output().clear();
            long used = housekeeping.usedBytes();
            assertThat(housekeeping.bufferBytes()).isGreaterThan(2L * SIZE);
            housekeeping.maxMemory(used - SIZE);
            assertThat(engine.ask(client, "SET b 1")).isEqualTo("+OK\r\n");
            assertThat(housekeeping.usedBytes()).isLessThanOrEqualTo(used - SIZE);
            assertThat(engine.ask(client, "EXISTS a b")).isEqualTo(":2\r\n");
        }
    }
}
