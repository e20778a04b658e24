package io.anax.engine;

import static io.anax.command.CommandFamily.family;
import static io.anax.command.CommandFlag.ADMIN;
import static io.anax.command.CommandFlag.BARRIER;
import static io.anax.command.CommandFlag.LOADING;
import static io.anax.command.CommandFlag.NOSCRIPT;
import static io.anax.command.CommandFlag.STALE;

import io.anax.command.CommandContext;
import io.anax.command.CommandException;
import io.anax.command.CommandFamily;
import io.anax.command.Handler;
import io.anax.command.Session;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.function.Predicate;

/// CLIENT: what a client may know and say of itself, and of the others on all shards. And MONITOR, which
/// makes it see what they do.
public final class ClientCommands {
    private static final CommandException NO_SUCH_CLIENT = CommandException.error("ERR No such client");
    private static final CommandException BAD_ID = CommandException.error("ERR Invalid client ID");
    private static final CommandException BAD_PAUSE =
            CommandException.error("ERR CLIENT PAUSE mode must be WRITE or ALL");
    private static final CommandException NO_TRACKING =
            CommandException.error("ERR CLIENT TRACKING is not supported yet");
    private static final CommandException NOT_TRACKING = CommandException.error(
            "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode"
                    + " enabled");
    private static final Handler REFUSE_CACHING = _ -> {
        throw NOT_TRACKING;
    };
    private static final CommandException BAD_REASON =
            CommandException.error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
    private static final CommandException NO_UNBLOCK =
            CommandException.error("ERR CLIENT UNBLOCK is not supported yet: no command blocks its client");

    private static final int NO_REDIRECTION = -1;

    private final ShardSet shards;

    /// The set; its shards are made after the commands.
    public ClientCommands(ShardSet shards) {
        this.shards = shards;
    }

    /// A client as CLIENT LIST shows it.
    private record Line(long id, String text) {}

    /// MONITOR, which Redis counts to the group of its server.
    public CommandFamily monitoring() {
        return family("server")
                .add("MONITOR", this::monitor, ADMIN, NOSCRIPT, LOADING, STALE, BARRIER)
                .doc("O(1), and work for each command from then on", "1.0.0", "Shows every command that runs.");
    }

    /// CLIENT.
    public CommandFamily commands() {
        return declareOthers(declareOwn(family("connection")
                .container("CLIENT")
                .doc("Depends on subcommand.", "2.4.0", "Looks at clients and steers them.")
                .help("CLIENT")));
    }

    /// What a client says of its own connection.
    private CommandFamily declareOwn(CommandFamily family) {
        return family.add("CLIENT CACHING <YES | NO>", REFUSE_CACHING, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "6.0.0", "Tracks the keys of the next command, or not. There is no tracking yet.")
                .add("CLIENT GETNAME", ClientCommands::name, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "2.6.9", "Returns the name of the connection.")
                .add("CLIENT GETREDIR", ClientCommands::redirection, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "6.0.0", "Returns which client is told of changed keys: -1, none.")
                .add("CLIENT ID", ClientCommands::id, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "5.0.0", "Returns the number of the connection.")
                .add("CLIENT INFO", this::info, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "6.2.0", "Describes the connection.")
                .add("CLIENT NO-EVICT <ON | OFF>", ClientCommands::noEviction, ADMIN, NOSCRIPT, LOADING, STALE, BARRIER)
                .doc("O(1)", "7.0.0", "Protects the connection from being closed to save memory. None is so far.")
                .add("CLIENT NO-TOUCH <ON | OFF>", ClientCommands::noTouch, NOSCRIPT, LOADING, STALE, BARRIER)
                .doc("O(1)", "7.2.0", "Lets the connection read keys without their eviction knowing.")
                .add("CLIENT REPLY <ON | OFF | SKIP>", ClientCommands::reply, NOSCRIPT, LOADING, STALE, BARRIER)
                .doc("O(1)", "3.2.0", "Sends replies to the connection, or not, or not the next one.")
                .add(
                        "CLIENT SETINFO <LIB-NAME libname | LIB-VER libver>",
                        ClientCommands::library,
                        NOSCRIPT,
                        LOADING,
                        STALE,
                        BARRIER)
                .doc("O(1)", "7.2.0", "Says which library the client uses.")
                .add("CLIENT SETNAME connection-name", ClientCommands::rename, NOSCRIPT, LOADING, STALE, BARRIER)
                .doc("O(1)", "2.6.9", "Names the connection.")
                .add(
                        "CLIENT TRACKING <ON | OFF> [REDIRECT client-id] [PREFIX prefix [PREFIX prefix ...]] [BCAST]"
                                + " [OPTIN] [OPTOUT] [NOLOOP]",
                        ClientCommands::tracking,
                        NOSCRIPT,
                        LOADING,
                        STALE)
                .doc("O(1)", "6.0.0", "Tells the client of keys that it read and that change. Not supported yet.")
                .add("CLIENT TRACKINGINFO", ClientCommands::trackingInfo, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "6.2.0", "Describes the tracking of the connection: off.");
    }

