package io.anax.command;

import static io.anax.command.CommandFamily.family;
import static io.anax.command.CommandFlag.ALLOW_BUSY;
import static io.anax.command.CommandFlag.BARRIER;
import static io.anax.command.CommandFlag.FAST;
import static io.anax.command.CommandFlag.LOADING;
import static io.anax.command.CommandFlag.NOSCRIPT;
import static io.anax.command.CommandFlag.NO_AUTH;
import static io.anax.command.CommandFlag.STALE;

import io.anax.Hot;
import io.anax.protocol.ReplyWriter;
import java.nio.charset.StandardCharsets;

/// Commands about the connection itself: who it is, which database and protocol it speaks.
public final class ConnectionCommands {
    private static final byte[] PONG = "PONG".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RESET = "RESET".getBytes(StandardCharsets.US_ASCII);
    private static final CommandException NO_PASSWORD_SET =
            CommandException.error("ERR AUTH <password> called without any password configured for the default user. "
                    + "Are you sure your configuration is correct?");
    private static final CommandException BAD_VERSION =
            CommandException.error("ERR Protocol version is not an integer or out of range");
    private static final CommandException HELLO_NEEDS_AUTH = CommandException.error(
            "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH "
                    + "<user> <pass> option can be used to authenticate the client and select the RESP protocol "
                    + "version at the same time");

    private final Credentials credentials;
    private final String version;

    public ConnectionCommands(Credentials credentials, String version) {
        this.credentials = credentials;
        this.version = version;
    }

    public CommandFamily commands() {
        return family("connection")
                .add(
                        "AUTH [username] password",
                        this::auth,
                        NOSCRIPT,
                        LOADING,
                        STALE,
                        FAST,
                        NO_AUTH,
                        ALLOW_BUSY,
                        BARRIER)
                .doc("O(1)", "1.0.0", "Says who the client is.")
                .add("ECHO message", ConnectionCommands::echo, LOADING, STALE, FAST)
                .doc("O(1)", "1.0.0", "Returns the message.")
                .add(
                        "HELLO [protover [AUTH username password] [SETNAME clientname]]",
                        this::hello,
                        NOSCRIPT,
                        LOADING,
                        STALE,
                        FAST,
                        NO_AUTH,
                        ALLOW_BUSY,
                        BARRIER)
                .doc("O(1)", "6.0.0", "Greets the server and chooses the protocol's version.")
                .add("PING [message]", ConnectionCommands::ping, FAST)
                .doc("O(1)", "1.0.0", "Answers that the server is there.")
                .add("QUIT", ConnectionCommands::quit, NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY, BARRIER)
                .arity(-1)
                .doc("O(1)", "1.0.0", "Closes the connection.")
                .add("RESET", this::reset, NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY, BARRIER)
                .doc("O(1)", "6.2.0", "Makes the connection as if it were new.")
                .add("SELECT index", this::select, LOADING, STALE, FAST, BARRIER)
                .doc("O(1)", "1.0.0", "Changes the database of the connection.");
    }

    @Hot
    private static void ping(CommandContext ctx) {
        if (ctx.count() > 2) {
            throw CommandException.wrongArity("ping");
        }
        if (ctx.count() == 2) {
            echo(ctx);
        } else {
            ctx.reply().simple(PONG);
        }
    }

    private static void echo(CommandContext ctx) {
        ctx.reply().bulk(ctx.argument(1), ctx.length(1));
    }

    private static void quit(CommandContext ctx) {
        ctx.reply().ok();
        ctx.session().closeAfterReply();
    }

    private void reset(CommandContext ctx) {
        ctx.session().reset(!credentials.isPasswordNeeded());
        ctx.reply().into(ctx.reply().output(), Session.RESP2);
        ctx.reply().simple(RESET);
    }

    private void select(CommandContext ctx) {
        long index = ctx.integer(1);
        if (index < 0 || index >= ctx.databaseCount()) {
            throw CommandException.DB_INDEX_OUT_OF_RANGE;
        }
        ctx.session().select((int) index);
        ctx.reply().ok();
    }

    private void auth(CommandContext ctx) {
        if (ctx.count() > 3) {
            throw CommandException.SYNTAX;
        }
        if (ctx.count() == 2 && !credentials.isPasswordNeeded()) {
            throw NO_PASSWORD_SET;
        }
        String user = ctx.count() == 3 ? ctx.text(1) : Credentials.DEFAULT_USER;
        authenticate(ctx.session(), user, ctx.bytes(ctx.count() - 1));
        ctx.reply().ok();
    }

    private void authenticate(Session session, String user, byte[] password) {
        if (!credentials.accepts(user, password)) {
            throw CommandException.WRONG_PASSWORD;
        }
        session.authenticate(true);
    }

    /// Nothing of it counts unless all of it is right.
    private void hello(CommandContext ctx) {
        Session session = ctx.session();
        int protocol = session.resp();
        if (ctx.count() > 1) {
            protocol = protocol(ctx);
        }
        String name = session.name();
        for (int i = 2; i < ctx.count(); i++) {
            int left = ctx.count() - 1 - i;
            if (ctx.is(i, "auth") && left >= 2) {
                authenticate(session, ctx.text(i + 1), ctx.bytes(i + 2));
                i += 2;
            } else if (ctx.is(i, "setname") && left >= 1) {
                name = Session.checkedName(ctx.text(++i));
            } else {
                throw CommandException.error(
                        "ERR Syntax error in HELLO option '" + CommandException.printable(ctx.text(i)) + "'");
            }
        }
        if (!session.authenticated()) {
            throw HELLO_NEEDS_AUTH;
        }
        session.rename(name);
        session.speak(protocol);
        greet(ctx);
    }

    private static int protocol(CommandContext ctx) {
        long wanted;
        try {
            wanted = ctx.integer(1);
        } catch (CommandException _) {
            throw BAD_VERSION;
        }
        if (wanted != Session.RESP2 && wanted != Session.RESP3) {
            throw CommandException.NO_PROTOCOL;
        }
        return (int) wanted;
    }

    private void greet(CommandContext ctx) {
        ReplyWriter reply = ctx.reply();
        reply.into(reply.output(), ctx.session().resp());
        reply.map(7);
        reply.bulk("server");
        reply.bulk("redis");
        reply.bulk("version");
        reply.bulk(version);
        reply.bulk("proto");
        reply.integer(ctx.session().resp());
        reply.bulk("id");
        reply.integer(ctx.session().id());
        reply.bulk("mode");
        reply.bulk("standalone");
        reply.bulk("role");
        reply.bulk("master");
        reply.bulk("modules");
        reply.array(0);
    }
}
