package io.anax.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.anax.memory.ChunkPool;
import io.anax.net.TestServer.Kind;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What both pollers promise, over real sockets.
@ParameterizedClass
@EnumSource(Kind.class)
@Timeout(60)
class SocketPollerTest {
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(21000);

    @Parameter
    Kind kind;

    private final int port = NEXT_PORT.getAndIncrement();
    private final Echo echo = new Echo();

    @BeforeEach
    void onlyWhereThereIsOne() {
        assumeTrue(kind != Kind.URING || UringPoller.obstacle().isEmpty(), UringPoller::obstacle);
    }

    private TestServer startEcho() throws IOException {
        return TestServer.start(kind, TestServer.tcp(port), echo::accept);
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 2000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(5);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static byte[] pattern(int size, long seed) {
        var bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static Thread writing(Socket socket, byte[] bytes) {
        return Thread.startVirtualThread(() -> {
            try {
                socket.getOutputStream().write(bytes);
            } catch (IOException _) {
                // the test sees what did not arrive
            }
        });
    }

    private static void roundTrip(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        assertThat(socket.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
    }

    @Test
    void manyClientsAreServedAtOnce() throws Exception {
        try (var _ = startEcho()) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                sockets.add(connect());
            }
            for (int round = 0; round < 100; round++) {
                for (int i = 0; i < 50; i++) {
                    sockets.get(i).getOutputStream().write(pattern(100, i * 1000L + round));
                }
                for (int i = 0; i < 50; i++) {
                    assertThat(sockets.get(i).getInputStream().readNBytes(100))
                            .isEqualTo(pattern(100, i * 1000L + round));
                }
                roundTrip(sockets.get(round % 50), pattern(10, round)); // alone, where the sleep awaits many
            }
            for (Socket socket : sockets) {
                socket.close();
            }
            eventually(() -> echo.closedCount.get() == 50);
            assertThat(echo.endedCount.get()).isEqualTo(50);
        }
    }

    @Test
    void aSlowReaderHoldsTheSenderBack() throws Exception {
        byte[] bytes = pattern(10 << 20, 1);
        try (var _ = startEcho();
                var socket = connect()) {
            Thread writer = writing(socket, bytes);
            var in = new DataInputStream(socket.getInputStream());
            var got = new byte[bytes.length];
            for (int at = 0; at < got.length; at += 1 << 18) {
                if (at < 2 << 20) {
                    Thread.sleep(20);
                }
                in.readFully(got, at, 1 << 18);
            }
            writer.join();
            assertThat(Arrays.equals(got, bytes)).isTrue();
            // What was on its way when it paused may still come, but no more.
            assertThat(echo.outputMaxBytes.get()).isLessThan(Echo.PAUSE_BYTES + (1 << 17));
        }
    }

    @Test
    void aLongOutputArrivesWholeWhileOthersTalk() throws Exception {
        byte[] vast = pattern(16 << 20, 5);
        Acceptor acceptor = _ -> new SocketEvents() {
            @Override
            public void received(Channel channel, long address, int size) {
                if (size == 1) {
                    channel.output().append(vast);
                } else {
                    channel.output().append(address, size);
                }
                channel.wantSend();
            }

            @Override
            public void sent(Channel channel) {}

            @Override
            public void closed(Channel channel) {}
        };
        try (var _ = TestServer.start(kind, TestServer.tcp(port), acceptor);
                var reader = connect();
                var talker = connect()) {
            for (int round = 0; round < 3; round++) {
                var isRead = new AtomicBoolean();
                var talking = new FutureTask<>(() -> talk(talker, isRead));
                Thread.startVirtualThread(talking);
                reader.getOutputStream().write('v');
                assertThat(Arrays.equals(reader.getInputStream().readNBytes(vast.length), vast))
                        .isTrue();
                isRead.set(true);
                assertThat(talking.get()).isGreaterThan(0);
            }
            roundTrip(talker, pattern(100, 6)); // no reply too many, none missing
        }
    }

    /// How often it talked.
    private static long talk(Socket socket, AtomicBoolean isOver) throws IOException {
        long rounds = 0;
        while (!isOver.get()) {
            roundTrip(socket, pattern(100, rounds++));
        }
        return rounds;
    }

    @Test
    void aPausedChannelHearsNothingUntilItIsResumed() throws Exception {
        byte[] bytes = pattern(1 << 20, 2);
        try (var server = startEcho();
                var socket = connect()) {
            roundTrip(socket, pattern(10, 3));
            server.onShard(() -> echo.channels.getFirst().pauseReceive());
            long before = echo.receivedBytes.get();
            Thread writer = writing(socket, bytes);
            Thread.sleep(200);
            assertThat(echo.receivedBytes.get()).isEqualTo(before);
            server.onShard(() -> echo.channels.getFirst().resumeReceive());
            assertThat(Arrays.equals(socket.getInputStream().readNBytes(bytes.length), bytes))
                    .isTrue();
            writer.join();
        }
    }

    @Test
    void theEndOfTheStreamIsHeardAfterAllThatWasHeldBack() throws Exception {
        byte[] bytes = pattern(50_000, 4);
        try (var server = startEcho();
                var socket = connect()) {
            roundTrip(socket, pattern(10, 3));
            server.onShard(() -> echo.channels.getFirst().pauseReceive());
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            Thread.sleep(100);
            assertThat(echo.endedCount.get()).isZero();
            server.onShard(() -> echo.channels.getFirst().resumeReceive());
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(bytes);
            eventually(() -> echo.closedCount.get() == 1);
        }
    }

    @Test
    void repliesStillReachAPeerThatOnlyReads() throws Exception {
        byte[] bytes = pattern(3 << 20, 5);
        try (var _ = startEcho();
                var socket = connect()) {
            var writer = Thread.startVirtualThread(() -> {
                try {
                    socket.getOutputStream().write(bytes);
                    socket.shutdownOutput();
                } catch (IOException _) {
                    // the reader notices
                }
            });
            byte[] got = socket.getInputStream().readAllBytes();
            writer.join();
            assertThat(Arrays.equals(got, bytes)).isTrue();
            eventually(() -> echo.closedCount.get() == 1);
        }
    }

    @Test
    void aResetConnectionIsClosedOnce() throws Exception {
        try (var server = startEcho()) {
            var socket = connect();
            roundTrip(socket, pattern(10, 3));
            socket.setSoLinger(true, 0); // close sends a reset
            socket.close();
            eventually(() -> echo.closedCount.get() == 1);
            assertThat(server.poller.channelCount()).isZero();
        }
    }

    @Test
    void aConnectionResetWhileASendIsBlockedIsClosedOnce() throws Exception {
        try (var server = startEcho()) {
            var socket = connect();
            roundTrip(socket, pattern(10, 3));
            server.onShard(() -> append(echo.channels.getFirst(), 20 << 20));
            Thread.sleep(50);
            socket.setSoLinger(true, 0);
            socket.close();
            eventually(() -> echo.closedCount.get() == 1);
            server.onShard(server.chunks::trim);
            assertThat(server.chunks.heldBytes()).as("in use").isZero();
        }
    }

    private static void append(Channel channel, int size) {
        channel.output().append(pattern(size, 6));
        channel.wantSend();
    }

    @Test
    void closingDropsWhatIsInFlight() throws Exception {
        try (var server = startEcho();
                var socket = connect()) {
            roundTrip(socket, pattern(10, 3));
            server.onShard(() -> append(echo.channels.getFirst(), 20 << 20));
            Thread.sleep(50); // the socket is full now
            server.onShard(() -> {
                Channel channel = echo.channels.getFirst();
                channel.close();
                channel.close();
                assertThat(channel.isOpen()).isFalse();
            });
            eventually(() -> echo.closedCount.get() == 1);
            assertThat(drain(socket.getInputStream())).isLessThan(20 << 20);
        }
    }

    private static long drain(InputStream in) {
        long size = 0;
        try {
            var buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                size += n;
            }
        } catch (IOException _) {
            return size; // a reset is an end, too
        }
        return size;
    }