    /// What it asks or does about others.
    private CommandFamily declareOthers(CommandFamily family) {
        return family.add(
                        "CLIENT KILL <ip:port | <[ID client-id] | [TYPE <NORMAL | MASTER | SLAVE | REPLICA | PUBSUB>]"
                                + " | [USER username] | [ADDR address] | [LADDR address] | [SKIPME <YES | NO>]"
                                + " | [MAXAGE maxage]>>",
                        this::kill,
                        ADMIN,
                        NOSCRIPT,
                        LOADING,
                        STALE)
                .arity(-3)
                .doc("O(N) in the number of clients.", "2.4.0", "Closes connections, by address or by filters.")
                .add(
                        "CLIENT LIST [TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] [ID client-id [client-id ...]]",
                        this::list,
                        ADMIN,
                        NOSCRIPT,
                        LOADING,
                        STALE)
                .doc("O(N) in the number of clients.", "2.4.0", "Describes all connections, or some.")
                .add("CLIENT PAUSE timeout [WRITE | ALL]", this::pause, ADMIN, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "3.0.0", "Lets the commands of clients wait, or those that write, for milliseconds.")
                .add(
                        "CLIENT UNBLOCK client-id [TIMEOUT | ERROR]",
                        ClientCommands::unblock,
                        ADMIN,
                        NOSCRIPT,
                        LOADING,
                        STALE)
                .doc("O(1)", "5.0.0", "Ends the waiting of a client for keys. No command waits for keys yet.")
                .add("CLIENT UNPAUSE", this::unpause, ADMIN, NOSCRIPT, LOADING, STALE)
                .doc("O(N) in the number of clients that wait.", "6.2.0", "Ends the pause of CLIENT PAUSE.");
    }

    // ---- oneself ----------------------------------------------------------------------------------

    private static void id(CommandContext ctx) {
        ctx.reply().integer(ctx.session().id());
    }

    private static void name(CommandContext ctx) {
        String name = ctx.session().name();
        if (name.isEmpty()) {
            ctx.reply().nil();
        } else {
            ctx.reply().bulk(name);
        }
    }

    private static void rename(CommandContext ctx) {
        ctx.session().rename(Session.checkedName(ctx.text(2)));
        ctx.reply().ok();
    }

    private static void library(CommandContext ctx) {
        Session session = ctx.session();
        boolean isName = ctx.is(2, "lib-name");
        if (!isName && !ctx.is(2, "lib-ver")) {
            throw CommandException.error("ERR Unrecognized option '" + CommandException.printable(ctx.text(2)) + "'");
        }
        String value = ctx.text(3);
        if (!Session.isPlain(value)) {
            throw CommandException.error("ERR " + (isName ? "lib-name" : "lib-ver")
                    + " cannot contain spaces, newlines or special characters.");
        }
        Session.limitLength(value);
        session.library(isName ? value : session.libraryName(), isName ? session.libraryVersion() : value);
        ctx.reply().ok();
    }

