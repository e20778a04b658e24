package io.anax.engine;

/// A stackful coroutine of its shard's own thread: straight-line code that can stop in the middle and go
/// on later, while the thread serves others.
///
/// ```
///  shard    resume() ----+             +--> false      resume() ----+                    +--> true
///                        |             |                            |                    |
///  body                  +--> suspend()+                            +--> returns from it, ends
/// ```
///
/// The thread that resumes a fiber first is its owner; only it may call what is here, and never from
/// inside a fiber, except [#suspend] which is for the body alone. Who breaks that gets an
/// `IllegalStateException`.
///
/// There are two kinds. A continuation costs its stack's few hundred bytes and is as fast as some calls.
/// Where the JVM hides it from us the body runs on a second thread while the owner waits: then
/// `Thread.currentThread()` is not the owner inside the body, and a round trip costs two hand-overs.
/// Either way the two never run at the same time, and what one wrote the other sees.
public sealed interface Fiber permits ContinuationFiber, ThreadFiber {
    /// A fiber of the kind that works in this JVM, which has not begun yet.
    static Fiber of(Runnable body) {
        return FiberKind.chosen() == FiberKind.CONTINUATION ? new ContinuationFiber(body) : new ThreadFiber(body);
    }

    /// `continuation` or `thread`. Throws an `IllegalStateException` when `-Danax.fiber` wants what this
    /// JVM has not: ask once at the start, so that no client is the first to know.
    static String kind() {
        return FiberKind.chosen().text();
    }

    /// Goes on with the body until it ends or suspends. Returns whether it has ended. What the body throws
    /// comes out here, and ends it.
    boolean resume();

    /// Stops here, in the body; the [#resume] that is running returns false. Throws an
    /// `IllegalStateException` when a continuation is pinned: when a native frame lies on its stack, as in an
    /// upcall or while a class is initialized; a `StackOverflowError` when more than about a third of the
    /// owner's stack is in use (1500 small frames of 512 KiB), for putting frames aside needs a stack too.
    /// The body must hold no lock.
    void suspend();

    boolean isDone();

    /// Gives up a fiber that has not ended, at shutdown. The body never goes on: a continuation is dropped
    /// as it is, a thread leaves the body by an exception out of [#suspend] and ends. So `finally` blocks
    /// may run or not, and must not be needed.
    void abandon();
}
