package io.anax.command;

import io.anax.Limits;
import io.anax.keyspace.Database;
import io.anax.keyspace.Databases;
import io.anax.memory.Memory;
import io.anax.protocol.Numbers;
import io.anax.protocol.ReplyWriter;
import io.anax.protocol.Request;
import io.anax.table.KeyHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a handler may use: its arguments, the databases of the shard it runs on, the time, the reply.
/// One per shard, set up anew for every command.
///
/// Argument 0 is the command's name. An argument lies in a read buffer: its address is valid only
/// while the handler runs.
public final class CommandContext {
    private final int shardId;
    private final int shardCount;
    private final int databaseCount;
    private final Databases databases;
    private final ReplyWriter reply;
    private Request request;
    private Session session;
    private @Nullable Command command;
    private @Nullable Execution execution; // null: runs in one go, here
    private int firstKey;
    private long nowMillis;
    private long keyHash;
    private boolean keyHashed;
    private long hitsBefore; // counted when it began, and misses
    private long missesBefore;

    public CommandContext(
            int shardId, int shardCount, int databaseCount, Databases databases, ReplyWriter reply, Session nobody) {
        this.shardId = shardId;
        this.shardCount = shardCount;
        this.databaseCount = databaseCount;
        this.databases = databases;
        this.reply = reply;
        this.session = nobody;
        this.request = new Request();
    }

    /// The next command to run.
    public void begin(Command next, Request arguments, Session of, long now) {
        command = next;
        firstKey = next.firstKey();
        request = arguments;
        session = of;
        nowMillis = now;
        keyHashed = false;
        execution = null;
        hitsBefore = databases.statistics().hits();
        missesBefore = databases.statistics().misses();
    }

    /// It runs on a fiber, after [#begin].
    public void onFiber(Execution fiber) {
        execution = fiber;
    }

    /// As [#begin], with the hash of the first key, which the dispatcher computed to find the shard.
    public void begin(Command next, Request arguments, Session of, long now, long hashOfFirstKey) {
        begin(next, arguments, of, now);
        keyHash = hashOfFirstKey;
        keyHashed = true;
    }

    public int count() {
        return request.count();
    }

    public long argument(int i) {
        return request.address(i);
    }

    public int length(int i) {
        return request.length(i);
    }

    public Request request() {
        return request;
    }

    /// The command that runs.
    public Command command() {
        return Objects.requireNonNull(command);
    }

    public Session session() {
        return session;
    }

    public int shardId() {
        return shardId;
    }

    public int shardCount() {
        return shardCount;
    }

    /// How many databases a client may select.
    public int databaseCount() {
        return databaseCount;
    }

    public long nowMillis() {
        return nowMillis;
    }

    public ReplyWriter reply() {
        return reply;
    }

    public Databases databases() {
        return databases;
    }

    public Database db() {
        return databases.at(session.database());
    }

    public Database db(int index) {
        return databases.at(index);
    }

    /// The hash of the key at argument `i`; that of the first key is computed once.
    public long hash(int i) {
        if (keyHashed && i == firstKey) {
            return keyHash;
        }
        return KeyHash.hash(request.address(i), request.length(i));
    }

    // ---- work that is long, or elsewhere ---------------------------------------------------------

    /// To be called before anything was changed, by a handler that will take longer than a slice: what it
    /// replied is taken back, and it is begun again on a fiber, where [#checkpoint] suspends it. Does
    /// nothing there.
    public void needFiber() {
        if (execution == null) {
            databases.statistics().takeBackLookups(hitsBefore, missesBefore);
            throw NeedsFiber.INSTANCE;
        }
    }

    /// To be called in the loops of long work, once in some microseconds: lets others have their turn.
    /// Entries may have moved and keys may be gone when it returns, those excepted that the command
    /// has locked: the keys it was called with.
    public void checkpoint() {
        if (execution != null) {
            execution.checkpoint();
        }
    }

    /// Runs a step on the shard of the key at argument `i` and returns what it returns. The step sees the
    /// same arguments, and the databases of its shard; what it returns must not point into these. On the
    /// shard of this context it is a plain call.
    public <T> T at(int i, Function<CommandContext, T> step) {
        return atShard(shardOf(i), step);
    }

    /// Runs a step on one shard and returns what it returns.
    public <T> T atShard(int shard, Function<CommandContext, T> step) {
        if (shard == shardId) {
            return step.apply(this);
        }
        needFiber();
        return Objects.requireNonNull(execution).at(shard, step);
    }

    /// Runs a step on each shard, one after the other, and returns what they return, by shard.
    public <T> List<T> everywhere(Function<CommandContext, T> step) {
        var results = new ArrayList<T>(shardCount);
        if (shardCount > 1) {
            needFiber();
        }
        for (int shard = 0; shard < shardCount; shard++) {
            results.add(atShard(shard, step));
        }
        return results;
    }

    /// The shard that owns the key at argument `i`.
    public int shardOf(int i) {
        return shardCount == 1 ? 0 : KeyHash.shardOf(argument(i), length(i), hash(i), shardCount);
    }

    // ---- arguments --------------------------------------------------------------------------------

    /// Whether argument `i` is this word, whatever its case. `word` is lower case ASCII.
    public boolean is(int i, String word) {
        int size = request.length(i);
        if (size != word.length()) {
            return false;
        }
        long at = request.address(i);
        for (int k = 0; k < size; k++) {
            int c = Memory.getByte(at + k);
            if (c >= 'A' && c <= 'Z') {
                c += 'a' - 'A';
            }
            if (c != word.charAt(k)) {
                return false;
            }
        }
        return true;
    }

    /// Argument `i` as a 64-bit integer, as strict as Redis: no blanks, no `+`, no leading zeros.
    public long integer(int i) {
        long at = request.address(i);
        int size = request.length(i);
        if (!Numbers.isLong(at, size)) {
            throw CommandException.NOT_AN_INTEGER;
        }
        return Numbers.parseLong(at, size);
    }

    /// Argument `i` as text; bytes above 127 as Latin-1, so that they survive. Not for hot paths.
    public String text(int i) {
        return new String(bytes(i), StandardCharsets.ISO_8859_1);
    }

    /// The bytes of argument `i`, which lie on the heap then: an error for a very long one.
    public byte[] bytes(int i) {
        if (request.length(i) > Limits.TEXT_BYTES_MAX) {
            throw CommandException.error("ERR argument " + i + " is too long: " + request.length(i)
                    + " bytes, where this command takes " + Limits.TEXT_BYTES_MAX);
        }
        return Memory.bytes(request.address(i), request.length(i));
    }

    /// To be called first by who looks at many arguments as text.
    public void limitTextArguments() {
        if (count() > Limits.TEXT_ARGUMENTS_MAX) {
            throw CommandException.error(
                    "ERR too many arguments: " + count() + ", where this command takes " + Limits.TEXT_ARGUMENTS_MAX);
        }
    }
}
