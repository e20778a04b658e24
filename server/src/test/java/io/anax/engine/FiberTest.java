package io.anax.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.anax.memory.Owner;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What both kinds of fibers do alike. A body says what happened into a list; the test is the owner.
@ParameterizedClass
@EnumSource(FiberKind.class)
final class FiberTest {
    @Parameter
    private FiberKind kind;

    private final List<Object> seen = new ArrayList<>();
    private final List<Fiber> all = new ArrayList<>();
    private Fiber fiber; // the one that a body suspends

    @BeforeEach
    void needsTheKind() {
        String error = FiberKind.error(kind.text(), ContinuationFiber.obstacle());
        assumeTrue(error.isEmpty(), error);
    }

    @AfterEach
    void leavesNoThread() {
        all.forEach(Fiber::abandon);
    }

    private Fiber of(Runnable body) {
        fiber = kind == FiberKind.CONTINUATION ? new ContinuationFiber(body) : new ThreadFiber(body);
        all.add(fiber);
        return fiber;
    }

    // ---- taking turns ---------------------------------------------------------------------------

    @Test
    void aBodyStopsAndGoesOnWhereItStopped() {
        of(() -> {
            seen.add("one");
            fiber.suspend();
            seen.add("two");
            fiber.suspend();
            seen.add("three");
        });
        assertThat(seen).isEmpty();
        assertThat(fiber.resume()).isFalse();
        seen.add("others");
        assertThat(fiber.isDone()).isFalse();
        assertThat(fiber.resume()).isFalse();
        seen.add("others");
        assertThat(fiber.resume()).isTrue();
        assertThat(fiber.isDone()).isTrue();
        assertThat(seen).containsExactly("one", "others", "two", "others", "three");
    }

    @Test
    void aBodyMayEndWithoutStopping() {
        of(() -> seen.add("all"));
        assertThat(fiber.resume()).isTrue();
        assertThat(seen).containsExactly("all");
    }

    @Test
    void localsLiveOn() {
        of(() -> {
            long sum = 0;
            double product = 1;
            for (int i = 1; i <= 20_000; i++) {
                sum += i;
                product *= 1 + 1.0 / i;
                fiber.suspend();
            }
            seen.add(sum);
            seen.add(Math.round(product));
        });
        int resumes = 1;
        while (!fiber.resume()) {
            resumes++;
        }
        assertThat(resumes).isEqualTo(20_001);
        assertThat(seen).containsExactly(200_010_000L, 20_001L);
    }

    /// Two thousand frames: down, stop, up, and stop again in each of them on the way.
    @Test
    void aDeepStackStops() {
        of(() -> seen.add(depth(2000)));
        int resumes = 1;
        while (!fiber.resume()) {
            resumes++;
        }
        assertThat(resumes).isEqualTo(2002);
        assertThat(seen).containsExactly(2000L * 2001 / 2);
    }

    private long depth(int frames) {
        if (frames == 0) {
            fiber.suspend();
            return 0;
        }
        long below = depth(frames - 1);
        fiber.suspend();
        return below + frames;
    }

    /// Any number of fibers in any order, each resumed or given up: a counter for each is the model.
    @Test
    void fibersDoNotDisturbEachOther() {
        long seed = System.nanoTime();
        System.out.println("FiberTest " + kind + " seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            int count = 1 + random.nextInt(40);
            var counters = IntStream.range(0, count)
                    .mapToObj(i -> new Counter(random.nextInt(60)))
                    .toList();
            for (int step = 0; step < 40 * count; step++) {
                counters.get(random.nextInt(count)).step(random.nextInt(200) == 0);
            }
            counters.forEach(counter -> counter.self.abandon());
        }
    }

    private final class Counter {
        private final int end;
        private final Fiber self;
        private int counted;
        private int expected;

        Counter(int end) {
            this.end = end;
            this.self = of(this::count);
        }

        private void count() {
            for (int i = 0; i < end; i++) {
                assertThat(i).isEqualTo(counted++);
                self.suspend();
            }
        }

        void step(boolean isAbandoned) {
            if (isAbandoned) {
                self.abandon();
            } else if (!self.isDone()) {
                expected = Math.min(end, expected + 1);
                boolean isLast = counted == end;
                assertThat(self.resume()).isEqualTo(isLast);
            }
            assertThat(counted).isEqualTo(expected);
        }
    }

    // ---- what may lie on the stack --------------------------------------------------------------

