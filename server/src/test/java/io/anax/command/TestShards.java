package io.anax.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.keyspace.Database;
import io.anax.keyspace.Databases;
import io.anax.keyspace.WrongTypeException;
import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import io.anax.memory.Workspace;
import io.anax.protocol.Peer;
import io.anax.protocol.ReplyWriter;
import io.anax.protocol.Request;
import io.anax.table.Cursor;
import io.anax.table.KeyHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;

/// The databases of some shards and the least of an engine: runs one command after the other, on the
/// shards that it concerns, and puts their replies together. The clock stands until a test moves it.
///
/// A checkpoint runs what the test says, other commands for example: all that may happen to a
/// suspended command can happen there. `close` wants all memory back.
public final class TestShards implements AutoCloseable {
    private static int openCount; // all memory is back when none is open
    private static long allocationsBefore;

    private final List<Databases> shards = new ArrayList<>();
    private final ChunkPool chunks = new ChunkPool();
    private final CommandTable commands;
    private int anywhere;
    private final Session session = new Session(1, Peer.of("", ""), true, 0);

    public long nowMillis = 1_700_000_000_000L;

    /// What happens at each checkpoint of a command on a fiber, but not at those of what it runs itself.
    public Runnable onCheckpoint = () -> {};

    /// Since the last command began: steps on other shards, checkpoints, and whether it had a fiber.
    public int visits;

    public int checkpoints;
    public boolean onFiber;

    /// The most bytes that it read and wrote between two checkpoints; 0 when memory is not checked.
    public long longestRunBytes;

    private long runBegan;

    public TestShards(int count, CommandFamily... more) {
        if (openCount++ == 0) {
            allocationsBefore = allocations();
        }
        var families = new ArrayList<>(List.of(StringCommands.FAMILY, KeyCommands.FAMILY, KeyCommands.DATABASES));
        families.addAll(List.of(more));
        commands = new CommandTable(families);
        for (int i = 0; i < count; i++) {
            shards.add(new Databases(new SlabAllocator(), 42 + i));
        }
    }

    /// Words separated by blanks; the reply as a line.
    public String run(String line) {
        return send(line.split(" ", -1));
    }

    /// The reply's bytes; each line end is a blank, and there is none at the end.
    public String send(String... words) {
        visits = 0;
        checkpoints = 0;
        onFiber = false;
        longestRunBytes = 0;
        return raw(words).replace("\r\n", " ").strip();
    }

    /// The elements of an array of bulks without line ends in them.
    public List<String> names(String... words) {
        var names = new ArrayList<String>();
        String[] lines = raw(words).split("\r\n", -1);
        for (int i = 2; i < lines.length; i += 2) {
            names.add(lines[i]);
        }
        return names;
    }

    public Session session() {
        return session;
    }

    public int shardOf(String key) {
        try (var words = new Words(key)) {
            long hash = KeyHash.hash(words.request.address(0), words.request.length(0));
            return KeyHash.shardOf(words.request.address(0), words.request.length(0), hash, shards.size());
        }
    }

    /// A key of this shard that begins so.
    public String keyOn(int shard, String beginning) {
        int i = 0;
        while (shardOf(beginning + i) != shard) {
            i++;
        }
        return beginning + i;
    }

    public int count() {
        return shards.size();
    }

    public Databases shard(int shard) {
        return shards.get(shard);
    }

    // ---- the way of a command -------------------------------------------------------------------

    private String raw(String... words) {
        try (var request = new Words(words)) {
            var command = commands.find(request.request);
            if (command == null) {
                return "-ERR unknown command\r\n";
            }
            if (!command.accepts(words.length)) {
                return error(CommandException.wrongArity(command.fullName()).text());
            }
            return routed(command, words, request.request);
        }
    }

