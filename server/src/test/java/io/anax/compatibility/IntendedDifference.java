package io.anax.compatibility;

import java.util.List;

/// Where an answer is meant to differ from that of Redis. This is the only list: `docs/commands.md` is
/// made from it, and a test that lets a difference pass names one of these.
public enum IntendedDifference {
    ENCODING_OF_NUMBER(
            List.of("object|encoding"),
            "OBJECT ENCODING of a number",
            "`int`, whichever command wrote it",
            "numbers are stored as numbers"),
    IDLE_TIME(
            List.of("object|idletime"),
            "OBJECT IDLETIME",
            "0 unless an LRU policy is selected",
            "the moment of the last use takes 3 bytes a key, kept only where a policy needs it"),
    LAST_DEADLINE(
            List.of(
                    "expire",
                    "expireat",
                    "expiretime",
                    "getex",
                    "msetex",
                    "pexpire",
                    "pexpireat",
                    "pexpiretime",
                    "psetex",
                    "pttl",
                    "set",
                    "setex",
                    "ttl"),
            "deadlines",
            "end in the year 10889",
            "they take 48 bits"),
    CLIENT_FIELDS(
            List.of("client|info", "client|list"),
            "fields of CLIENT LIST",
            "those that mean something: no `fd`, `argv-mem`, `multi-mem`, `rbs`, `rbp`, `oll`, `omem`",
            "buffers are other ones"),
    CLIENT_WAITING(
            List.of("client|tracking", "client|unblock"),
            "CLIENT TRACKING ON and CLIENT UNBLOCK",
            "are refused",
            "nothing is tracked and no command waits for keys yet"),
    INFO_FIELDS(
            List.of("info"),
            "INFO",
            "leaves out what has no meaning here; a section `Shards` has a line for each shard",
            "a number that is made up helps nobody"),
    MONITOR_ORDER(
            List.of("monitor"),
            "MONITOR",
            "lines of several shards are in the order of their time; of an argument 16,384 bytes are shown, of a"
                    + " line 65,536",
            "commands run at the same time; a bound"),
    ADVICE(
            List.of("latency|doctor", "lolwut", "memory|doctor", "memory|malloc-stats"),
            "texts for people",
            "are our own",
            "they are about this server"),
    DEBUGGING(
            List.of("debug"),
            "subcommands of DEBUG",
            "those that DEBUG HELP lists",
            "the others look into structures of Redis"),
    SAMPLES_BOUND(List.of("config|set"), "`maxmemory-samples`", "at most 64", "a bound"),
    ARGUMENT_COUNT(List.of(), "arguments of one command", "at most 1,048,576", "a bound"),
    TEXT_SIZE(
            List.of(),
            "arguments that are neither keys nor values: names, settings, options",
            "at most 65,536 bytes each, and 4,096 of them in CONFIG GET, INFO, LATENCY, CLIENT LIST and KILL",
            "a bound"),
    NAME_SIZE(
            List.of("client|setname", "client|setinfo", "hello"),
            "names of clients and their libraries",
            "at most 512 bytes",
            "a bound");

    private final List<String> commands;
    private final String what;
    private final String here;
    private final String why;

    IntendedDifference(List<String> commands, String what, String here, String why) {
        this.commands = commands;
        this.what = what;
        this.here = here;
        this.why = why;
    }

    /// Full names of the commands whose answers differ, in lower case; none if it concerns them all.
    public List<String> commands() {
        return commands;
    }

    public String what() {
        return what;
    }

    /// How it is in Anax, in Markdown.
    public String here() {
        return here;
    }

    public String why() {
        return why;
    }
}
