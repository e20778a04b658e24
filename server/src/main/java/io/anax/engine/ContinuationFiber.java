package io.anax.engine;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/// A fiber on the continuation that the JDK builds its virtual threads from. Suspending copies the frames
/// of the body to the heap, resuming copies the topmost ones back; `Thread.currentThread()` is the owner
/// throughout.
///
/// That class is internal to the JDK. It is reached by name through constant method handles: the JIT
/// compiles them to plain calls, nothing special is needed to compile this, and what a JVM lacks becomes
/// an [#obstacle].
final class ContinuationFiber implements Fiber {
    private static final Jdk JDK = find();
    private static final MethodHandle CREATE = JDK.create;
    private static final MethodHandle RUN = JDK.run;
    private static final MethodHandle YIELD = JDK.yield;
    private static final MethodHandle CURRENT = JDK.current;
    private static final MethodHandle IS_DONE = JDK.isDone;

    private static final String PINNED = "the fiber cannot be suspended with this stack";
    private static final Object ABANDONED = new Object();

    private Object continuation;
    private @Nullable Thread owner; // null until the first resume

    ContinuationFiber(Runnable body) {
        if (!JDK.obstacle.isEmpty()) {
            throw new IllegalStateException(JDK.obstacle);
        }
        continuation = create(body);
    }

    /// Why there are no continuations in this JVM; empty if there are.
    static String obstacle() {
        return JDK.obstacle;
    }

    @Override
    public boolean resume() {
        own();
        check(!isDone(), "the fiber has ended");
        run(continuation);
        return isDone();
    }

    @Override
    public void suspend() {
        check(current() == continuation, "only the body that runs can suspend its fiber");
        leave();
    }

    @Override
    public boolean isDone() {
        return continuation == ABANDONED || isDone(continuation);
    }

    @Override
    public void abandon() {
        own();
        continuation = ABANDONED;
    }

    /// Whoever comes first is the owner. JIT-compiled frames may remember on which thread they run.
    private void own() {
        check(current() == null, "this must not be called inside a fiber");
        Thread here = Thread.currentThread();
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

    // ---- the class of the JDK -------------------------------------------------------------------

    private static Object create(Runnable body) {
        try {
            return (Object) CREATE.invokeExact(body);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    private static void run(Object continuation) {
        try {
            RUN.invokeExact(continuation);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /// Leaves to whoever runs the continuation, and goes on when it is run again. The JDK either throws or
    /// returns false when it cannot.
    private static void leave() {
        boolean hasLeft;
        try {
            hasLeft = (boolean) YIELD.invokeExact();
        } catch (IllegalStateException e) {
            throw new IllegalStateException(PINNED + ": " + e.getMessage(), e);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(hasLeft, PINNED);
    }

    /// The continuation of ours that runs on this thread.
    private static @Nullable Object current() {
        try {
            return (Object) CURRENT.invokeExact();
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    private static boolean isDone(Object continuation) {
        try {
            return (boolean) IS_DONE.invokeExact(continuation);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /// Throws it on if it is unchecked, as all that a body can throw.
    private static IllegalStateException unchecked(Throwable thrown) {
        switch (thrown) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(thrown);
        }
    }

    /// The methods of the JDK's class, with `Object` for its type and our scope bound.
    private record Jdk(
            String obstacle,
            MethodHandle create, // (Runnable) -> Object
            MethodHandle run, // (Object) -> void
            MethodHandle yield, // () -> boolean, false when pinned; or throws then
            MethodHandle current, // () -> Object, null outside
            MethodHandle isDone // (Object) -> boolean
            ) {
        static Jdk without(String obstacle) {
            MethodHandle nothing = MethodHandles.empty(methodType(void.class));
            return new Jdk(obstacle, nothing, nothing, nothing, nothing, nothing);
        }
    }

    private static Jdk find() {
        try {
            return lookUp();
        } catch (IllegalAccessException e) {
            return Jdk.without("jdk.internal.vm.Continuation is not exported to us; start java with"
                    + " --add-exports=java.base/jdk.internal.vm=ALL-UNNAMED");
        } catch (ReflectiveOperationException | LinkageError e) {
            return Jdk.without("jdk.internal.vm.Continuation is not what it was (" + e + ")");
        }
    }

    private static Jdk lookUp() throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Class<?> support = Class.forName("jdk.internal.vm.ContinuationSupport");
        if (!invoke(lookup.findStatic(support, "isSupported", methodType(boolean.class)))
                .equals(true)) {
            return Jdk.without("this JVM has no continuations");
        }
        Class<?> type = Class.forName("jdk.internal.vm.Continuation");
        Class<?> scopeType = Class.forName("jdk.internal.vm.ContinuationScope");
        var newScope = lookup.findConstructor(scopeType, methodType(void.class, String.class));
        Object scope = invoke(newScope.bindTo("anax"));
        var create = lookup.findConstructor(type, methodType(void.class, scopeType, Runnable.class));
        var run = lookup.findVirtual(type, "run", methodType(void.class));
        var yield = lookup.findStatic(type, "yield", methodType(boolean.class, scopeType));
        var current = lookup.findStatic(type, "getCurrentContinuation", methodType(type, scopeType));
        var isDone = lookup.findVirtual(type, "isDone", methodType(boolean.class));
        return new Jdk(
                "",
                create.bindTo(scope).asType(methodType(Object.class, Runnable.class)),
                run.asType(methodType(void.class, Object.class)),
                yield.bindTo(scope),
                current.bindTo(scope).asType(methodType(Object.class)),
                isDone.asType(methodType(boolean.class, Object.class)));
    }

    private static Object invoke(MethodHandle handle) throws ReflectiveOperationException {
        try {
            return handle.invoke();
        } catch (Throwable e) {
            throw new ReflectiveOperationException(e);
        }
    }
}
