package io.anax.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One command or subcommand: what its declaration says and what follows from it. Never changes.
///
/// Where keys stand, in two degrees of trouble:
///
/// - the *plain range*, [#firstKey] to [#lastKey] in steps of [#keyStep]: all keys of most commands, as
///   three numbers, ready at once;
/// - [KeyPositions], when [CommandFlag#MOVABLEKEYS] says that there are others.
public final class Command {
    private static final Handler NO_HANDLER = ctx -> {
        throw CommandException.wrongArity(ctx.command().fullName());
    };

    private final int id;
    private final String name;
    private final String fullName;
    private final String group;
    private final CommandFamily.Declaration declared;
    private final Handler handler;
    private final int arity;
    private final int flags;
    private final List<KeySpec> keySpecs;
    private final int[] keyFlags;
    private final PlainRange range;
    private final boolean oneKey;
    private final List<String> categories;
    private final List<Command> subcommands;
    private final @Nullable NameIndex subcommandsByName;

    Command(int id, String group, CommandFamily.Declaration declared, List<Command> subcommands) {
        this.id = id;
        this.name = name(declared.usage);
        this.fullName = declared.usage.fullName();
        this.group = group;
        this.declared = declared;
        this.handler = declared.handler == null ? NO_HANDLER : declared.handler;
        this.arity = declared.arity == null ? declared.usage.arity() : declared.arity;
        this.keySpecs = keySpecs(declared);
        this.keyFlags = keyFlags(declared, keySpecs.size());
        this.range = PlainRange.of(keySpecs, keyFlags);
        this.flags = declared.flags | (range.complete() ? 0 : CommandFlag.MOVABLEKEYS.bit());
        this.oneKey = keySpecs.size() == 1 && range.isOne();
        this.subcommands = List.copyOf(subcommands);
        this.subcommandsByName = subcommands.isEmpty() ? null : index(subcommands);
        this.categories = AclCategories.of(this, declared.groupCategory, declared.categories);
    }

    private static String name(Usage usage) {
        String sub = usage.subcommand();
        return (sub == null ? usage.name() : sub).toLowerCase(Locale.ROOT);
    }

    private static List<KeySpec> keySpecs(CommandFamily.Declaration declared) {
        var specs = declared.keys == null ? declared.usage.keys() : declared.keys;
        return specs.stream().filter(spec -> !(spec instanceof KeySpec.None)).toList();
    }

    private static int[] keyFlags(CommandFamily.Declaration declared, int count) {
        var said = declared.access;
        if (!said.isEmpty() && said.size() != count) {
            throw new IllegalArgumentException(declared.usage + ": access() for " + said.size() + " of " + count);
        }
        int[] flags = new int[count];
        for (int i = 0; i < count; i++) {
            flags[i] = said.isEmpty() ? usualAccess(declared, i) : KeyFlag.parse(said.get(i));
        }
        return flags;
    }

    private static int usualAccess(CommandFamily.Declaration declared, int spec) {
        int read = KeyFlag.RO.bit() | KeyFlag.ACCESS.bit();
        if (!CommandFlag.WRITE.in(declared.flags)) {
            return read;
        }
        var destinations = declared.keys == null ? declared.usage.destinations() : List.<Boolean>of();
        if (!destinations.contains(true)) {
            return KeyFlag.RW.bit() | KeyFlag.UPDATE.bit();
        }
        return destinations.get(spec) ? KeyFlag.OW.bit() | KeyFlag.UPDATE.bit() : read;
    }

    private static NameIndex index(List<Command> commands) {
        var index = new NameIndex(commands.size());
        for (var command : commands) {
            index.put(command.name(), command);
        }
        return index;
    }

    /// Its place in statistics: commands and subcommands are numbered from 0 without gaps.
    public int id() {
        return id;
    }

    /// In lower case; of a subcommand only its own: `list`.
    public String name() {
        return name;
    }

    /// In lower case, of a subcommand with its container: `client|list`.
    public String fullName() {
        return fullName;
    }

    /// The usage line as it was declared.
    public String usage() {
        return declared.usage.text();
    }

    /// Positive: the exact count of words, the name included; negative: the least count.
    public int arity() {
        return arity;
    }

