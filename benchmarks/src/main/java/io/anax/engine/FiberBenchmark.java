package io.anax.engine;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What a long command pays for being able to stop: a suspension with its resumption, below a few frames
/// and below many, and a fiber from its creation to its end. Nanoseconds. The figures of `thread` depend
/// on how busy the cores are.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FiberBenchmark {
    private static final int FEW = 5;
    private static final int MANY = 200;

    @Param({"continuation", "thread"})
    private String kind = "continuation";

    private final Runnable ends = () -> {};
    private final Runnable stopsOnce = this::stop;
    private Fiber shallow = new ThreadFiber(ends);
    private Fiber deep = new ThreadFiber(ends);
    private Fiber made = new ThreadFiber(ends);

    @Setup
    public void start() {
        shallow = of(() -> stopForever(FEW, shallow));
        deep = of(() -> stopForever(MANY, deep));
        shallow.resume();
        deep.resume();
    }

    @TearDown
    public void abandon() {
        shallow.abandon();
        deep.abandon();
    }

    private Fiber of(Runnable body) {
        return kind.equals("thread") ? new ThreadFiber(body) : new ContinuationFiber(body);
    }

    private static void stopForever(int frames, Fiber fiber) {
        if (frames > 0) {
            stopForever(frames - 1, fiber);
        }
        while (true) {
            fiber.suspend();
        }
    }

    private void stop() {
        made.suspend();
    }

    @Benchmark
    public boolean roundTrip() {
        return shallow.resume();
    }

    @Benchmark
    public boolean roundTripBelowManyFrames() {
        return deep.resume();
    }

    @Benchmark
    public boolean createAndRun() {
        return of(ends).resume();
    }

    @Benchmark
    public boolean createSuspendAndResume() {
        made = of(stopsOnce);
        made.resume();
        return made.resume();
    }
}
