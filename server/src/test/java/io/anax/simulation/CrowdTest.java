package io.anax.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import java.util.ArrayList;
import java.util.List;
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
}
