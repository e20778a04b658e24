package io.anax.command;

import static io.anax.command.CommandFamily.family;
import static io.anax.command.CommandFlag.ALL_SHARDS;
import static io.anax.command.CommandFlag.BY_CURSOR;
import static io.anax.command.CommandFlag.DENYOOM;
import static io.anax.command.CommandFlag.FAST;
import static io.anax.command.CommandFlag.READONLY;
import static io.anax.command.CommandFlag.WRITE;

import io.anax.Limits;
import io.anax.keyspace.Database;
import io.anax.keyspace.Parcel;
import io.anax.memory.Memory;
import io.anax.table.Entry;
import io.anax.types.StringValue;
import io.anax.types.Type;
import io.anax.types.Value;
import java.nio.charset.StandardCharsets;

/// All commands on keys of any type, declared here. Handlers: those on one database's keys are here,
/// those on deadlines in [ExpiryCommands], the walks over all keys in [ScanCommands], those on
/// databases in [DatabaseCommands].
public final class KeyCommands {
    private static final int REFERENCES = 1; // nothing is shared here
    private static final CommandException NO_FREQUENCY = policyError("not selected, access frequency not tracked");
    private static final CommandException NO_IDLE_TIME = policyError("selected, idle time not tracked");

    public static final CommandFamily FAMILY = family("generic")
            .add("DEL key [key ...]", KeyCommands::del, Gather.SUM, WRITE)
            .doc("O(N) where N is the number of keys", "1.0.0", "Deletes keys.")
            .access("RM DELETE")
            .add("EXISTS key [key ...]", KeyCommands::exists, Gather.SUM, READONLY, FAST)
            .doc("O(N) where N is the number of keys", "1.0.0", "Counts how many of the keys are there.")
            .access("RO")
            .container("OBJECT")
            .doc("Depends on subcommand.", "2.2.3", "Looks at how a key is stored.")
            .help("OBJECT")
            .add("OBJECT ENCODING key", KeyCommands::encoding, READONLY)
            .doc("O(1)", "2.2.3", "Returns the encoding of a key's value.")
            .access("RO")
            .add("OBJECT FREQ key", KeyCommands::frequency, READONLY)
            .doc("O(1)", "4.0.0", "Returns how often a key is used, as the LFU policy counts it.")
            .access("RO")
            .add("OBJECT IDLETIME key", KeyCommands::idleTime, READONLY)
            .doc("O(1)", "2.2.3", "Returns the seconds since a key was used.")
            .access("RO")
            .add("OBJECT REFCOUNT key", KeyCommands::references, READONLY)
            .doc("O(1)", "2.2.3", "Returns the number of references to a key's value: always one.")
            .access("RO")
            .add("RANDOMKEY", DatabaseCommands::randomKey, READONLY)
            .doc("O(1)", "1.0.0", "Returns the name of some key.")
            .add("RENAME key newkey", KeyCommands::rename, Gather.COORDINATE, WRITE)
            .doc("O(1)", "1.0.0", "Gives a key another name, whatever had that before.")
            .access("RW ACCESS DELETE", "OW UPDATE")
            .add("RENAMENX key newkey", KeyCommands::renameNx, Gather.COORDINATE, WRITE, FAST)
            .doc("O(1)", "1.0.0", "Gives a key another name when no key has that.")
            .access("RW ACCESS DELETE", "OW INSERT")
            .add("TOUCH key [key ...]", KeyCommands::touch, Gather.SUM, READONLY, FAST)
            .doc("O(N) where N is the number of keys", "3.2.1", "Marks keys as used and counts those that are there.")
            .access("RO")
            .add("TYPE key", KeyCommands::type, READONLY, FAST)
            .doc("O(1)", "1.0.0", "Returns the type of a key's value.")
            .access("RO")
            .add("UNLINK key [key ...]", KeyCommands::del, Gather.SUM, WRITE, FAST)
            .doc("O(N) where N is the number of keys", "4.0.0", "Deletes keys; their memory comes back later.")
            .access("RM DELETE")
            .add(
                    "COPY source destination [DB destination-db] [REPLACE]",
                    DatabaseCommands::copy,
                    Gather.COORDINATE,
                    WRITE,
                    DENYOOM)
            .doc("O(N) where N is the size of the value", "6.2.0", "Copies the value of a key to another key.")
            .access("RO ACCESS", "OW UPDATE")
            .add("MOVE key db", DatabaseCommands::move, WRITE, FAST)
            .doc("O(1)", "1.0.0", "Moves a key to another database.")
            .access("RW ACCESS UPDATE")
            .add("EXPIRE key seconds [NX | XX | GT | LT]", ExpiryCommands::expire, WRITE, FAST)
            .doc("O(1)", "1.0.0", "Lets a key live for some seconds.")
            .access("RW UPDATE")
            .add("EXPIREAT key unix-time-seconds [NX | XX | GT | LT]", ExpiryCommands::expireAt, WRITE, FAST)
            .doc("O(1)", "1.2.0", "Lets a key live until a moment, in seconds since 1970.")
            .access("RW UPDATE")
            .add("EXPIRETIME key", ExpiryCommands::expireTime, READONLY, FAST)
            .doc("O(1)", "7.0.0", "Returns the deadline of a key in seconds since 1970.")
            .access("RO ACCESS")
            .add("PERSIST key", ExpiryCommands::persist, WRITE, FAST)
            .doc("O(1)", "2.2.0", "Takes the deadline of a key away.")
            .access("RW UPDATE")
            .add("PEXPIRE key milliseconds [NX | XX | GT | LT]", ExpiryCommands::pexpire, WRITE, FAST)
            .doc("O(1)", "2.6.0", "Lets a key live for some milliseconds.")
            .access("RW UPDATE")
            .add("PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT]", ExpiryCommands::pexpireAt, WRITE, FAST)
            .doc("O(1)", "2.6.0", "Lets a key live until a moment, in milliseconds since 1970.")
            .access("RW UPDATE")
            .add("PEXPIRETIME key", ExpiryCommands::pexpireTime, READONLY, FAST)
            .doc("O(1)", "7.0.0", "Returns the deadline of a key in milliseconds since 1970.")
            .access("RO ACCESS")
            .add("PTTL key", ExpiryCommands::pttl, READONLY, FAST)
            .doc("O(1)", "2.6.0", "Returns how many milliseconds a key has still to live.")
            .access("RO ACCESS")
            .add("TTL key", ExpiryCommands::ttl, READONLY, FAST)
            .doc("O(1)", "1.0.0", "Returns how many seconds a key has still to live.")
            .access("RO ACCESS")
            .add("KEYS pattern", ScanCommands::keys, Gather.CONCAT, READONLY, ALL_SHARDS)
            .doc("O(N) where N is the number of keys", "1.0.0", "Returns the names of all keys that match a pattern.")
            .acl("dangerous")
            .add("SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]", ScanCommands::scan, READONLY, BY_CURSOR)
            .doc("O(1) a call, O(N) for all keys", "2.8.0", "Walks over the names of all keys in small steps.");

