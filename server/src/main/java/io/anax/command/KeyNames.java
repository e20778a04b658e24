package io.anax.command;

import io.anax.memory.ByteChain;
import io.anax.memory.LongList;
import io.anax.protocol.ReplyWriter;
import io.anax.table.Entry;
import io.anax.types.Type;
import org.jspecify.annotations.Nullable;

/// The names that a walk over a database comes to, already as they will be sent: no entry's address
/// outlives a checkpoint, and how many there are is known only at the end, when the header is
/// written ahead of them.
final class KeyNames implements AutoCloseable {
    private final CommandContext ctx;
    private final int pattern;
    private final @Nullable String type;
    private final ByteChain bytes;
    private final ReplyWriter writer;
    private final LongList batch = new LongList();
    private long seen;
    private long kept;

    /// Keeps those that match the pattern at argument `pattern` (0: all), and have the type (null: any).
    KeyNames(CommandContext ctx, int pattern, @Nullable String type) {
        this.ctx = ctx;
        this.pattern = pattern;
        this.type = type;
        bytes = ctx.reply().output().sibling();
        writer = new ReplyWriter(bytes);
        writer.into(bytes, ctx.reply().resp());
    }

    /// Takes the next few keys of one shard; returns where to go on there, 0 at the end.
    long walk(CommandContext there, long position) {
        long next = there.db().scan(position, batch);
        for (int i = 0; i < batch.size(); i++) {
            long entry = batch.get(i);
            if (isWanted(entry)) {
                writer.bulk(Entry.key(entry), Entry.keyLength(entry));
                kept++;
            }
        }
        seen += batch.size();
        batch.clear();
        return next;
    }

    private boolean isWanted(long entry) {
        return Entry.deadline(entry) > ctx.nowMillis()
                && (type == null || type.equals(Type.of(Entry.type(entry)).label()))
                && (pattern == 0
                        || Glob.matches(
                                ctx.argument(pattern), ctx.length(pattern), Entry.key(entry), Entry.keyLength(entry)));
    }

    /// Keys that the walk came to, kept or not.
    long seen() {
        return seen;
    }

    void reply() {
        ctx.reply().array(kept);
        ctx.reply().raw(bytes);
    }

    @Override
    public void close() {
        bytes.clear();
    }
}
