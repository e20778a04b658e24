package io.anax.server;

import io.anax.memory.Pager;
import java.util.concurrent.locks.LockSupport;

/// The loop of the [Pager]: works while there is work, else sleeps until a shard wakes it.
final class PagerThread implements Runnable {
    private final Pager pager;
    private final Thread thread = new Thread(this, "pager");
    private volatile boolean stopping; // written by whoever stops the server, once

    PagerThread(Pager pager) {
        this.pager = pager;
        thread.setDaemon(true); // what it has not done by the end of the process is done by that
        pager.wakeUp(() -> LockSupport.unpark(thread));
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        while (!stopping) {
            if (!pager.work()) {
                LockSupport.park(this);
            }
        }
    }

    /// When no shard runs any more.
    void stop() throws InterruptedException {
        stopping = true;
        LockSupport.unpark(thread);
        thread.join();
    }
}
