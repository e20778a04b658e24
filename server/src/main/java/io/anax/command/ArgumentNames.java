package io.anax.command;

import java.util.Set;

/// What the names of values in usage lines mean; a name not listed is a string.
final class ArgumentNames {
    private static final Set<String> KEYS = Set.of(
            "key",
            "keys",
            "key1",
            "key2",
            "newkey",
            "source",
            "sourcekey",
            "src",
            "destination",
            "destkey",
            "dst",
            "storekey",
            "storedistkey");

    private static final Set<String> DESTINATIONS = Set.of("destination", "destkey", "dst", "newkey");

    private static final Set<String> INTEGERS = Set.of(
            "bit",
            "bits",
            "client-id",
            "count",
            "cursor",
            "db",
            "decrement",
            "destination-db",
            "end",
            "frequency",
            "idle",
            "index",
            "index1",
            "index2",
            "len",
            "limit",
            "maxlen",
            "milliseconds",
            "min-match-len",
            "ms",
            "num-matches",
            "numfields",
            "numkeys",
            "numlocal",
            "numreplicas",
            "offset",
            "port",
            "protover",
            "rank",
            "samples",
            "seconds",
            "slot",
            "start",
            "stop",
            "ttl",
            "version",
            "weight");

    private static final Set<String> DOUBLES =
            Set.of("height", "increment", "latitude", "longitude", "max", "min", "radius", "score", "timeout", "width");

    private static final Set<String> PATTERNS = Set.of("pattern", "by-pattern", "get-pattern");

    private ArgumentNames() {}

    static Argument.Kind kind(String name) {
        if (KEYS.contains(name)) {
            return Argument.Kind.KEY;
        }
        if (INTEGERS.contains(name)) {
            return Argument.Kind.INTEGER;
        }
        if (DOUBLES.contains(name)) {
            return Argument.Kind.DOUBLE;
        }
        if (PATTERNS.contains(name)) {
            return Argument.Kind.PATTERN;
        }
        return name.startsWith("unix-time") ? Argument.Kind.UNIX_TIME : Argument.Kind.STRING;
    }

    /// Whether a key of this name receives what is computed from others.
    static boolean isDestination(String name) {
        return DESTINATIONS.contains(name);
    }
}
