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
    CLIENT_FILTERS(
            List.of("client|kill", "client|list"),
            "which clients CLIENT KILL and CLIENT LIST concern",
            "KILL: one address, `ID` or `ADDR`; LIST: all or `ID`",
            "there is one user, and all clients are of one type"),
    ARGUMENT_COUNT(List.of(), "arguments of one command", "at most 1,048,576", "a bound");

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
