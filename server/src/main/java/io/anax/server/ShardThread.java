package io.anax.server;

import io.anax.engine.Poller;
import io.anax.engine.Shard;
import java.util.concurrent.CountDownLatch;

/// The loop of a shard: turns while there is work, then a little spinning, then sleep in the kernel.
final class ShardThread implements Runnable {
    /// A wake-up costs 3–8 µs; as much is spent looking for work first.
    private static final int IDLE_TURNS_BEFORE_SLEEP = 2;
    /// Housekeeping comes round so often even when nobody calls: ten times a second.
    private static final long SLEEP_NANOS_MAX = 100_000_000;

    private final Shard shard;
    private final Poller sockets;
    private final CountDownLatch running; // the shards that may still send each other something
    private final Runnable stopAll;
    private boolean isAwakeable = true; // until the sockets close; guarded by this
    private volatile boolean stopping; // written by whoever stops the server, once
    private boolean failed = true; // until it ended as it should; read after the thread's end

    ShardThread(Shard shard, Poller sockets, CountDownLatch running, Runnable stopAll) {
        this.shard = shard;
        this.sockets = sockets;
        this.running = running;
        this.stopAll = stopAll;
        shard.wakeUp(this::wake);
    }

    /// The sockets close whatever happened: a client must not wait for a shard that is gone. And a shard
    /// that fails takes the others with it: they would wait for its answers.
    @Override
    public void run() {
        try {
            turns();
            sockets.flush();
            failed = false;
        } finally {
            stopAll.run();
            letSleep();
            sockets.close();
            running.countDown();
        }
        awaitOthers();
        shard.close();
    }

    private void awaitOthers() {
        try {
            running.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the memory goes with the process
        }
    }

    private void turns() {
        int idleTurns = 0;
        while (!stopping) {
            if (shard.poll(sockets) > 0) {
                idleTurns = 0;
            } else if (++idleTurns >= IDLE_TURNS_BEFORE_SLEEP && shard.fallAsleep()) {
                sockets.await(SLEEP_NANOS_MAX);
                shard.awake();
                idleTurns = 0;
            }
        }
    }

    /// Whether an error of ours ended it; it has then been printed with its stack. After the thread's end.
    boolean failed() {
        return failed;
    }

    /// From any thread.
    void stop() {
        stopping = true;
        wake();
    }

    private synchronized void wake() {
        if (isAwakeable) {
            sockets.wake();
        }
    }

    private synchronized void letSleep() {
        isAwakeable = false;
    }
}
