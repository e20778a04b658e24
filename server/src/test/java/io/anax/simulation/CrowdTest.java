package io.anax.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// More than there is room for: fibers, messages, memory. Everybody is served in the end, and wholly or
/// not at all.
final class CrowdTest {
    private final long seed = Long.getLong("anax.seed", System.nanoTime());

    private static String keyOn(Simulation simulation, int shard, String beginning) {
        int i = 0;
        while (simulation.shardOf(beginning + i) != shard) {
            i++;
        }
        return beginning + i;
    }

    /// The coordinators of one shard all wait for a key whose holder needs a fiber of that shard.
    @Test
    void whoHoldsAKeyNeverWaitsForTheFibersOfThoseWhoWantIt() {
        System.out.println("CrowdTest -Danax.seed=" + seed);
        var simulation = new Simulation(seed, 2);
        String here = keyOn(simulation, 0, "here");
        String there = keyOn(simulation, 1, "there");
        var replies = new ArrayList<Object>();
        var holder = simulation.connect(1);
        var clients = new ArrayList<SimulatedClient>();
        for (int i = 0; i < Limits.FIBERS_MAX + 100; i++) {
            clients.add(simulation.connect(0));
        }
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).send(List.of("MSET", here, "a" + i, there, "b" + i), reply -> replies.add(reply.value()));
            if (i == 10) {
                holder.send(List.of("COPY", here, there, "REPLACE"), reply -> replies.add(reply.value()));
            }
        }
        simulation.settle();
        assertThat(replies).hasSize(clients.size() + 1);
        simulation.close();
    }

    @Test
    void aFullMailboxLosesNothingAndWakesWhoSleeps() {
        var simulation = new Simulation(seed, 2);
        String there = keyOn(simulation, 1, "there");
        var replies = new ArrayList<Object>();
        for (int i = 0; i < 2000; i++) {
            simulation.connect(0).send(List.of("INCR", there), reply -> replies.add(reply.value()));
        }
        for (int i = 0; i < 100; i++) {
            simulation.turn(0); // more than fits is sent
        }
        simulation.settle(1); // takes what is there, and sleeps
        simulation.settle();
        assertThat(replies).hasSize(2000).contains(2000L);
        simulation.close();
    }

    /// The memory of one shard is used up at any moment, and there is some again later.
    @Test
    void memoryThatEndsInTheMiddleMakesNoHalfOfAnMset() {
        for (long s = seed; s < seed + 100; s++) {
            var random = new Random(s);
            var simulation = new Simulation(s, 3);
            var keys = List.of(keyOn(simulation, 0, "k"), keyOn(simulation, 1, "k"), keyOn(simulation, 2, "k"));
            var written = new HashSet<>(Set.of(Arrays.asList(null, null, null).toString()));
            var writer = simulation.connect(random.nextInt(3));
            for (int i = 0; i < 10; i++) {
                List<String> values = List.of("a" + i, "b" + i, "c" + i);
                ask(random, writer, keys, values, written);
                for (int turn = 0; turn < 30; turn++) {
                    int used = random.nextInt(4) == 0 ? 1 : 0;
                    simulation.shard(random.nextInt(3)).housekeeping().maxMemory(used);
                    simulation.step();
                }
            }
            simulation.settle();
            var found = new ArrayList<Object>();
            writer.send(List.of("MGET", keys.get(0), keys.get(1), keys.get(2)), reply -> found.add(reply.value()));
            simulation.settle();
            assertThat(written).as("seed %d", s).contains(found.getFirst().toString());
            simulation.close();
        }
    }

    private static void ask(
            Random random, SimulatedClient writer, List<String> keys, List<String> values, Set<String> written) {
        var words = new ArrayList<>(List.of(random.nextBoolean() ? "MSET" : "MSETNX"));
        for (int k = 0; k < keys.size(); k++) {
            words.add(keys.get(k));
            words.add(values.get(k));
        }
        writer.send(words, reply -> {
            boolean isRefused = reply.isProblem() || Objects.equals(reply.value(), 0L);
            if (!isRefused) {
                written.clear();
                written.add(values.toString());
            }
        });
    }
}
