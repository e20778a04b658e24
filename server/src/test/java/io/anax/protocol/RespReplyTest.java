package io.anax.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where one reply ends and the next begins.
class RespReplyTest {
    private static long size(String replies) {
        try (var received = Received.of(replies)) {
            return RespReply.size(received.address(), received.size());
        }
    }

    @Test
    void nestedRepliesAreOne() {
        for (String reply : new String[] {
            "+OK\r\n",
            "-ERR no\r\n",
            ":-5\r\n",
            "$0\r\n\r\n",
            "$4\r\n\r\n\r\n\r\n",
            "$-1\r\n",
            "*-1\r\n",
            "*0\r\n",
            "_\r\n",
            ",1.5\r\n",
            "#t\r\n",
            "(12\r\n",
            "=6\r\ntxt:hi\r\n",
            "*2\r\n*1\r\n:1\r\n%1\r\n+a\r\n~2\r\n:1\r\n$1\r\nb\r\n",
            "|1\r\n+a\r\n:1\r\n*1\r\n|1\r\n+b\r\n:2\r\n:3\r\n"
        }) {
            assertThat(size(reply + ":1\r\n")).as(reply).isEqualTo(reply.length());
            for (int i = 0; i < reply.length(); i++) {
                assertThat(size(reply.substring(0, i))).as(reply).isEqualTo(RespReply.INCOMPLETE);
            }
        }
    }

    @Test
    void headersHaveNumbers() {
        for (long number : new long[] {0, 17, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            try (var received = Received.of(":" + number + "\r\n")) {
                assertThat(RespReply.kind(received.address())).isEqualTo((byte) ':');
                assertThat(RespReply.number(received.address())).isEqualTo(number);
                assertThat(RespReply.headerSize(received.address(), received.size()))
                        .isEqualTo(received.size());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatTheWriterWritesIsFoundAgain(long seed) {
        var random = new Random(seed);
        var chain = new ByteChain(new ChunkPool());
        var writer = new ReplyWriter(chain);
        for (int round = 0; round < 500; round++) {
            writer.into(chain, 2 + random.nextInt(2));
            writeAny(writer, random, 0);
            String first = Received.drain(chain);
            writeAny(writer, random, 0);
            String second = Received.drain(chain);
            assertThat(size(first + second)).as("seed " + seed).isEqualTo(first.length());
        }
    }

    private static void writeAny(ReplyWriter writer, Random random, int depth) {
        int count = random.nextInt(4);
        switch (random.nextInt(depth > 4 ? 8 : 11)) {
            case 0 -> writer.ok();
            case 1 -> writer.integer(random.nextLong() >> random.nextInt(64));
            case 2 -> writer.bulk("b".repeat(random.nextInt(300)));
            case 3 -> writer.nil();
            case 4 -> writer.real(random.nextGaussian());
            case 5 -> writer.bool(random.nextBoolean());
            case 6 -> writer.verbatim("txt", "*1\r\n");
            case 7 -> writer.nilArray();
            case 8 -> {
                writer.array(count);
                writeSome(writer, random, depth, count);
            }
            case 9 -> {
                writer.map(count);
                writeSome(writer, random, depth, 2 * count);
            }
            default -> {
                writer.set(count);
                writeSome(writer, random, depth, count);
            }
        }
    }

    private static void writeSome(ReplyWriter writer, Random random, int depth, int count) {
        for (int i = 0; i < count; i++) {
            writeAny(writer, random, depth + 1);
        }
    }
}