    @Test
    void closingAfterSendSendsEverything() throws Exception {
        try (var server = startEcho();
                var socket = connect()) {
            roundTrip(socket, pattern(10, 3));
            server.onShard(() -> {
                append(echo.channels.getFirst(), 5 << 20);
                echo.channels.getFirst().closeAfterSend();
            });
            socket.getOutputStream().write(1); // is dropped, and does not reset the connection
            byte[] got = socket.getInputStream().readAllBytes();
            assertThat(Arrays.equals(got, pattern(5 << 20, 6))).isTrue();
            eventually(() -> echo.closedCount.get() == 1);
            assertThat(echo.receivedBytes.get()).isEqualTo(10);
        }
    }

    @Test
    void aRefusedConnectionReadsWhy() throws Exception {
        Acceptor refusal = channel -> {
            echo.accept(channel);
            channel.output().append("-ERR no\r\n".getBytes(StandardCharsets.US_ASCII));
            channel.closeAfterSend();
            return echo;
        };
        try (var _ = TestServer.start(kind, TestServer.tcp(port), refusal);
                var socket = connect()) {
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("-ERR no\r\n");
            eventually(() -> echo.closedCount.get() == 1);
        }
    }

    /// The owner hears of it in the middle of its work; where only a system call would tell, it does not.
    @Test
    void tellsOfArrivals() throws Exception {
        try (SocketPoller poller = TestServer.open(kind, new ChunkPool())) {
            poller.poll();
            assertThat(poller.hasArrivals()).isFalse();
            poller.wake();
            assertThat(poller.hasArrivals()).isEqualTo(kind == Kind.URING);
            poller.poll();
            assertThat(poller.hasArrivals()).isFalse();
        }
    }

