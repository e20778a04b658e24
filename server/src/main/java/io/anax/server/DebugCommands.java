package io.anax.server;

import io.anax.Limits;
import io.anax.command.CommandContext;
import io.anax.command.CommandException;
import io.anax.command.Glob;
import io.anax.command.Session;
import io.anax.engine.Log;
import io.anax.engine.ShardSet;
import io.anax.keyspace.Database;
import io.anax.protocol.ReplyWriter;
import io.anax.table.Entry;
import io.anax.types.StringValue;
import io.anax.types.Type;
import io.anax.types.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// DEBUG: for tests of clients and of the server itself.
final class DebugCommands {
    private static final int MATCHED_BYTES_MAX = 1 << 16; // matching takes a time of the length's square

    private static final int KEYS_AT_ONCE_MAX = 200; // some 100 µs; more are made in slices

    private static final CommandException BAD_DATABASE = CommandException.error("ERR Out of range database");
    private static final CommandException RESP2_LACKS_IT =
            CommandException.error("ERR RESP2 is not supported by this command");
    private static final CommandException BAD_TYPE =
            CommandException.error("ERR Wrong protocol type name. Please use one of the following: "
                    + "string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false");

    private static final List<String> HELP = List.of(
            "DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
            "ERROR <string>",
            "    Return an error with <string> as its message.",
            "HTSTATS <dbid>",
            "    Describe the tables of a database, one a shard.",
            "LOG <message>",
            "    Write <message> to the log of the server.",
            "OBJECT <key>",
            "    Describe how a key's value is stored.",
            "POPULATE <count> [<prefix>] [<size>]",
            "    Create <count> strings named key:<num>, or <prefix>:<num>, where there is none of the name.",
            "PROTOCOL <type>",
            "    Reply with a value of the type: string, integer, double, bignum, null, array, set, map,",
            "    attrib, push, verbatim, true, false.",
            "SET-ACTIVE-EXPIRE <0|1>",
            "    0 lets expired keys stay until somebody comes across them, 1 looks for them again.",
            "SLEEP <seconds>",
            "    Stop the shard of this connection for <seconds>. Decimals allowed.",
            "STRINGMATCH-LEN <length> <pattern>",
            "    Return 1 if the pattern matches a string of so many a, else 0.",
            "HELP",
            "    Print this help.");

    private final ShardSet shards;

    DebugCommands(ShardSet shards) {
        this.shards = shards;
    }

    void debug(CommandContext ctx) {
        String what = ctx.text(1).toLowerCase(Locale.ROOT);
        switch (what + " " + (ctx.count() - 2)) {
            case "help 0" -> help(ctx);
            case "error 1" -> throw CommandException.error(CommandException.printable(ctx.text(2)));
            case "log 1" -> log(ctx);
            case "sleep 1" -> sleep(ctx);
            case "object 1" -> object(ctx);
            case "populate 1", "populate 2", "populate 3" -> populate(ctx);
            case "protocol 1" -> protocol(ctx);
            case "htstats 1" -> tables(ctx);
            case "set-active-expire 1" -> activeExpiry(ctx);
            case "stringmatch-len 2" -> stringMatch(ctx);
            default -> throw CommandException.subcommandSyntax(ctx.bytes(1), "debug");
        }
    }

    private static void help(CommandContext ctx) {
        ctx.reply().array(HELP.size());
        HELP.forEach(ctx.reply()::simple);
    }

    private static void log(CommandContext ctx) {
        Log.warning("DEBUG LOG: " + CommandException.printable(ctx.text(2)));
        ctx.reply().ok();
    }

    // ---- time -------------------------------------------------------------------------------------

