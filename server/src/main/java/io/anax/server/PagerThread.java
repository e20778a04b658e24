package io.anax.server;

import io.anax.memory.Pager;
import java.util.concurrent.locks.LockSupport;

/// The loop of the [Pager]: works while there is work, else sleeps until a shard wakes it.
public final class PagerThread implements Runnable {
    private final Pager pager;
    private final Thread thread = new Thread(this, "pager");
    private volatile boolean stopping; // written by whoever stops the server, once

    public PagerThread(Pager pager) {
        this.pager = pager;
        thread.setDaemon(true); // what it has not done by the end of the process is done by that
        pager.wakeUp(() -> LockSupport.unpark(thread));
    }

    public void start() {
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

    /// Returns when it has ended. When no shard runs any more.
    public void stop() throws InterruptedException {
        stopping = true;
        LockSupport.unpark(thread);
        thread.join();
    }
}
