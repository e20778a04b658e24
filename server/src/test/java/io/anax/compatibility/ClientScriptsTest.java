package io.anax.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Clients of other languages, unchanged. Each runs a script in `src/test/clients` that checks the replies
/// itself and ends with the number of its checks. The script passes on Redis too, or else it is the
/// script that is wrong.
final class ClientScriptsTest {
    private static final String REDIS = "redis";
    private static final Pattern CHECKS = Pattern.compile("(\\d+) checks\\s*$");
    private static final int CHECKS_MIN = 1000;

    static List<String> servers() {
        var servers = new ArrayList<>(List.of(REDIS));
        servers.addAll(Embedded.pollers());
        return servers;
    }

    static List<Arguments> serversAndProtocols() {
        return servers().stream()
                .flatMap(server -> List.of("2", "3").stream().map(protocol -> Arguments.of(server, protocol)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("serversAndProtocols")
    void ioredisWorks(String server, String protocol) {
        runsOnNode("ioredis.mjs", server, protocol);
    }

    @ParameterizedTest
    @MethodSource("serversAndProtocols")
    void nodeRedisWorks(String server, String protocol) {
        runsOnNode("node-redis.mjs", server, protocol);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void redisPyWorks(String server) {
        var python = Program.thatCan("python3", "-c", "import redis");
        String script = Program.scripts("python").resolve("redis_py.py").toString();
        passes(server, port -> python.run(script, String.valueOf(port)));
    }

    private static void runsOnNode(String script, String server, String protocol) {
        var node = Program.thatCan("node", "-e", "process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)");
        Path scripts = Program.scripts("node");
        Program.assume(
                Files.isDirectory(scripts.resolve("node_modules")),
                "the clients for node are missing (`make clients` installs them)");
        passes(server, port -> node.run(scripts.resolve(script).toString(), String.valueOf(port), protocol));
    }

    private static void passes(String server, IntFunction<Program.Ended> script) {
        Program.Ended ended = run(server, script);
        assertThat(ended.status()).as(ended.output()).isZero();
        Matcher checks = CHECKS.matcher(ended.output());
        assertThat(checks.find()).as(ended.output()).isTrue();
        assertThat(Integer.parseInt(checks.group(1))).isGreaterThanOrEqualTo(CHECKS_MIN);
    }

    private static Program.Ended run(String server, IntFunction<Program.Ended> script) {
        if (server.equals(REDIS)) {
            try (var redis = RedisServer.start()) {
                return script.apply(redis.port());
            }
        }
        try (var anax = Embedded.start(server)) {
            return script.apply(anax.port());
        }
    }
}
