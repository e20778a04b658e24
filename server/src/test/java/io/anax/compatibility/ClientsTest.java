package io.anax.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;

/// The two clients that most Java programs use, unchanged, over both pollers.
final class ClientsTest {
    private static final int MIB = 1 << 20;
    private static final int SCANNED_KEYS = 5000;
    private static final int PIPELINED = 1000;
    private static final String UNICODE_KEY = "ключ-鍵-🔑";
    private static final long TIMEOUT_MILLIS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static List<String> pollers() {
        return Embedded.pollers();
    }

    @ParameterizedTest
    @MethodSource("pollers")
    void jedisWorks(String poller) throws InterruptedException {
        try (var anax = Embedded.start(poller);
                var jedis = redis.clients.jedis.RedisClient.create("127.0.0.1", anax.port())) {
            assertThat(jedis.ping()).isEqualTo("PONG");
            jedis.set(UNICODE_KEY, "Wert-ß");
            assertThat(jedis.get(UNICODE_KEY)).isEqualTo("Wert-ß");
            for (int size : new int[] {MIB, 10 * MIB}) {
                byte[] value = noise(size);
                jedis.set(utf8("big"), value);
                assertThat(jedis.get(utf8("big"))).isEqualTo(value);
            }
            jedis.flushAll();
            pipelineWithJedis(jedis);
            assertThat(scannedWithJedis(jedis)).hasSize(SCANNED_KEYS);
            jedis.set("brief", "x", SetParams.setParams().px(TIMEOUT_MILLIS));
            Thread.sleep(2 * TIMEOUT_MILLIS);
            assertThat(jedis.get("brief")).isNull();
        }
    }

    private static void pipelineWithJedis(redis.clients.jedis.RedisClient jedis) {
        try (var pipeline = jedis.pipelined()) {
            for (int i = 0; i < SCANNED_KEYS; i++) {
                pipeline.set("key:" + i, String.valueOf(i));
            }
            var replies = new ArrayList<Response<String>>();
            for (int i = 0; i < PIPELINED; i++) {
                replies.add(pipeline.get("key:" + i));
            }
            pipeline.sync();
            for (int i = 0; i < PIPELINED; i++) {
                assertThat(replies.get(i).get()).isEqualTo(String.valueOf(i));
            }
        }
    }

    private static Set<String> scannedWithJedis(redis.clients.jedis.RedisClient jedis) {
        var keys = new HashSet<String>();
        var some = new ScanParams().match("key:*").count(100);
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            var page = jedis.scan(cursor, some);
            keys.addAll(page.getResult());
            cursor = page.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        return keys;
    }

    @ParameterizedTest
    @MethodSource("pollers")
    void lettuceWorks(String poller) throws InterruptedException {
        try (var anax = Embedded.start(poller);
                var client = RedisClient.create(RedisURI.builder()
                        .withHost("127.0.0.1")
                        .withPort(anax.port())
                        .withTimeout(PATIENCE)
                        .build());
                var connection = client.connect()) {
            var redis = connection.sync();
            assertThat(redis.ping()).isEqualTo("PONG");
            redis.set(UNICODE_KEY, "Wert-ß");
            assertThat(redis.get(UNICODE_KEY)).isEqualTo("Wert-ß");
            try (var binary = client.connect(ByteArrayCodec.INSTANCE)) {
                for (int size : new int[] {MIB, 10 * MIB}) {
                    byte[] value = noise(size);
                    binary.sync().set(utf8("big"), value);
                    assertThat(binary.sync().get(utf8("big"))).isEqualTo(value);
                }
            }
            redis.flushall();
            pipelineWithLettuce(connection);
            var keys = new HashSet<String>();
            ScanIterator.scan(redis, ScanArgs.Builder.matches("key:*").limit(100))
                    .forEachRemaining(keys::add);
            assertThat(keys).hasSize(SCANNED_KEYS);
            redis.set("brief", "x", SetArgs.Builder.px(TIMEOUT_MILLIS));
            Thread.sleep(2 * TIMEOUT_MILLIS);
            assertThat(redis.get("brief")).isNull();
        }
    }

    private static void pipelineWithLettuce(StatefulRedisConnection<String, String> connection) {
        var redis = connection.async();
        var replies = new ArrayList<RedisFuture<String>>();
        for (int i = 0; i < SCANNED_KEYS; i++) {
            replies.add(redis.set("key:" + i, String.valueOf(i)));
        }
        RedisFuture<?>[] all = replies.toArray(RedisFuture[]::new);
        assertThat(LettuceFutures.awaitAll(PATIENCE.toSeconds(), TimeUnit.SECONDS, all))
                .isTrue();
        assertThat(connection.sync().get("key:" + (PIPELINED - 1))).isEqualTo(String.valueOf(PIPELINED - 1));
    }

    /// Every byte there is, line ends and zeros included.
    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
