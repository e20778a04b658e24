package io.anax.server;

import static io.anax.command.CommandFamily.family;
import static io.anax.command.CommandFlag.ADMIN;
import static io.anax.command.CommandFlag.LOADING;
import static io.anax.command.CommandFlag.NOSCRIPT;
import static io.anax.command.CommandFlag.STALE;

import io.anax.command.CommandContext;
import io.anax.command.CommandException;
import io.anax.command.CommandFamily;
import io.anax.command.Glob;
import io.anax.engine.ShardSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// CONFIG: reads and changes the settings of the running server.
final class ConfigCommands {
    private static final CommandException NO_FILE =
            CommandException.error("ERR The server is running without a config file");

    private final Config config;
    private final Settings settings;
    private final ShardSet shards;

    ConfigCommands(Config config, Settings settings, ShardSet shards) {
        this.config = config;
        this.settings = settings;
        this.shards = shards;
    }

    CommandFamily commands() {
        return family("server")
                .container("CONFIG")
                .doc("Depends on subcommand.", "2.0.0", "Reads and changes settings.")
                .help("CONFIG")
                .add("CONFIG GET parameter [parameter ...]", this::get, ADMIN, NOSCRIPT, LOADING, STALE)
                .doc("O(N) in the number of parameters.", "2.0.0", "Returns the settings whose names match.")
                .add("CONFIG SET parameter value [parameter value ...]", this::set, ADMIN, NOSCRIPT, LOADING, STALE)
                .doc("O(N) in the number of parameters.", "2.0.0", "Changes settings.")
                .add("CONFIG RESETSTAT", this::resetStatistics, ADMIN, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "2.0.0", "Sets the counters that INFO shows to zero.")
                .add("CONFIG REWRITE", this::rewrite, ADMIN, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "2.8.0", "Writes the settings in force to the configuration file.");
    }

    private void get(CommandContext ctx) {
        ctx.limitTextArguments();
        var found = new LinkedHashMap<Directive, String>();
        for (Directive directive : Directive.all()) {
            String name = nameIfMeant(ctx, directive);
            if (!name.isEmpty()) {
                found.put(directive, name);
            }
        }
        ctx.reply().map(found.size());
        found.forEach((directive, name) -> {
            ctx.reply().bulk(name);
            ctx.reply().bulk(config.text(directive));
        });
    }

    /// The name to answer with: as the client wrote it, if it is no pattern. Empty if no argument means it.
    private static String nameIfMeant(CommandContext ctx, Directive directive) {
        byte[] name = directive.word().getBytes(StandardCharsets.US_ASCII);
        for (int i = 2; i < ctx.count(); i++) {
            if (Glob.matches(ctx.bytes(i), name, true)) {
                String asked = ctx.text(i);
                return asked.equalsIgnoreCase(directive.word()) ? asked : directive.word();
            }
        }
        return "";
    }

    /// All or nothing: every value is looked at before the first is set; then all shards take them over.
    private void set(CommandContext ctx) {
        var changes = changes(ctx);
        if (shards.count() > 1) {
            ctx.needFiber(); // before anything is set
        }
        try {
            config.setAll(changes);
        } catch (Config.RefusedException e) {
            throw failed(e.directive(), CommandException.printable(e.why().reason()));
        }
        List<Boolean> _ = ctx.everywhere(there -> apply(changes.keySet(), there.shardId()));
        ctx.reply().ok();
    }

    private boolean apply(Iterable<Directive> directives, int shardId) {
        for (Directive directive : directives) {
            settings.apply(directive, shards.at(shardId));
        }
        return true;
    }

    private static Map<Directive, String> changes(CommandContext ctx) {
        if (ctx.count() % 2 != 0) {
            throw CommandException.SYNTAX;
        }
        var changes = new EnumMap<Directive, String>(Directive.class);
        for (int i = 2; i < ctx.count(); i += 2) {
            Directive directive = settable(ctx.text(i));
            if (changes.put(directive, ctx.text(i + 1)) != null) {
                throw failed(directive, "duplicate parameter");
            }
        }
        return changes;
    }

    private static Directive settable(String name) {
        Directive directive;
        try {
            directive = Directive.named(name);
        } catch (ConfigException _) {
            throw CommandException.error("ERR Unknown option or number of arguments for CONFIG SET - '"
                    + CommandException.printable(name) + "'");
        }
        if (!directive.isMutable()) {
            throw failed(directive, "can't set immutable config");
        }
        return directive;
    }

    private static CommandException failed(Directive directive, String why) {
        return CommandException.error(
                "ERR CONFIG SET failed (possibly related to argument '" + directive.word() + "') - " + why);
    }

    private void resetStatistics(CommandContext ctx) {
        List<Boolean> _ = ctx.everywhere(there -> {
            shards.at(there.shardId()).resetStatistics();
            return true;
        });
        ctx.reply().ok();
    }

    private void rewrite(CommandContext ctx) {
        Path file = config.file();
        if (file == null) {
            throw NO_FILE;
        }
        try {
            ConfigFile.rewrite(file, config);
        } catch (IOException e) {
            throw CommandException.error(
                    "ERR Rewriting config file: " + CommandException.printable(String.valueOf(e.getMessage())));
        }
        ctx.reply().ok();
    }
}
