package io.anax.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anax.Limits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The threads behind the fibers that are no continuations.
@Timeout(60)
final class ThreadFiberTest {
    private final List<Object> seen = new ArrayList<>();
    private final Set<Thread> carriers = new HashSet<>();
    private Fiber fiber;

    private Fiber of(Runnable body) {
        fiber = new ThreadFiber(body);
        return fiber;
    }

    @AfterEach
    void leavesTheThreadAsItWas() {
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aBodyRunsOnADaemonOfItsOwner() {
        of(() -> seen.add(Thread.currentThread()));
        fiber.resume();
        var carrier = (Thread) seen.getFirst();
        assertThat(carrier).isNotSameAs(Thread.currentThread());
        assertThat(carrier.getName()).isEqualTo(Thread.currentThread().getName() + "-fiber");
        assertThat(carrier.isDaemon()).isTrue();
    }

    @Test
    void theNextFiberTakesTheThreadOfTheLast() {
        for (int i = 0; i < 100; i++) {
            of(() -> carriers.add(Thread.currentThread()));
            fiber.resume();
        }
        assertThat(carriers).hasSize(1);
    }

    @Test
    void noMoreThreadsRestThanTheLimit() throws InterruptedException {
        onAnOwner(() -> {
            suspendMany(3 * Limits.FIBER_THREADS_RESTING_MAX).forEach(Fiber::resume);
            await(() -> aliveCount() <= Limits.FIBER_THREADS_RESTING_MAX);
            seen.add(aliveCount());
        });
        assertThat(seen).containsExactly(Limits.FIBER_THREADS_RESTING_MAX);
    }

    @Test
    void restingThreadsEndAfterTheirOwner() throws InterruptedException {
        onAnOwner(() -> suspendMany(3).forEach(Fiber::resume));
        assertThat(carriers).hasSize(3);
        await(() -> aliveCount() == 0);
    }

    @Test
    void theThreadOfAnAbandonedFiberEnds() {
        for (Fiber each : suspendMany(3)) {
            each.abandon();
        }
        await(() -> aliveCount() == 0);
    }

    /// Each on a thread of its own, which is then among the carriers.
    private List<Fiber> suspendMany(int count) {
        var fibers = new ArrayList<Fiber>();
        for (int i = 0; i < count; i++) {
            int self = i;
            fibers.add(new ThreadFiber(() -> {
                carriers.add(Thread.currentThread());
                fibers.get(self).suspend();
            }));
            fibers.get(i).resume();
        }
        return fibers;
    }

    private int aliveCount() {
        return (int) carriers.stream().filter(Thread::isAlive).count();
    }

    private static void onAnOwner(Runnable task) throws InterruptedException {
        var owner = new Thread(task);
        owner.start();
        owner.join();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    // ---- what a body throws while it is abandoned -----------------------------------------------

    @Test
    void anAbandonedBodyIsUnwound() {
        of(() -> {
            try {
                fiber.suspend();
            } finally {
                seen.add("unwound");
            }
        });
        fiber.resume();
        fiber.abandon();
        assertThat(seen).containsExactly("unwound");
    }

    @Test
    void whatItThrowsMeanwhileComesOut() {
        var thrown = new IllegalArgumentException("mine");
        of(() -> {
            try {
                fiber.suspend();
            } catch (Error e) {
                throw thrown;
            }
        });
        fiber.resume();
        assertThatThrownBy(fiber::abandon).isSameAs(thrown);
        assertThat(fiber.isDone()).isTrue();
    }

    // ---- interruptions --------------------------------------------------------------------------

    @Test
    void anInterruptionOfTheOwnerWaitsForIt() {
        of(() -> {
            fiber.suspend();
            seen.add(Thread.currentThread().isInterrupted());
        });
        Thread.currentThread().interrupt();
        assertThat(fiber.resume()).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(fiber.resume()).isTrue();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(seen).containsExactly(false);
    }

    /// A thread that is interrupted cannot be parked: it would spin as long as the fiber is suspended.
    @Test
    void aSuspendedFiberSleepsEvenIfItWasInterrupted() {
        of(() -> {
            carriers.add(Thread.currentThread());
            Thread.currentThread().interrupt();
            fiber.suspend();
        });
        fiber.resume();
        Thread carrier = carriers.iterator().next();
        await(() -> carrier.getState() == Thread.State.WAITING);
        assertThat(fiber.resume()).isTrue();
    }

    // ---- the end of a stack ---------------------------------------------------------------------

    /// At the end of its stack a body suspends, or overflows before the owner runs: never do both run.
    @Test
    void theEndOfAStackIsNoHandOver() {
        var turns = new int[1]; // of the owner
        of(() -> {
            try {
                overflow(turns);
            } catch (StackOverflowError e) {
                seen.add("overflowed");
            }
        });
        while (!fiber.resume()) {
            turns[0]++;
        }
        assertThat(seen).containsExactly("overflowed");
        assertThat(turns[0]).isPositive();
    }

    private void overflow(int[] turns) {
        try {
            overflow(turns);
        } catch (StackOverflowError e) {
            int before = turns[0];
            fiber.suspend();
            assertThat(turns[0]).isEqualTo(before + 1);
            throw e;
        }
    }
}
