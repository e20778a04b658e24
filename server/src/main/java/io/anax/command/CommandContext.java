package io.anax.command;

import io.anax.keyspace.Database;
import io.anax.keyspace.Databases;
import io.anax.memory.Memory;
import io.anax.protocol.Numbers;
import io.anax.protocol.ReplyWriter;
import io.anax.protocol.Request;
import io.anax.table.KeyHash;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a handler may use: its arguments, the databases of the shard it runs on, the time, the reply.
/// One per shard, set up anew for every command.
///
/// Argument 0 is the command's name. An argument lies in a read buffer: its address is valid only
/// while the handler runs.
public final class CommandContext {
    private final int shardId;
    private final int databaseCount;
    private final Databases databases;
    private final ReplyWriter reply;
    private Request request;
    private Session session;
    private @Nullable Command command;
    private int firstKey;
    private long nowMillis;
    private long keyHash;
    private boolean keyHashed;

    public CommandContext(int shardId, int databaseCount, Databases databases, ReplyWriter reply, Session nobody) {
        this.shardId = shardId;
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

    public byte[] bytes(int i) {
        return Memory.bytes(request.address(i), request.length(i));
    }
}
