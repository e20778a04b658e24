package io.anax.engine;

import io.anax.command.CommandContext;
import io.anax.command.CommandException;
import io.anax.command.Session;
import org.jspecify.annotations.Nullable;

/// Which clients CLIENT KILL means: those of whom everything is true that was said. Made of the arguments
/// once, then asked on each shard.
///
/// ```
///  CLIENT KILL 1.2.3.4:567                                    one by its address, even oneself
///  CLIENT KILL [ID n] [TYPE t] [USER u] [ADDR a] [LADDR a] [SKIPME yes|no] [MAXAGE seconds]
/// ```
///
/// @param id 0: any; and so null and 0 elsewhere
record ClientFilter(
        long id,
        @Nullable ClientKind kind,
        @Nullable String address,
        @Nullable String localAddress,
        boolean skipsMe,
        long minAgeSeconds) {

    private static final ClientFilter ALL = new ClientFilter(0, null, null, null, true, 0);
    private static final CommandException BAD_ID = CommandException.error("ERR client-id should be greater than 0");
    private static final CommandException BAD_AGE =
            CommandException.error("ERR maxage is not an integer or out of range");
    private static final CommandException AGE_NOT_POSITIVE =
            CommandException.error("ERR maxage should be greater than 0");

    static ClientFilter ofAddress(String address) {
        return new ClientFilter(0, null, address, null, false, 0);
    }

    /// The options from argument `first` on, in pairs. The last one of a name counts.
    static ClientFilter ofOptions(CommandContext ctx, int first) {
        ctx.limitTextArguments();
        ClientFilter filter = ALL;
        for (int i = first; i < ctx.count(); i += 2) {
            if (i + 1 == ctx.count()) {
                throw CommandException.SYNTAX;
            }
            filter = filter.with(ctx, i);
        }
        return filter;
    }

    private ClientFilter with(CommandContext ctx, int i) {
        String value = ctx.text(i + 1);
        if (ctx.is(i, "id")) {
            return new ClientFilter(positive(ctx, i + 1), kind, address, localAddress, skipsMe, minAgeSeconds);
        }
        if (ctx.is(i, "type")) {
            return new ClientFilter(id, kind(value), address, localAddress, skipsMe, minAgeSeconds);
        }
        if (ctx.is(i, "addr")) {
            return new ClientFilter(id, kind, value, localAddress, skipsMe, minAgeSeconds);
        }
        if (ctx.is(i, "laddr")) {
            return new ClientFilter(id, kind, address, value, skipsMe, minAgeSeconds);
        }
        if (ctx.is(i, "user")) {
            return withUser(value);
        }
        if (ctx.is(i, "skipme")) {
            return new ClientFilter(id, kind, address, localAddress, yes(ctx, i + 1), minAgeSeconds);
        }
        if (ctx.is(i, "maxage")) {
            return new ClientFilter(id, kind, address, localAddress, skipsMe, age(ctx, i + 1));
        }
        throw CommandException.SYNTAX;
    }

    /// There is one user, and all clients are that.
    private ClientFilter withUser(String name) {
        if (!name.equals("default")) {
            throw CommandException.error("ERR No such user '" + CommandException.printable(name) + "'");
        }
        return this;
    }

    static ClientKind kind(String word) {
        ClientKind kind = ClientKind.named(word);
        if (kind == null) {
            throw CommandException.error("ERR Unknown client type '" + CommandException.printable(word) + "'");
        }
        return kind;
    }

    private static long positive(CommandContext ctx, int i) {
        long number = integer(ctx, i, BAD_ID);
        if (number <= 0) {
            throw BAD_ID;
        }
        return number;
    }

    private static long age(CommandContext ctx, int i) {
        long seconds = integer(ctx, i, BAD_AGE);
        if (seconds <= 0) {
            throw AGE_NOT_POSITIVE;
        }
        return seconds;
    }

    static long integer(CommandContext ctx, int i, CommandException otherwise) {
        try {
            return ctx.integer(i);
        } catch (CommandException _) {
            throw otherwise;
        }
    }

    private static boolean yes(CommandContext ctx, int i) {
        if (ctx.is(i, "yes")) {
            return true;
        }
        if (ctx.is(i, "no")) {
            return false;
        }
        throw CommandException.SYNTAX;
    }

    /// Whether it means this client, when `me` asks.
    boolean means(Session client, Session me, long nowMillis) {
        return (id == 0 || client.id() == id)
                && (kind == null || ClientKind.of(client) == kind)
                && (address == null || client.address().equals(address))
                && (localAddress == null || client.localAddress().equals(localAddress))
                && (!skipsMe || client != me)
                && (nowMillis - client.createdMillis()) / 1000 >= minAgeSeconds;
    }
}
