package io.anax.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import io.anax.memory.ByteChain;
import io.anax.memory.Memory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client asks for much at once and does not read: what waits for it is bounded, by its limit and one
/// reply, and it gets everything when it reads after all.
final class UnreadRepliesTest {
    private static final int KEYS = 8;
    private static final int GETS = 100;
    private static final int VALUE_SIZE = 700_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void aBatchBreaksOffAndGoesOnWhenItsRepliesAreRead(int shardCount) {
        try (var engine = new EngineFixture(shardCount)) {
            Client slow = engine.connect(0);
            Client other = engine.connect(shardCount - 1);
            var commands = new StringBuilder();
            for (int i = 0; i < GETS; i++) {
                setLong(engine, other, i % KEYS);
                commands.append("GET k").append(i % KEYS).append("\r\nINCR n\r\n");
            }
            long before = engine.bufferBytes();
            engine.send(slow, commands + "MGET k1 n");
            int taken = 0;
            for (int i = 0; i < GETS; i++) {
                engine.settle();
                assertThat(slow.output().sizeBytes()).isLessThan(Limits.CLIENT_OUTPUT_PAUSE_BYTES + VALUE_SIZE + 100);
                assertThat(engine.bufferBytes() - before)
                        .isLessThan((1L + shardCount) * (Limits.CLIENT_OUTPUT_PAUSE_BYTES + VALUE_SIZE + (1 << 16)));
                assertThat(engine.ask(other, "STRLEN k1")).isEqualTo(":" + VALUE_SIZE + "\r\n");
                while (taken <= i) {
                    takeReply(slow.output(), taken % KEYS);
                    take(slow.output(), ":" + ++taken + "\r\n", engine, slow);
                }
                slow.resume();
            }
            engine.settle();
            take(slow.output(), "*2\r\n", engine, slow);
            takeReply(slow.output(), 1);
            take(slow.output(), "$3\r\n" + GETS + "\r\n", engine, slow);
            assertThat(slow.output().isEmpty()).isTrue();
            assertThat(slow.isOwedReplies()).isFalse();
        }
    }

    private static void setLong(EngineFixture engine, Client client, int key) {
        engine.ask(client, "SET k" + key + " " + key + "\r\nSETRANGE k" + key + " " + (VALUE_SIZE - 1) + " " + key);
    }

    private static void takeReply(ByteChain output, int key) {
        String header = "$" + VALUE_SIZE + "\r\n";
        String start = header + key;
        assertThat(first(output, start.length())).isEqualTo(start);
        output.consume(header.length() + VALUE_SIZE - 1);
        assertThat(first(output, 3)).isEqualTo(key + "\r\n");
        output.consume(3);
    }

    /// The reply that comes next, after the client has gone on if it stood still.
    private static void take(ByteChain output, String expected, EngineFixture engine, Client client) {
        client.resume();
        engine.settle();
        assertThat(first(output, expected.length())).isEqualTo(expected);
        output.consume(expected.length());
    }

