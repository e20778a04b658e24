package io.anax.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import io.anax.command.CommandTable;
import io.anax.keyspace.Clock;
import io.anax.keyspace.Databases;
import io.anax.memory.SlabAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// So many fibers of a kind at a time, the others in their order; and who has used up the slice goes to
/// the end of the queue.
final class FibersTest {
    private long nanos;
    private final ShardSet shards = new ShardSet(1);
    private final Shard shard = shard();
    private final Fibers fibers = shard.fibers();
    private final List<Object> seen = new ArrayList<>();

    private Shard shard() {
        var clock = new Clock() {
            @Override
            public long millis() {
                return nanos / 1_000_000;
            }

            @Override
            public long nanos() {
                return nanos;
            }
        };
        var databases = new Databases(new SlabAllocator(), 1);
        return new Shard(0, shards, clock, databases, new CommandTable(), new ShardSettings());
    }

    @AfterEach
    void givesItsMemoryBack() {
        shard.close();
        shards.close();
    }

    @Test
    void whoComesLateWaitsForARoom() {
        var waiting = new ArrayList<FiberTask>();
        for (int i = 0; i < Limits.FIBERS_MAX + 3; i++) {
            int number = i;
            fibers.startCommand(
                    task -> {
                        waiting.add(task);
                        task.await();
                    },
                    () -> seen.add(number));
        }
        runAll();
        assertThat(waiting).hasSize(Limits.FIBERS_MAX);
        assertThat(fibers.count()).isEqualTo(Limits.FIBERS_MAX + 3);
        waiting.get(7).wake();
        waiting.get(3).wake();
        runAll();
        assertThat(seen).containsExactly(7, 3);
        assertThat(waiting).hasSize(Limits.FIBERS_MAX + 2);
        for (int i = 0; i < waiting.size(); i++) {
            waiting.get(i).wake(); // those that have ended hear nothing
            runAll();
        }
        assertThat(seen).hasSize(Limits.FIBERS_MAX + 3).last().isEqualTo(Limits.FIBERS_MAX + 2);
        assertThat(fibers.count()).isZero();
    }

    @Test
    void eachKindHasRoomOfItsOwn() {
        for (int i = 0; i < Limits.FIBERS_MAX + 1; i++) {
            fibers.startTransaction(FiberTask::await, () -> {});
            fibers.startCommand(FiberTask::await, () -> {});
        }
        fibers.startErrand(_ -> seen.add("errand"), () -> seen.add("done"));
        runAll();
        assertThat(seen).containsExactly("errand", "done");
    }

    @Test
    void twoThatWorkLongTakeTurns() {
        for (String name : List.of("a", "b")) {
            fibers.startCommand(
                    task -> {
                        for (int i = 0; i < 3; i++) {
                            seen.add(name + i);
                            nanos += 2 * Limits.SLICE_NANOS;
                            useUp(task);
                        }
                    },
                    () -> {});
        }
        assertThat(fibers.runReady()).isEqualTo(1);
        assertThat(seen).containsExactly("a0");
        runAll();
        assertThat(seen).containsExactly("a0", "b0", "a1", "b1", "a2", "b2");
    }

    /// A slice looks at the clock once in some steps.
    private void useUp(FiberTask task) {
        int before = seen.size();
        for (int i = 0; i < 5 && seen.size() == before; i++) {
            task.checkpoint();
        }
    }

    /// They were ready before it goes on, and shall not wait for it.
    @Test
    void repliesGoOutBeforeALongOneGoesOn() {
        var sockets = new EngineFixture.NoSockets() {
            @Override
            public void flush() {
                seen.add("flush");
            }
        };
        startLong(2 * Limits.SLICE_NANOS);
        for (int turns = 0; turns < 5; turns++) {
            shard.poll(sockets);
        }
        assertThat(seen).containsExactly(0, "flush", 1, "flush", 2, "flush");
    }

    @Test
    void whoComesMeanwhileEndsTheSliceEarly() {
        var sockets = new EngineFixture.NoSockets() {
            boolean hasArrivals;

            @Override
            public boolean hasArrivals() {
                return hasArrivals;
            }
        };
        startLong(Limits.SLICE_NANOS_MIN);
        sockets.hasArrivals = true;
        shard.poll(sockets);
        assertThat(seen).containsExactly(0);
        sockets.hasArrivals = false;
        shard.poll(sockets);
        assertThat(seen).containsExactly(0, 1, 2);
    }

    private void startLong(long stepNanos) {
        fibers.startCommand(
                task -> {
                    for (int i = 0; i < 3; i++) {
                        seen.add(i);
                        nanos += stepNanos;
                        useUp(task);
                    }
                },
                () -> {});
    }

    @Test
    void aCheckpointWithinTheSliceDoesNotStop() {
        fibers.startCommand(
                task -> {
                    for (int i = 0; i < 1000; i++) {
                        task.checkpoint();
                    }
                    seen.add("done");
                },
                () -> {});
        assertThat(fibers.runReady()).isEqualTo(1);
        assertThat(seen).containsExactly("done");
        assertThat(fibers.runReady()).isZero();
    }

    private void runAll() {
        while (!shard.ready().isEmpty()) {
            fibers.runReady();
        }
    }
}