    private String routed(Command command, String[] words, Request request) {
        var gather = command.gather();
        if (command.has(CommandFlag.ALL_SHARDS)) {
            var replies = new ArrayList<String>();
            for (int shard = 0; shard < shards.size(); shard++) {
                replies.add(runOn(shard, command, request));
            }
            return gathered(Objects.requireNonNull(gather), replies, List.of());
        }
        if (gather != null
                && gather != Gather.COORDINATE
                && words.length % command.keyStep() == 1 % command.keyStep()) {
            return split(command, words);
        }
        if (command.has(CommandFlag.BY_CURSOR)) {
            return runOn(scanned(words[1]), command, request);
        }
        return runOn(home(command, request), command, request);
    }

    /// Where all keys are; a command whose keys lie on several shards runs anywhere.
    private int home(Command command, Request request) {
        var keys = new KeyPositions(new Workspace());
        try {
            return keys.find(command, request) && keys.count() > 0 ? home(keys, request) : 0;
        } finally {
            keys.clear();
        }
    }

    private int home(KeyPositions keys, Request request) {
        var owners = new TreeSet<Integer>();
        for (int i = 0; i < keys.count(); i++) {
            long key = request.address(keys.at(i));
            int length = request.length(keys.at(i));
            owners.add(KeyHash.shardOf(key, length, KeyHash.hash(key, length), shards.size()));
        }
        return owners.size() == 1 ? owners.first() : anywhere++ % shards.size();
    }

