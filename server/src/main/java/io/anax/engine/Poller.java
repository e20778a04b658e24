package io.anax.engine;

/// The sockets of one shard, as its loop sees them.
public interface Poller extends AutoCloseable {
    /// Hands the output of the last turn to the kernel, if nobody did before, and handles what is ready:
    /// accepted, received, sent. Never blocks. Returns the number of events handled.
    int poll();

    /// Whether [#poll()] would bring something, as far as this can be told without a system call.
    boolean hasArrivals();

    /// Hands all output to the kernel now. For a turn that has other work to do after [#poll()]; one that
    /// ends with [#await] gets the same without a system call of its own.
    void flush();

    /// Hands all output to the kernel and sleeps there until an event, a [#wake()] or the timeout. Events
    /// are handled by the next [#poll()], never here.
    void await(long timeoutNanos);

    /// Ends an [#await] of the owner: the one it is in, or the next one when no [#poll()] comes between.
    /// What a wake-up announces must be looked for after poll and before await. From any thread.
    void wake();

    @Override
    void close();
}
