package io.anax.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Reads one usage line from left to right; the grammar stands at [Usage].
final class UsageParser {
    private static final String MORE = "...";
    private static final String BRACKETS = "[]<>|";
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9._-]*");
    private static final Pattern VALUE = Pattern.compile("[a-z][a-z0-9:_-]*");

    private final String text;
    private final List<String> words = new ArrayList<>();
    private int next;

    UsageParser(String text) {
        this.text = text;
        split();
    }

    /// Words end at blanks; brackets and bars are words of their own. No regular expression, since all usage
    /// lines are read while the server starts and the JVM still interprets.
    private void split() {
        int begin = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            if (c == ' ' || BRACKETS.indexOf(c) >= 0) {
                if (begin < i) {
                    words.add(text.substring(begin, i));
                }
                if (c != ' ') {
                    words.add(String.valueOf(c));
                }
                begin = i + 1;
            }
        }
    }

    /// The next word, which names a command or a subcommand.
    String name() {
        if (next == words.size() || !NAME.matcher(words.get(next)).matches()) {
            throw wrong("a name in upper case");
        }
        return words.get(next++);
    }

    /// All that is left.
    List<Argument> arguments() {
        var items = items();
        if (next < words.size()) {
            throw wrong("the end");
        }
        return join(items, false);
    }

    /// One argument, not yet joined with its neighbours.
    private sealed interface Item {
        Argument argument();

        /// Whether a token before it belongs to it: a value, one or many, or a choice that must be made.
        default boolean takesToken() {
            return false;
        }

        record Token(String word) implements Item {
            @Override
            public Argument argument() {
                return Argument.value(lower(word), Argument.Kind.PURE_TOKEN, word);
            }
        }

        record Value(String name) implements Item {
            @Override
            public Argument argument() {
                return Argument.value(name, ArgumentNames.kind(name), null);
            }

            @Override
            public boolean takesToken() {
                return true;
            }
        }

        record Group(List<List<Item>> alternatives, boolean optional) implements Item {
            @Override
            public Argument argument() {
                return group(this);
            }

            @Override
            public boolean takesToken() {
                return !optional;
            }
        }

        /// `[key ...]`
        record Repeat(List<Item> items) implements Item {
            @Override
            public Argument argument() {
                return repeated(items).asOptional();
            }
        }

        /// `key [key ...]`
        record Many(List<Item> items) implements Item {
            @Override
            public Argument argument() {
                return repeated(items);
            }

            @Override
            public boolean takesToken() {
                return items.size() == 1 && items.getFirst() instanceof Item.Value;
            }
        }
    }

    /// Up to a closing bracket, a bar, the dots, or the end.
    private List<Item> items() {
        var items = new ArrayList<Item>();
        while (next < words.size()
                && !"]>|".contains(words.get(next))
                && !words.get(next).equals(MORE)) {
            String word = words.get(next++);
            switch (word) {
                case "[" -> items.add(bracket("]", true));
                case "<" -> items.add(bracket(">", false));
                default -> items.add(isToken(word) ? new Item.Token(unquoted(word)) : value(word));
            }
        }
        return items;
    }

    private Item value(String name) {
        if (!VALUE.matcher(name).matches()) {
            throw new IllegalArgumentException("usage '" + text + "': '" + name + "' is neither token nor value");
        }
        return new Item.Value(name);
    }

    private Item bracket(String end, boolean optional) {
        var alternatives = new ArrayList<List<Item>>();
        alternatives.add(items());
        while (accept("|")) {
            alternatives.add(items());
        }
        boolean repeats = accept(MORE);
        if (!accept(end)) {
            throw wrong(end);
        }
        if (alternatives.stream().anyMatch(List::isEmpty)) {
            throw wrong("something between brackets");
        }
        if (repeats) {
            if (!optional || alternatives.size() > 1) {
                throw wrong("brackets without choice around what repeats");
            }
            return new Item.Repeat(alternatives.getFirst());
        }
        return new Item.Group(alternatives, optional);
    }

    private boolean accept(String word) {
        boolean here = next < words.size() && words.get(next).equals(word);
        if (here) {
            next++;
        }
        return here;
    }

    /// Tokens with their values, values with their repetitions. `inner` is between brackets.
    private static List<Argument> join(List<Item> repeating, boolean inner) {
        var items = withMany(repeating);
        if (inner && items.size() > 2 && items.getFirst() instanceof Item.Token(var word)) {
            return List.of(Argument.group(lower(word), Argument.Kind.BLOCK, word, join(items, 1)));
        }
        return join(items, 0);
    }

    private static List<Argument> join(List<Item> items, int from) {
        var joined = new ArrayList<Argument>();
        for (int i = from; i < items.size(); i++) {
            var item = items.get(i);
            boolean begins = item instanceof Item.Token
                    && i + 1 < items.size()
                    && items.get(i + 1).takesToken();
            if (begins) {
                i++;
                joined.add(withToken(((Item.Token) item).word, items.get(i).argument()));
            } else {
                joined.add(item.argument());
            }
        }
        return joined;
    }

    private static Argument repeated(List<Item> items) {
        return one(join(items, true)).asMultiple(items.getFirst() instanceof Item.Token);
    }

    /// `key [key ...]`, which is two items here, becomes one.
    private static List<Item> withMany(List<Item> items) {
        var joined = new ArrayList<Item>();
        for (var item : items) {
            int begin = item instanceof Item.Repeat(var again) ? joined.size() - again.size() : -1;
            if (begin >= 0 && item.equals(new Item.Repeat(joined.subList(begin, joined.size())))) {
                joined.subList(begin, joined.size()).clear();
                joined.add(new Item.Many(((Item.Repeat) item).items));
            } else {
                joined.add(item);
            }
        }
        return joined;
    }

    private static Argument withToken(String word, Argument of) {
        String name = of.children().isEmpty() ? of.name() : lower(word);
        return new Argument(name, of.kind(), word, of.optional(), of.multiple(), of.multipleToken(), of.children());
    }

    private static Argument group(Item.Group group) {
        var choices = new ArrayList<Argument>();
        for (var alternative : group.alternatives) {
            choices.add(one(join(alternative, true)));
        }
        var whole = choices.size() == 1
                ? choices.getFirst()
                : Argument.group(choiceName(choices), Argument.Kind.ONE_OF, null, choices);
        return group.optional ? whole.asOptional() : whole;
    }

    private static String choiceName(List<Argument> choices) {
        var names = choices.stream().map(Argument::name).toList();
        return String.join("-or-", names);
    }

    private static Argument one(List<Argument> arguments) {
        if (arguments.size() == 1) {
            return arguments.getFirst();
        }
        var names = arguments.stream().map(Argument::name).toList();
        return Argument.group(String.join("-", names), Argument.Kind.BLOCK, null, arguments);
    }

    /// Lower-case letters make a value; quotes a token whatever is between them.
    private static boolean isToken(String word) {
        return word.startsWith("\"") || word.equals(word.toUpperCase(Locale.ROOT));
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    private static String unquoted(String word) {
        boolean quoted = word.length() > 2 && word.startsWith("\"") && word.endsWith("\"");
        return quoted ? word.substring(1, word.length() - 1) : word;
    }

    private IllegalArgumentException wrong(String expected) {
        String place = next < words.size() ? "'" + words.get(next) + "'" : "the end";
        return new IllegalArgumentException("usage '" + text + "': " + expected + " expected at " + place);
    }
}