    private static String first(ByteChain output, int size) {
        var text = new StringBuilder();
        for (int i = 0; text.length() < size && i < output.pieceCount(); i++) {
            int piece = Math.min(size - text.length(), output.pieceSize(i));
            for (byte b : Memory.bytes(output.pieceAddress(i), piece)) {
                text.append((char) b);
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void theHardLimitHoldsWithinABatch(int shardCount) {
        try (var engine = new EngineFixture(shardCount)) {
            var ends = new CountedEnds();
            Client slow = engine.connect(0, ends);
            Client other = engine.connect(0);
            for (int key = 0; key < KEYS; key++) {
                setLong(engine, other, key);
            }
            engine.shards.at(0).settings().outputLimit(ClientKind.NORMAL, new OutputLimit(100_000, 0, 0));
            engine.send(slow, "SET {k1}a 1\r\n" + "GET k1\r\n".repeat(20) + "SET {k1}a 2");
            engine.settle();
            assertThat(ends.count).isEqualTo(1);
            assertThat(slow.output().sizeBytes()).isLessThan(VALUE_SIZE + 100);
            assertThat(slow.isClosing()).isTrue();
            slow.close();
            engine.settle();
            assertThat(engine.shards.at(0).clients()).containsExactly(other);
            assertThat(engine.ask(other, "GET {k1}a")).isEqualTo("$1\r\n1\r\n");
        }
    }

    /// Who reads a little now and then is not idle; who reads nothing is, whatever it is owed.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void whoDoesNotReadIsIdle(int shardCount) {
        try (var engine = new EngineFixture(shardCount)) {
            Client other = engine.connect(0);
            for (int key = 0; key < KEYS; key++) {
                setLong(engine, other, key);
            }
            engine.shards.at(0).settings().idleTimeoutMillis(10_000);
            var ends = new CountedEnds();
            Client slow = engine.connect(0, ends);
            var quietEnds = new CountedEnds();
            Client _ = engine.connect(0, quietEnds);
            engine.send(slow, "GET k1\r\nGET k2\r\nGET k3\r\n".repeat(9));
            engine.settle();
            assertThat(slow.isOwedReplies()).isTrue();
            for (int i = 0; i < 5; i++) {
                engine.clock.millis += 6_000;
                slow.output().consume(1000);
                slow.resume();
                engine.ask(other, "PING");
            }
            assertThat(ends.count).isZero();
            engine.clock.millis += 12_000;
            engine.settle();
            assertThat(ends.count).as("dropped").isEqualTo(1);
            assertThat(quietEnds.afterSend)
                    .as("and who is owed nothing is closed")
                    .isPositive();
            assertThat(quietEnds.count).isZero();
        }
    }

    private static final class CountedEnds implements Link {
        private int count;
        private int afterSend;

        @Override
        public void outputGrew() {}

        @Override
        public void closeAfterSend() {
            afterSend++;
        }

        @Override
        public void close() {
            count++;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void whoLeavesWithRepliesUnreadTakesNothingWithHim(int shardCount) {
        try (var engine = new EngineFixture(shardCount)) {
            Client other = engine.connect(0);
            for (int key = 0; key < KEYS; key++) {
                setLong(engine, other, key);
            }
            for (int i = 0; i < 3; i++) {
                Client slow = engine.connect(0);
                engine.send(slow, "GET k1\r\nGET k2\r\nGET k3\r\nGET k1\r\n".repeat(7) + "SET {k1}a 2");
                engine.settle();
                assertThat(slow.isOwedReplies()).isTrue();
                slow.close();
                engine.settle();
                assertThat(engine.shards.at(0).clients()).containsExactly(other);
            }
            assertThat(engine.ask(other, "EXISTS {k1}a")).isEqualTo(":0\r\n");
        }
    }

    /// What was sent before a pause began, and has not run, is held by it like what comes later.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void aBatchThatBrokeOffIsHeldByAPause(int shardCount) {
        try (var engine = new EngineFixture(shardCount)) {
            Client slow = engine.connect(0);
            Client other = engine.connect(0);
            for (int key = 0; key < KEYS; key++) {
                setLong(engine, other, key);
            }
            engine.send(slow, "GET k1\r\n".repeat(5) + "SET {k1}a 1\r\nSET {k1}b 1\r\nSET {k1}c 1\r\nPING");
            engine.settle();
            engine.shards.at(0).pause().begin(Pause.Kind.WRITES, engine.clock.millis + 100, engine.clock.millis);
            for (int i = 0; i < 5; i++) {
                EngineFixture.taken(slow.output());
                slow.resume();
                engine.settle();
            }
            assertThat(engine.ask(other, "EXISTS {k1}a {k1}b {k1}c")).isEqualTo(":0\r\n");
            engine.clock.millis += 101;
            engine.settle();
            EngineFixture.taken(slow.output());
            slow.resume();
            engine.settle();
            assertThat(engine.ask(other, "EXISTS {k1}a {k1}b {k1}c")).isEqualTo(":3\r\n");
        }
    }
}
