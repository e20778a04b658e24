package io.anax.command;

import io.anax.memory.Memory;
import io.anax.protocol.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All commands of a server, found by the bytes of a name without allocation. Filled once, at start:
/// whatever is wrong with a declaration is thrown then. Never changes afterwards, so all shards read
/// the same one.
public final class CommandTable {
    private final List<Command> commands;
    private final Command[] byId;
    private final NameIndex byName;

    public CommandTable(CommandFamily... families) {
        this(List.of(families));
    }

    public CommandTable(List<CommandFamily> families) {
        var all = new ArrayList<Command>();
        int nextId = 0;
        for (var family : families) {
            for (var command : family.build(nextId)) {
                all.add(command);
                nextId += 1 + command.subcommands().size();
            }
        }
        commands = List.copyOf(all);
        byId = commands.stream()
                .flatMap(command -> command.withSubcommands().stream())
                .sorted(Comparator.comparingInt(Command::id))
                .toArray(Command[]::new);
        byName = new NameIndex(commands.size());
        for (var command : commands) {
            byName.put(command.name(), command);
        }
        assert checkIds();
    }

    private boolean checkIds() {
        for (int id = 0; id < byId.length; id++) {
            assert byId[id].id() == id : byId[id] + " has number " + byId[id].id();
        }
        return true;
    }

    /// The command of this name in any case, not looking for a subcommand; null if there is none.
    public @Nullable Command find(long name, int size) {
        return byName.find(name, size);
    }

    /// The command of a request, of a container the subcommand; null if there is none: [#unknown] then
    /// says what to answer. A container without second word is returned itself.
    public @Nullable Command find(Request request) {
        return find(request, 0);
    }

    @Nullable
    Command find(Request request, int begin) {
        var command = byName.find(request.address(begin), request.length(begin));
        if (command == null || !command.isContainer() || request.count() == begin + 1) {
            return command;
        }
        return command.subcommand(request.address(begin + 1), request.length(begin + 1));
    }

    /// By a name as COMMAND INFO takes it: `client|list`. Not for hot paths.
    @Nullable
    Command findByFullName(long name, int size) {
        int bar = 0;
        while (bar < size && Memory.getByte(name + bar) != '|') {
            bar++;
        }
        var command = byName.find(name, bar);
        if (bar == size || command == null) {
            return command;
        }
        return command.subcommand(name + bar + 1, size - bar - 1);
    }

    /// What to tell the client whose request has no command.
    public CommandException unknown(Request request) {
        var container = byName.find(request.address(0), request.length(0));
        if (container != null) {
            assert request.count() > 1 : container + " is known";
            return CommandException.unknownSubcommand(bytes(request, 1), container.name());
        }
        int count = Math.min(request.count(), CommandException.ECHOED_ARGUMENTS_MAX);
        byte[][] arguments = new byte[count][];
        for (int i = 0; i < count; i++) {
            arguments[i] = bytes(request, i);
        }
        return CommandException.unknownCommand(arguments);
    }

    private static byte[] bytes(Request request, int i) {
        return Memory.bytes(request.address(i), Math.min(request.length(i), CommandException.ECHO_MAX_BYTES));
    }

    /// Without subcommands, in the order of their declaration.
    public List<Command> commands() {
        return commands;
    }

    /// With subcommands, by number.
    public List<Command> all() {
        return List.of(byId);
    }

    /// How many there are, subcommands included: their ids are below.
    public int count() {
        return byId.length;
    }

    public Command command(int id) {
        return byId[id];
    }

    @Override
    public String toString() {
        return commands.toString();
    }
}
