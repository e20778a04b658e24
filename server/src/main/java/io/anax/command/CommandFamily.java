package io.anax.command;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The commands of one file, each declared once, as the usage line that manuals print:
///
/// ```java
/// static final CommandFamily STRING = family("string")
///         .add("GET key", StringCommands::get, READONLY, FAST)
///         .doc("O(1)", "1.0.0", "Returns the string value of a key.")
///         .add("MSET key value [key value ...]", StringCommands::mset, Gather.OK, WRITE, DENYOOM)
///         .doc("O(N)", "1.0.1", "Sets several keys at once.")
///         .access("OW UPDATE");
/// ```
///
/// Everything after an `add` speaks of the command that it added. Containers, commands that have
/// subcommands, are declared before these:
///
/// ```java
///         .container("OBJECT")
///         .doc("Depends on subcommand.", "2.2.3", "Looks at how a key is stored.")
///         .help("OBJECT")
///         .add("OBJECT ENCODING key", KeyCommands::encoding, READONLY)
///         .doc("O(1)", "2.2.3", "Returns the encoding of a key.")
/// ```
public final class CommandFamily {
    private final String group;
    private final List<Declaration> declarations = new ArrayList<>();
    private final Set<String> containers = new HashSet<>();

    private CommandFamily(String group) {
        this.group = group.replace('_', '-');
    }

    /// `group` as COMMAND DOCS writes it: `string`, `sorted-set`.
    public static CommandFamily family(String group) {
        return new CommandFamily(group);
    }

    /// A command with one key, which runs where that lives, or without any.
    public CommandFamily add(String usage, Handler handler, CommandFlag... flags) {
        return add(usage, handler, null, flags);
    }

    public CommandFamily add(String usage, Handler handler, @Nullable Gather gather, CommandFlag... flags) {
        var parsed = Usage.parse(usage, containers);
        declarations.add(new Declaration(parsed, handler, gather, CommandFlag.mask(flags)));
        return this;
    }

    /// A command that does nothing but to have subcommands.
    public CommandFamily container(String name, CommandFlag... flags) {
        return container(name, null, flags);
    }

    /// A command that has subcommands and does something when called without: COMMAND.
    public CommandFamily container(String name, @Nullable Handler handler, CommandFlag... flags) {
        boolean added = containers.add(name);
        assert added : name + " is declared already";
        var usage = handler == null ? Usage.container(name) : Usage.parse(name, Set.of());
        declarations.add(new Declaration(usage, handler, null, CommandFlag.mask(flags)));
        if (handler != null) {
            last().arity = -1;
        }
        return this;
    }

    /// The HELP subcommand of a container: writes what is declared here.
    public CommandFamily help(String container) {
        assert containers.contains(container) : container + " is no container";
        Handler handler = ctx -> CommandDocs.help(ctx.reply(), container, subcommands(container));
        add(container + " HELP", handler, CommandFlag.LOADING, CommandFlag.STALE);
        return doc("O(1)", "5.0.0", "Explains the subcommands.");
    }

    /// How long it takes, since which version of Redis it exists, and what it does, in our words.
    public CommandFamily doc(String complexity, String since, String summary) {
        last().complexity = complexity;
        last().since = since;
        last().summary = summary;
        return this;
    }

    /// Redis calls it deprecated since this version; `replacedBy` says what to use, in Markdown.
    public CommandFamily deprecated(String since, String replacedBy) {
        last().deprecatedSince = since;
        last().replacedBy = replacedBy;
        return this;
    }

    /// Where the usage line does not tell. Positive: exactly so many arguments, the name included;
    /// negative: at least.
    public CommandFamily arity(int arity) {
        last().arity = arity;
        return this;
    }

    /// Where the usage line does not tell: counted at an odd place, or behind a word.
    public CommandFamily keys(KeySpec... specs) {
        last().keys = List.of(specs);
        return this;
    }

    /// What it does with the keys of each spec, in their order, like `RW ACCESS DELETE`. Without it
    /// `RO ACCESS` for a command that reads; for one that writes `OW UPDATE` where a key is called
    /// destination, `RO ACCESS` where others are read for it, and else `RW UPDATE`.
    public CommandFamily access(String... flagsOfSpecs) {
        last().access = List.of(flagsOfSpecs);
        return this;
    }

    /// Categories besides those that follow from group and flags: `dangerous`.
    public CommandFamily acl(String... categories) {
        last().categories = List.of(categories);
        return this;
    }

    /// These categories instead of the group's.
    public CommandFamily onlyAcl(String... categories) {
        last().groupCategory = false;
        return acl(categories);
    }

    /// What a proxy or cluster client may want to know: `nondeterministic_output`.
    public CommandFamily tips(String... tips) {
        last().tips = List.of(tips);
        return this;
    }

    String group() {
        return group;
    }

    /// Commands in the order of their declaration, numbered from `firstId` on; a container's
    /// subcommands have numbers too and are found in it.
    List<Command> build(int firstId) {
        var built = new ArrayList<Command>();
        int id = firstId;
        for (var declaration : declarations) {
            if (declaration.usage.subcommand() != null) {
                continue;
            }
            String name = declaration.usage.name();
            int containerId = id++;
            var children = new ArrayList<Command>();
            for (var child : subcommandDeclarations(name)) {
                children.add(new Command(id++, group, child, List.of()));
            }
            built.add(new Command(containerId, group, declaration, children));
        }
        return built;
    }

    private List<Declaration> subcommandDeclarations(String container) {
        return declarations.stream()
                .filter(d -> d.usage.subcommand() != null && d.usage.name().equals(container))
                .toList();
    }

    /// Usage and summary of each subcommand, as declared.
    private List<String> subcommands(String container) {
        var lines = new ArrayList<String>();
        for (var child : subcommandDeclarations(container)) {
            lines.add(child.usage.text().substring(container.length() + 1));
            lines.add("    " + child.summary);
        }
        return lines;
    }

    private Declaration last() {
        return declarations.getLast();
    }

    /// What the calls behind one `add` said.
    static final class Declaration {
        final Usage usage;
        final @Nullable Handler handler; // null: a container
        final @Nullable Gather gather;
        final int flags;
        String complexity = "";
        String since = "";
        String summary = "";

        @Nullable
        String deprecatedSince;

        @Nullable
        String replacedBy;

        @Nullable
        Integer arity;

        @Nullable
        List<KeySpec> keys;

        List<String> access = List.of();
        List<String> categories = List.of();
        boolean groupCategory = true;
        List<String> tips = List.of();

        Declaration(Usage usage, @Nullable Handler handler, @Nullable Gather gather, int flags) {
            this.usage = usage;
            this.handler = handler;
            this.gather = gather;
            this.flags = flags;
        }

        @Override
        public String toString() {
            return usage.text().toLowerCase(Locale.ROOT);
        }
    }
}
