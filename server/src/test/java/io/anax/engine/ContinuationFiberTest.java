package io.anax.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What only a continuation can do, and what it cannot.
final class ContinuationFiberTest {
    private static final int ROUNDS = 20_000;
    private static final int WARM_UPS_MAX = 20;

    private static Fiber pinned; // the one that the initialization of a class suspends
    private static String refusal = "";

    private final List<Object> seen = new ArrayList<>();
    private Fiber fiber;

    @BeforeEach
    void needsContinuations() {
        assumeTrue(ContinuationFiber.obstacle().isEmpty(), ContinuationFiber.obstacle());
    }

    private Fiber of(Runnable body) {
        fiber = new ContinuationFiber(body);
        return fiber;
    }

    @Test
    void theThreadIsTheOwner() {
        of(() -> {
            seen.add(Thread.currentThread());
            fiber.suspend();
            seen.add(Thread.currentThread());
        });
        while (!fiber.resume()) {
            assertThat(seen).hasSize(1);
        }
        assertThat(seen).containsExactly(Thread.currentThread(), Thread.currentThread());
    }

    @Test
    void aHundredThousandAreSuspendedAtATime() {
        int count = 100_000;
        var fibers = new Fiber[count];
        var sums = new long[count];
        for (int i = 0; i < count; i++) {
            int self = i;
            fibers[i] = new ContinuationFiber(() -> {
                for (int k = 1; k <= 3; k++) {
                    fibers[self].suspend();
                    sums[self] += (long) k * self;
                }
            });
        }
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < count; i++) {
                assertThat(fibers[i].resume()).isEqualTo(round == 3);
            }
            System.gc();
        }
        for (int i = 0; i < count; i++) {
            assertThat(sums[i]).isEqualTo(6L * i);
        }
    }

    /// Beyond the stack chunk that the JDK makes once, suspending leaves nothing to the collector.
    @Test
    void suspendingAllocatesNothing() {
        of(() -> deep(20));
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocatedBytes = Long.MAX_VALUE;
        for (int i = 0; i < WARM_UPS_MAX && allocatedBytes > 0; i++) { // until all is compiled
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int round = 0; round < ROUNDS; round++) {
                fiber.resume();
            }
            allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocatedBytes).isZero();
    }

    private void deep(int frames) {
        if (frames > 0) {
            deep(frames - 1);
        }
        while (true) {
            fiber.suspend();
        }
    }

    // ---- native frames --------------------------------------------------------------------------

    @Test
    void theInitializationOfAClassCannotBeSuspended() {
        pinned = of(() -> {
            Initialized.now();
            fiber.suspend();
            seen.add("went on");
        });
        assertThat(fiber.resume()).isFalse();
        assertThat(refusal).isEqualTo("the fiber cannot be suspended with this stack: Pinned: NATIVE");
        assertThat(fiber.resume()).isTrue();
        assertThat(seen).containsExactly("went on");
    }

    private static final class Initialized {
        static {
            try {
                pinned.suspend();
            } catch (IllegalStateException e) {
                refusal = e.getMessage();
            }
        }

        static void now() {}
    }

    @Test
    void anUpcallCannotBeSuspended() {
        of(() -> {
            sort();
            fiber.suspend();
        });
        assertThat(fiber.resume()).isFalse();
        assertThat(seen).isNotEmpty().allMatch("the fiber cannot be suspended with this stack: Pinned: NATIVE"::equals);
        assertThat(fiber.resume()).isTrue();
    }

    /// `qsort` of the C library, which calls us for each comparison.
    @SuppressWarnings("restricted") // calling native code is what is tried
    private void sort() {
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle qsort = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("qsort"),
                    FunctionDescriptor.ofVoid(
                            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
            var comparison = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
            MethodHandle compare = MethodHandles.lookup().bind(this, "compare", comparison.toMethodType());
            MemorySegment numbers = arena.allocateFrom(ValueLayout.JAVA_INT, 3, 1, 2);
            qsort.invokeExact(numbers, 3L, 4L, linker.upcallStub(compare, comparison, arena));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int compare(MemorySegment left, MemorySegment right) {
        try {
            fiber.suspend();
        } catch (IllegalStateException e) {
            seen.add(e.getMessage());
        }
        return Long.compare(left.address(), right.address());
    }
}
