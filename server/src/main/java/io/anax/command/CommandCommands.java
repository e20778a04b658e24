package io.anax.command;

import static io.anax.command.CommandFlag.LOADING;
import static io.anax.command.CommandFlag.STALE;

import io.anax.protocol.ReplyWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// COMMAND and its subcommands: what clients ask to learn which commands there are. They need the
/// table that they are a part of, so that is given to them when it is there: [#tell].
public final class CommandCommands {
    private static final CommandException INVALID_COMMAND = CommandException.error("ERR Invalid command specified");
    private static final CommandException INVALID_COUNT =
            CommandException.error("ERR Invalid number of arguments specified for command");
    private static final CommandException INVALID_ARGUMENTS =
            CommandException.error("ERR Invalid arguments specified for command");

    /// Of COMMAND GETKEYS name …, where the name is.
    private static final int INNER_BEGIN = 2;

    private static final int FILTER_COUNT = 5; // COMMAND LIST FILTERBY kind value

    private CommandTable table = new CommandTable();

    /// The table of all commands, these included.
    public void tell(CommandTable all) {
        table = all;
    }

    public CommandFamily family() {
        return CommandFamily.family("server")
                .container("COMMAND", this::all, LOADING, STALE)
                .acl("connection")
                .tips("nondeterministic_output_order")
                .doc("O(N) where N is the number of commands", "2.8.13", "Describes every command.")
                .add("COMMAND COUNT", this::count, LOADING, STALE)
                .acl("connection")
                .doc("O(1)", "2.8.13", "Says how many commands there are.")
                .add("COMMAND DOCS [command-name [command-name ...]]", this::docs, LOADING, STALE)
                .acl("connection")
                .tips("nondeterministic_output_order")
                .doc("O(N) where N is the number of commands", "7.0.0", "Explains commands, or all, for people.")
                .add("COMMAND GETKEYS command [arg [arg ...]]", this::getkeys, LOADING, STALE)
                .acl("connection")
                .arity(-4)
                .doc("O(N) where N is the number of arguments", "2.8.13", "Picks the keys out of a whole command.")
                .add("COMMAND GETKEYSANDFLAGS command [arg [arg ...]]", this::getkeysandflags, LOADING, STALE)
                .acl("connection")
                .arity(-4)
                .doc(
                        "O(N) where N is the number of arguments",
                        "7.0.0",
                        "Picks the keys out of a whole command and says what it does with each.")
                .add("COMMAND INFO [command-name [command-name ...]]", this::info, LOADING, STALE)
                .acl("connection")
                .tips("nondeterministic_output_order")
                .doc("O(N) where N is the number of commands", "2.8.13", "Describes commands, or all, for programs.")
                .add(
                        "COMMAND LIST [FILTERBY <MODULE module-name | ACLCAT category | PATTERN pattern>]",
                        this::list,
                        LOADING,
                        STALE)
                .acl("connection")
                .tips("nondeterministic_output_order")
                .doc("O(N) where N is the number of commands", "7.0.0", "Lists the names of commands.")
                .help("COMMAND")
                .acl("connection");
    }

    private void all(CommandContext ctx) {
        ctx.reply().array(table.commands().size());
        table.commands().forEach(command -> CommandInfo.write(ctx.reply(), command));
    }

    private void count(CommandContext ctx) {
        ctx.reply().integer(table.commands().size());
    }

    private void info(CommandContext ctx) {
        if (ctx.count() == INNER_BEGIN) {
            all(ctx);
            return;
        }
        KeyCommands.sliceWhenMany(ctx, ctx.count());
        ctx.reply().array(ctx.count() - INNER_BEGIN);
        for (int i = INNER_BEGIN; i < ctx.count(); i++) {
            var command = named(ctx, i);
            if (command == null) {
                ctx.reply().nil();
            } else {
                CommandInfo.write(ctx.reply(), command);
            }
            ctx.checkpoint();
        }
    }