    /// Whether a request may have so many words, the name included.
    public boolean accepts(int count) {
        return arity >= 0 ? count == arity : count >= -arity;
    }

    public int flags() {
        return flags;
    }

    public boolean has(CommandFlag flag) {
        return flag.in(flags);
    }

    public Handler handler() {
        return handler;
    }

    /// How replies of several shards become one; null for a command that runs on one only.
    public @Nullable Gather gather() {
        return declared.gather;
    }

    /// Where the plain range of keys begins; 0 if there is none.
    public int firstKey() {
        return range.first();
    }

    /// Where the plain range of keys ends in a request of so many words, this one included.
    public int lastKey(int count) {
        return range.last() < 0 ? count + range.last() : range.last();
    }

    public int keyStep() {
        return range.step();
    }

    /// Whether every request has exactly one key, at [#firstKey].
    public boolean oneKey() {
        return oneKey;
    }

    /// As COMMAND INFO says it: negative counts from the end.
    int lastKeyAsDeclared() {
        return range.last();
    }

    public boolean hasKeys() {
        return !keySpecs.isEmpty();
    }

    public List<KeySpec> keySpecs() {
        return keySpecs;
    }

    /// What is done with the keys of a spec: bits of [KeyFlag].
    public int keyFlags(int spec) {
        return keyFlags[spec];
    }

    /// Of ACL, in Redis's order, without the `@`.
    public List<String> categories() {
        return categories;
    }

    public String group() {
        return group;
    }

    public String complexity() {
        return declared.complexity;
    }

    public String since() {
        return declared.since;
    }

    public String summary() {
        return declared.summary;
    }

    @Nullable
    String deprecatedSince() {
        return declared.deprecatedSince;
    }

    @Nullable
    String replacedBy() {
        return declared.replacedBy;
    }

    List<String> tips() {
        return declared.tips;
    }

    List<Argument> arguments() {
        return declared.usage.arguments();
    }

    /// Index of the key spec of one of [#arguments]; -1 if it is no key or specs were given by hand.
    int keySpecOf(Argument argument) {
        return declared.keys == null ? declared.usage.keySpecOf(argument) : -1;
    }

    public List<Command> subcommands() {
        return subcommands;
    }

    public boolean isContainer() {
        return subcommandsByName != null;
    }

    boolean isSubcommand() {
        return declared.usage.subcommand() != null;
    }

    /// By the bytes of its name in any case; null if there is none.
    public @Nullable Command subcommand(long name, int size) {
        return subcommandsByName == null ? null : subcommandsByName.find(name, size);
    }

    /// It, and its subcommands.
    List<Command> withSubcommands() {
        var all = new ArrayList<Command>();
        all.add(this);
        all.addAll(subcommands);
        return all;
    }

    @Override
    public String toString() {
        return fullName();
    }

    /// Keys as three numbers, as COMMAND INFO said it before it knew key specs. `complete` if there
    /// are no other keys.
    record PlainRange(int first, int last, int step, boolean complete) {
        private static final int NO_END = Integer.MIN_VALUE;

        boolean isOne() {
            return first > 0 && first == last && complete;
        }

        /// Ranges that follow each other become one: RENAME's two keys are 1 to 2. What does not fit is
        /// left out.
        static PlainRange of(List<KeySpec> specs, int[] keyFlags) {
            if (specs.size() == 1 && specs.getFirst() instanceof KeySpec.Range(var first, var last, var step)) {
                return new PlainRange(first, last, step, !KeyFlag.INCOMPLETE.in(keyFlags[0]));
            }
            int first = 0;
            int last = NO_END;
            boolean complete = true;
            for (int i = 0; i < specs.size(); i++) {
                boolean fits = specs.get(i) instanceof KeySpec.Range range
                        && range.step() == 1
                        && (last == NO_END || last == range.first() - 1);
                complete &= fits && !KeyFlag.INCOMPLETE.in(keyFlags[i]);
                if (fits && specs.get(i) instanceof KeySpec.Range range) {
                    first = first == 0 ? range.first() : first;
                    last = range.last();
                }
            }
            return first == 0 ? new PlainRange(0, 0, 0, complete) : new PlainRange(first, last, 1, complete);
        }
    }
}
