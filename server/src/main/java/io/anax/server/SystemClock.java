package io.anax.server;

import io.anax.keyspace.Clock;

/// The time of the machine.
final class SystemClock implements Clock {
    @Override
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
