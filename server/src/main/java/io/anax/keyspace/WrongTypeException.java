package io.anax.keyspace;

/// A key holds a value of another type than the command works on. A constant without stack trace:
/// it is the client's mistake and may happen a million times a second.
public final class WrongTypeException extends RuntimeException {
    public static final WrongTypeException INSTANCE = new WrongTypeException();

    private static final long serialVersionUID = 1L;

    private WrongTypeException() {
        super("the key holds a value of another type", null, false, false);
    }
}
