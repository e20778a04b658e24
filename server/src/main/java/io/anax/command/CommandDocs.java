package io.anax.command;

import io.anax.protocol.ReplyWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A command as COMMAND DOCS describes it, and the text of HELP subcommands.
final class CommandDocs {
    private CommandDocs() {}

    /// Its full name and a map: what goes into the map of the whole reply.
    static void write(ReplyWriter reply, Command command) {
        reply.bulk(command.fullName());
        String since = command.deprecatedSince();
        reply.map(3
                + one(!command.complexity().isEmpty())
                + 3 * one(since != null)
                + one(!command.arguments().isEmpty())
                + one(command.isContainer()));
        pair(reply, "summary", command.summary());
        pair(reply, "since", command.since());
        pair(reply, "group", command.group());
        if (!command.complexity().isEmpty()) {
            pair(reply, "complexity", command.complexity());
        }
        if (since != null) {
            deprecated(reply, since, command.replacedBy());
        }
        if (!command.arguments().isEmpty()) {
            reply.bulk("arguments");
            arguments(reply, command.arguments(), command, -1);
        }
        if (command.isContainer()) {
            reply.bulk("subcommands");
            reply.map(command.subcommands().size());
            command.subcommands().forEach(subcommand -> write(reply, subcommand));
        }
    }

    private static void deprecated(ReplyWriter reply, String since, @Nullable String replacedBy) {
        reply.bulk("doc_flags");
        reply.set(1);
        reply.simple("deprecated");
        pair(reply, "deprecated_since", since);
        pair(reply, "replaced_by", replacedBy == null ? "" : replacedBy);
    }

    /// `keySpec` is that of the argument they are in, -1 for none.
    private static void arguments(ReplyWriter reply, List<Argument> arguments, Command command, int keySpec) {
        reply.array(arguments.size());
        for (var argument : arguments) {
            int spec = keySpec < 0 ? command.keySpecOf(argument) : keySpec;
            argument(reply, argument, command, spec);
        }
    }

    private static void argument(ReplyWriter reply, Argument argument, Command command, int keySpec) {
        boolean showsSpec = argument.isKey() && keySpec >= 0;
        int flags = one(argument.optional()) + one(argument.multiple()) + one(argument.multipleToken());
        boolean isGroup = !argument.children().isEmpty();
        String token = argument.token();
        reply.map(2 + one(showsSpec) + one(token != null) + one(flags > 0) + one(isGroup));
        pair(reply, "name", argument.name());
        pair(reply, "type", argument.kind().word);
        if (showsSpec) {
            reply.bulk("key_spec_index");
            reply.integer(keySpec);
        }
        if (token != null) {
            pair(reply, "token", token);
        }
        if (flags > 0) {
            flags(reply, argument, flags);
        }
        if (isGroup) {
            reply.bulk("arguments");
            arguments(reply, argument.children(), command, keySpec);
        }
    }

    private static void flags(ReplyWriter reply, Argument argument, int count) {
        reply.bulk("flags");
        reply.set(count);
        if (argument.optional()) {
            reply.simple("optional");
        }
        if (argument.multiple()) {
            reply.simple("multiple");
        }
        if (argument.multipleToken()) {
            reply.simple("multiple_token");
        }
    }

    private static void pair(ReplyWriter reply, String name, String value) {
        reply.bulk(name);
        reply.bulk(value);
    }

    private static int one(boolean present) {
        return present ? 1 : 0;
    }

    /// The reply of a container's HELP: `lines` are usages, without the container's name, each
    /// followed by an indented summary.
    static void help(ReplyWriter reply, String container, List<String> lines) {
        reply.array(1L + lines.size());
        reply.simple(container + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
        lines.forEach(reply::simple);
    }
}
