package io.anax.command;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The ACL categories of a command, from its group and flags as Redis derives them.
final class AclCategories {
    /// All there are, in Redis's order: the one in which COMMAND INFO lists them.
    static final List<String> ALL = List.of(
            "keyspace",
            "read",
            "write",
            "set",
            "sortedset",
            "list",
            "hash",
            "string",
            "bitmap",
            "hyperloglog",
            "geo",
            "stream",
            "pubsub",
            "admin",
            "fast",
            "slow",
            "blocking",
            "dangerous",
            "connection",
            "transaction",
            "scripting");

    private static final Map<String, String> OF_GROUP = Map.ofEntries(
            Map.entry("generic", "keyspace"),
            Map.entry("string", "string"),
            Map.entry("list", "list"),
            Map.entry("set", "set"),
            Map.entry("hash", "hash"),
            Map.entry("sorted-set", "sortedset"),
            Map.entry("bitmap", "bitmap"),
            Map.entry("hyperloglog", "hyperloglog"),
            Map.entry("geo", "geo"),
            Map.entry("stream", "stream"),
            Map.entry("connection", "connection"),
            Map.entry("transactions", "transaction"),
            Map.entry("scripting", "scripting"));

    private AclCategories() {}

    static List<String> of(Command command, boolean groupCounts, List<String> others) {
        var found = new LinkedHashSet<>(others);
        // A container that is nothing else has no category but its speed: its subcommands have them.
        if (groupCounts && OF_GROUP.containsKey(command.group()) && !(command.isContainer() && command.arity() == -2)) {
            found.add(OF_GROUP.get(command.group()));
        }
        addFromFlags(command, found);
        for (var category : found) {
            assert ALL.contains(category) : category;
        }
        return ALL.stream().filter(found::contains).toList();
    }

    private static void addFromFlags(Command command, Set<String> found) {
        if (command.has(CommandFlag.WRITE)) {
            found.add("write");
        }
        if (command.has(CommandFlag.READONLY) && !found.contains("scripting")) {
            found.add("read"); // a script may do more than read: EVAL_RO
        }
        if (command.has(CommandFlag.ADMIN)) {
            found.add("admin");
            found.add("dangerous");
        }
        if (command.has(CommandFlag.PUBSUB)) {
            found.add("pubsub");
        }
        if (command.has(CommandFlag.BLOCKING)) {
            found.add("blocking");
        }
        found.add(command.has(CommandFlag.FAST) ? "fast" : "slow");
    }
}
