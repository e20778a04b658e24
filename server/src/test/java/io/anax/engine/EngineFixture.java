package io.anax.engine;

import io.anax.command.CommandFamily;
import io.anax.command.CommandTable;
import io.anax.command.KeyCommands;
import io.anax.command.StringCommands;
import io.anax.keyspace.Clock;
import io.anax.keyspace.Databases;
import io.anax.memory.ByteChain;
import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import io.anax.protocol.Peer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Some shards without threads and without sockets: the test polls them and gives bytes to their clients.
final class EngineFixture implements AutoCloseable {
    private static final Poller NO_SOCKETS = new NoSockets();

    final ShardSet shards;
    final TestClock clock = new TestClock();
    private final List<ByteChain> outputs = new ArrayList<>();

    EngineFixture(int shardCount, CommandFamily... more) {
        var families = new ArrayList<>(List.of(StringCommands.FAMILY, KeyCommands.FAMILY, KeyCommands.DATABASES));
        families.addAll(List.of(more));
        var commands = new CommandTable(families);
        shards = new ShardSet(shardCount);
        for (int id = 0; id < shardCount; id++) {
            var _ = new Shard(id, shards, clock, databases(id), commands, new ShardSettings());
        }
    }

    private static Databases databases(int id) {
        return new Databases(new SlabAllocator(), id);
    }

    Client connect(int shard) {
        return connect(shard, new Nowhere());
    }

    Client connect(int shard, Link link) {
        var output = new ByteChain(shards.at(shard).chunks());
        outputs.add(output);
        return shards.at(shard).connect(Peer.of("127.0.0.1:1", "127.0.0.1:2"), 1 + outputs.size(), false, output, link);
    }

    /// Lets all shards work until none of them has anything to do.
    void settle() {
        int work;
        do {
            work = 0;
            for (int id = 0; id < shards.count(); id++) {
                work += shards.at(id).poll(NO_SOCKETS);
            }
        } while (work > 0);
    }

    /// Bytes of buffers of all shards, without chunks that no reply uses: those are gone at the first need.
    long bufferBytes() {
        long sum = 0;
        for (int id = 0; id < shards.count(); id++) {
            shards.at(id).chunks().trim();
            sum += shards.at(id).housekeeping().bufferBytes();
        }
        return sum;
    }

    /// One turn of one shard.
    void turn(int shard) {
        shards.at(shard).poll(NO_SOCKETS);
    }

    /// What the client gets for these commands, as text.
    String ask(Client client, String inline) {
        send(client, inline);
        settle();
        return taken(client.output());
    }

    void send(Client client, String inline) {
        sendPart(client, inline + "\r\n");
    }

    void sendPart(Client client, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.ISO_8859_1);
        long address = Memory.allocate(bytes.length);
        Memory.copy(bytes, 0, address, bytes.length);
        client.received(address, bytes.length);
        Memory.free(address, bytes.length);
    }

    static String taken(ByteChain output) {
        int size = (int) output.sizeBytes();
        long flat = Memory.allocate(Math.max(1, size));
        output.copyTo(flat);
        String text = new String(Memory.bytes(flat, size), StandardCharsets.ISO_8859_1);
        Memory.free(flat, Math.max(1, size));
        output.clear();
        return text;
    }

    @Override
    public void close() {
        settle();
        outputs.forEach(ByteChain::clear);
        for (int id = 0; id < shards.count(); id++) {
            for (Client client : List.copyOf(shards.at(id).clients())) {
                client.close();
            }
            shards.at(id).close();
            ShardProbe.checkClosed(shards.at(id));
        }
        shards.close();
    }

    /// A connection that leads nowhere.
    static final class Nowhere implements Link {
        @Override
        public void outputGrew() {}

        @Override
        public void closeAfterSend() {}

        @Override
        public void close() {}
    }

    /// Stands until a test moves it; each reading of the nanoseconds may take some.
    static final class TestClock implements Clock {
        long millis = 1_700_000_000_000L;
        long nanosPerReading;
        private long nanos;

        @Override
        public long millis() {
            return millis;
        }

        @Override
        public long nanos() {
            nanos += nanosPerReading;
            return nanos;
        }
    }

    static class NoSockets implements Poller {
        @Override
        public int poll() {
            return 0;
        }

        @Override
        public boolean hasArrivals() {
            return false;
        }

        @Override
        public void flush() {}

        @Override
        public void await(long timeoutNanos) {}

        @Override
        public void wake() {}

        @Override
        public void close() {}
    }
}
