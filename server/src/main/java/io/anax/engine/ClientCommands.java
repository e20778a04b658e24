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
import io.anax.command.Session;

/// CLIENT: what a client may know and say of itself, and of the others.
public final class ClientCommands {
    private static final CommandException NO_SUCH_CLIENT = CommandException.error("ERR No such client");

    private final ShardSet shards;

    /// The set; its shards are made after the commands.
    public ClientCommands(ShardSet shards) {
        this.shards = shards;
    }

    public CommandFamily commands() {
        return family("connection")
                .container("CLIENT")
                .doc("Depends on subcommand.", "2.4.0", "Looks at clients and steers them.")
                .help("CLIENT")
                .add("CLIENT ID", ClientCommands::id, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "5.0.0", "Returns the number of the connection.")
                .add("CLIENT GETNAME", ClientCommands::name, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "2.6.9", "Returns the name of the connection.")
                .add("CLIENT SETNAME connection-name", ClientCommands::rename, NOSCRIPT, LOADING, STALE, BARRIER)
                .doc("O(1)", "2.6.9", "Names the connection.")
                .add(
                        "CLIENT SETINFO <LIB-NAME libname | LIB-VER libver>",
                        ClientCommands::library,
                        NOSCRIPT,
                        LOADING,
                        STALE,
                        BARRIER)
                .doc("O(1)", "7.2.0", "Says which library the client uses.")
                .add("CLIENT INFO", this::info, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "6.2.0", "Describes the connection.")
                .add("CLIENT LIST [ID client-id [client-id ...]]", this::list, ADMIN, NOSCRIPT, LOADING, STALE)
                .doc("O(N) in the number of clients.", "2.4.0", "Describes all connections, or some.")
                .add("CLIENT KILL ID client-id", this::kill, ADMIN, NOSCRIPT, LOADING, STALE)
                .arity(-3)
                .doc("O(N) in the number of clients.", "2.4.0", "Closes a connection, by its number or address.");
    }

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
        session.library(isName ? value : session.libraryName(), isName ? session.libraryVersion() : value);
        ctx.reply().ok();
    }

    private void info(CommandContext ctx) {
        for (Client client : shards.at(0).clients()) {
            if (client.session() == ctx.session()) {
                ctx.reply().verbatim("txt", line(client));
                return;
            }
        }
        throw NO_SUCH_CLIENT;
    }

    private void list(CommandContext ctx) {
        if (ctx.count() > 2 && !ctx.is(2, "id")) {
            throw CommandException.SYNTAX;
        }
        var lines = new StringBuilder();
        for (Client client : shards.at(0).clients()) {
            if (ctx.count() == 2 || isNamed(ctx, client.session().id())) {
                lines.append(line(client));
            }
        }
        ctx.reply().verbatim("txt", lines.toString());
    }

    private static boolean isNamed(CommandContext ctx, long id) {
        if (ctx.count() == 3) {
            throw CommandException.SYNTAX;
        }
        boolean found = false;
        for (int i = 3; i < ctx.count(); i++) {
            found |= ctx.integer(i) == id;
        }
        return found;
    }

    /// `CLIENT KILL address` answers OK, `CLIENT KILL ID n` or `ADDR a` how many it closed.
    private void kill(CommandContext ctx) {
        if (ctx.count() == 3) {
            if (killWhere(ctx, -1, ctx.text(2)) == 0) {
                throw NO_SUCH_CLIENT;
            }
            ctx.reply().ok();
        } else if (ctx.count() == 4 && ctx.is(2, "id")) {
            ctx.reply().integer(killWhere(ctx, ctx.integer(3), ""));
        } else if (ctx.count() == 4 && ctx.is(2, "addr")) {
            ctx.reply().integer(killWhere(ctx, -1, ctx.text(3)));
        } else {
            throw CommandException.SYNTAX;
        }
    }

    private int killWhere(CommandContext ctx, long id, String address) {
        int killed = 0;
        for (Client client : shards.at(0).clients()) {
            Session session = client.session();
            if (session.id() == id || session.address().equals(address)) {
                killed++;
                if (session == ctx.session()) {
                    session.closeAfterReply();
                } else {
                    client.kill();
                }
            }
        }
        return killed;
    }

    /// One client as CLIENT LIST shows it: the fields of Redis that mean something here.
    private String line(Client client) {
        Session session = client.session();
        long now = shards.at(0).nowMillis();
        return "id=" + session.id() + " addr=" + session.address() + " laddr=" + session.localAddress() + " name="
                + session.name() + " age=" + (now - session.createdMillis()) / 1000 + " idle="
                + (now - session.lastActiveMillis()) / 1000 + " flags=N db=" + session.database()
                + " sub=0 psub=0 ssub=0 multi=-1 obl=" + client.output().sizeBytes() + " tot-mem="
                + client.heldBytes() + " events=r cmd=" + shards.at(0).commandName(session.lastCommand())
                + " user=default redir=-1 resp=" + session.resp() + " lib-name=" + session.libraryName() + " lib-ver="
                + session.libraryVersion() + "\n";
    }
}
