package io.anax.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.command.BitmapCommands;
import io.anax.command.CommandFamily;
import io.anax.command.ConnectionCommands;
import io.anax.command.Credentials;
import io.anax.command.HyperLogLogCommands;
import io.anax.command.TestShards;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Twenty thousand random commands, to one shard and to several: nobody can tell them apart. A failure
/// names the seed; `-Danax.seed=…` runs it again.
final class ManyShardsTest {
    private static final int COMMANDS = 20_000;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 16})
    void severalShardsAnswerAsOneDoes(int count) {
        long seed = Long.getLong("anax.seed", System.nanoTime());
        System.out.println("ManyShardsTest: " + count + " shards -Danax.seed=" + seed);
        try (var one = new TestShards(1, families());
                var several = new TestShards(count, families())) {
            var random = new RandomCommands(seed, one.nowMillis / 1000);
            for (int i = 0; i < COMMANDS; i++) {
                String[] command = random.next().toArray(String[]::new);
                assertThat(several.send(command))
                        .as("seed %d, command %d: %s", seed, i, List.of(command))
                        .isEqualTo(one.send(command));
            }
            for (String database : List.of("0", "1", "2")) {
                assertThat(contents(several, database)).as("seed %d", seed).isEqualTo(contents(one, database));
            }
        }
    }

    private static CommandFamily[] families() {
        var connection = new ConnectionCommands(new Credentials(), "7.0.0").commands();
        return new CommandFamily[] {connection, BitmapCommands.FAMILY, HyperLogLogCommands.FAMILY};
    }

    private static List<String> contents(TestShards shards, String database) {
        shards.send("SELECT", database);
        var contents = new ArrayList<String>();
        for (String key :
                Set.copyOf(shards.names("KEYS", "*")).stream().sorted().toList()) {
            contents.add(key + " " + shards.send("GET", key) + " " + shards.send("PEXPIRETIME", key));
        }
        shards.send(RandomCommands.findAll().toArray(String[]::new));
        contents.add(shards.send("DBSIZE"));
        return contents;
    }
}
