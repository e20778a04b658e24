package io.anax.command;

import static io.anax.command.CommandFamily.family;
import static io.anax.command.CommandFlag.LOADING;
import static io.anax.command.CommandFlag.NOSCRIPT;
import static io.anax.command.CommandFlag.STALE;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// ACL, as far as there is one user: who the client is, and which categories of commands there are.
public final class AclCommands {
    private final Supplier<List<Command>> all;

    /// All commands with their subcommands; they exist only after these do, hence the supplier.
    public AclCommands(Supplier<List<Command>> all) {
        this.all = all;
    }

    public CommandFamily commands() {
        return family("server")
                .container("ACL")
                .doc("Depends on subcommand.", "6.0.0", "Says who may do what.")
                .add("ACL CAT [category]", this::categories, NOSCRIPT, LOADING, STALE)
                .doc("O(N) in the number of commands.", "6.0.0", "Lists the categories, or the commands of one.")
                .help("ACL")
                .add("ACL WHOAMI", AclCommands::whoAmI, NOSCRIPT, LOADING, STALE)
                .doc("O(1)", "6.0.0", "Returns the name of the user.");
    }

    private static void whoAmI(CommandContext ctx) {
        ctx.reply().bulk(Credentials.DEFAULT_USER);
    }

    private void categories(CommandContext ctx) {
        if (ctx.count() > 3) {
            throw CommandException.subcommandSyntax(ctx.bytes(1), "acl");
        }
        write(ctx, ctx.count() == 2 ? AclCategories.ALL : of(ctx.text(2)));
    }

    private List<String> of(String name) {
        String category = name.toLowerCase(Locale.ROOT);
        if (!AclCategories.ALL.contains(category)) {
            throw CommandException.error("ERR Unknown category '" + CommandException.printable(name) + "'");
        }
        return all.get().stream()
                .filter(command -> command.categories().contains(category))
                .map(Command::fullName)
                .toList();
    }

    private static void write(CommandContext ctx, List<String> words) {
        ctx.reply().array(words.size());
        words.forEach(ctx.reply()::bulk);
    }
}
