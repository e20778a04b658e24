package io.anax.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Replies byte by byte, in both versions of the protocol.
class ReplyWriterTest {
    private static final int[] SIZES = {0, 1, 9, 10, 99, 100, 999, 1000, 1023, 1024, 8191, 8192, 8193, 16_383, 50_000};

    private final ByteChain chain = new ByteChain(new ChunkPool());
    private final ReplyWriter writer = new ReplyWriter(chain);

    private String resp2(Consumer<ReplyWriter> reply) {
        writer.into(chain, 2);
        reply.accept(writer);
        return Received.drain(chain);
    }

    private String resp3(Consumer<ReplyWriter> reply) {
        writer.into(chain, 3);
        reply.accept(writer);
        return Received.drain(chain);
    }

    private String both(Consumer<ReplyWriter> reply) {
        String text = resp2(reply);
        assertThat(resp3(reply)).isEqualTo(text);
        return text;
    }

    @Test
    void statusesAndNumbers() {
        assertThat(both(ReplyWriter::ok)).isEqualTo("+OK\r\n");
        assertThat(both(w -> w.simple("PONG"))).isEqualTo("+PONG\r\n");
        assertThat(both(w -> w.simple(Received.bytes("PONG")))).isEqualTo("+PONG\r\n");
        for (long i : new long[] {0, 9, 10, 1023, 1024, 99_999, -1, -10, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(both(w -> w.integer(i))).isEqualTo(":" + i + "\r\n");
            String digits = Long.toString(i);
            assertThat(both(w -> w.bulkInteger(i))).isEqualTo("$" + digits.length() + "\r\n" + digits + "\r\n");
        }
    }

    @Test
    void anErrorHasOneLine() {
        assertThat(both(w -> w.error("ERR syntax error"))).isEqualTo("-ERR syntax error\r\n");
        assertThat(both(w -> w.error("ERR no '\r\n+OK\r\n' here\r\n"))).isEqualTo("-ERR no '  +OK  ' here\r\n");
        assertThat(both(w -> w.error("ERR \u00ff"))).isEqualTo("-ERR \u00ff\r\n"); // the byte that was sent
    }

    @Test
    void bulksOfAllSizes() {
        for (int size : SIZES) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            try (var value = Received.of(bytes)) {
                String expected = "$" + size + "\r\n" + Received.text(value.address(), size) + "\r\n";
                assertThat(both(w -> w.bulk(value.address(), size))).isEqualTo(expected);
                assertThat(both(w -> w.bulk(bytes))).isEqualTo(expected);
                assertThat(both(w -> {
                            w.bulkHeader(size);
                            w.raw(value.address(), size / 2);
                            w.raw(value.address() + size / 2, size - size / 2);
                            w.bulkEnd();
                        }))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void manyBulksFillManyChunks() {
        var random = new Random(1);
        var expected = new StringBuilder();
        try (var value = Received.of("x".repeat(9000))) {
            for (int i = 0; i < 500; i++) {
                int size = random.nextInt(9000);
                writer.bulk(value.address(), size);
                writer.integer(i);
                expected.append("$").append(size).append("\r\n").append("x".repeat(size));
                expected.append("\r\n:").append(i).append("\r\n");
            }
        }
        assertThat(Received.drain(chain)).isEqualTo(expected.toString());
    }

    @Test
    void textIsBytesWhenItCanBe() {
        assertThat(both(w -> w.bulk("caf\u00e9"))).isEqualTo("$4\r\ncaf\u00e9\r\n");
        assertThat(both(w -> w.bulk("\u20ac"))).isEqualTo("$3\r\n\u00e2\u0082\u00ac\r\n"); // UTF-8
    }

    @Test
    void aggregates() {
        assertThat(both(w -> w.array(3))).isEqualTo("*3\r\n");
        assertThat(both(w -> w.array(123_456))).isEqualTo("*123456\r\n");
        assertThat(resp2(w -> w.map(3))).isEqualTo("*6\r\n");
        assertThat(resp3(w -> w.map(3))).isEqualTo("%3\r\n");
        assertThat(resp2(w -> w.set(3))).isEqualTo("*3\r\n");
        assertThat(resp3(w -> w.set(3))).isEqualTo("~3\r\n");
        assertThat(resp2(w -> w.push(3))).isEqualTo("*3\r\n");
        assertThat(resp3(w -> w.push(3))).isEqualTo(">3\r\n");
        assertThat(resp3(w -> w.attribute(1))).isEqualTo("|1\r\n");
    }

    @Test
    void nothing() {
        assertThat(resp2(ReplyWriter::nil)).isEqualTo("$-1\r\n");
        assertThat(resp3(ReplyWriter::nil)).isEqualTo("_\r\n");
        assertThat(resp2(ReplyWriter::nilArray)).isEqualTo("*-1\r\n");
        assertThat(resp3(ReplyWriter::nilArray)).isEqualTo("_\r\n");
    }

    @Test
    void whatResp2LacksIsAnIntegerOrABulk() {
        assertThat(resp2(w -> w.bool(true))).isEqualTo(":1\r\n");
        assertThat(resp3(w -> w.bool(false))).isEqualTo("#f\r\n");
        assertThat(resp2(w -> w.real(3))).isEqualTo("$1\r\n3\r\n");
        assertThat(resp3(w -> w.real(0.1))).isEqualTo(",0.10000000000000001\r\n");
        assertThat(resp2(w -> w.real(-Double.MIN_NORMAL))).isEqualTo("$24\r\n-2.2250738585072014e-308\r\n");
        assertThat(resp3(w -> w.real(Double.NEGATIVE_INFINITY))).isEqualTo(",-inf\r\n");
        assertThat(resp2(w -> w.plainReal(13.361389338970184))).isEqualTo("$20\r\n13.36138933897018433\r\n");
        assertThat(resp3(w -> w.plainReal(1e20))).isEqualTo(",100000000000000000000\r\n");
        assertThat(resp2(w -> w.bigNumber("123"))).isEqualTo("$3\r\n123\r\n");
        assertThat(resp3(w -> w.bigNumber("123"))).isEqualTo("(123\r\n");
        assertThat(resp2(w -> w.verbatim("txt", "hi"))).isEqualTo("$2\r\nhi\r\n");
        assertThat(resp3(w -> w.verbatim("txt", "hi"))).isEqualTo("=6\r\ntxt:hi\r\n");
        try (var text = Received.of("hi")) {
            assertThat(resp2(w -> w.verbatim("mkd", text.address(), 2))).isEqualTo("$2\r\nhi\r\n");
            assertThat(resp3(w -> w.verbatim("mkd", text.address(), 2))).isEqualTo("=6\r\nmkd:hi\r\n");
        }
    }

    @Test
    void repliesWrittenElsewhereAreAppended() {
        var pool = new ChunkPool();
        var aside = new ByteChain(pool);
        aside.append(Received.bytes(":1\r\n"));
        assertThat(resp2(w -> {
                    w.array(2);
                    w.raw(aside);
                    w.raw(Received.bytes(":2\r\n"));
                }))
                .isEqualTo("*2\r\n:1\r\n:2\r\n");
        assertThat(aside.isEmpty()).isTrue();
    }
}
