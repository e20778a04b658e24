package io.anax.memory;

import org.jspecify.annotations.Nullable;

/// Whom a structure belongs to: the thread of its shard. Asked for by assertions only.
///
/// Where the JVM hides its continuations the body of a fiber runs on a thread of its own while the
/// shard's thread waits for it: then it works in the place of that thread.
public final class Owner {
    private static final ThreadLocal<@Nullable Thread> PRINCIPAL = new ThreadLocal<>();

    private Owner() {}

    /// The current thread, or the one in whose place it works.
    public static Thread current() {
        Thread principal = PRINCIPAL.get();
        return principal == null ? Thread.currentThread() : principal;
    }

    /// From now on the current thread works in the place of this one.
    public static void workFor(Thread principal) {
        PRINCIPAL.set(principal);
    }
}