    private void docs(CommandContext ctx) {
        if (ctx.count() == INNER_BEGIN) {
            ctx.reply().map(table.commands().size());
            table.commands().forEach(command -> CommandDocs.write(ctx.reply(), command));
            return;
        }
        KeyCommands.sliceWhenMany(ctx, ctx.count());
        int found = 0;
        for (int i = INNER_BEGIN; i < ctx.count(); i++) {
            found += named(ctx, i) == null ? 0 : 1;
            ctx.checkpoint();
        }
        ctx.reply().map(found);
        for (int i = INNER_BEGIN; i < ctx.count(); i++) {
            var command = named(ctx, i);
            if (command != null) {
                CommandDocs.write(ctx.reply(), command);
            }
            ctx.checkpoint();
        }
    }

    private @Nullable Command named(CommandContext ctx, int i) {
        return table.findByFullName(ctx.argument(i), ctx.length(i));
    }

    private void list(CommandContext ctx) {
        if (ctx.count() == INNER_BEGIN) {
            list(ctx.reply(), command -> true);
        } else if (ctx.count() == FILTER_COUNT && ctx.is(2, "filterby")) {
            list(ctx.reply(), filter(ctx));
        } else {
            throw CommandException.SYNTAX;
        }
    }

    private static Predicate<Command> filter(CommandContext ctx) {
        if (ctx.is(3, "module")) {
            return command -> false; // there are none
        }
        if (ctx.is(3, "aclcat")) {
            String category = ctx.text(4).toLowerCase(Locale.ROOT);
            return command -> command.categories().contains(category);
        }
        if (ctx.is(3, "pattern")) {
            byte[] pattern = ctx.bytes(4);
            return command -> Glob.matches(pattern, ascii(command.fullName()), true);
        }
        throw CommandException.SYNTAX;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void list(ReplyWriter reply, Predicate<Command> wanted) {
        var names = table.commands().stream()
                .flatMap(command -> command.withSubcommands().stream())
                .filter(wanted)
                .map(Command::fullName)
                .toList();
        reply.array(names.size());
        names.forEach(reply::bulk);
    }

    private void getkeys(CommandContext ctx) {
        KeyCommands.sliceWhenMany(ctx, ctx.count());
        forEachKey(ctx, (_, at) -> ctx.reply().bulk(ctx.argument(at), ctx.length(at)));
    }

    private void getkeysandflags(CommandContext ctx) {
        KeyCommands.sliceWhenMany(ctx, ctx.count());
        forEachKey(ctx, (flags, at) -> {
            ctx.reply().array(2);
            ctx.reply().bulk(ctx.argument(at), ctx.length(at));
            CommandInfo.keyFlags(ctx.reply(), flags);
        });
    }

    /// Takes a key: its flags, and which argument it is.
    private interface KeyWriter {
        void write(int flags, int at);
    }

    private void forEachKey(CommandContext ctx, KeyWriter writer) {
        var command = inner(ctx);
        var keys = new KeyPositions(ctx.databases().workspace());
        try {
            boolean none = !keys.find(command, ctx.request(), INNER_BEGIN) || keys.count() == 0;
            if (none && !command.has(CommandFlag.NO_MANDATORY_KEYS)) {
                throw INVALID_ARGUMENTS;
            }
            ctx.reply().array(keys.count());
            for (int i = 0; i < keys.count(); i++) {
                writer.write(command.keyFlags(keys.spec(i)), keys.at(i));
                ctx.checkpoint();
            }
        } finally {
            keys.clear();
        }
    }

    /// The command that the arguments are, if it has keys and they are enough for it.
    private Command inner(CommandContext ctx) {
        var command = table.find(ctx.request(), INNER_BEGIN);
        if (command == null) {
            throw INVALID_COMMAND;
        }
        if (!command.hasKeys()) {
            throw CommandException.NO_KEYS;
        }
        if (!command.accepts(ctx.count() - INNER_BEGIN)) {
            throw INVALID_COUNT;
        }
        return command;
    }
}
