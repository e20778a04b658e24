package io.anax.engine;

/// Which fibers this JVM has. Chosen once: the continuation if `jdk.internal.vm` is exported to us (by the
/// manifest of the jar, or by `--add-exports java.base/jdk.internal.vm=ALL-UNNAMED`), threads otherwise.
/// The system property `anax.fiber` names one of the two instead.
enum FiberKind {
    CONTINUATION("continuation"),
    THREAD("thread");

    private static final String WANTED = System.getProperty("anax.fiber", "");
    private static final String ERROR = error(WANTED, ContinuationFiber.obstacle());
    private static final FiberKind CHOSEN = choose(WANTED, ContinuationFiber.obstacle());

    private final String text;

    FiberKind(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    static FiberKind chosen() {
        if (!ERROR.isEmpty()) {
            throw new IllegalStateException(ERROR);
        }
        return CHOSEN;
    }

    /// What is wrong with the kind that is wanted; empty if nothing. `obstacle` says why there is no
    /// continuation.
    static String error(String wanted, String obstacle) {
        return switch (wanted) {
            case "", "thread" -> "";
            case "continuation" -> obstacle.isEmpty() ? "" : "anax.fiber=continuation does not work here: " + obstacle;
            default -> "anax.fiber is 'continuation' or 'thread', not '" + wanted + "'";
        };
    }

    static FiberKind choose(String wanted, String obstacle) {
        return wanted.equals("thread") || !obstacle.isEmpty() ? THREAD : CONTINUATION;
    }
}
