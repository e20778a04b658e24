package io.anax.command;

import io.anax.command.KeySpec.Counted;
import io.anax.command.KeySpec.Keyword;
import io.anax.command.KeySpec.Range;
import io.anax.protocol.ReplyWriter;
import java.util.Arrays;
import java.util.List;

/// A command as COMMAND and COMMAND INFO describe it, ten things in Redis's order:
///
/// ```
///  name, arity, flags, first key, last key, step, ACL categories, tips, key specs, subcommands
/// ```
final class CommandInfo {
    private static final List<CommandFlag> FLAGS = Arrays.asList(CommandFlag.values());
    private static final List<KeyFlag> KEY_FLAGS = Arrays.asList(KeyFlag.values());
    private static final int THINGS = 10;

    private CommandInfo() {}

    static void write(ReplyWriter reply, Command command) {
        reply.array(THINGS);
        reply.bulk(command.fullName());
        reply.integer(command.arity());
        words(reply, flags(command));
        reply.integer(command.firstKey());
        reply.integer(command.lastKeyAsDeclared());
        reply.integer(command.keyStep());
        words(
                reply,
                command.categories().stream().map(category -> "@" + category).toList());
        reply.set(command.tips().size());
        command.tips().forEach(reply::bulk);
        reply.set(command.keySpecs().size());
        for (int i = 0; i < command.keySpecs().size(); i++) {
            keySpec(reply, command.keySpecs().get(i), command.keyFlags(i));
        }
        reply.set(command.subcommands().size());
        for (var subcommand : command.subcommands()) {
            write(reply, subcommand);
        }
    }

    /// What GETKEYSANDFLAGS says of one key: VARIABLE_FLAGS is about a spec, not about a request.
    static void keyFlags(ReplyWriter reply, int flags) {
        words(reply, keyWords(flags & ~KeyFlag.VARIABLE_FLAGS.bit()));
    }

    private static List<String> flags(Command command) {
        return FLAGS.stream()
                .filter(flag -> flag.isShown() && command.has(flag))
                .map(CommandFlag::word)
                .toList();
    }

    private static List<String> keyWords(int flags) {
        return KEY_FLAGS.stream()
                .filter(flag -> flag.in(flags))
                .map(KeyFlag::word)
                .toList();
    }

    private static void words(ReplyWriter reply, List<String> words) {
        reply.set(words.size());
        words.forEach(reply::simple);
    }

    private static void keySpec(ReplyWriter reply, KeySpec spec, int flags) {
        reply.map(3);
        reply.bulk("flags");
        words(reply, keyWords(flags));
        reply.bulk("begin_search");
        begin(reply, spec);
        reply.bulk("find_keys");
        find(reply, spec);
    }

    private static void begin(ReplyWriter reply, KeySpec spec) {
        switch (spec) {
            case Range range -> {
                head(reply, "index", 1);
                number(reply, "index", range.first());
            }
            case Counted counted -> {
                head(reply, "index", 1);
                number(reply, "index", counted.countAt());
            }
            case Keyword keyword -> {
                head(reply, "keyword", 2);
                reply.bulk("keyword");
                reply.bulk(keyword.word());
                number(reply, "startfrom", keyword.startFrom());
            }
            case KeySpec.None _, KeySpec.Option _, KeySpec.Unknown _ -> head(reply, "unknown", 0);
        }
    }

    private static void find(ReplyWriter reply, KeySpec spec) {
        switch (spec) {
            case Range range -> {
                int last = range.last() < 0 ? range.last() : range.last() - range.first();
                range(reply, last, range.step(), 0);
            }
            case Counted counted -> {
                head(reply, "keynum", 3);
                number(reply, "keynumidx", 0);
                number(reply, "firstkey", counted.firstKey());
                number(reply, "keystep", counted.step());
            }
            case Keyword keyword -> range(reply, keyword.last(), keyword.step(), keyword.limit());
            case KeySpec.None _, KeySpec.Option _, KeySpec.Unknown _ -> head(reply, "unknown", 0);
        }
    }

    private static void range(ReplyWriter reply, int last, int step, int limit) {
        head(reply, "range", 3);
        number(reply, "lastkey", last);
        number(reply, "keystep", step);
        number(reply, "limit", limit);
    }

    private static void head(ReplyWriter reply, String type, int pairs) {
        reply.map(2);
        reply.bulk("type");
        reply.bulk(type);
        reply.bulk("spec");
        reply.map(pairs);
    }

    private static void number(ReplyWriter reply, String name, int value) {
        reply.bulk(name);
        reply.integer(value);
    }
}
