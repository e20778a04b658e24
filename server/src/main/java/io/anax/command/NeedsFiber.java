package io.anax.command;

/// A handler found out that it will take long, or that it has to wait: it is begun again on a fiber.
/// It has changed nothing so far. No error: nobody sees it but the dispatcher.
public final class NeedsFiber extends RuntimeException {
    static final NeedsFiber INSTANCE = new NeedsFiber();

    private static final long serialVersionUID = 1;

    private NeedsFiber() {
        super("has to run on a fiber", null, false, false);
    }
}