    @Test
    void aMethodHandleLiesOnTheStack() throws ReflectiveOperationException {
        MethodHandle suspend =
                MethodHandles.lookup().bind(this, "suspendAndCount", MethodType.methodType(int.class, int.class));
        MethodHandle twice = MethodHandles.filterReturnValue(suspend, suspend);
        var method = FiberTest.class.getDeclaredMethod("suspendAndCount", int.class);
        of(() -> {
            try {
                seen.add((int) twice.invokeExact(1));
                seen.add(twice.invoke((Object) 10));
                seen.add(twice.invokeWithArguments(100));
                seen.add(method.invoke(this, 1000));
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        });
        int resumes = 1;
        while (!fiber.resume()) {
            resumes++;
        }
        assertThat(resumes).isEqualTo(8);
        assertThat(seen).containsExactly(3, 12, 102, 1001);
    }

    int suspendAndCount(int count) {
        fiber.suspend();
        return count + 1;
    }

    @Test
    void aStreamAndALambdaLieOnTheStack() {
        of(() -> seen.add(IntStream.range(0, 100).map(this::suspendAndCount).sum()));
        while (!fiber.resume()) {
            assertThat(seen).isEmpty();
        }
        assertThat(seen).containsExactly(5050);
    }

    @Test
    void aGarbageCollectionInBetweenTakesOnlyGarbage() {
        var kept = new ArrayList<WeakReference<Object>>();
        of(() -> {
            Object local = new Object();
            kept.add(new WeakReference<>(local));
            for (int i = 0; i < 4; i++) {
                fiber.suspend();
                seen.add(new byte[1 << 20]);
            }
            assertThat(kept.getFirst().get()).isSameAs(local);
        });
        do {
            System.gc();
        } while (!fiber.resume());
        assertThat(seen).hasSize(4);
        System.gc();
        assertThat(kept.getFirst().get()).isNull();
    }

    // ---- what a body throws ---------------------------------------------------------------------

    @Test
    void whatABodyThrowsComesOutOfResume() {
        for (Throwable thrown : List.of(new IllegalArgumentException("mine"), new AssertionError("mine"))) {
            of(() -> {
                fiber.suspend();
                FiberTest.<RuntimeException>raise(thrown);
            });
            assertThat(fiber.resume()).isFalse();
            assertThatThrownBy(fiber::resume).isSameAs(thrown);
            assertThat(fiber.isDone()).isTrue();
            assertThatIllegalStateException().isThrownBy(fiber::resume).withMessage("the fiber has ended");
        }
        of(() -> FiberTest.<RuntimeException>raise(new IOException("checked")));
        assertThatIllegalStateException().isThrownBy(fiber::resume).withCauseInstanceOf(IOException.class);
    }

    @SuppressWarnings("unchecked") // the point is to throw what nobody declared
    private static <T extends Throwable> void raise(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void anExceptionIsCaughtInTheBodyAcrossSuspensions() {
        of(() -> {
            try {
                fiber.suspend();
                throw new IllegalArgumentException("mine");
            } catch (IllegalArgumentException e) {
                fiber.suspend();
                seen.add(e.getMessage());
            } finally {
                fiber.suspend();
                seen.add("finally");
            }
        });
        while (!fiber.resume()) {
            seen.add("others");
        }
        assertThat(seen).containsExactly("others", "others", "mine", "others", "finally");
    }

    // ---- who may call what ----------------------------------------------------------------------

    @Test
    void onlyTheBodySuspends() {
        String wrong = "only the body that runs can suspend its fiber";
        Fiber other = of(() -> fiber.suspend());
        assertThatIllegalStateException().isThrownBy(other::suspend).withMessage(wrong);
        other.resume();
        assertThatIllegalStateException().isThrownBy(other::suspend).withMessage(wrong);
        of(other::suspend);
        assertThatIllegalStateException().isThrownBy(fiber::resume).withMessage(wrong);
        assertThat(other.resume()).isTrue();
        assertThatIllegalStateException().isThrownBy(other::suspend).withMessage(wrong);
    }

    @Test
    void noFiberResumesAFiber() {
        String wrong = "this must not be called inside a fiber";
        Fiber other = of(() -> {});
        of(other::resume);
        assertThatIllegalStateException().isThrownBy(fiber::resume).withMessage(wrong);
        of(() -> fiber.resume());
        assertThatIllegalStateException().isThrownBy(fiber::resume).withMessage(wrong);
        of(() -> fiber.abandon());
        assertThatIllegalStateException().isThrownBy(fiber::resume).withMessage(wrong);
    }

    @Test
    void aFiberBelongsToTheThreadThatResumedItFirst() throws InterruptedException {
        of(() -> fiber.suspend());
        fiber.resume();
        var thread = new Thread(() -> {
            try {
                fiber.resume();
            } catch (IllegalStateException e) {
                seen.add(e.getMessage());
            }
        });
        thread.start();
        thread.join();
        assertThat(seen).containsExactly("the fiber belongs to another thread");
        assertThat(fiber.resume()).isTrue();
    }

    /// Tables assert that nobody else touches them: a body may, on whatever thread it runs.
    @Test
    void aBodyWorksInTheNameOfItsOwner() {
        of(() -> {
            seen.add(Owner.current());
            fiber.suspend();
            seen.add(Owner.current());
        });
        while (!fiber.resume()) {
            assertThat(Owner.current()).isSameAs(Thread.currentThread());
        }
        assertThat(seen).containsExactly(Thread.currentThread(), Thread.currentThread());
    }

    // ---- giving up ------------------------------------------------------------------------------

    @Test
    void anAbandonedBodyNeverGoesOn() {
        of(() -> {
            fiber.suspend();
            seen.add("went on");
        });
        fiber.resume();
        fiber.abandon();
        assertThat(fiber.isDone()).isTrue();
        assertThatIllegalStateException().isThrownBy(fiber::resume).withMessage("the fiber has ended");
        fiber.abandon();
        assertThat(seen).isEmpty();
    }

    @Test
    void aBodyCannotRefuseToBeAbandoned() {
        of(() -> {
            for (int i = 0; i < 3; i++) {
                try {
                    fiber.suspend();
                    seen.add("went on");
                } catch (RuntimeException e) {
                    seen.add(e);
                } catch (Error e) {
                    // and suspends again
                }
            }
        });
        fiber.resume();
        fiber.abandon();
        assertThat(fiber.isDone()).isTrue();
        assertThat(seen).isEmpty();
    }

    @Test
    void aFiberThatHasNotBegunOrHasEndedIsAbandoned() {
        of(() -> seen.add("began"));
        fiber.abandon();
        assertThat(fiber.isDone()).isTrue();
        assertThat(seen).isEmpty();
        of(() -> seen.add("ended"));
        fiber.resume();
        fiber.abandon();
        assertThat(fiber.isDone()).isTrue();
        assertThat(seen).containsExactly("ended");
    }
}