    private void info(CommandContext ctx) {
        Shard shard = shards.at(ctx.shardId());
        ctx.reply().verbatim("txt", ClientLine.of(own(ctx), shard));
    }

    /// The client that asks; its commands without keys run on its own shard.
    private Client own(CommandContext ctx) {
        for (Client client : shards.at(ctx.shardId()).clients()) {
            if (client.session() == ctx.session()) {
                return client;
            }
        }
        throw NO_SUCH_CLIENT;
    }

    private static void noEviction(CommandContext ctx) {
        ctx.session().evictable(!isOn(ctx));
        ctx.reply().ok();
    }

    private static void noTouch(CommandContext ctx) {
        ctx.session().quiet(isOn(ctx));
        ctx.reply().ok();
    }

    private static boolean isOn(CommandContext ctx) {
        if (ctx.is(2, "on")) {
            return true;
        }
        if (ctx.is(2, "off")) {
            return false;
        }
        throw CommandException.SYNTAX;
    }

    /// Only ON is answered.
    private static void reply(CommandContext ctx) {
        if (ctx.is(2, "skip")) {
            ctx.session().skipReply();
            return;
        }
        boolean on = isOn(ctx);
        ctx.session().sendReplies(on);
        if (on) {
            ctx.reply().ok();
        }
    }

    private static void redirection(CommandContext ctx) {
        ctx.reply().integer(NO_REDIRECTION);
    }

    private static void trackingInfo(CommandContext ctx) {
        ctx.reply().map(3);
        ctx.reply().bulk("flags");
        ctx.reply().set(1);
        ctx.reply().bulk("off");
        ctx.reply().bulk("redirect");
        ctx.reply().integer(NO_REDIRECTION);
        ctx.reply().bulk("prefixes");
        ctx.reply().array(0);
    }

    /// It is off; to switch it off is no wish that could fail.
    private static void tracking(CommandContext ctx) {
        if (isOn(ctx)) {
            throw NO_TRACKING;
        }
        ctx.reply().ok();
    }

    private static void unblock(CommandContext ctx) {
        if (ctx.count() > 4) {
            throw CommandException.subcommandSyntax(ctx.bytes(1), "client");
        }
        if (ctx.count() == 4 && !ctx.is(3, "timeout") && !ctx.is(3, "error")) {
            throw BAD_REASON;
        }
        long _ = ctx.integer(2);
        throw NO_UNBLOCK;
    }

    // ---- others -----------------------------------------------------------------------------------

    private void list(CommandContext ctx) {
        if (ctx.count() == 2) {
            write(ctx, lines(ctx, _ -> true));
        } else if (ctx.count() == 4 && ctx.is(2, "type")) {
            ClientKind kind = ClientFilter.kind(ctx.text(3));
            write(ctx, lines(ctx, client -> ClientKind.of(client) == kind));
        } else if (ctx.count() > 3 && ctx.is(2, "id")) {
            write(ctx, named(ctx));
        } else {
            throw CommandException.SYNTAX;
        }
    }

