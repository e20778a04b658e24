package io.anax.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.compatibility.RedisServer;
import io.anax.compatibility.RespClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// What a running server of one shard or of three says of itself: INFO, SLOWLOG, LATENCY, MEMORY, CONFIG.
@ParameterizedClass
@ValueSource(ints = {1, 3})
final class ServerInfoTest {
    /// Fields that Redis 7.2 has and the installed one may not have yet, and those that only we have.
    private static final Set<String> NOT_IN_REDIS_7_0 = Set.of(
            "anax_version",
            "java_version",
            "fiber_kind",
            "listener0",
            "total_blocking_keys",
            "total_blocking_keys_on_nokey",
            "shard0",
            "shard1",
            "shard2");

    @Parameter
    int shardCount;

    private Server server;
    private RespClient client;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        server = Server.start(Map.of("threads", String.valueOf(shardCount)));
        client = RespClient.connect(server.port());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private Map<String, String> info(String sections) {
        return fields(client.run("INFO " + sections).text());
    }

    private static Map<String, String> fields(String info) {
        var fields = new LinkedHashMap<String, String>();
        for (String line : info.split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        return fields;
    }

    private static List<String> sections(String info) {
        return info.lines().filter(line -> line.startsWith("# ")).toList();
    }

    @Test
    void everyFieldIsOneOfRedis() {
        try (var redis = RedisServer.start();
                var theirs = redis.connect()) {
            var known = fields(theirs.run("INFO everything").text()).keySet();
            var unknown = new ArrayList<>(info("default").keySet());
            unknown.removeAll(known);
            unknown.removeAll(NOT_IN_REDIS_7_0);
            assertThat(unknown).isEmpty();
        }
    }

    @Test
    void sectionsAreShownInTheOrderOfRedis() {
        try (var redis = RedisServer.start();
                var theirs = redis.connect()) {
            for (String asked :
                    List.of("", "default", "all", "everything", "keyspace server", "Server", "x", "x cpu")) {
                var expected =
                        new ArrayList<>(sections(theirs.run("INFO " + asked).text()));
                var actual =
                        new ArrayList<>(sections(client.run("INFO " + asked).text()));
                if (expected.size() > 5) {
                    expected.remove("# Modules"); // "all" has it only when there are modules
                    actual.remove("# Modules");
                    expected.add("# Shards");
                }
                assertThat(actual).as(asked).isEqualTo(expected);
            }
        }
    }

    @Test
    void numbersAreReal() throws InterruptedException {
        client.run("FLUSHALL");
        client.run("SET a " + "x".repeat(100_000));
        client.run("SET b 1 EX 1000");
        client.run("GET a");
        client.run("GET nosuch");
        client.run("GET");
        client.run("INCR a");
        client.run("NOSUCH");
        Thread.sleep(300); // some samples
        var info = info("everything");
        assertThat(number(info, "used_memory")).isGreaterThan(100_000);
        assertThat(number(info, "used_memory_peak")).isGreaterThanOrEqualTo(number(info, "used_memory"));
        assertThat(number(info, "used_memory_dataset")).isBetween(100_000L, number(info, "used_memory"));
        assertThat(number(info, "allocator_active")).isGreaterThan(number(info, "allocator_allocated"));
        assertThat(number(info, "used_memory_rss")).isGreaterThan(10_000_000);
        assertThat(number(info, "total_net_input_bytes")).isGreaterThan(100_000);
        assertThat(number(info, "total_net_output_bytes")).isGreaterThan(100_000);
        assertThat(number(info, "instantaneous_ops_per_sec")).isPositive();
        assertThat(Double.parseDouble(info.get("instantaneous_input_kbps"))).isPositive();
        assertThat(number(info, "total_connections_received")).isEqualTo(1);
        assertThat(number(info, "total_commands_processed")).isEqualTo(6);
        assertThat(number(info, "total_error_replies")).isEqualTo(3);
        assertThat(number(info, "keyspace_hits")).isEqualTo(1);
        assertThat(number(info, "keyspace_misses")).isEqualTo(1);
        assertThat(number(info, "connected_clients")).isEqualTo(1);
        assertThat(number(info, "tcp_port")).isEqualTo(server.port());
        assertThat(Double.parseDouble(info.get("used_cpu_user"))).isPositive();
        assertThat(info.get("errorstat_ERR")).isEqualTo("count=3");
        assertThat(info.get("cmdstat_get"))
                .matches("calls=2,usec=\\d+,usec_per_call=.*,rejected_calls=1,failed_calls=0");
        assertThat(info.get("cmdstat_incr")).endsWith("rejected_calls=0,failed_calls=1");
        assertThat(info.get("latency_percentiles_usec_get")).matches("p50=[\\d.]+,p99=[\\d.]+,p99.9=[\\d.]+");
        assertThat(info.get("db0")).startsWith("keys=2,expires=1,avg_ttl=");
        assertThat(info.keySet().stream().filter(name -> name.startsWith("shard")))
                .hasSize(shardCount);
        assertThat(info.get("shard0")).matches("keys=[012],used_memory=\\d+,reserved_memory=.*");
        assertThat(info.get("run_id")).matches("[0-9a-f]{40}");
    }

    private static long number(Map<String, String> info, String field) {
        return Long.parseLong(info.get(field));
    }

    @Test
    void resetSetsCountersToZero() {
        client.run("SET a 1");
        client.run("GET a");
        client.run("NOSUCH");
        client.run("CONFIG RESETSTAT");
        var info = info("everything");
        assertThat(number(info, "keyspace_hits")).isZero();
        assertThat(number(info, "total_error_replies")).isZero();
        assertThat(number(info, "total_connections_received")).isZero();
        assertThat(number(info, "total_net_input_bytes")).isLessThan(100);
        assertThat(info).doesNotContainKeys("cmdstat_get", "errorstat_ERR", "latency_percentiles_usec_get");
    }

    @Test
    void theSlowLogShowsTheNewestFirst() {
        client.run("CLIENT SETNAME me");
        client.run("CONFIG SET slowlog-log-slower-than 0");
        client.run("SET a 'b c'");
        var entries = client.run("SLOWLOG GET").list();
        var newest = (List<?>) entries.getFirst();
        assertThat(newest).hasSize(6);
        if (shardCount == 1) {
            assertThat(newest.get(0)).isEqualTo(1L);
        }
        assertThat((long) newest.get(1))
                .isBetween(System.currentTimeMillis() / 1000 - 5, System.currentTimeMillis() / 1000);
        assertThat((long) newest.get(2)).isNotNegative();
        assertThat(newest.get(3)).isEqualTo(List.of("SET", "a", "b c"));
        assertThat((String) newest.get(4)).startsWith("127.0.0.1:");
        assertThat(newest.get(5)).isEqualTo("me");
        assertThat(client.run("SLOWLOG GET 1").list()).hasSize(1);
        assertThat(client.run("SLOWLOG GET 0").list()).isEmpty();
        client.run("CONFIG SET slowlog-max-len 2");
        assertThat(client.run("SLOWLOG LEN").value()).isEqualTo(2L);
        assertThat(client.run("SLOWLOG GET -1").list()).hasSize(2);
        client.run("CONFIG SET slowlog-log-slower-than -1");
        client.run("SLOWLOG RESET");
        assertThat(client.run("SLOWLOG LEN").value()).isEqualTo(0L);
    }

    @Test
    void slowMomentsAreRemembered() {
        assertThat(client.run("LATENCY DOCTOR").text()).startsWith("The latency monitor is off.");
        client.run("CONFIG SET latency-monitor-threshold 20");
        assertThat(client.run("LATENCY DOCTOR").text()).startsWith("No latency spike");
        client.run("DEBUG SLEEP 0.03");
        var latest = (List<?>) client.run("LATENCY LATEST").list().getFirst();
        assertThat(latest.getFirst()).isEqualTo("command");
        assertThat((long) latest.get(2)).isGreaterThanOrEqualTo(30);
        assertThat(latest.get(3)).isEqualTo(latest.get(2));
        assertThat(client.run("LATENCY HISTORY command").list()).hasSize(1);
        assertThat(client.run("LATENCY GRAPH command").text()).startsWith("command - high ");
        assertThat(client.run("LATENCY DOCTOR").text()).contains("1. command: 1 latency spikes");
        assertThat(client.run("LATENCY RESET COMMAND x").value()).isEqualTo(1L);
        assertThat(client.run("LATENCY LATEST").list()).isEmpty();
    }

    @Test
    void histogramsCountTheCallsOfACommand() {
        client.run("HELLO 3");
        client.run("SET a b");
        client.run("SET a b");
        client.run("CONFIG GET timeout");
        var of = client.run("LATENCY HISTOGRAM set nosuch config").map();
        assertThat(of.keySet()).containsExactly("set", "config|get");
        var set = (Map<?, ?>) of.get("set");
        assertThat(set.get("calls")).isEqualTo(2L);
        var counts = List.copyOf(((Map<?, ?>) set.get("histogram_usec")).values());
        assertThat(counts.getLast()).isEqualTo(2L);
        client.run("CONFIG SET latency-tracking no");
        assertThat(client.run("LATENCY HISTOGRAM").map()).isEmpty();
        assertThat(info("latencystats")).isEmpty();
    }

    @Test
    void memoryIsCounted() {
        client.run("SET small x");
        client.run("SET large " + "x".repeat(1 << 20));
        assertThat((long) client.run("MEMORY USAGE small").value()).isBetween(8L, 600L); // one key owns the table
        assertThat((long) client.run("MEMORY USAGE large SAMPLES 3").value()).isBetween(1L << 20, 3L << 19);
        var stats = client.run("MEMORY STATS").list();
        assertThat(stats).hasSize(2 * 26); // with the one database
        assertThat((long) stats.get(stats.indexOf("keys.count") + 1)).isEqualTo(2);
        assertThat((long) stats.get(stats.indexOf("dataset.bytes") + 1)).isGreaterThan(1 << 20);
        assertThat(client.run("MEMORY MALLOC-STATS").text()).startsWith("shard 0: slabs: ");
        assertThat(client.run("MEMORY DOCTOR").text()).startsWith("Too little memory");
        client.run("DEBUG POPULATE 100 key 100000");
        assertThat(client.run("MEMORY DOCTOR").text()).doesNotStartWith("Too little memory");
    }

    @Test
    void anObjectIsDescribed() {
        client.run("SET a 12");
        assertThat(client.run("DEBUG OBJECT a").text())
                .matches("Value at:0x[0-9a-f]+ refcount:1 encoding:int serializedlength:1 lru:\\d+ lru_seconds_idle:0");
        assertThat(client.run("DEBUG STRINGMATCH-LEN 5 a*a").value()).isEqualTo(1L);
        assertThat(client.run("DEBUG STRINGMATCH-LEN 5 b*").value()).isEqualTo(0L);
        assertThat(client.run("DEBUG HTSTATS 0").text()).contains("number of elements: 1\n");
    }

    @Test
    void aPictureEndsWithTheVersion() {
        String picture = client.run("LOLWUT").text();
        assertThat(picture).endsWith("Anax ver. " + CommandLine.VERSION + "\n");
        assertThat(picture.lines()).hasSize(20);
        assertThat(client.run("LOLWUT VERSION 1 10 2").text().lines()).hasSize(4);
        assertThat(client.run("LOLWUT VERSION 99").text()).isEqualTo("Anax ver. " + CommandLine.VERSION + "\n");
    }

    @Test
    void aPasswordIsInForceAtOnce() {
        client.run("CONFIG SET requirepass secret");
        try (var other = RespClient.connect(server.port())) {
            assertThat(other.run("GET a").text()).startsWith("-NOAUTH");
            assertThat(other.run("AUTH secret").text()).isEqualTo("OK");
        }
        client.run("CONFIG SET requirepass ''");
        try (var other = RespClient.connect(server.port())) {
            assertThat(other.run("PING").text()).isEqualTo("PONG");
        }
    }

    @Test
    void aFileIsRewrittenByTheServerThatReadIt() throws Exception {
        Path file = directory.resolve("anax.conf");
        Files.writeString(file, "# mine\nbind 127.0.0.1\nport 0\ntimeout 7\nunixsocketperm 700\n");
        var config = new Config();
        config.read(file);
        try (var other = new Server(config)) {
            other.start();
            try (var its = RespClient.connect(other.port())) {
                its.run("CONFIG SET timeout 9");
                assertThat(its.run("CONFIG REWRITE").text()).isEqualTo("OK");
                assertThat(its.run("INFO server").text()).contains("config_file:" + file + "\r\n");
            }
        }
        assertThat(Files.readString(file)).isEqualTo("# mine\nbind 127.0.0.1\nport 0\ntimeout 9\nunixsocketperm 700\n");
    }
}
