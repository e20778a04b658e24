package io.anax.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// A server that is asked for strings gives the garbage collector nothing to do, even if it sleeps before each
/// command: how a shard waits for its sockets is part of what a command costs.
///
/// Interpreted, all objects are made that a compiler may leave out, or not, as it likes. Without assertions,
/// which make some.
final class QuietHeapTest {
    private static final int ROUND_COMMANDS = 10_000;
    private static final int ROUNDS_MAX = 3;

    /// Two objects of 32 bytes for each command of a round are a collection.
    private static final List<String> JVM_OPTIONS =
            List.of("-Xint", "-da", "-Xmn512k", "-Xmx64m", "-Xlog:gc", "-Danax.warmup.commands=0");

    @Test
    void stringsOneByOne() {
        try (var anax = AnaxProcess.startJvm(JVM_OPTIONS);
                var client = anax.connect()) {
            long collections = 1;
            for (int i = 0; i < ROUNDS_MAX && collections > 0; i++) { // the first ones load classes
                long before = collections(anax);
                round(client);
                collections = collections(anax) - before;
            }
            assertThat(collections).isZero();
        }
    }

    private static void round(RespClient client) {
        for (int i = 0; i < ROUND_COMMANDS / 2; i++) {
            client.run("SET key:" + i % 100 + " value");
            client.run("GET key:" + i % 100);
        }
    }

    private static long collections(AnaxProcess anax) {
        return anax.said().lines().filter(line -> line.contains("Pause")).count();
    }
}
