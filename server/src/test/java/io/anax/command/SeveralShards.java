package io.anax.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.compatibility.RespClient;
import io.anax.keyspace.Database;
import io.anax.keyspace.Databases;
import io.anax.keyspace.WrongTypeException;
import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import io.anax.protocol.ReplyWriter;
import io.anax.protocol.Request;
import io.anax.table.KeyHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Handlers on several shards without threads: a step on another shard is a call, a command that needs
/// a fiber is begun again with one that is never suspended. A command runs where its first key lives.
final class SeveralShards implements AutoCloseable {
    private static final int DATABASES = 16;

    private final CommandTable table;
    private final ChunkPool chunks = new ChunkPool();
    private final ByteChain output = new ByteChain(chunks);
    private final Session session = new Session(1, "", "", true, 0);
    private final List<SlabAllocator> allocators = new ArrayList<>();
    private final List<CommandContext> shards = new ArrayList<>();
    long nowMillis = 1_000_000;
    int fibers; // commands that asked for one
    int checkpoints;
    int errands; // steps on another shard

    SeveralShards(int count, CommandFamily... families) {
        table = new CommandTable(families);
        for (int i = 0; i < count; i++) {
            var allocator = new SlabAllocator();
            var databases = new Databases(allocator, 42 + i);
            allocators.add(allocator);
            shards.add(new CommandContext(i, count, DATABASES, databases, new ReplyWriter(output), session));
        }
    }

    /// Arguments as bytes of ISO 8859-1.
    RespClient.Reply run(String... arguments) {
        var request = new Request();
        List<byte[]> all = new ArrayList<>();
        for (String argument : arguments) {
            byte[] bytes = argument.getBytes(StandardCharsets.ISO_8859_1);
            long at = Memory.allocate(Math.max(1, bytes.length));
            Memory.copy(bytes, 0, at, bytes.length);
            request.add(at, bytes.length);
            all.add(bytes);
        }
        try {
            return run(request);
        } finally {
            for (int i = 0; i < all.size(); i++) {
                Memory.free(request.address(i), Math.max(1, all.get(i).length));
            }
        }
    }

    private RespClient.Reply run(Request request) {
        var command = table.find(request);
        assertThat(command).isNotNull();
        int key = command.firstKey();
        int home = key <= 0
                ? 0
                : KeyHash.shardOf(
                        request.address(key),
                        request.length(key),
                        KeyHash.hash(request.address(key), request.length(key)),
                        shards.size());
        CommandContext context = shards.get(home);
        context.reply().into(output, session.resp());
        context.begin(command, request, session, nowMillis);
        try {
            command.handler().run(context);
        } catch (NeedsFiber _) {
            assertThat(output.isEmpty()).as("nothing may be replied before").isTrue();
            fibers++;
            onFiber(command, context, request);
        } catch (CommandException e) {
            fail(context, e.text());
        } catch (WrongTypeException _) {
            fail(context, CommandException.WRONG_TYPE.text());
        }
        return reply();
    }

    private void onFiber(Command command, CommandContext context, Request request) {
        context.begin(command, request, session, nowMillis);
        context.onFiber(new Unsuspended(command, request));
        try {
            command.handler().run(context);
        } catch (CommandException e) {
            fail(context, e.text());
        } catch (WrongTypeException _) {
            fail(context, CommandException.WRONG_TYPE.text());
        }
    }

    private void fail(CommandContext context, String text) {
        output.clear();
        context.reply().error(text);
    }

    private RespClient.Reply reply() {
        int size = (int) output.sizeBytes();
        long flat = Memory.allocate(size);
        output.copyTo(flat);
        output.clear();
        byte[] bytes = Memory.bytes(flat, size);
        Memory.free(flat, size);
        return RespClient.parse(bytes);
    }

    private final class Unsuspended implements Execution {
        private final Command command;
        private final Request request;

        Unsuspended(Command command, Request request) {
            this.command = command;
            this.request = request;
        }

        @Override
        public <T> T at(int shard, Function<CommandContext, T> step) {
            errands++;
            CommandContext there = shards.get(shard);
            there.begin(command, request, session, nowMillis);
            return step.apply(there);
        }

        @Override
        public void checkpoint() {
            checkpoints++;
        }
    }

    /// Bytes that the shards use now.
    long usedBytes() {
        return allocators.stream().mapToLong(SlabAllocator::usedBytes).sum();
    }

    Database database(int shard) {
        return shards.get(shard).db(0);
    }

    @Override
    public void close() {
        for (CommandContext shard : shards) {
            shard.db(0).checkInvariants();
            shard.databases().close();
        }
        chunks.trim();
        assertThat(usedBytes()).as("bytes that nobody freed").isZero();
        allocators.forEach(SlabAllocator::close);
    }
}
