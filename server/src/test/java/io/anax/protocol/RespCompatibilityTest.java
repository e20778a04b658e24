package io.anax.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.compatibility.RedisServer;
import io.anax.compatibility.RespClient;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The same bytes for a real redis-server and for us. It says what is right.
class RespCompatibilityTest {
    private static RedisServer redis;

    @BeforeAll
    static void start() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        if (redis != null) {
            redis.close();
        }
    }

    private static Transcript ours(String stream) {
        return Transcript.of(new RespParser(), Received.bytes(stream), Integer.MAX_VALUE);
    }

    /// The line that the server answers before it hangs up; ours as a writer sends it.
    private static void assertSameError(RespClient client, RespParser parser, String stream) {
        client.writeRaw(Received.bytes(stream));
        String theirs = client.read().text();
        String error =
                Transcript.of(parser, Received.bytes(stream), Integer.MAX_VALUE).end();
        assertThat("-ERR " + error.replace('\r', ' ')).as(stream).isEqualTo(theirs);
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void errorsAreTheSame() {
        String tooLong = "1".repeat(70_000);
        for (String stream : List.of(
                "*x\r\n",
                "*\r\n",
                "*+1\r\n",
                "*01\r\n",
                "* 1\r\n",
                "*2147483648\r\n",
                "*1\r\nPING\r\n",
                "*1\r\n\r\n",
                "*1\r\n*1\r\n",
                "*1\r\n$\r\n",
                "*1\r\n$-1\r\n",
                "*1\r\n$04\r\n",
                "*1\r\n$x\r\n",
                "*1\r\n$536870913\r\n",
                "*" + tooLong,
                "*1\r\n$" + tooLong,
                tooLong,
                "\"a\r\n",
                "'a'b\r\n")) {
            try (var client = redis.connect()) {
                assertSameError(client, new RespParser(), stream);
            }
        }
    }

    @Test
    void errorsBeforeAuthenticationAreTheSame() {
        try (var locked = RedisServer.start()) {
            try (var client = locked.connect()) {
                client.run("CONFIG SET requirepass secret");
            }
            for (String stream : List.of("*11\r\n", "*1\r\n$16385\r\n")) {
                try (var client = locked.connect()) {
                    var parser = new RespParser();
                    parser.authenticated(false);
                    assertSameError(client, parser, stream);
                }
            }
        }
    }

    /// Each line defines a command of ours: ECHO and one argument, so Redis shows what it understood.
    @Test
    void quotingIsTheSame() {
        var random = new Random(20);
        String alphabet = "ab \"'\\xn4F\t\r$";
        for (int round = 0; round < 1000; round++) {
            var line = new StringBuilder("ECHO ");
            for (int i = random.nextInt(12); i >= 0; i--) {
                line.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Transcript ours = ours(line + "\r\nPING\r\n");
            try (var client = redis.connect()) {
                client.writeRaw(Received.bytes(line + "\r\nPING\r\n"));
                assertThat(client.read().text()).as(line.toString()).isEqualTo(expected(ours));
            }
        }
    }

    private static String expected(Transcript ours) {
        if (!ours.end().isEmpty()) {
            return "-ERR " + ours.end();
        }
        List<String> echo = ours.commands().getFirst();
        return echo.size() == 2 ? echo.get(1) : "-ERR wrong number of arguments for 'echo' command";
    }

    @Test
    void lineEndsAreAsLax() {
        try (var client = redis.connect()) {
            for (String stream : List.of(
                    "*2\rx$4\rxECHOxx$1\rxaxx", "\r\n\n*0\r\n*-7\r\nECHO a\n", "ECHO \"a\"\u000b\r\n", "ECHO\ra\r\n")) {
                client.writeRaw(Received.bytes(stream));
                assertThat(client.read().text()).isEqualTo("a");
                assertThat(ours(stream)).isEqualTo(new Transcript(List.of(List.of("ECHO", "a")), ""));
            }
        }
    }

    @Test
    void scoresReadAndPrintTheSame() {
        var random = new Random(21);
        try (var client = redis.connect()) {
            client.run("CONFIG SET zset-max-listpack-entries 0"); // a listpack would lose the sign of -0
            for (int round = 0; round < 1000; round++) {
                String score = randomNumber(random);
                client.send("DEL", "z");
                var added = client.send("ZADD", "z", score, "m");
                double ours;
                try (var received = Received.of(score)) {
                    ours = Numbers.parseDouble(received.address(), received.size());
                }
                assertThat(Double.isNaN(ours)).as(score).isEqualTo(added.isProblem());
                if (!added.isProblem()) {
                    String theirs = client.send("ZSCORE", "z", "m").text();
                    assertThat(printed(ours)).as(score).isEqualTo(theirs);
                }
            }
        }
    }

    private static String printed(double value) {
        try (var room = Received.of("?".repeat(Numbers.REAL_SIZE_MAX + 8))) {
            return Received.text(room.address(), Numbers.printDouble(value, room.address()));
        }
    }

    @Test
    void incrementsAreTheSame() {
        var random = new Random(22);
        try (var client = redis.connect()) {
            for (int round = 0; round < 1000; round++) {
                String first = randomNumber(random);
                String second = random.nextBoolean() ? randomNumber(random) : Double.toString(random.nextGaussian());
                client.send("SET", "f", first);
                var theirs = client.send("INCRBYFLOAT", "f", second);
                assertThat(sum(first, second)).as(first + " + " + second).isEqualTo(theirs.text());
            }
        }
    }

    private static String sum(String first, String second) {
        try (var a = Received.of(first);
                var b = Received.of(second)) {
            LongDouble x = LongDouble.parse(a.address(), a.size());
            LongDouble y = LongDouble.parse(b.address(), b.size());
            if (x == null || y == null) {
                return "-ERR value is not a valid float";
            }
            LongDouble sum = x.plus(y);
            return sum.isFinite() ? sum.toString() : "-ERR increment would produce NaN or Infinity";
        }
    }

    private static String randomNumber(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> Double.toString(Double.longBitsToDouble(random.nextLong()));
            case 1 -> Integer.toString(random.nextInt(2000) - 1000);
            case 2 -> random.nextInt(1000) + "." + random.nextInt(1000);
            case 3 -> Long.toString(random.nextLong() >> random.nextInt(20));
            case 4 -> random.nextInt(100) + "e" + (random.nextInt(700) - 350);
            case 5 ->
                "0x" + Long.toHexString(random.nextLong()) + (random.nextBoolean() ? "." : "p-" + random.nextInt(80));
            case 6 ->
                List.of("inf", "-inf", "nan", "+Infinity", "-0", ".5", "5.", "1e4000", "1e-4950", "1e5000")
                        .get(random.nextInt(10));
            case 7 -> (random.nextBoolean() ? "-" : "") + Math.pow(2, random.nextInt(120) - 60);
            default -> mistyped(random);
        };
    }

    private static String mistyped(Random random) {
        String alphabet = "0123456789..e+-x ";
        var text = new StringBuilder();
        for (int i = random.nextInt(7); i >= 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