    private int scanned(String cursor) {
        try {
            return Cursor.shard(Long.parseLong(cursor)) % shards.size();
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /// Each shard gets the arguments of its own keys only.
    private String split(Command command, String[] words) {
        var parts = new ArrayList<List<String>>();
        for (int shard = 0; shard < shards.size(); shard++) {
            parts.add(new ArrayList<>(List.of(words[0])));
        }
        var owners = new ArrayList<Integer>();
        for (int i = 1; i < words.length; i += command.keyStep()) {
            int owner = shardOf(words[i]);
            owners.add(owner);
            parts.get(owner).addAll(Arrays.asList(words).subList(i, i + command.keyStep()));
        }
        var replies = new ArrayList<String>();
        for (int shard = 0; shard < shards.size(); shard++) {
            try (var part = new Words(parts.get(shard).toArray(String[]::new))) {
                replies.add(part.request.count() == 1 ? "" : runOn(shard, command, part.request));
            }
        }
        return gathered(Objects.requireNonNull(command.gather()), replies, owners);
    }

    private String runOn(int shard, Command command, Request request) {
        var context = context(shard, command, request);
        runBegan = accessedBytes();
        try {
            try {
                command.handler().run(context);
            } catch (NeedsFiber e) {
                context.reply().output().clear();
                onFiber = true;
                context.onFiber(new Fiber(command, request));
                command.handler().run(context);
            }
            runEnds();
            return drained(context.reply().output());
        } catch (CommandException e) {
            context.reply().output().clear();
            return error(e.text());
        } catch (WrongTypeException e) {
            context.reply().output().clear();
            return error(CommandException.WRONG_TYPE.text());
        }
    }

    private void runEnds() {
        longestRunBytes = Math.max(longestRunBytes, accessedBytes() - runBegan);
    }

    private CommandContext context(int shard, Command command, Request request) {
        var reply = new ReplyWriter(new ByteChain(chunks));
        var context = new CommandContext(shard, shards.size(), 16, shards.get(shard), reply, session);
        context.begin(command, request, session, nowMillis);
        return context;
    }

    private final class Fiber implements Execution {
        private final Command command;
        private final Request request;

        Fiber(Command command, Request request) {
            this.command = command;
            this.request = request;
        }

        @Override
        public <T> T at(int shard, Function<CommandContext, T> step) {
            visits++;
            var there = context(shard, command, request);
            T result;
            try {
                result = step.apply(there);
            } catch (NeedsFiber _) {
                there.onFiber(this);
                result = step.apply(there);
            }
            assertThat(there.reply().output().isEmpty())
                    .as("a step does not reply")
                    .isTrue();
            return result;
        }

        @Override
        public void checkpoint() {
            checkpoints++;
            runEnds();
            long longestBefore = longestRunBytes;
            Runnable others = onCheckpoint;
            onCheckpoint = () -> {};
            int countBefore = checkpoints;
            int visitsBefore = visits;
            others.run();
            checkpoints = countBefore;
            visits = visitsBefore;
            onFiber = true;
            onCheckpoint = others;
            longestRunBytes = longestBefore;
            runBegan = accessedBytes();
        }
    }

    // ---- replies --------------------------------------------------------------------------------

    private static String gathered(Gather gather, List<String> replies, List<Integer> owners) {
        for (String reply : replies) {
            if (reply.startsWith("-")) {
                return reply;
            }
        }
        return switch (gather) {
            case OK -> "+OK\r\n";
            case SUM ->
                ":"
                        + replies.stream()
                                .filter(reply -> !reply.isEmpty())
                                .mapToLong(TestShards::number)
                                .sum() + "\r\n";
            case CONCAT -> "*" + replies.stream().mapToLong(TestShards::number).sum() + "\r\n" + bodies(replies);
            case IN_ORDER -> "*" + owners.size() + "\r\n" + inOrder(replies, owners);
            case COORDINATE -> throw new AssertionError("runs once");
        };
    }

    private static long number(String reply) {
        return Long.parseLong(reply.substring(1, reply.indexOf('\r')));
    }

    private static String bodies(List<String> replies) {
        var all = new StringBuilder();
        replies.forEach(reply -> all.append(reply.substring(reply.indexOf('\n') + 1)));
        return all.toString();
    }

    private static String inOrder(List<String> replies, List<Integer> owners) {
        int[] at = replies.stream().mapToInt(reply -> reply.indexOf('\n') + 1).toArray();
        var all = new StringBuilder();
        for (int owner : owners) {
            String reply = replies.get(owner);
            int end = reply.indexOf("\r\n", at[owner]) + 2;
            long length = number(reply.substring(at[owner]));
            end += length < 0 ? 0 : (int) length + 2;
            all.append(reply, at[owner], end);
            at[owner] = end;
        }
        return all.toString();
    }

    private static String error(String text) {
        return "-" + text + "\r\n";
    }

    private static String drained(ByteChain chain) {
        int size = (int) chain.sizeBytes();
        long at = Memory.allocate(Math.max(1, size));
        chain.copyTo(at);
        chain.clear();
        String text = new String(Memory.bytes(at, size), StandardCharsets.ISO_8859_1);
        Memory.free(at, Math.max(1, size));
        return text;
    }

    /// Arguments in memory of exactly their size, so that checked memory notices every access beyond.
    private static final class Words implements AutoCloseable {
        final Request request = new Request();

        Words(String... words) {
            for (String word : words) {
                byte[] bytes = word.getBytes(StandardCharsets.ISO_8859_1);
                long at = Memory.allocate(Math.max(1, bytes.length));
                Memory.copy(bytes, 0, at, bytes.length);
                request.add(at, bytes.length);
            }
        }

        @Override
        public void close() {
            for (int i = 0; i < request.count(); i++) {
                Memory.free(request.address(i), Math.max(1, request.length(i)));
            }
            request.clear();
        }
    }

    private static long allocations() {
        return Boolean.getBoolean("anax.memory.checked") ? Memory.liveAllocations() : 0;
    }

    private static long accessedBytes() {
        return Boolean.getBoolean("anax.memory.checked") ? Memory.accessedBytes() : 0;
    }

    @Override
    public void close() {
        for (var databases : shards) {
            databases.existing().forEach(Database::checkInvariants);
            databases.close();
            assertThat(databases.allocator().usedBytes())
                    .as("bytes not given back")
                    .isZero();
            assertThat(databases.workspace().heldBytes()).as("not given back").isZero();
            databases.allocator().close();
        }
        chunks.trim();
        assertThat(chunks.heldBytes()).as("chunks not given back").isZero();
        if (--openCount == 0) {
            assertThat(allocations()).as("allocations not given back").isEqualTo(allocationsBefore);
        }
    }
}
