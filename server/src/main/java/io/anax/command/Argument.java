package io.anax.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One argument of a usage line, or a group of them, as COMMAND DOCS shows it.
///
/// ```
///  EX seconds                  INTEGER    name seconds, token EX
///  NX                          PURE_TOKEN name nx, token NX
///  [NX | XX]                   ONE_OF     optional, of two
///  LIMIT offset count          BLOCK      token LIMIT, of two
///  key value [key value ...]   BLOCK      multiple, of two
///  [GET pattern [GET pattern ...]]        optional, multiple, multipleToken
/// ```
record Argument(
        String name,
        Kind kind,
        @Nullable String token,
        boolean optional,
        boolean multiple,
        boolean multipleToken,
        List<Argument> children) {

    enum Kind {
        STRING("string"),
        INTEGER("integer"),
        DOUBLE("double"),
        KEY("key"),
        PATTERN("pattern"),
        UNIX_TIME("unix-time"),
        PURE_TOKEN("pure-token"),
        ONE_OF("oneof"),
        BLOCK("block");

        final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    static Argument value(String name, Kind kind, @Nullable String token) {
        return new Argument(name, kind, token, false, false, false, List.of());
    }

    static Argument group(String name, Kind kind, @Nullable String token, List<Argument> children) {
        return new Argument(name, kind, token, false, false, false, List.copyOf(children));
    }

    Argument asOptional() {
        return new Argument(name, kind, token, true, multiple, multipleToken, children);
    }

    Argument asMultiple(boolean tokenToo) {
        return new Argument(name, kind, token, optional, true, tokenToo, children);
    }

    boolean isKey() {
        return kind == Kind.KEY;
    }

    /// Whether a key is somewhere in it.
    boolean hasKey() {
        return isKey() || children.stream().anyMatch(Argument::hasKey);
    }

    /// How many words of a request it takes at least.
    int leastCount() {
        return optional ? 0 : leastOnce();
    }

    /// Whether every request spends the same number of words on it.
    boolean isFixed() {
        if (optional || multiple) {
            return false;
        }
        return switch (kind) {
            case BLOCK -> children.stream().allMatch(Argument::isFixed);
            case ONE_OF ->
                children.stream().allMatch(Argument::isFixed)
                        && children.stream()
                                        .mapToInt(Argument::leastCount)
                                        .distinct()
                                        .count()
                                == 1;
            case STRING, INTEGER, DOUBLE, KEY, PATTERN, UNIX_TIME, PURE_TOKEN -> true;
        };
    }

    /// As [#leastCount], were it not optional.
    int leastOnce() {
        int words = token == null ? 0 : 1;
        return words
                + switch (kind) {
                    case BLOCK ->
                        children.stream().mapToInt(Argument::leastCount).sum();
                    case ONE_OF ->
                        children.stream().mapToInt(Argument::leastCount).min().orElse(0);
                    case STRING, INTEGER, DOUBLE, KEY, PATTERN, UNIX_TIME -> 1;
                    case PURE_TOKEN -> 0;
                };
    }
}