    /// Nothing else runs on this shard meanwhile: that is the purpose.
    private static void sleep(CommandContext ctx) {
        try {
            Thread.sleep((long) (1000 * seconds(ctx.text(2))));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        ctx.reply().ok();
    }

    /// What is no number is none, as in Redis.
    private static double seconds(String text) {
        try {
            return Math.max(0, Double.parseDouble(text));
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private void activeExpiry(CommandContext ctx) {
        boolean on = seconds(ctx.text(2)) != 0;
        List<Boolean> _ = ctx.everywhere(there -> {
            shards.at(there.shardId()).housekeeping().activeExpiry(on);
            return on;
        });
        ctx.reply().ok();
    }

    // ---- keys -------------------------------------------------------------------------------------

    private static void object(CommandContext ctx) {
        String text = ctx.at(2, DebugCommands::described);
        if (text.isEmpty()) {
            throw CommandException.NO_SUCH_KEY;
        }
        ctx.reply().simple(text);
    }

    /// Empty if there is no such key.
    private static String described(CommandContext there) {
        Database db = there.db();
        long entry = db.peek(there.hash(2), there.argument(2), there.length(2), there.nowMillis());
        if (entry == Database.NONE) {
            return "";
        }
        Type type = Type.of(Entry.type(entry));
        long valueSize = Value.sizeBytes(entry) - (Entry.value(entry) - entry) + Value.partsBytes(entry);
        long idleSeconds = db.idleSeconds(entry, there.nowMillis());
        return "Value at:0x" + Long.toHexString(entry) + " refcount:1 encoding:"
                + (type == Type.STRING ? StringValue.encodingName(entry) : type.label()) + " serializedlength:"
                + valueSize + " lru:" + (there.nowMillis() / 1000 - idleSeconds & 0xFF_FFFF) + " lru_seconds_idle:"
                + idleSeconds;
    }

    private static void populate(CommandContext ctx) {
        long count = positive(ctx, 2);
        byte[] prefix = ctx.count() > 3 ? ctx.bytes(3) : new byte[] {'k', 'e', 'y'};
        int size = ctx.count() > 4 ? (int) Math.min(Limits.BULK_SIZE_MAX, positive(ctx, 4)) : 0;
        if (count > KEYS_AT_ONCE_MAX) {
            ctx.needFiber();
        }
        List<Long> _ = ctx.everywhere(there -> {
            if (count > KEYS_AT_ONCE_MAX) {
                there.needFiber();
            }
            return new Population(there, prefix, size).create(count);
        });
        ctx.reply().ok();
    }

    private static long positive(CommandContext ctx, int i) {
        long number;
        try {
            number = ctx.integer(i);
        } catch (CommandException _) {
            throw CommandException.MUST_BE_POSITIVE;
        }
        if (number < 0) {
            throw CommandException.MUST_BE_POSITIVE;
        }
        return number;
    }

    private void tables(CommandContext ctx) {
        long index = ctx.integer(2);
        if (index < 0 || index >= ctx.databaseCount()) {
            throw BAD_DATABASE;
        }
        var text = new StringBuilder("[Dictionary HT]\n");
        for (ShardReport report : ShardReport.all(ctx, shards)) {
            for (var keys : report.databases()) {
                if (keys.database() == index) {
                    text.append(line(report.id(), keys));
                }
            }
        }
        ctx.reply().verbatim("txt", text.toString());
    }

    private static String line(int shard, ShardReport.Keys keys) {
        return String.format(
                Locale.ROOT,
                "Hash table of shard %d:\n number of elements: %d\n with a deadline: %d\n table size: %d bytes,"
                        + " %.2f an element\n",
                shard,
                keys.keys(),
                keys.expires(),
                keys.tableBytes(),
                (double) keys.tableBytes() / keys.keys());
    }

    // ---- the protocol -----------------------------------------------------------------------------

    private static void stringMatch(CommandContext ctx) {
        long length = ctx.integer(2);
        if (length < 0 || length > MATCHED_BYTES_MAX) {
            throw CommandException.OUT_OF_RANGE;
        }
        byte[] text = new byte[(int) length];
        Arrays.fill(text, (byte) 'a');
        ctx.reply().integer(Glob.matches(ctx.bytes(3), text, false) ? 1 : 0);
    }

    private static void protocol(CommandContext ctx) {
        ReplyWriter reply = ctx.reply();
        switch (ctx.text(2).toLowerCase(Locale.ROOT)) {
            case "string" -> reply.bulk("Hello World");
            case "integer" -> reply.integer(12345);
            case "double" -> reply.real(3.141);
            case "bignum" -> reply.bigNumber("1234567999999999999999999999999999999");
            case "null" -> reply.nil();
            case "array" -> {
                reply.array(3);
                numbers(reply);
            }
            case "set" -> {
                reply.set(3);
                numbers(reply);
            }
            case "map" -> map(reply);
            case "attrib" -> attribute(reply);
            case "push" -> push(reply);
            case "verbatim" -> reply.verbatim("txt", "This is a verbatim\nstring");
            case "true" -> reply.bool(true);
            case "false" -> reply.bool(false);
            default -> throw BAD_TYPE;
        }
    }

    private static void numbers(ReplyWriter reply) {
        for (int i = 0; i < 3; i++) {
            reply.integer(i);
        }
    }

    private static void map(ReplyWriter reply) {
        reply.map(3);
        for (int i = 0; i < 3; i++) {
            reply.integer(i);
            reply.bool(i == 1);
        }
    }

    private static void attribute(ReplyWriter reply) {
        if (reply.resp() == Session.RESP3) {
            reply.attribute(1);
            reply.bulk("key-popularity");
            reply.array(2);
            reply.bulk("key:123");
            reply.integer(90);
        }
        reply.bulk("Some real reply following the attribute");
    }

    /// Who waits for the reply of this command must get one besides.
    private static void push(ReplyWriter reply) {
        if (reply.resp() == Session.RESP2) {
            throw RESP2_LACKS_IT;
        }
        reply.push(2);
        reply.bulk("server-cpu-usage");
        reply.integer(42);
        reply.bulk("Some real reply following the push reply");
    }
}
