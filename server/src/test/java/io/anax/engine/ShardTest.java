package io.anax.engine;

import static io.anax.command.CommandFamily.family;
import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import io.anax.command.CommandContext;
import io.anax.command.CommandFamily;
import io.anax.command.CommandFlag;
import io.anax.command.Gather;
import io.anax.memory.ByteChain;
import io.anax.memory.Memory;
import io.anax.protocol.Peer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ShardTest {
    private static final String INTERNAL_ERROR = "-ERR internal error, described in the log of the server\r\n";

    /// Commands that only a test has: one that fails as a bug of ours would, one that waits on a fiber.
    private static final CommandFamily FOR_TESTS = family("string")
            .add(
                    "BREAK key",
                    ctx -> {
                        ctx.reply().integer(1);
                        throw new AssertionError("planted");
                    },
                    CommandFlag.WRITE)
            .doc("O(1)", "1.0.0", "Fails.")
            .add(
                    "BREAKLATER key",
                    ctx -> {
                        ctx.needFiber();
                        throw new IllegalStateException("planted");
                    },
                    CommandFlag.WRITE)
            .doc("O(1)", "1.0.0", "Fails on a fiber.")
            .add("BREAKDEEP key", ctx -> ctx.reply().integer(deeper(1)), CommandFlag.WRITE)
            .doc("O(1)", "1.0.0", "Needs a stack without end.")
            .add(
                    "BREAKMANY key [key ...]",
                    ctx -> {
                        ctx.reply().integer(1);
                        throw new AssertionError("planted");
                    },
                    Gather.SUM,
                    CommandFlag.WRITE)
            .doc("O(N)", "1.0.0", "Fails on every shard that has a part of it.")
            .add(
                    "BREAKSTEP key newkey",
                    ctx -> ctx.reply().integer(ctx.at(2, ShardTest::failingStep)),
                    Gather.COORDINATE,
                    CommandFlag.WRITE)
            .doc("O(1)", "1.0.0", "Fails where its second key lives.");

    private static int deeper(int depth) {
        return depth + deeper(depth + 1);
    }

    private static int failingStep(CommandContext there) {
        throw new AssertionError("planted at shard " + there.shardId());
    }

    @ParameterizedTest
    @CsvSource({
        "true,  false, false, -DENIED",
        "true,  true,  false, ''",
        "false, false, false, ''",
        "false, true,  true,  -ERR max number of clients reached",
        "true,  false, true,  -ERR max number of clients reached",
    })
    void strangersAndTooManyAreRefused(boolean protectedMode, boolean isLocal, boolean isSurplus, String greeting) {
        try (var engine = new EngineFixture(1)) {
            Shard shard = engine.shards.at(0);
            shard.settings().protectedMode(protectedMode);
            var peer = new Peer.Known("10.0.0.7:4711", "10.0.0.1:6379", isLocal);
            var output = new ByteChain(shard.chunks());
            var client = shard.connect(peer, 1, isSurplus, output, new EngineFixture.Nowhere());
            byte[] text = output.isEmpty() ? new byte[0] : Memory.bytes(output.firstAddress(), output.firstSize());
            assertThat(new String(text, StandardCharsets.US_ASCII)).startsWith(greeting);
            assertThat(client.isClosing()).isEqualTo(!greeting.isEmpty());
            client.close();
            output.clear();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anErrorOfOursIsAnswered(int shardCount) {
        try (var engine = new EngineFixture(shardCount, FOR_TESTS)) {
            Client client = engine.connect(0);
            for (String key : new String[] {"a", "b", "c", "d", "e"}) {
                assertThat(engine.ask(client, "BREAK " + key)).isEqualTo(INTERNAL_ERROR);
                assertThat(engine.ask(client, "BREAKLATER " + key)).isEqualTo(INTERNAL_ERROR);
                assertThat(engine.ask(client, "BREAKDEEP " + key)).isEqualTo(INTERNAL_ERROR);
                assertThat(engine.ask(client, "BREAKMANY " + key + " f g h")).isEqualTo(INTERNAL_ERROR);
                assertThat(engine.ask(client, "BREAKSTEP f " + key)).isEqualTo(INTERNAL_ERROR);
                assertThat(engine.ask(client, "SET " + key + " 1")).isEqualTo("+OK\r\n");
            }
            assertThat(engine.ask(client, "BREAK a\r\nBREAKMANY a b c\r\nBREAKLATER a\r\nGET a"))
                    .isEqualTo(INTERNAL_ERROR + INTERNAL_ERROR + INTERNAL_ERROR + "$1\r\n1\r\n");
            for (int id = 0; id < shardCount; id++) {
                assertThat(engine.shards.at(id).queue().isEmpty()).isTrue();
                assertThat(engine.shards.at(id).fibers().count()).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void repliesKeepTheOrderOfTheirCommands(int shardCount) {
        try (var engine = new EngineFixture(shardCount)) {
            Client client = engine.connect(shardCount - 1);
            var commands = new StringBuilder();
            var expected = new StringBuilder();
            long[] sums = new long[7];
            for (int i = 0; i < 100; i++) {
                sums[i % 7] += i;
                commands.append("INCRBY k").append(i % 7).append(' ').append(i).append("\r\n");
                expected.append(':').append(sums[i % 7]).append("\r\n");
                if (i % 10 == 0) {
                    commands.append("DBSIZE\r\n");
                    expected.append(':').append(Math.min(i + 1, 7)).append("\r\n");
                }
            }
            assertThat(engine.ask(client, commands + "FLUSHALL")).isEqualTo(expected + "+OK\r\n");
            String reply = engine.ask(client, "SET x 1\r\nMSET a 1 b 2 c 3\r\nMGET a b c nothing\r\nDBSIZE\r\nGET x");
            assertThat(reply)
                    .isEqualTo("+OK\r\n+OK\r\n*4\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n$-1\r\n:4\r\n$1\r\n1\r\n");
            assertThat(engine.ask(client, "RENAME a d\r\nEXISTS a b c d\r\nDEL a b c d x\r\nDBSIZE"))
                    .isEqualTo("+OK\r\n:3\r\n:4\r\n:0\r\n");
        }
    }

    /// A client that goes away while its commands are under way takes nothing with it.
    @Test
    void aClientMayLeaveWhileItsCommandsAreUnderWay() {
        try (var engine = new EngineFixture(4)) {
            Client stays = engine.connect(0);
            Client leaves = engine.connect(1);
            engine.ask(stays, "MSET a 1 b 2 c 3 d 4 e 5");
            byte[] bytes = "MGET a b c d e\r\nRENAME a f\r\nGET b\r\n".getBytes(StandardCharsets.US_ASCII);
            long address = Memory.allocate(bytes.length);
            Memory.copy(bytes, 0, address, bytes.length);
            leaves.received(address, bytes.length);
            Memory.free(address, bytes.length);
            leaves.close();
            engine.settle();
            assertThat(engine.shards.at(1).clients()).isEmpty();
            assertThat(engine.ask(stays, "MGET a b c d e f")).startsWith("*6\r\n$1\r\n1\r\n");
        }
    }

    /// What comes behind it, cut anywhere, is still the client's.
    @Test
    void aHugeRequestTakesItsInputWithIt() {
        String value = "v".repeat(2 << 20);
        for (int shardCount : new int[] {1, 4}) {
            for (int key = 0; key < 5; key++) {
                try (var engine = new EngineFixture(shardCount)) {
                    Client client = engine.connect(0);
                    String set =
                            "*3\r\n$3\r\nSET\r\n$2\r\nk" + key + "\r\n$" + value.length() + "\r\n" + value + "\r\n";
                    send(client, "INCR n\r\n" + set.substring(0, 1000));
                    engine.settle(); // perhaps n lives elsewhere
                    send(client, set.substring(1000) + "INCR n\r\nSTRLEN k" + key + "\r\nINC");
                    assertThat(client.inputCapacityBytes()).isLessThan(10_000); // the hop has it
                    engine.settle();
                    send(client, "R n\r\n");
                    engine.settle();
                    assertThat(EngineFixture.taken(client.output()))
                            .isEqualTo(":1\r\n+OK\r\n:2\r\n:" + value.length() + "\r\n:3\r\n");
                }
            }
        }
    }

    /// The same for a transaction.
    @Test
    void aHugeTransactionTakesItsInputWithIt() {
        String value = "v".repeat(2 << 20);
        try (var engine = new EngineFixture(4)) {
            Client client = engine.connect(0);
            var set = new StringBuilder("*9\r\n$4\r\nMSET\r\n");
            for (int key = 0; key < 4; key++) {
                set.append("$2\r\nk").append(key).append("\r\n");
                set.append("$")
                        .append(value.length())
                        .append("\r\n")
                        .append(value)
                        .append("\r\n");
            }
            long before = engine.bufferBytes();
            send(client, set.substring(0, 1000));
            send(client, set.substring(1000) + "INCR n\r\nEXISTS k0 k1 k2 k3\r\nINC");
            assertThat(client.inputCapacityBytes()).isLessThan(10_000); // the transaction has it
            assertThat(engine.bufferBytes() - before).isGreaterThan(4L * value.length());
            engine.settle();
            send(client, "R n\r\n");
            engine.settle();
            assertThat(EngineFixture.taken(client.output())).isEqualTo("+OK\r\n:1\r\n:4\r\n:2\r\n");
            assertThat(engine.ask(client, "STRLEN k3")).isEqualTo(":" + value.length() + "\r\n");
            assertThat(engine.bufferBytes() - before).isLessThan(1 << 20);
        }
    }

    private static void send(Client client, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        long address = Memory.allocate(bytes.length);
        Memory.copy(bytes, 0, address, bytes.length);
        client.received(address, bytes.length);
        Memory.free(address, bytes.length);
    }

    /// The deadline of a key passes while a command is suspended that points at its value: whoever comes
    /// across the key sees none, and the value stays until the command has ended.
    @Test
    void anExpiredKeyStaysWhileACommandReadsIt() {
        try (var engine = new EngineFixture(1)) {
            Client copies = engine.connect(0);
            Client reads = engine.connect(0);
            engine.ask(copies, "SETRANGE long 4000000 end\r\nPEXPIRE long 100");
            engine.clock.nanosPerReading = 1_000_000; // every slice is over at once
            engine.send(copies, "COPY long copy\r\nSTRLEN copy");
            engine.turn(0);
            engine.turn(0);
            assertThat(engine.shards.at(0).fiberCount()).isEqualTo(1);
            engine.clock.millis += 1000;
            engine.turn(0);
            engine.send(reads, "TTL other\r\nSTRLEN long");
            for (int i = 0; i < 3; i++) {
                engine.turn(0);
            }
            assertThat(EngineFixture.taken(reads.output())).isEqualTo(":-2\r\n:0\r\n");
            assertThat(engine.shards.at(0).fiberCount()).isEqualTo(1);
            engine.settle();
            assertThat(EngineFixture.taken(copies.output())).startsWith(":1\r\n");
            assertThat(engine.ask(reads, "EXISTS long")).isEqualTo(":0\r\n");
        }
    }

    /// A command over both shards holds its keys while it comes across those that have expired: they go when
    /// it ends.
    @Test
    void whatACommandFoundExpiredIsGone() {
        try (var engine = new EngineFixture(2)) {
            for (int id = 0; id < 2; id++) {
                engine.shards.at(id).housekeeping().activeExpiry(false);
            }
            Client client = engine.connect(0);
            for (int i = 0; i < 10; i++) {
                engine.ask(client, "SET k" + i + " v PX 100");
            }
            engine.ask(client, "SET stays v");
            engine.clock.millis += 1000;
            assertThat(engine.ask(client, "DBSIZE")).isEqualTo(":11\r\n");
            assertThat(engine.ask(client, "EXISTS k0 k1 k2 k3 k4 k5 k6 k7 k8 k9 stays"))
                    .isEqualTo(":1\r\n");
            assertThat(engine.ask(client, "DBSIZE")).isEqualTo(":1\r\n");
        }
    }

    /// It is looked up when it comes, when it comes back as a hop, and on its fiber; that counts once.
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aCommandThatBeginsAgainFoundItsKeyOnce(int shardCount) {
        try (var engine = new EngineFixture(shardCount)) {
            Client client = engine.connect(0);
            long size = Limits.REPLY_AT_ONCE_BYTES_MAX + 1;
            engine.ask(client, "SETRANGE k " + (size - 1) + " x");
            assertThat(engine.ask(client, "GET k")).hasSize((int) size + ("$" + size + "\r\n\r\n").length());
            assertThat(hits(engine)).isEqualTo(1);
            engine.ask(client, "MGET k k k k");
            assertThat(hits(engine)).isEqualTo(5);
        }
    }

    private static long hits(EngineFixture engine) {
        long sum = 0;
        for (int id = 0; id < engine.shards.count(); id++) {
            sum += engine.shards.at(id).databases().statistics().hits();
        }
        return sum;
    }
}