    /// Commands on whole databases, which Redis counts to the group of its server.
    public static final CommandFamily DATABASES = family("server")
            .add("DBSIZE", DatabaseCommands::databaseSize, Gather.SUM, READONLY, FAST, ALL_SHARDS)
            .doc("O(1)", "1.0.0", "Counts the keys of the database.")
            .acl("keyspace")
            .add("FLUSHALL [ASYNC | SYNC]", DatabaseCommands::flushAll, Gather.OK, WRITE, ALL_SHARDS)
            .doc("O(N) where N is the number of keys", "1.0.0", "Removes all keys of all databases.")
            .acl("keyspace", "dangerous")
            .add("FLUSHDB [ASYNC | SYNC]", DatabaseCommands::flushDatabase, Gather.OK, WRITE, ALL_SHARDS)
            .doc("O(N) where N is the number of keys", "1.0.0", "Removes all keys of the database.")
            .acl("keyspace", "dangerous")
            .add("SWAPDB index1 index2", DatabaseCommands::swapDatabases, Gather.OK, WRITE, FAST, ALL_SHARDS)
            .doc("O(1)", "4.0.0", "Exchanges the keys of two databases.")
            .acl("keyspace", "dangerous");

    private KeyCommands() {}

    // ---- there or not ---------------------------------------------------------------------------

    static void del(CommandContext ctx) {
        sliceWhenMany(ctx, ctx.count() - 1);
        var db = ctx.db();
        int count = 0;
        for (int i = 1; i < ctx.count(); i++) {
            count += db.remove(ctx.hash(i), ctx.argument(i), ctx.length(i), ctx.nowMillis()) ? 1 : 0;
            ctx.checkpoint();
        }
        ctx.reply().integer(count);
    }

    static void exists(CommandContext ctx) {
        sliceWhenMany(ctx, ctx.count() - 1);
        int count = 0;
        for (int i = 1; i < ctx.count(); i++) {
            count += find(ctx, i) == Database.NONE ? 0 : 1;
            ctx.checkpoint();
        }
        ctx.reply().integer(count);
    }

    static void touch(CommandContext ctx) {
        exists(ctx); // a find remembers the access
    }

    static void type(CommandContext ctx) {
        long entry = peek(ctx, ctx.db(), 1);
        ctx.reply()
                .simple(
                        entry == Database.NONE
                                ? "none"
                                : Type.of(Entry.type(entry)).label());
    }

    // ---- names ----------------------------------------------------------------------------------

    static void rename(CommandContext ctx) {
        if (sameKeys(ctx)) {
            foundOrThrow(ctx);
        } else {
            giveName(ctx);
        }
        ctx.reply().ok();
    }

    static void renameNx(CommandContext ctx) {
        foundOrThrow(ctx);
        boolean taken = sameKeys(ctx) || ctx.at(2, there -> peek(there, there.db(), 2) != Database.NONE);
        if (!taken) {
            giveName(ctx);
        }
        ctx.reply().integer(taken ? 0 : 1);
    }

