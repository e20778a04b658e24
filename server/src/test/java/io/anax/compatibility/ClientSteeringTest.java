package io.anax.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.server.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients may do to themselves and to others, with one shard and with three: CLIENT and MONITOR.
@ParameterizedClass
@ValueSource(ints = {1, 3})
final class ClientSteeringTest {
    private static final String END = "end";

    @Parameter
    int shardCount;

    private Server server;
    private RespClient client;
    private RespClient other;

    @BeforeEach
    void start() throws IOException {
        server = Server.start(Map.of("threads", String.valueOf(shardCount)));
        client = connect();
        other = connect();
    }

    @AfterEach
    void stop() {
        client.close();
        other.close();
        server.close();
    }

    private RespClient connect() {
        return RespClient.connect(server.port());
    }

    private static long id(RespClient of) {
        return (long) of.run("CLIENT ID").value();
    }

    // ---- LIST and KILL ----------------------------------------------------------------------------

    private List<String> listed(String arguments) {
        return client.run("CLIENT LIST " + arguments).text().lines().toList();
    }

    @Test
    void everyClientHasItsOwnNumber() {
        var clients = new ArrayList<RespClient>();
        var ids = new HashSet<Long>();
        for (int i = 0; i < 12; i++) {
            clients.add(connect());
            ids.add(id(clients.getLast()));
        }
        assertThat(ids).hasSize(12);
        assertThat(listed("")).hasSize(14);
        assertThat(listed("TYPE normal")).hasSize(14);
        assertThat(listed("ID " + id(clients.get(7)) + " 0 " + id(clients.get(3))))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("id=" + id(clients.get(7)) + " "),
                        line -> assertThat(line).startsWith("id=" + id(clients.get(3)) + " "));
        clients.forEach(RespClient::close);
    }

    @Test
    void aLineSaysWhatAClientIs() {
        client.run("CLIENT SETNAME me");
        client.run("CLIENT SETINFO LIB-NAME jedis");
        client.run("CLIENT SETINFO lib-ver 1.2");
        client.run("CLIENT NO-EVICT ON");
        client.run("CLIENT NO-TOUCH ON");
        client.run("SELECT 3");
        client.run("HELLO 3");
        assertThat(client.run("CLIENT INFO").text())
                .matches("id=\\d+ addr=127.0.0.1:\\d+ laddr=127.0.0.1:" + server.port()
                        + " name=me age=\\d+ idle=0 flags=eT db=3 sub=0 psub=0 ssub=0 multi=-1 qbuf=\\d+ qbuf-free=\\d+"
                        + " obl=\\d+ tot-mem=\\d+ events=rw? cmd=client\\|info user=default redir=-1 resp=3"
                        + " lib-name=jedis lib-ver=1.2\n");
        assertThat(listed("ID " + id(client)).getFirst()).contains(" cmd=client|list ");
    }

    @Test
    void clientsAreKilledByWhatTheyAre() {
        try (var third = connect()) {
            assertThat(client.run("CLIENT KILL ID " + id(third)).value()).isEqualTo(1L);
            assertThat(third.isClosedByServer()).isTrue();
        }
        try (var third = connect();
                var fourth = connect()) {
            String address = listed("ID " + id(third)).getFirst().split(" ")[1].substring("addr=".length());
            assertThat(client.run("CLIENT KILL " + address).text()).isEqualTo("OK");
            assertThat(third.isClosedByServer()).isTrue();
            assertThat(client.run("CLIENT KILL TYPE normal MAXAGE 1000").value())
                    .isEqualTo(0L);
            assertThat(client.run("CLIENT KILL LADDR 127.0.0.1:" + server.port())
                            .value())
                    .isEqualTo(2L);
            assertThat(fourth.isClosedByServer()).isTrue();
            assertThat(other.isClosedByServer()).isTrue();
        }
        assertThat(client.run("CLIENT KILL USER default SKIPME no").value()).isEqualTo(1L);
        assertThat(client.isClosedByServer()).isTrue();
    }

    // ---- REPLY ------------------------------------------------------------------------------------

    /// Sent at once and one after the other, against Redis.
    @Test
    void unwantedRepliesAreNotSent() {
        var scripts = List.of(
                List.of(
                        "CLIENT REPLY OFF",
                        "PING",
                        "NOSUCH",
                        "GET",
                        "SET a b",
                        "MGET a b c",
                        "CLIENT REPLY ON",
                        "PING"),
                List.of("CLIENT REPLY SKIP", "PING", "PING x"),
                List.of("CLIENT REPLY SKIP", "DBSIZE", "PING x"),
                List.of("CLIENT REPLY SKIP", "MSET a 1 b 2 c 3", "MGET a b c", "GET a", "GET b"),
                List.of("CLIENT REPLY SKIP", "NOSUCH", "PING x", "GET a"),
                List.of("CLIENT REPLY SKIP", "GET a b", "GET a"),
                List.of("CLIENT REPLY SKIP", "CLIENT REPLY SKIP", "PING x", "PING y"),
                List.of("CLIENT REPLY OFF", "CLIENT REPLY SKIP", "PING x", "PING y", "RESET", "PING z"),
                List.of("KEYS *", "CLIENT REPLY OFF", "KEYS *", "CLIENT REPLY ON"));
        try (var redis = RedisServer.start();
                var theirs = redis.connect()) {
            for (var script : scripts) {
                for (boolean pipelined : List.of(false, true)) {
                    assertThat(replies(client, script, pipelined))
                            .as("%s %s", pipelined, script)
                            .isEqualTo(replies(theirs, script, pipelined));
                }
            }
        }
    }

    private static List<String> replies(RespClient to, List<String> script, boolean pipelined) {
        to.run("FLUSHALL");
        if (pipelined) {
            String lines = String.join("\r\n", script) + "\r\nECHO " + END + "\r\n";
            to.writeRaw(lines.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        } else {
            script.forEach(line -> to.write(RespClient.words(line).toArray(String[]::new)));
            to.write("ECHO", END);
        }
        var replies = new ArrayList<String>();
        do {
            replies.add(to.read().rawText());
        } while (!replies.getLast().contains(END));
        return replies;
    }

    // ---- NO-TOUCH ---------------------------------------------------------------------------------

    @Test
    void whoLeavesNoTraceLeavesNone() {
        client.run("CONFIG SET maxmemory-policy allkeys-lfu lfu-log-factor 0");
        for (int i = 0; i < 20; i++) {
            client.run("SET key" + i + " x");
        }
        other.run("CLIENT NO-TOUCH ON");
        for (int i = 0; i < 20; i++) {
            String key = "key" + i;
            long before = (long) client.run("OBJECT FREQ " + key).value();
            other.run("GET " + key);
            other.run("MGET key1 key2 key3 " + key);
            other.run("STRLEN " + key);
            assertThat(client.run("OBJECT FREQ " + key).value()).isEqualTo(before);
            other.run("TOUCH " + key);
            client.run("GET " + key);
            assertThat(client.run("OBJECT FREQ " + key).value()).isEqualTo(before + 2);
        }
        other.run("CLIENT NO-TOUCH OFF");
        long before = (long) client.run("OBJECT FREQ key5").value();
        other.run("GET key5");
        assertThat(client.run("OBJECT FREQ key5").value()).isEqualTo(before + 1);
    }

    // ---- PAUSE ------------------------------------------------------------------------------------

    @Test
    void aPauseOfWritesLetsReadsGoOn() throws InterruptedException {
        client.run("SET a 1");
        client.run("CLIENT PAUSE 100000 WRITE");
        for (String line : List.of("GET a", "NOSUCH", "SET a", "INCR a", "GET a")) {
            other.write(line.split(" "));
        }
        assertThat(other.read().text()).isEqualTo("1");
        assertThat(other.read().text()).startsWith("-ERR unknown command");
        assertThat(other.read().text()).startsWith("-ERR wrong number");
        Thread.sleep(150);
        assertThat(client.run("GET a").text()).isEqualTo("1");
        assertThat(listed("ID " + idWithout(other)).toString()).contains("flags=b ");
        assertThat(client.run("INFO clients").text()).contains("blocked_clients:1\r\n");
        client.run("CLIENT UNPAUSE");
        assertThat(other.read().text()).isEqualTo("2");
        assertThat(other.read().text()).isEqualTo("2");
    }

    /// The number of a client that cannot be asked: the other one than the one that asks.
    private long idWithout(RespClient waiting) {
        assertThat(waiting).isSameAs(other);
        long mine = id(client);
        return listed("").stream()
                .map(line -> Long.parseLong(line.substring(3, line.indexOf(' '))))
                .filter(id -> id != mine)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPauseOfAllEndsByItself() {
        long begin = System.nanoTime();
        client.run("CLIENT PAUSE 300");
        for (int i = 0; i < 20; i++) {
            other.write("ECHO", String.valueOf(i));
        }
        for (int i = 0; i < 20; i++) {
            assertThat(other.read().text()).isEqualTo(String.valueOf(i));
        }
        assertThat(client.run("PING").text()).isEqualTo("PONG");
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(290_000_000L);
    }

    @Test
    void theStricterAndTheLongerPauseIsInForce() {
        client.run("CLIENT PAUSE 100000 WRITE");
        client.run("CLIENT PAUSE 1 WRITE");
        other.write("SET", "a", "1");
        client.run("CLIENT PAUSE 200 WRITE");
        assertThat(client.run("EXISTS a").value()).isEqualTo(0L);
        client.run("CLIENT UNPAUSE");
        assertThat(other.read().text()).isEqualTo("OK");
    }

    @Test
    void whoWaitsMayGo() throws InterruptedException {
        client.run("CLIENT PAUSE 100000 WRITE");
        other.write("SET", "a", "1");
        Thread.sleep(100);
        assertThat(client.run("CLIENT KILL TYPE normal").value()).isEqualTo(1L);
        assertThat(other.isClosedByServer()).isTrue();
        assertThat(listed("")).hasSize(1);
        client.run("CLIENT UNPAUSE");
        assertThat(client.run("EXISTS a").value()).isEqualTo(0L);
        assertThat(client.run("SET c 1").text()).isEqualTo("OK");
    }

    @Test
    void nothingExpiresDuringAPause() throws InterruptedException {
        client.run("SET a 1 PX 50");
        client.run("CLIENT PAUSE 100000 WRITE");
        Thread.sleep(300);
        assertThat(client.run("DBSIZE").value()).isEqualTo(1L);
        client.run("CLIENT UNPAUSE");
        long deadlineMillis = System.currentTimeMillis() + 5_000;
        while (!Long.valueOf(0).equals(client.run("DBSIZE").value())) {
            assertThat(System.currentTimeMillis()).isLessThan(deadlineMillis);
        }
    }

    // ---- MONITOR ----------------------------------------------------------------------------------

    private static final List<String> SEEN = List.of(
            "SET a 'b \"c\" \\'",
            "select 3",
            "GET",
            "GET a",
            "NOSUCH",
            "AUTH x",
            "HELLO 2 AUTH u p SETNAME x",
            "CONFIG GET x",
            "CLIENT GETNAME",
            "INCR a",
            "MSET a 1 b 2 c 3",
            "MGET a b c",
            "DBSIZE",
            "RESET",
            "PING end");

    @Test
    void whoMonitorsSeesWhatItSeesInRedis() {
        try (var redis = RedisServer.start();
                var watching = redis.connect();
                var theirs = redis.connect()) {
            assertThat(lines(other, client)).isEqualTo(lines(watching, theirs));
        }
    }

    /// Without time and address.
    private static List<String> lines(RespClient watching, RespClient seen) {
        assertThat(watching.run("MONITOR").text()).isEqualTo("OK");
        SEEN.forEach(seen::run);
        var lines = new ArrayList<String>();
        do {
            String line = watching.read().text();
            assertThat(line).matches("\\d{10}\\.\\d{6} \\[\\d+ 127\\.0\\.0\\.1:\\d+] .*");
            lines.add(line.replaceAll("^[\\d.]+ ", "").replaceAll("127.0.0.1:\\d+", "address"));
        } while (!lines.getLast().contains("\"end\""));
        return lines;
    }

    @Test
    void everyShardIsMonitored() {
        other.run("MONITOR");
        var clients = new ArrayList<RespClient>();
        var expected = new HashSet<String>();
        for (int i = 0; i < 6; i++) {
            clients.add(connect());
            for (int key = 0; key < 10; key++) {
                clients.getLast().run("SET key" + key + " " + i);
                expected.add("\"SET\" \"key" + key + "\" \"" + i + "\"");
            }
        }
        var seen = new HashSet<String>();
        for (int i = 0; i < 60; i++) {
            String line = other.read().text();
            seen.add(line.substring(line.indexOf("] ") + 2));
        }
        assertThat(seen).isEqualTo(expected);
        assertThat(other.run("CLIENT INFO").text()).contains(" flags=O ");
        other.read(); // itself
        clients.forEach(RespClient::close);
    }

    @Test
    void whoIsResetMonitorsNoMore() {
        other.run("MONITOR");
        assertThat(other.run("RESET").text()).isEqualTo("RESET");
        client.run("SET a 1");
        assertThat(other.run("ECHO x").text()).isEqualTo("x");
        client.run("SET a 2");
        assertThat(other.run("MONITOR").text()).isEqualTo("OK");
        client.run("SET a 3");
        assertThat(other.read().text()).endsWith("\"SET\" \"a\" \"3\"");
    }

    @Test
    void whoGoesMonitorsNoMore() {
        other.run("MONITOR");
        other.close();
        for (int i = 0; i < 100; i++) {
            assertThat(client.run("SET a " + i).text()).isEqualTo("OK");
        }
        assertThat(listed("")).hasSize(1);
    }
}
