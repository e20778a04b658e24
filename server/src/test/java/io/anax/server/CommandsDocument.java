package io.anax.server;

import io.anax.command.Command;
import io.anax.command.CommandFlag;
import io.anax.compatibility.IntendedDifference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The text of `docs/commands.md`, made from what the commands declare: a table for each group, then the
/// differences that are meant to be.
final class CommandsDocument {
    private static final String HEAD = """
            # Commands

            This file is made from the declarations of the commands: `make docs` rewrites it.

            What a command does is what it does in Redis, to the byte of its reply, with the [differences](#differences-from-redis) \
            listed last. *Since* is the version of Redis that brought the command. Arguments in brackets may be \
            left out; dots stand for more of the same.
            """;

    private static final String COLUMNS = """

            ## %s

            | command | what it does | complexity | since | flags |
            |---|---|---|---|---|
            """;

    private static final String DIFFERENCES = """

            ## Differences from Redis

            | | what | here | why |
            |---|---|---|---|
            """;

    private static final List<IntendedDifference> LISTED = List.of(IntendedDifference.values());

    private CommandsDocument() {}

    static String of(List<Command> commands) {
        var groups = new TreeMap<String, List<Command>>();
        for (Command command : commands) {
            groups.computeIfAbsent(command.group(), _ -> new ArrayList<>()).add(command);
        }
        var text = new StringBuilder(HEAD);
        groups.forEach((group, members) -> {
            text.append(COLUMNS.formatted(group));
            members.stream()
                    .sorted(Comparator.comparing(Command::name))
                    .flatMap(CommandsDocument::withSubcommands)
                    .forEach(command -> text.append(row(command)));
        });
        text.append(DIFFERENCES);
        LISTED.forEach(difference -> text.append(row(difference)));
        return text.toString();
    }

    /// A container that does nothing itself is told by its subcommands alone.
    static Stream<Command> withSubcommands(Command command) {
        var subcommands = command.subcommands().stream().sorted(Comparator.comparing(Command::name));
        boolean isCalled = !command.isContainer() || command.arity() == -1;
        return Stream.concat(isCalled ? Stream.of(command) : Stream.empty(), subcommands);
    }

    private static String row(Command command) {
        return cells(
                "`" + command.usage() + "`",
                command.summary() + notes(command),
                command.complexity(),
                command.since(),
                flags(command));
    }

    private static String row(IntendedDifference difference) {
        return cells(String.valueOf(number(difference)), difference.what(), difference.here(), difference.why());
    }

    private static String notes(Command command) {
        String numbers = LISTED.stream()
                .filter(difference -> difference.commands().contains(command.fullName()))
                .map(difference -> String.valueOf(number(difference)))
                .collect(Collectors.joining(", "));
        return numbers.isEmpty() ? "" : " Differs: " + numbers + ".";
    }

    private static int number(IntendedDifference difference) {
        return LISTED.indexOf(difference) + 1;
    }

    private static String flags(Command command) {
        return Arrays.stream(CommandFlag.values())
                .filter(flag -> flag.compareTo(CommandFlag.ALLOW_BUSY) <= 0 && command.has(flag))
                .map(flag -> flag.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    }

    private static String cells(String... cells) {
        return Arrays.stream(cells)
                .map(cell -> cell.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
