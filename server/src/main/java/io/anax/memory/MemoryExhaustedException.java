package io.anax.memory;

/// The system has no more memory to give.
public final class MemoryExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MemoryExhaustedException(long sizeBytes) {
        super("the system refused " + sizeBytes + " bytes");
    }
}