    private List<Line> lines(CommandContext ctx, Predicate<Session> meant) {
        return ctx.everywhere(there -> lines(shards.at(there.shardId()), meant)).stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(Line::id))
                .toList();
    }

    private static List<Line> lines(Shard shard, Predicate<Session> meant) {
        var lines = new ArrayList<Line>();
        for (Client client : shard.clients()) {
            if (meant.test(client.session())) {
                lines.add(new Line(client.session().id(), ClientLine.of(client, shard)));
            }
        }
        return lines;
    }

    /// In the order in which they are named; one that is not there is left out.
    private List<Line> named(CommandContext ctx) {
        ctx.limitTextArguments();
        var ids = new ArrayList<Long>();
        for (int i = 3; i < ctx.count(); i++) {
            ids.add(ClientFilter.integer(ctx, i, BAD_ID));
        }
        var byId = new HashMap<Long, Line>();
        lines(ctx, client -> ids.contains(client.id())).forEach(line -> byId.put(line.id, line));
        return ids.stream().filter(byId::containsKey).map(byId::get).toList();
    }

    private static void write(CommandContext ctx, List<Line> lines) {
        var text = new StringBuilder();
        lines.forEach(line -> text.append(line.text));
        ctx.reply().verbatim("txt", text.toString());
    }

    /// The old form answers OK, the new one how many it closed.
    private void kill(CommandContext ctx) {
        if (ctx.count() == 3) {
            if (killed(ctx, ClientFilter.ofAddress(ctx.text(2))) == 0) {
                throw NO_SUCH_CLIENT;
            }
            ctx.reply().ok();
        } else {
            ctx.reply().integer(killed(ctx, ClientFilter.ofOptions(ctx, 2)));
        }
    }

    private int killed(CommandContext ctx, ClientFilter filter) {
        return ctx
                .everywhere(there -> killed(shards.at(there.shardId()), filter, there.session(), there.nowMillis()))
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    private static int killed(Shard shard, ClientFilter filter, Session me, long nowMillis) {
        int killed = 0;
        for (Client client : List.copyOf(shard.clients())) {
            if (filter.means(client.session(), me, nowMillis)) {
                killed++;
                if (client.session() == me) {
                    me.closeAfterReply();
                } else {
                    client.kill();
                }
            }
        }
        return killed;
    }

    // ---- all of them ------------------------------------------------------------------------------

    private void pause(CommandContext ctx) {
        if (ctx.count() > 4) {
            throw CommandException.subcommandSyntax(ctx.bytes(1), "client");
        }
        boolean writesOnly = ctx.count() == 4 && ctx.is(3, "write");
        if (ctx.count() == 4 && !writesOnly && !ctx.is(3, "all")) {
            throw BAD_PAUSE;
        }
        long until = until(ctx);
        Pause.Kind kind = writesOnly ? Pause.Kind.WRITES : Pause.Kind.ALL;
        List<Boolean> _ = ctx.everywhere(there -> {
            shards.at(there.shardId()).pause().begin(kind, until, there.nowMillis());
            return true;
        });
        ctx.reply().ok();
    }

    private static long until(CommandContext ctx) {
        long millis = ClientFilter.integer(ctx, 2, CommandException.TIMEOUT_NOT_AN_INTEGER);
        if (millis < 0) {
            throw CommandException.TIMEOUT_NEGATIVE;
        }
        if (millis > Long.MAX_VALUE - ctx.nowMillis()) {
            throw CommandException.TIMEOUT_OUT_OF_RANGE;
        }
        return ctx.nowMillis() + millis;
    }

    private void unpause(CommandContext ctx) {
        List<Boolean> _ = ctx.everywhere(there -> {
            shards.at(there.shardId()).pause().end();
            return true;
        });
        ctx.reply().ok();
    }

    /// All shards know before the reply is written; the lines come after it. A second MONITOR is not
    /// answered, as in Redis.
    private void monitor(CommandContext ctx) {
        if (ctx.session().isMonitoring()) {
            return;
        }
        Client client = own(ctx);
        int home = ctx.shardId();
        List<Boolean> _ = ctx.everywhere(there -> {
            shards.at(there.shardId()).monitors().watchedFrom(home);
            return true;
        });
        ctx.session().monitor();
        shards.at(home).monitors().add(client);
        ctx.reply().ok();
        if (!client.isWaiting()) {
            ctx.session().monitoringBegan(); // else when the reply is handed out
        }
    }
}
