package io.anax.memory;

import org.jspecify.annotations.Nullable;

/// In whose name a thread works: its own, or that of another which waits meanwhile, as the body of a fiber
/// does where the JVM has no continuations. For assertions that nobody else touches what a thread owns.
public final class Owner {
    private static final ThreadLocal<@Nullable Thread> STANDS_IN_FOR = new ThreadLocal<>();

    private Owner() {}

    public static Thread current() {
        Thread other = STANDS_IN_FOR.get();
        return other == null ? Thread.currentThread() : other;
    }

    /// From now on the thread that calls this works in the name of `owner`.
    public static void standInFor(Thread owner) {
        STANDS_IN_FOR.set(owner);
    }
}