    @Test
    void anotherThreadEndsTheSleep() throws Exception {
        try (SocketPoller poller = TestServer.open(kind, new ChunkPool())) {
            poller.poll();
            poller.wake(); // before it sleeps
            assertThat(nanosAsleep(poller)).isLessThan(5_000_000_000L);
            for (int i = 0; i < 20; i++) {
                poller.poll();
                var waker = new Thread(() -> {
                    pause(20);
                    poller.wake();
                });
                waker.start();
                assertThat(nanosAsleep(poller)).isBetween(1_000_000L, 5_000_000_000L);
                waker.join();
            }
        }
    }

    private static long nanosAsleep(SocketPoller poller) {
        long before = System.nanoTime();
        poller.await(30_000_000_000L);
        return System.nanoTime() - before;
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theTimeoutEndsTheSleep() throws Exception {
        try (SocketPoller poller = TestServer.open(kind, new ChunkPool())) {
            poller.poll();
            long before = System.nanoTime();
            poller.await(50_000_000);
            assertThat(System.nanoTime() - before).isBetween(45_000_000L, 2_000_000_000L);
            assertThat(poller.poll()).isZero();
            before = System.nanoTime();
            poller.await(0); // does not sleep
            assertThat(System.nanoTime() - before).isLessThan(1_000_000_000L);
        }
    }

    @Test
    void twoThousandIdleConnectionsLeaveTheOthersAlone() throws Exception {
        try (var server = startEcho()) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                sockets.add(connect());
            }
            eventually(() -> echo.acceptedCount.get() == 2000);
            assertThat(server.chunks.heldBytes()).isZero();
            for (int i = 0; i < 2000; i += 100) {
                roundTrip(sockets.get(i), pattern(1000, i));
            }
            assertThat(server.poller.channelCount()).isEqualTo(2000);
            for (Socket socket : sockets) {
                socket.close();
            }
            eventually(() -> echo.closedCount.get() == 2000);
            assertThat(server.poller.channelCount()).isZero();
        }
    }

    @Test
    void moreSendersThanBuffersAreAllHeard() throws Exception {
        try (var server = startEcho()) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                sockets.add(connect());
            }
            eventually(() -> echo.acceptedCount.get() == 300);
            for (int round = 0; round < 3; round++) {
                int seed = round;
                server.onShard(
                        () -> { // while the shard is here all of them send
                            for (Socket socket : sockets) {
                                try {
                                    socket.getOutputStream().write(pattern(20_000, seed));
                                } catch (IOException e) {
                                    throw new AssertionError(e);
                                }
                            }
                        });
                for (Socket socket : sockets) {
                    assertThat(socket.getInputStream().readNBytes(20_000)).isEqualTo(pattern(20_000, seed));
                }
            }
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void aUnixSocketWorksAsWell(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("anax.sock");
        Files.createFile(path); // left behind by a server that crashed
        var name = new AtomicReference<String>();
        Acceptor acceptor = channel -> {
            assertThat(channel.isUnixSocket()).isTrue();
            channel.keepAlive(300); // has no meaning here, and does no harm
            name.set(channel.address());
            return echo.accept(channel);
        };
        try (var _ = TestServer.start(kind, new Listener.Unix(path, 16, 0700), acceptor);
                var client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
            client.connect(UnixDomainSocketAddress.of(path));
            byte[] bytes = pattern(1 << 20, 7);
            var writer = Thread.startVirtualThread(() -> {
                try {
                    var buffer = ByteBuffer.wrap(bytes);
                    while (buffer.hasRemaining()) {
                        client.write(buffer);
                    }
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            byte[] got = Channels.newInputStream(client).readAllBytes();
            writer.join();
            assertThat(Arrays.equals(got, bytes)).isTrue();
            assertThat(name.get()).isEqualTo(path + ":0");
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void addressesReadAsRedisPrintsThem() throws Exception {
        var names = new AtomicReference<String>();
        Acceptor acceptor = channel -> {
            channel.keepAlive(300);
            names.set(channel.address() + " " + channel.localAddress());
            return echo.accept(channel);
        };
        try (var _ = TestServer.start(kind, TestServer.tcp(port), acceptor);
                var socket = connect()) {
            roundTrip(socket, pattern(10, 3));
            assertThat(names.get()).isEqualTo("127.0.0.1:" + socket.getLocalPort() + " 127.0.0.1:" + port);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 300", "300, 300", "300, 0", "100, 300"})
    void aSilentPeerIsAskedWhetherItIsThere(int ofListener, int wanted) throws Exception {
        Acceptor acceptor = channel -> {
            channel.keepAlive(wanted);
            return echo.accept(channel);
        };
        var listener = new Listener.Tcp("127.0.0.1", port, 16, false, ofListener);
        try (var _ = TestServer.start(kind, listener, acceptor);
                var socket = connect()) {
            roundTrip(socket, pattern(10, 3));
            // Until the reply is acknowledged it is that which the system's timer waits for.
            for (int tries = 0; tries < 100 && keepAliveTimerSeconds(socket) < wanted - 10; tries++) {
                Thread.sleep(20);
            }
            assertThat(keepAliveTimerSeconds(socket)).isBetween(wanted - 10, wanted);
        }
    }

    /// Of the server's end, as the system shows it; -1: none runs.
    private int keepAliveTimerSeconds(Socket socket) throws IOException {
        String ends = String.format(":%04X 0100007F:%04X", port, socket.getLocalPort());
        for (String line : Files.readAllLines(Path.of("/proc/net/tcp"))) {
            if (line.contains(ends)) {
                String[] timer = line.strip().split("\\s+")[5].split(":"); // kind, jiffies that are left
                return timer[0].equals("02") ? (int) (Long.parseLong(timer[1], 16) / 100) : -1;
            }
        }
        throw new AssertionError("no connection " + ends);
    }

    @Test
    void internetProtocolSixWorksAsWell() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")) && hasLoopbackSix(), "no ::1 here");
        var names = new AtomicReference<String>();
        Acceptor acceptor = channel -> {
            names.set(channel.address() + " " + channel.localAddress());
            return echo.accept(channel);
        };
        try (var _ = TestServer.start(kind, new Listener.Tcp("::1", port, 16, false, 0), acceptor);
                var socket = new Socket("::1", port)) {
            roundTrip(socket, pattern(1000, 3));
            assertThat(names.get()).isEqualTo("[::1]:" + socket.getLocalPort() + " [::1]:" + port);
        }
    }

    private static boolean hasLoopbackSix() throws IOException {
        return Files.readString(Path.of("/proc/net/if_inet6")).contains("00000000000000000000000000000001");
    }

    @Test
    void aPortInUseIsSaid() throws Exception {
        try (var _ = startEcho();
                SocketPoller second = TestServer.open(kind, new ChunkPool())) {
            assertThatThrownBy(() -> second.listen(TestServer.tcp(port), echo::accept))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot listen on 127.0.0.1:" + port + ": Address already in use");
        }
    }

    @Test
    void twoShardsShareAPort() throws Exception {
        var listener = new Listener.Tcp("127.0.0.1", port, 512, true, 0);
        var second = new Echo();
        try (var _ = TestServer.start(kind, listener, echo::accept);
                var _ = TestServer.start(kind, listener, second::accept)) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                sockets.add(connect());
                roundTrip(sockets.get(i), pattern(100, i));
            }
            assertThat(echo.acceptedCount.get()).isPositive();
            assertThat(second.acceptedCount.get()).isPositive();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void aChannelMayBeHandedToAnotherShard() throws Exception {
        var second = new TestServer(kind);
        second.start();
        Acceptor handOver = channel -> {
            channel.detach();
            Thread.startVirtualThread(
                    () -> { // not from here: that shard may be handing over to us
                        try {
                            second.onShard(() -> second.poller.adopt(channel, echo::accept));
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    });
            return echo;
        };
        try (second;
                var first = TestServer.start(kind, TestServer.tcp(port), handOver);
                var socket = connect()) {
            roundTrip(socket, pattern(1000, 3));
            assertThat(first.poller.channelCount()).isZero();
            assertThat(second.poller.channelCount()).isEqualTo(1);
        }
    }

    @Test
    void closingThePollerClosesItsChannels() throws Exception {
        TestServer server = startEcho();
        var sockets = new ArrayList<Socket>();
        for (int i = 0; i < 20; i++) {
            sockets.add(connect());
            roundTrip(sockets.get(i), pattern(10, i));
        }
        server.onShard(() -> append(echo.channels.getFirst(), 20 << 20));
        server.close();
        assertThat(echo.closedCount.get()).isEqualTo(20);
        assertThat(server.poller.channelCount()).isZero();
        for (Socket socket : sockets) {
            drain(socket.getInputStream());
            socket.close();
        }
        assertThatThrownBy(this::connect).isInstanceOf(SocketException.class);
    }

    @Test
    void nothingIsLostWhenPausesAndSizesAreRandom() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed); // of the shard's thread
        var fickle = new SocketEvents() {
            @Override
            public void received(Channel channel, long address, int size) {
                echo.received(channel, address, size);
                if (random.nextInt(3) == 0) {
                    channel.pauseReceive();
                }
            }

            @Override
            public void ended(Channel channel) {
                echo.ended(channel);
            }

            @Override
            public void sent(Channel channel) {}

            @Override
            public void closed(Channel channel) {
                echo.closed(channel);
            }
        };
        Acceptor acceptor = channel -> {
            echo.accept(channel);
            return fickle;
        };
        try (var server = TestServer.start(kind, TestServer.tcp(port), acceptor)) {
            List<Thread> clients = new ArrayList<>();
            var rightCount = new AtomicInteger();
            for (int i = 0; i < 10; i++) {
                long clientSeed = seed + i;
                clients.add(Thread.startVirtualThread(() -> {
                    if (echoesRandomly(clientSeed)) {
                        rightCount.incrementAndGet();
                    }
                }));
            }
            while (echo.closedCount.get() < 10) {
                server.onShard(() -> echo.channels.forEach(channel -> {
                    if (random.nextBoolean()) {
                        channel.resumeReceive();
                    }
                }));
                Thread.sleep(1);
            }
            for (Thread client : clients) {
                client.join();
            }
            assertThat(rightCount.get()).isEqualTo(10);
        }
    }

    private boolean echoesRandomly(long seed) {
        var random = new Random(seed);
        byte[] bytes = pattern(500_000 + random.nextInt(1_000_000), seed);
        try (var socket = connect()) {
            var writer = Thread.startVirtualThread(() -> {
                try {
                    for (int at = 0; at < bytes.length; ) {
                        int size = Math.min(bytes.length - at, 1 + random.nextInt(60_000));
                        socket.getOutputStream().write(bytes, at, size);
                        at += size;
                    }
                    socket.shutdownOutput();
                } catch (IOException _) {
                    // the reader notices
                }
            });
            byte[] got = socket.getInputStream().readAllBytes();
            writer.join();
            return Arrays.equals(got, bytes);
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }
}
