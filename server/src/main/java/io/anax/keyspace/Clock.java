package io.anax.keyspace;

/// The time, as an argument: tests and replicas say what it is.
public interface Clock {
    /// Milliseconds since 1970; what deadlines mean.
    long millis();

    /// Nanoseconds since any moment, never backwards; for how long something takes.
    long nanos();
}