    private static void foundOrThrow(CommandContext ctx) {
        if (!ctx.at(1, there -> peek(there, there.db(), 1) != Database.NONE)) {
            throw CommandException.NO_SUCH_KEY;
        }
    }

    private static void giveName(CommandContext ctx) {
        if (ctx.shardOf(1) == ctx.shardOf(2)) {
            boolean _ = ctx.at(1, KeyCommands::moveHere);
            return;
        }
        try (var parcel = ctx.at(1, KeyCommands::packedToMove)) {
            parcel.chargeTo(ctx.databases().workspace());
            boolean _ = ctx.at(2, there -> unpacked(there, parcel, there.db()));
        }
        boolean _ = ctx.at(
                1, there -> there.db().remove(there.hash(1), there.argument(1), there.length(1), there.nowMillis()));
    }

    private static boolean moveHere(CommandContext there) {
        var db = there.db();
        if (peek(there, db, 1) == Database.NONE) {
            throw CommandException.NO_SUCH_KEY;
        }
        db.moveFound(db, there.hash(2), there.argument(2), there.length(2), there.nowMillis());
        return true;
    }

    private static Parcel packedToMove(CommandContext there) {
        long entry = peek(there, there.db(), 1);
        if (entry == Database.NONE) {
            throw CommandException.NO_SUCH_KEY;
        }
        sliceWhenLong(there, Value.packedBytes(entry));
        return Parcel.toMove(entry, there::checkpoint);
    }

    /// Puts what is in the parcel under the second key, where that lives; true.
    static boolean unpacked(CommandContext there, Parcel parcel, Database db) {
        sliceWhenLong(there, parcel.sizeBytes());
        parcel.putInto(db, there.hash(2), there.argument(2), there.length(2), there.nowMillis(), there::checkpoint);
        return true;
    }

    static boolean sameKeys(CommandContext ctx) {
        return Memory.compare(ctx.argument(1), ctx.length(1), ctx.argument(2), ctx.length(2)) == 0;
    }

    // ---- OBJECT ---------------------------------------------------------------------------------

    static void encoding(CommandContext ctx) {
        long entry = peek(ctx, ctx.db(), 2);
        if (entry == Database.NONE) {
            ctx.reply().nil();
            return;
        }
        assert Entry.type(entry) == Type.STRING.number() : "only strings tell their encoding";
        ctx.reply().bulk(StringValue.encodingName(entry).getBytes(StandardCharsets.US_ASCII));
    }

    static void frequency(CommandContext ctx) {
        long entry = peek(ctx, ctx.db(), 2);
        if (entry != Database.NONE && !ctx.db().keepsFrequency()) {
            throw NO_FREQUENCY;
        }
        reply(ctx, entry, entry == Database.NONE ? 0 : ctx.db().frequency(entry, ctx.nowMillis()));
    }

    static void idleTime(CommandContext ctx) {
        long entry = peek(ctx, ctx.db(), 2);
        if (entry != Database.NONE && ctx.db().keepsFrequency()) {
            throw NO_IDLE_TIME;
        }
        reply(ctx, entry, entry == Database.NONE ? 0 : ctx.db().idleSeconds(entry, ctx.nowMillis()));
    }

    private static CommandException policyError(String what) {
        return CommandException.error("ERR An LFU maxmemory policy is " + what + ". Please note that when switching"
                + " between policies at runtime LRU and LFU data will take some time to adjust.");
    }

    static void references(CommandContext ctx) {
        reply(ctx, peek(ctx, ctx.db(), 2), REFERENCES);
    }

    private static void reply(CommandContext ctx, long entry, long number) {
        if (entry == Database.NONE) {
            ctx.reply().nil();
        } else {
            ctx.reply().integer(number);
        }
    }

    // ---- shared ---------------------------------------------------------------------------------

    /// To be called first by who works on so many keys and calls `checkpoint` for each.
    static void sliceWhenMany(CommandContext ctx, long keys) {
        if (keys > Limits.KEYS_AT_ONCE_MAX) {
            ctx.needFiber();
        }
    }

    /// To be called first by who copies so many bytes and calls `checkpoint` after each piece.
    static void sliceWhenLong(CommandContext ctx, long bytes) {
        if (bytes > Limits.COPY_PIECE_BYTES) {
            ctx.needFiber();
        }
    }

    /// To be called first by who puts arguments of so many bytes into values, piece by piece.
    static void sliceWhenHuge(CommandContext ctx, long bytes) {
        if (bytes > Limits.ARGUMENT_AT_ONCE_BYTES_MAX) {
            ctx.needFiber();
        }
    }

    static long peek(CommandContext ctx, Database db, int i) {
        return db.peek(ctx.hash(i), ctx.argument(i), ctx.length(i), ctx.nowMillis());
    }

    static long find(CommandContext ctx, int i) {
        return ctx.db().find(ctx.hash(i), ctx.argument(i), ctx.length(i), ctx.nowMillis());
    }
}
