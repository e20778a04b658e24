package io.anax.engine;

import io.anax.Limits;
import io.anax.memory.Owner;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A fiber whose body runs on a thread of its own while the owner waits, and waits while the owner runs:
/// for a JVM that hides its continuations. Slow, and a thread for each fiber that is suspended, but the
/// same to whoever uses it.
///
/// The one place below the server where threads wait for each other. All fields are plain but the baton,
/// [Carrier#holder]: only who holds it reads and writes the others.
final class ThreadFiber implements Fiber {
    private final Runnable body;
    private @Nullable Thread owner; // null until the first resume
    private @Nullable Carrier carrier; // null before the first resume and after the end
    private boolean isDone;
    private boolean isAbandoned;
    private @Nullable Throwable thrown; // by the body, on its way to the owner

    ThreadFiber(Runnable body) {
        this.body = body;
    }

    @Override
    public boolean resume() {
        own();
        check(!isDone, "the fiber has ended");
        if (carrier == null) {
            carrier = Carrier.take(this);
        }
        Carrier mine = carrier;
        mine.go();
        if (isDone) {
            carrier = null;
            mine.rest();
        }
        rethrow();
        return isDone;
    }

    @Override
    public void suspend() {
        Carrier mine = carrier;
        if (mine == null || Thread.currentThread() != mine) {
            throw new IllegalStateException("only the body that runs can suspend its fiber");
        }
        if (!isAbandoned) {
            mine.halt();
        }
        if (isAbandoned) {
            throw Abandoned.INSTANCE;
        }
    }

    @Override
    public boolean isDone() {
        return isDone;
    }

    /// The body ends here and now, by what its [#suspend] throws; if it goes on all the same, the next one
    /// throws again. What else it throws comes out here.
    @Override
    public void abandon() {
        own();
        isAbandoned = true;
        Carrier mine = carrier;
        if (mine != null) {
            mine.go();
            mine.end();
            carrier = null;
        }
        isDone = true;
        rethrow();
    }

    private void own() {
        Thread here = Thread.currentThread();
        check(!(here instanceof Carrier), "this must not be called inside a fiber");
        if (owner == null) {
            owner = here;
        }
        check(owner == here, "the fiber belongs to another thread");
    }

    private static void check(boolean isRight, String wrong) {
        if (!isRight) {
            throw new IllegalStateException(wrong);
        }
    }

    private void runBody() {
        try {
            body.run();
        } catch (Throwable e) {
            thrown = e;
        }
        isDone = true;
    }

    private void rethrow() {
        Throwable out = thrown;
        thrown = null;
        switch (out) {
            case null -> {}
            case Abandoned _ -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(out);
        }
    }

    /// Leaves a body that nobody will resume. An error: handlers catch exceptions.
    private static final class Abandoned extends Error {
        private static final long serialVersionUID = 1;
        private static final Abandoned INSTANCE = new Abandoned();

        private Abandoned() {
            super("abandoned", null, false, false);
        }
    }

    /// A thread that runs one body after the other for one owner. It ends when it is told to, when enough
    /// others have nothing to do, and soon after its owner.
    private static final class Carrier extends Thread {
        private static final ThreadLocal<ArrayDeque<Carrier>> RESTING = ThreadLocal.withInitial(ArrayDeque::new);
        private static final long OWNER_CHECK_NANOS = 1_000_000_000;

        private final Thread owner;
        private volatile Thread holder; // has the baton: the owner or this
        private @Nullable ThreadFiber fiber; // null: there is nothing to do, and when it is told to go, never will

        private Carrier(Thread owner) {
            super(null, null, owner.getName() + "-fiber", 0, false);
            this.owner = owner;
            this.holder = owner;
            setDaemon(true);
        }

        /// One that has nothing to do, or a new one.
        static Carrier take(ThreadFiber fiber) {
            Carrier carrier = RESTING.get().poll();
            if (carrier == null) {
                carrier = new Carrier(Thread.currentThread());
                carrier.start();
            }
            carrier.fiber = fiber;
            return carrier;
        }

        /// For the owner: lets the body go on until it stops or ends. An interruption does not end the wait,
        /// but is not lost either.
        void go() {
            boolean isInterrupted = false;
            pass(this);
            while (holder != owner) {
                LockSupport.park(this);
                isInterrupted |= Thread.interrupted();
            }
            if (isInterrupted) {
                owner.interrupt();
            }
        }

        /// For the body: stops until the owner lets it go on. If that never happens because the owner died,
        /// it stays here: unwinding would touch what was the owner's.
        void halt() {
            rehearse();
            pass(owner);
            while (holder != this) {
                LockSupport.park(this);
                Thread.interrupted(); // with it set, park would not wait
            }
        }

        /// Goes the whole way without waiting. A stack that is too short for it overflows here, and not when
        /// the owner already runs.
        private void rehearse() {
            LockSupport.unpark(this);
            LockSupport.park(this);
        }

        /// For the owner: what to do with it after a body ended.
        void rest() {
            fiber = null;
            ArrayDeque<Carrier> resting = RESTING.get();
            if (resting.size() < Limits.FIBER_THREADS_RESTING_MAX) {
                resting.push(this);
            } else {
                end();
            }
        }

        void end() {
            fiber = null;
            pass(this);
        }

        private void pass(Thread next) {
            holder = next;
            LockSupport.unpark(next);
        }

        @Override
        public void run() {
            Owner.standInFor(owner);
            for (ThreadFiber next = next(); next != null; next = next()) {
                next.runBody();
                pass(owner);
            }
        }

        private @Nullable ThreadFiber next() {
            while (holder != this) {
                LockSupport.parkNanos(this, OWNER_CHECK_NANOS);
                Thread.interrupted();
                if (!owner.isAlive()) {
                    return null;
                }
            }
            return fiber;
        }
    }
}
