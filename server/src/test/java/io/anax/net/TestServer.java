package io.anax.net;

import io.anax.memory.ChunkPool;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/// A poller with a thread that polls it, as a shard would.
final class TestServer implements AutoCloseable {
    enum Kind {
        URING,
        NIO
    }

    static final int BACKLOG = 512;

    final ChunkPool chunks = new ChunkPool();
    final SocketPoller poller;
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "shard");
    private final CountDownLatch wokenUp = new CountDownLatch(1); // for the last time
    private volatile boolean isStopped;

    TestServer(Kind kind) throws IOException {
        poller = open(kind, chunks);
    }

    static SocketPoller open(Kind kind, ChunkPool chunks) throws IOException {
        return switch (kind) {
            case URING -> new UringPoller(chunks, System::nanoTime);
            case NIO -> new NioPoller(chunks, System::nanoTime);
        };
    }

    static TestServer start(Kind kind, Listener listener, Acceptor acceptor) throws IOException {
        var server = new TestServer(kind);
        server.poller.listen(listener, acceptor);
        server.thread.start();
        return server;
    }

    static Listener.Tcp tcp(int port) {
        return new Listener.Tcp("127.0.0.1", port, BACKLOG, false, 0);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (true) {
            poller.poll();
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            if (isStopped) {
                break; // the wake-up that told of it may have been spent on the poll
            }
            poller.await(30_000_000_000L); // so long that a wake-up which is missing is seen
        }
        awaitLastWakeUp();
        poller.close();
        chunks.trim();
    }

    /// A poller must not be woken up when it is closed.
    private void awaitLastWakeUp() {
        try {
            wokenUp.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Runs it on the shard's thread and waits for it.
    void onShard(Runnable task) throws Exception {
        var future = new FutureTask<>(task, null);
        tasks.add(future);
        poller.wake();
        future.get();
    }

    long threadId() {
        return thread.threadId();
    }

    @Override
    public void close() {
        isStopped = true;
        poller.wake();
        wokenUp.countDown();
        try {
            thread.join(20_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assert !thread.isAlive() : "the shard does not end";
    }
}
