package io.anax.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The tools that come with Redis. What redis-cli prints is compared with what it prints when it speaks
/// to Redis.
@ParameterizedClass
@MethodSource("pollers")
final class RedisToolsTest {
    private static final int INSERTED_KEYS = 100_000;
    private static final int SCANNED_KEYS = 2000;
    private static final String LINES = """
            set greeting "hello \\"world\\"\\n"
            get greeting
            incr number
            incr greeting
            nosuch command
            get

            mget greeting none number
            setex brief 100 x
            ttl none
            select 3
            dbsize
            get greeting
            select 0
            dbsize
            5 incr number
            config get databases
            object encoding number
            scan 0 match none
            del greeting number brief
            """;

    @Parameter
    String poller = "";

    private final Program cli = Program.named("redis-cli");
    private RedisServer redis;
    private Embedded anax;

    static List<String> pollers() {
        return Embedded.pollers();
    }

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        anax = Embedded.start(poller);
    }

    @AfterEach
    void stop() {
        if (anax != null) {
            anax.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-3", "--no-raw", "--no-raw -3", "-2 --csv", "--json -3", "--quoted-json -3", "-n 5"})
    void commandsThroughAPipe(String options) {
        same(LINES, options);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set key value",
                "-x set key",
                "-X part append key part",
                "-r 3 -i 0.01 incr count",
                "-e incr key",
                "-D ; mget key count none",
                "--quoted-input set 'a\\x00b' 'c\\x01d'",
                "--user default --pass wrong ping",
                "-u redis://localhost:PORT/3 dbsize",
                "--scan --pattern a*",
                "--scan --quoted-pattern 'a\\x00*'",
                "--raw get key"
            })
    void commandsAsArguments(String options) {
        same("from the input", options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"help get", "help @string", "? config set", "help"})
    void helpIsThere(String line) {
        var help = ours(line + "\n", "");
        assertThat(help.status()).isZero();
        assertThat(help.output()).isNotBlank().doesNotContain("rror");
    }

    @Test
    void scanNamesEveryKeyOnce() {
        fill(SCANNED_KEYS);
        assertThat(ours("", "--scan").output().lines()).hasSize(SCANNED_KEYS).doesNotHaveDuplicates();
        assertThat(ours("", "--scan --pattern key:1*").output().lines().sorted().toList())
                .isEqualTo(theirs("", "--scan --pattern key:1*")
                        .output()
                        .lines()
                        .sorted()
                        .toList());
    }

    /// Which key is looked at first differs, and so does the order of the types; the summary does not.
    @Test
    void bigkeysFindsTheBiggest() {
        fill(SCANNED_KEYS);
        same("", "set huge " + "x".repeat(1000));
        assertThat(summary(ours("", "--bigkeys")))
                .isEqualTo(summary(theirs("", "--bigkeys")))
                .anyMatch(line -> line.contains("huge") && line.endsWith("has 1000 bytes"));
    }

    @Test
    void memkeysFindsTheBiggest() {
        fill(SCANNED_KEYS);
        same("", "set huge " + "x".repeat(1000));
        assertThat(summary(ours("", "--memkeys")))
                .anyMatch(line -> line.contains("huge") && line.endsWith("bytes"))
                .contains("Sampled " + (SCANNED_KEYS + 1) + " keys in the keyspace!");
    }

    @Test
    void hotkeysFindsTheHottest() {
        same("", "config set maxmemory-policy allkeys-lfu");
        fill(SCANNED_KEYS);
        same("", "-r 300 get key:7");
        assertThat(summary(ours("", "--hotkeys")))
                .anyMatch(line -> line.startsWith("hot key found with counter:") && line.contains("key:7"));
    }

    private static List<String> summary(Program.Ended ended) {
        assertThat(ended.status()).as(ended.output()).isZero();
        int from = ended.output().indexOf("summary");
        assertThat(from).as(ended.output()).isPositive();
        return ended.output().substring(from).lines().sorted().toList();
    }

    /// Into a file it measures for one interval: least, most and average milliseconds, and how often.
    @Test
    void latencyMeasures() {
        var ended = ours("", "--latency -i 0.5");
        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output()).containsPattern(Pattern.compile("^\\d+ \\d+ [\\d.]+ \\d+\\s*$"));
    }

    @Test
    void pipeInsertsManyKeys() {
        var ended = cli.run(insertions(INSERTED_KEYS), "-p", String.valueOf(anax.port()), "--pipe");
        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("errors: 0, replies: " + INSERTED_KEYS);
        assertThat(ours("", "dbsize").output().strip()).isEqualTo(String.valueOf(INSERTED_KEYS));
        assertThat(ours("", "get key:77").output().strip()).isEqualTo("value 77");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-P 16 -n 20000", "-P 1 -n 5000", "-P 16 -n 20000 -3", "-P 64 -n 5000 -r 1000 -d 2000"})
    void benchmarkRunsWithoutErrors(String options) {
        var line = new ArrayList<>(List.of("-p", String.valueOf(anax.port()), "-q"));
        line.addAll(List.of("-t", "ping,set,get,incr,mset"));
        line.addAll(RespClient.words(options));
        var ended = Program.named("redis-benchmark").run(line.toArray(String[]::new));
        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output()).doesNotContainIgnoringCase("error");
        for (String test : List.of("PING_INLINE", "PING_MBULK", "SET", "GET", "INCR", "MSET (10 keys)")) {
            assertThat(ended.output()).containsPattern(Pattern.quote(test) + ": [\\d.]+ requests per second");
        }
    }

    private void fill(int count) {
        byte[] commands = insertions(count);
        assertThat(cli.run(commands, "-p", String.valueOf(anax.port()), "--pipe")
                        .status())
                .isZero();
        assertThat(cli.run(commands, "-p", String.valueOf(redis.port()), "--pipe")
                        .status())
                .isZero();
    }

    private static byte[] insertions(int count) {
        var commands = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            String key = "key:" + i;
            String value = "value " + i;
            commands.writeBytes("*3\r\n$3\r\nSET\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n"
                    .formatted(key.length(), key, value.length(), value)
                    .getBytes(UTF_8));
        }
        return commands.toByteArray();
    }

    private Program.Ended ours(String input, String options) {
        return run(anax.port(), input, options);
    }

    private Program.Ended theirs(String input, String options) {
        return run(redis.port(), input, options);
    }

    private Program.Ended run(int port, String input, String options) {
        String at = String.valueOf(port);
        var arguments = new ArrayList<>(List.of("-p", at));
        arguments.addAll(RespClient.words(options.replace("PORT", at)));
        return cli.run(input.getBytes(UTF_8), arguments.toArray(String[]::new));
    }

    /// The same run against both prints the same and ends in the same way.
    private void same(String input, String options) {
        var expected = theirs(input, options);
        assertThat(ours(input, options)).as(options + " < " + input).isEqualTo(expected);
    }
}
