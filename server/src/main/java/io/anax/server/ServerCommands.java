package io.anax.server;

import static io.anax.command.CommandFamily.family;
import static io.anax.command.CommandFlag.ADMIN;
import static io.anax.command.CommandFlag.ALLOW_BUSY;
import static io.anax.command.CommandFlag.FAST;
import static io.anax.command.CommandFlag.LOADING;
import static io.anax.command.CommandFlag.NOSCRIPT;
import static io.anax.command.CommandFlag.NO_MULTI;
import static io.anax.command.CommandFlag.PROTECTED;
import static io.anax.command.CommandFlag.READONLY;
import static io.anax.command.CommandFlag.STALE;

import io.anax.command.AclCommands;
import io.anax.command.CommandContext;
import io.anax.command.CommandException;
import io.anax.command.CommandFamily;
import java.util.List;

/// Commands about the server as a whole. The containers have a file each.
final class ServerCommands {
    private final Server server;
    private final DebugCommands debug;
    private final InfoCommand info;

    ServerCommands(Server server) {
        this.server = server;
        debug = new DebugCommands(server.shards());
        info = new InfoCommand(server);
    }

    /// All families that this package declares.
    List<CommandFamily> families() {
        var shards = server.shards();
        var config = server.config();
        return List.of(
                commands(),
                new ConfigCommands(config, server.settings(), shards).commands(),
                new SlowlogCommands(shards, config).commands(),
                new LatencyCommands(shards, config).commands(),
                new MemoryCommands(shards, config).commands(),
                new AclCommands(() -> shards.at(0).allCommands()).commands());
    }

    private CommandFamily commands() {
        return family("server")
                .add("DEBUG subcommand [arg [arg ...]]", debug::debug, ADMIN, NOSCRIPT, LOADING, STALE, PROTECTED)
                .doc("Depends on subcommand.", "1.0.0", "Helps to test the server and its clients.")
                .add("INFO [section [section ...]]", info::info, LOADING, STALE)
                .doc("O(1)", "1.0.0", "Describes the server and what it counted.")
                .acl("dangerous")
                .add("LOLWUT [VERSION version]", Lolwut::reply, READONLY, FAST)
                .doc("O(1)", "5.0.0", "Draws a picture, and says which version this is.")
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
