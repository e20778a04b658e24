package io.anax.engine;

import java.util.ArrayList;
import java.util.List;

/// All shards of a server, and the mailboxes between them.
///
/// ```
///              to 0   to 1   to 2
///  from 0       -      box    box       one writer, one reader each
///  from 1      box      -     box
///  from 2      box     box     -
/// ```
public final class ShardSet {
    private final int count;
    private final List<Shard> shards = new ArrayList<>();
    private final Mailbox[] mailboxes;
    private final Mailbox.Sleep[] sleeps;

    /// Its shards are added by their constructors, in the order of their numbers, before the first runs.
    public ShardSet(int count) {
        this.count = count;
        mailboxes = new Mailbox[count * count];
        sleeps = new Mailbox.Sleep[count];
        for (int from = 0; from < count; from++) {
            sleeps[from] = new Mailbox.Sleep();
            for (int to = 0; to < count; to++) {
                mailboxes[from * count + to] = new Mailbox();
            }
        }
    }

    void add(Shard shard) {
        assert shard.id() == shards.size() && shards.size() < count;
        shards.add(shard);
    }

    public int count() {
        return count;
    }

    /// Only its own thread may do more with it than send it something.
    public Shard at(int id) {
        return shards.get(id);
    }

    Mailbox mailbox(int from, int to) {
        return mailboxes[from * count + to];
    }

    Mailbox.Sleep sleep(int id) {
        return sleeps[id];
    }

    /// Gives back what was kept for the next use, when every shard has ended.
    public void close() {
        shards.forEach(shard -> shard.databases().allocator().close());
        for (Mailbox mailbox : mailboxes) {
            mailbox.close();
        }
        for (Mailbox.Sleep sleep : sleeps) {
            sleep.close();
        }
    }
}
