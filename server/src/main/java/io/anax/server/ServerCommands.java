package io.anax.server;

import static io.anax.command.CommandFamily.family;
import static io.anax.command.CommandFlag.ADMIN;
import static io.anax.command.CommandFlag.ALLOW_BUSY;
import static io.anax.command.CommandFlag.FAST;
import static io.anax.command.CommandFlag.LOADING;
import static io.anax.command.CommandFlag.NOSCRIPT;
import static io.anax.command.CommandFlag.NO_MULTI;
import static io.anax.command.CommandFlag.STALE;

import io.anax.command.CommandContext;
import io.anax.command.CommandException;
import io.anax.command.CommandFamily;
import io.anax.command.Glob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Commands about the server as a whole.
final class ServerCommands {
    private final Server server;

    ServerCommands(Server server) {
        this.server = server;
    }

    CommandFamily commands() {
        return family("server")
                .container("CONFIG")
                .doc("Depends on subcommand.", "2.0.0", "Reads and changes settings.")
                .help("CONFIG")
                .add("CONFIG GET parameter [parameter ...]", this::configGet, ADMIN, NOSCRIPT, LOADING, STALE)
                .doc("O(N) in the number of parameters.", "2.0.0", "Returns the settings whose names match.")
                .add(
                        "CONFIG SET parameter value [parameter value ...]",
                        this::configSet,
                        ADMIN,
                        NOSCRIPT,
                        LOADING,
                        STALE)
                .doc("O(N) in the number of parameters.", "2.0.0", "Changes settings.")
                .add("CONFIG RESETSTAT", this::resetStatistics, ADMIN, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "2.0.0", "Sets the counters that INFO shows to zero.")
                .add("INFO [section [section ...]]", this::info, LOADING, STALE)
                .doc("O(1)", "1.0.0", "Describes the server and what it counted.")
                .acl("dangerous")
                .add(
                        "SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]",
                        this::shutdown,
                        ADMIN,
                        NOSCRIPT,
                        LOADING,
                        STALE,
                        NO_MULTI,
                        ALLOW_BUSY)
                .doc("O(1)", "1.0.0", "Stops the server.")
                .add("TIME", ServerCommands::time, LOADING, STALE, FAST)
                .doc("O(1)", "2.6.0", "Returns the time of the server.");
    }

    private void configGet(CommandContext ctx) {
        var found = new ArrayList<Directive>();
        for (Directive directive : Directive.all()) {
            for (int i = 2; i < ctx.count(); i++) {
                byte[] name = directive.word().getBytes(StandardCharsets.US_ASCII);
                if (Glob.matches(ctx.bytes(i), name, true)) {
                    found.add(directive);
                    break;
                }
            }
        }
        ctx.reply().map(found.size());
        for (Directive directive : found) {
            ctx.reply().bulk(directive.word());
            ctx.reply().bulk(server.config().text(directive));
        }
    }

    /// All or nothing: every value is looked at before the first is set.
    private void configSet(CommandContext ctx) {
        if (ctx.count() % 2 != 0) {
            throw CommandException.wrongArity("config|set");
        }
        if (ctx.shardCount() > 1) {
            ctx.needFiber();
        }
        List<Directive> directives = new ArrayList<>();
        for (int i = 2; i < ctx.count(); i += 2) {
            directives.add(settable(ctx, i));
        }
        try {
            for (int i = 0; i < directives.size(); i++) {
                server.config().set(directives.get(i), ctx.text(3 + 2 * i));
            }
        } catch (ConfigException e) {
            throw new AssertionError("was looked at before", e);
        }
        ctx.everywhere(there -> {
            directives.forEach(directive -> server.apply(directive, there.shardId()));
            return true;
        });
        ctx.reply().ok();
    }

    private static Directive settable(CommandContext ctx, int at) {
        Directive directive;
        try {
            directive = Directive.named(ctx.text(at));
        } catch (ConfigException _) {
            throw CommandException.error("ERR Unknown option or number of arguments for CONFIG SET - '"
                    + CommandException.printable(ctx.text(at)) + "'");
        }
        if (!directive.isMutable()) {
            throw failed(directive, "can't set immutable config");
        }
        try {
            String _ = directive.checked(ctx.text(at + 1));
        } catch (ConfigException e) {
            throw failed(directive, CommandException.printable(String.valueOf(e.getMessage())));
        }
        return directive;
    }

    private static CommandException failed(Directive directive, String why) {
        return CommandException.error(
                "ERR CONFIG SET failed (possibly related to argument '" + directive.word() + "') - " + why);
    }

    private void resetStatistics(CommandContext ctx) {
        server.shards().at(0).statistics().reset();
        server.shards().at(0).databases().statistics().reset();
        ctx.reply().ok();
    }

    private void info(CommandContext ctx) {
        var wanted = new ArrayList<String>();
        for (int i = 1; i < ctx.count(); i++) {
            wanted.add(ctx.text(i).toLowerCase(Locale.ROOT));
        }
        ctx.reply().verbatim("txt", new Info(server, ctx.nowMillis()).text(wanted));
    }

    /// There is nothing to save yet, so SAVE cannot be promised.
    private void shutdown(CommandContext ctx) {
        for (int i = 1; i < ctx.count(); i++) {
            if (ctx.is(i, "save")) {
                throw CommandException.error("ERR Errors trying to SHUTDOWN. This version keeps no snapshots.");
            }
            if (ctx.is(i, "abort")) {
                throw CommandException.error("ERR No shutdown in progress.");
            }
            if (!ctx.is(i, "nosave") && !ctx.is(i, "now") && !ctx.is(i, "force")) {
                throw CommandException.SYNTAX;
            }
        }
        ctx.session().closeAfterReply();
        server.stop();
    }

    private static void time(CommandContext ctx) {
        var now = java.time.Instant.now();
        ctx.reply().array(2);
        ctx.reply().bulkInteger(now.getEpochSecond());
        ctx.reply().bulkInteger(now.getNano() / 1000);
    }
}
