package io.anax.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Many connections at once over real sockets, with a server on several threads. Each client does
/// something that it can check while the others go on, for `-Danax.stress.seconds`.
final class StressTest {
    private static final int SECONDS = Integer.getInteger("anax.stress.seconds", 3);
    private static final String THREADS = System.getProperty("anax.threads", "4");
    private static final int CLIENTS_OF_A_KIND = 2;
    private static final int COUNTERS = 5;
    private static final int PAIRS = 5;
    private static final int TOKENS = 10;
    private static final int PLACES = 30;
    private static final int BATCH = 32;

    private final AtomicLong counted = new AtomicLong();
    private final AtomicLong steps = new AtomicLong();

    /// One step of a client: sends, and checks what comes back.
    private interface Step {
        void run(RespClient client, Random random, int number);
    }

    static List<String> pollers() {
        return Embedded.pollers();
    }

    @ParameterizedTest
    @MethodSource("pollers")
    void everyClientSeesWhatItMust(String poller) throws InterruptedException, ExecutionException {
        List<Step> kinds = List.of(
                this::count,
                StressTest::writePair,
                StressTest::readPair,
                StressTest::moveToken,
                StressTest::pipeline,
                StressTest::forget);
        try (var anax = Embedded.start(poller, THREADS);
                var client = anax.connect()) {
            for (int token = 0; token < TOKENS; token++) {
                client.send("SET", "place:" + token, "token " + token);
            }
            everybody(kinds, anax);
            assertThat(sumOfCounters(client)).isEqualTo(counted.get());
            assertThat(tokens(client)).hasSize(TOKENS).doesNotHaveDuplicates();
            churn(anax);
            assertThat(client.run("PING").text()).isEqualTo("PONG");
        }
        System.out.println("StressTest: " + steps + " steps over " + poller + " on " + THREADS + " threads");
    }

    private void everybody(List<Step> kinds, Embedded anax) throws InterruptedException, ExecutionException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        var clients = new ArrayList<Callable<Void>>();
        for (int i = 0; i < CLIENTS_OF_A_KIND * kinds.size(); i++) {
            Step step = kinds.get(i % kinds.size());
            int number = i;
            clients.add(() -> {
                repeat(step, anax, number, deadlineNanos);
                return null;
            });
        }
        try (var threads = Executors.newCachedThreadPool()) {
            for (Future<Void> client : threads.invokeAll(clients)) {
                client.get();
            }
        }
    }

    private void repeat(Step step, Embedded anax, int number, long deadlineNanos) {
        var random = new Random(number);
        try (var client = anax.connect()) {
            while (System.nanoTime() < deadlineNanos) {
                step.run(client, random, number);
                steps.incrementAndGet();
            }
        }
    }

    /// Nobody's increment is lost.
    private void count(RespClient client, Random random, int number) {
        var reply = client.send("INCR", "counter:" + random.nextInt(COUNTERS));
        assertThat(reply.value()).isInstanceOf(Long.class);
        counted.incrementAndGet();
    }

    private static long sumOfCounters(RespClient client) {
        long sum = 0;
        for (int i = 0; i < COUNTERS; i++) {
            sum += Long.parseLong(client.send("GET", "counter:" + i).text());
        }
        return sum;
    }

    private static void writePair(RespClient client, Random random, int number) {
        String pair = "pair:" + random.nextInt(PAIRS);
        String value = number + ":" + random.nextInt();
        assertThat(client.send("MSET", pair + ":left", value, pair + ":right", value)
                        .text())
                .isEqualTo("OK");
    }

    /// Nobody sees half of an MSET.
    private static void readPair(RespClient client, Random random, int number) {
        String pair = "pair:" + random.nextInt(PAIRS);
        var halves = client.send("MGET", pair + ":left", pair + ":right").list();
        assertThat(halves).hasSize(2);
        assertThat(halves.getFirst()).as(pair).isEqualTo(halves.getLast());
    }

    /// No token is ever lost or doubled: a place is free, or its token stays.
    private static void moveToken(RespClient client, Random random, int number) {
        String from = "place:" + random.nextInt(PLACES);
        String to = "place:" + random.nextInt(PLACES);
        assertThat(client.send("RENAMENX", from, to).text()).isIn("0", "1", "-ERR no such key");
    }

    private static List<String> tokens(RespClient client) {
        var tokens = new ArrayList<String>();
        for (Object key : client.run("KEYS place:*").list()) {
            tokens.add(client.send("GET", key.toString()).text());
        }
        return tokens;
    }

    /// What a connection wrote it reads, and replies come in the order of the requests.
    private static void pipeline(RespClient client, Random random, int number) {
        var expected = new ArrayList<String>();
        for (int i = 0; i < BATCH; i++) {
            String key = "own:" + number + ":" + random.nextInt(PLACES);
            String value = String.valueOf(random.nextInt());
            client.write("SET", key, value);
            client.write("GET", key);
            expected.addAll(List.of("OK", value));
        }
        for (String reply : expected) {
            assertThat(client.read().text()).isEqualTo(reply);
        }
    }

    /// A key is there in full until it is gone.
    private static void forget(RespClient client, Random random, int number) {
        String key = "brief:" + random.nextInt(PLACES);
        if (random.nextBoolean()) {
            assertThat(client.send("SET", key, key, "PX", String.valueOf(1 + random.nextInt(3)))
                            .text())
                    .isEqualTo("OK");
        } else {
            assertThat(client.send("GETDEL", key).text()).isIn("null", key);
        }
    }

    /// Clients that leave in the middle, with replies under way.
    private static void churn(Embedded anax) {
        for (int i = 0; i < 50; i++) {
            try (var client = anax.connect()) {
                for (int j = 0; j < BATCH; j++) {
                    client.write("MGET", "pair:0:left", "pair:1:left", "pair:2:right", "counter:" + j);
                }
            }
        }
    }
}
