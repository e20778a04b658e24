package io.anax.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A usage line, understood: name, arguments, and what follows from them – arity and keys.
///
/// ```
///  line    = NAME [SUBCOMMAND] {item}
///  item    = TOKEN | value | "[" choice "]" | "<" choice ">" | repeat
///  choice  = {item} {"|" {item}}
///  repeat  = "[" {item} "..." "]"      the items before it again; none before it: zero or more
/// ```
///
/// A token has upper-case letters or signs, a value has lower-case letters. A token is the beginning of
/// the value behind it; in brackets of all values behind it. Which values are keys, numbers or
/// patterns is known from their names ([ArgumentNames]).
final class Usage {
    private final String text;
    private final String name;
    private final @Nullable String subcommand;
    private final List<Argument> arguments;
    private final int arity;
    private final UsageKeys keys;

    private Usage(String text, String name, @Nullable String subcommand, List<Argument> arguments, int arity) {
        this.text = text;
        this.name = name;
        this.subcommand = subcommand;
        this.arguments = arguments;
        this.arity = arity;
        this.keys = UsageKeys.of(arguments, subcommand == null ? 1 : 2);
    }

    /// `containers` are the names whose second word is that of a subcommand.
    static Usage parse(String text, Set<String> containers) {
        var words = new UsageParser(text);
        String name = words.name();
        String subcommand = containers.contains(name) ? words.name() : null;
        var arguments = words.arguments();
        int least = subcommand == null ? 1 : 2;
        boolean fixed = true;
        for (var argument : arguments) {
            least += argument.leastCount();
            fixed &= argument.isFixed();
        }
        return new Usage(text, name, subcommand, arguments, fixed ? least : -least);
    }

    /// A name that a subcommand must follow.
    static Usage container(String name) {
        return new Usage(name, name, null, List.of(), -2);
    }

    String text() {
        return text;
    }

    /// In upper case.
    String name() {
        return name;
    }

    /// In upper case; null for a command that is none.
    @Nullable
    String subcommand() {
        return subcommand;
    }

    /// As COMMAND and errors write it: `client|list`.
    String fullName() {
        String lower = name.toLowerCase(Locale.ROOT);
        return subcommand == null ? lower : lower + "|" + subcommand.toLowerCase(Locale.ROOT);
    }

    List<Argument> arguments() {
        return arguments;
    }

    /// The count of words if all requests have the same, else minus the least; the name counts.
    int arity() {
        return arity;
    }

    /// Throws if the line has keys of which it does not tell where they are.
    List<KeySpec> keys() {
        if (keys.unclear() != null) {
            throw new IllegalArgumentException(
                    "'" + text + "': the usage does not tell where " + keys.unclear() + " is, use keys()");
        }
        return keys.specs();
    }

    /// For each of [#keys], whether it is the destination of what the others hold.
    List<Boolean> destinations() {
        return keys.destinations();
    }

    /// For each of [#arguments] the index of its key spec, or -1.
    int keySpecOf(Argument argument) {
        return keys.specOf(argument);
    }

    @Override
    public String toString() {
        return text;
    }

    /// Where keys stand, found from a line's arguments.
    ///
    /// `unclear` is the name of a key whose place the line does not tell, null if all is clear.
    record UsageKeys(
            List<KeySpec> specs,
            List<Boolean> destinations,
            List<Argument> owners,
            @Nullable String unclear) {

        /// The first argument is the request's word `first`.
        static UsageKeys of(List<Argument> arguments, int first) {
            var found = new UsageKeys(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), null);
            int at = first;
            boolean certain = true; // whether `at` is the same in every request
            for (int i = 0; i < arguments.size(); i++) {
                var argument = arguments.get(i);
                if (argument.hasKey()) {
                    var spec = certain ? spec(arguments, i, at) : null;
                    if (spec == null) {
                        return new UsageKeys(found.specs, found.destinations, found.owners, argument.name());
                    }
                    found.add(spec, argument);
                }
                certain &= argument.isFixed();
                at += argument.leastCount();
            }
            return found;
        }

        private void add(KeySpec spec, Argument owner) {
            if (owner.name().equals("key2") && specs.getLast() instanceof KeySpec.Range before) {
                specs.removeLast(); // key1 and key2 are one range: LCS
                specs.add(KeySpec.range(before.first(), ((KeySpec.Range) spec).last(), 1));
                return;
            }
            specs.add(spec);
            destinations.add(ArgumentNames.isDestination(owner.name()));
            owners.add(owner);
        }

        int specOf(Argument argument) {
            return owners.indexOf(argument);
        }

        /// Of argument `i`, which begins at word `at` of the request; null if that is not to be told.
        private static @Nullable KeySpec spec(List<Argument> arguments, int i, int at) {
            var argument = arguments.get(i);
            boolean counted = i > 0 && arguments.get(i - 1).name().equals("numkeys");
            if (counted && argument.isKey()) {
                return KeySpec.counted(at - 1);
            }
            if (argument.isKey()) {
                return plain(arguments, i, at);
            }
            boolean pairs = argument.kind() == Argument.Kind.BLOCK
                    && argument.multiple()
                    && argument.token() == null
                    && argument.children().getFirst().isKey()
                    && argument.children().stream().filter(Argument::hasKey).count() == 1
                    && argument.children().stream().allMatch(Argument::isFixed);
            return pairs && i == arguments.size() - 1
                    ? KeySpec.range(at, -1, argument.children().size())
                    : null;
        }

        private static @Nullable KeySpec plain(List<Argument> arguments, int i, int at) {
            var argument = arguments.get(i);
            int first = argument.token() == null ? at : at + 1;
            if (!argument.multiple()) {
                return argument.optional() ? null : KeySpec.at(first);
            }
            if (argument.multipleToken()) {
                return null;
            }
            var rest = arguments.subList(i + 1, arguments.size());
            boolean fixedRest = rest.stream().allMatch(Argument::isFixed);
            int restCount = rest.stream().mapToInt(Argument::leastCount).sum();
            return fixedRest ? KeySpec.range(first, -1 - restCount, 1) : null;
        }
    }
}
