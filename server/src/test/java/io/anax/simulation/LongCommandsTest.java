package io.anax.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Commands that take long or wait for other shards, while all that can happen happens beside them.
final class LongCommandsTest {
    private final long seed = Long.getLong("anax.seed", System.nanoTime());
    private final List<Object> replies = new ArrayList<>();

    /// Sends words separated by blanks; the replies are those of all clients, as they come.
    private void send(SimulatedClient client, String line) {
        client.send(List.of(line.split(" ")), reply -> replies.add(reply.value()));
    }

    private static String keyOn(Simulation simulation, int shard, String beginning) {
        int i = 0;
        while (simulation.shardOf(beginning + i) != shard) {
            i++;
        }
        return beginning + i;
    }

    /// A key whose time has come, but that nobody has removed yet, is none: what takes its place is alone.
    @Test
    void anExpiredKeyMakesRoomForAnother() {
        try (var simulation = new Simulation(seed, 2)) {
            String here = keyOn(simulation, 0, "here");
            String there = keyOn(simulation, 1, "there");
            var client = simulation.connect(0);
            for (String line : List.of("RENAME %s %s", "RENAMENX %s %s", "COPY %s %s", "COPY %s %s REPLACE")) {
                for (int id = 0; id < 2; id++) {
                    simulation.shard(id).housekeeping().activeExpiry(false);
                }
                send(client, "MSET " + here + " new " + there + " old");
                send(client, "PEXPIRE " + there + " 1");
                simulation.settle();
                simulation.clock().advanceMillis(5);
                replies.clear();
                send(client, line.formatted(here, there));
                send(client, "GET " + there);
                send(client, "DEL " + there + " " + here);
                send(client, "DBSIZE");
                simulation.settle();
                long left = line.startsWith("COPY") ? 2 : 1;
                assertThat(replies).as(line).last().isEqualTo(0L);
                assertThat(replies.subList(1, 3)).as(line).containsExactly("new", left);
            }
        }
    }

    @Test
    void longCommandsAndShortOnesAndThoseWhoLeaveDoNotHurtEachOther() {
        int count = Long.getLong("anax.seed") == null ? Integer.getInteger("anax.simulations", 400) / 100 : 1;
        System.out.println("LongCommandsTest: " + count + " seeds from " + seed);
        for (long s = seed; s < seed + count; s++) {
            try {
                new LongCommandsRun(s).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Danax.seed=" + s, e);
            }
        }
    }
}
