package io.anax.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One setting of the server: its name in a configuration file, on the command line (`--name`), in the
/// environment (`ANAX_NAME`) and in CONFIG GET, what values it takes, and what it is for. Names and
/// meanings are Redis's where the thing is the same.
enum Directive {
    PORT("port", "6379", Group.NETWORK, Kind.number(0, 65535), false, "TCP port; 0: none"),
    BIND(
            "bind",
            "* -::*",
            Group.NETWORK,
            Kind.TEXT,
            false,
            "Addresses to listen on; one behind a - may be missing on this machine"),
    UNIXSOCKET("unixsocket", "", Group.NETWORK, Kind.TEXT, false, "Path of a unix socket to listen on"),
    UNIXSOCKETPERM(
            "unixsocketperm",
            "0",
            Group.NETWORK,
            Kind.OCTAL,
            false,
            "Permissions of its file, as chmod takes them; 0: as they come"),
    TCP_BACKLOG(
            "tcp-backlog",
            "511",
            Group.NETWORK,
            Kind.number(1, 65535),
            false,
            "Connections that may wait to be accepted"),
    TCP_KEEPALIVE(
            "tcp-keepalive",
            "300",
            Group.NETWORK,
            Kind.number(0, Integer.MAX_VALUE),
            true,
            "Seconds of silence after which a new connection's peer is asked whether it is there; 0: never"),
    TIMEOUT(
            "timeout",
            "0",
            Group.NETWORK,
            Kind.number(0, Integer.MAX_VALUE),
            true,
            "Seconds after which an idle client is closed; 0: never"),
    MAXCLIENTS("maxclients", "10000", Group.NETWORK, Kind.number(1, 1_000_000), true, "Clients at the same time"),
    IO(
            "io",
            "auto",
            Group.NETWORK,
            Kind.choice("auto", "uring", "nio"),
            false,
            "How to talk to the kernel: io_uring, or JDK NIO, or the better one that works here"),
    PROTO_MAX_BULK_LEN(
            "proto-max-bulk-len",
            "512mb",
            Group.NETWORK,
            Kind.memory(1 << 20, Long.MAX_VALUE),
            true,
            "Longest argument, and longest string that a command makes"),
    CLIENT_OUTPUT_BUFFER_LIMIT(
            "client-output-buffer-limit",
            "normal 0 0 0 slave 256mb 64mb 60 pubsub 32mb 8mb 60",
            Group.NETWORK,
            Kind.OUTPUT_LIMITS,
            true,
            "Output that may wait for a kind of clients: kind, hard limit, soft limit, seconds above the soft one"),
    REQUIREPASS("requirepass", "", Group.SECURITY, Kind.TEXT, true, "Password that clients must give; empty: none"),
    PROTECTED_MODE(
            "protected-mode",
            "yes",
            Group.SECURITY,
            Kind.YES_NO,
            true,
            "Refuse clients of other machines while there is no password"),
    THREADS(
            "threads",
            "0",
            Group.GENERAL,
            Kind.number(0, 4096),
            false,
            "Shards, each with a thread of its own; 0: one for each processor"),
    DATABASES("databases", "16", Group.GENERAL, Kind.number(1, 16384), false, "Logical databases for SELECT"),
    MAXMEMORY("maxmemory", "0", Group.MEMORY, Kind.MEMORY, true, "Bytes that data may take; 0: no limit"),
    MAXMEMORY_POLICY(
            "maxmemory-policy",
            "noeviction",
            Group.MEMORY,
            Kind.choice(
                    "noeviction",
                    "allkeys-adaptive",
                    "volatile-adaptive",
                    "allkeys-lru",
                    "volatile-lru",
                    "allkeys-lfu",
                    "volatile-lfu",
                    "allkeys-random",
                    "volatile-random",
                    "volatile-ttl"),
            true,
            "Which keys go when memory is full"),
    MAXMEMORY_SAMPLES(
            "maxmemory-samples",
            "5",
            Group.MEMORY,
            Kind.number(1, 64),
            true,
            "Keys looked at for each one that lru, lfu or ttl evicts"),
    LFU_LOG_FACTOR(
            "lfu-log-factor",
            "10",
            Group.MEMORY,
            Kind.number(0, Integer.MAX_VALUE),
            true,
            "How slowly the counter of lfu grows"),
    LFU_DECAY_TIME(
            "lfu-decay-time",
            "1",
            Group.MEMORY,
            Kind.number(0, Integer.MAX_VALUE),
            true,
            "Minutes after which the counter of lfu falls by one"),
    HLL_SPARSE_MAX_BYTES(
            "hll-sparse-max-bytes",
            "3000",
            Group.MEMORY,
            Kind.MEMORY,
            true,
            "Bytes of a HyperLogLog beyond which its registers are not packed any more: faster, 12 KiB"),
    SLOWLOG_LOG_SLOWER_THAN(
            "slowlog-log-slower-than",
            "10000",
            Group.WATCHING,
            Kind.number(-1, Long.MAX_VALUE),
            true,
            "Microseconds from which on a command is in the slow log; -1: none is"),
    SLOWLOG_MAX_LEN(
            "slowlog-max-len",
            "128",
            Group.WATCHING,
            Kind.number(0, Long.MAX_VALUE),
            true,
            "Commands that the slow log keeps"),
    LATENCY_MONITOR_THRESHOLD(
            "latency-monitor-threshold",
            "0",
            Group.WATCHING,
            Kind.number(0, Long.MAX_VALUE),
            true,
            "Milliseconds from which on LATENCY remembers what was slow; 0: nothing"),
    LATENCY_TRACKING("latency-tracking", "yes", Group.WATCHING, Kind.YES_NO, true, "Count how long each command takes"),
    LATENCY_TRACKING_INFO_PERCENTILES(
            "latency-tracking-info-percentiles",
            "50 99 99.9",
            Group.WATCHING,
            Kind.PERCENTILES,
            true,
            "Percentiles that INFO shows of it");

    private static final List<Directive> ALL = List.of(values());
    private static final int OCTAL_RADIX = 8;
    private static final int PERMISSIONS_MAX = 0777;

    private final String word;
    private final String byDefault;
    private final Group group;
    private final Kind kind;
    private final boolean mutable;
    private final String help;

    /// The headings of `--help`.
    enum Group {
        GENERAL("General"),
        NETWORK("Network"),
        SECURITY("Security"),
        MEMORY("Memory"),
        WATCHING("Watching");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /// What values a directive takes.
    interface Kind {
        Kind TEXT = (value, _) -> value;
        Kind YES_NO = (value, _) -> oneOf(value, List.of("yes", "no"), "argument must be 'yes' or 'no'");
        Kind OCTAL = (value, _) -> octal(value);
        Kind OUTPUT_LIMITS =
                (value, before) -> OutputLimits.NONE.with(before).with(value).toString();
        Kind PERCENTILES = (value, _) -> Percentiles.canonical(value);
        Kind MEMORY = memory(0, Long.MAX_VALUE);

        /// As [Directive#checked] says.
        String checked(String value, String before) throws ConfigException;

        static Kind memory(long min, long max) {
            return (value, _) -> Long.toString(within(min, max, bytes(value)));
        }

        static Kind number(long min, long max) {
            return (value, _) -> Long.toString(within(min, max, Directive.number(value)));
        }

        static Kind choice(String... words) {
            List<String> list = List.of(words);
            return (value, _) ->
                    oneOf(value, list, "argument(s) must be one of the following: " + String.join(", ", list));
        }
    }

    Directive(String word, String byDefault, Group group, Kind kind, boolean mutable, String help) {
        this.word = word;
        this.byDefault = byDefault;
        this.group = group;
        this.kind = kind;
        this.mutable = mutable;
        this.help = help;
    }

    static List<Directive> all() {
        return ALL;
    }

    String word() {
        return word;
    }

    String byDefault() {
        return byDefault;
    }

    Group group() {
        return group;
    }

    /// Whether CONFIG SET may change it while the server runs.
    boolean isMutable() {
        return mutable;
    }

    String help() {
        return help;
    }

    /// `ANAX_MAXMEMORY_POLICY`
    String variable() {
        return "ANAX_" + word.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /// The directive of this name.
    static Directive named(String word) throws ConfigException {
        for (Directive directive : ALL) {
            if (directive.word.equalsIgnoreCase(word)) {
                return directive;
            }
        }
        throw new ConfigException(
                "unknown directive '" + word + "'; the nearest known name is '" + nearest(word) + "'");
    }

    /// The value as it is kept and shown: sizes in bytes, words in lower case. `before` is the value in
    /// force, empty at first: what changes only parts of it keeps the others.
    String checked(String value, String before) throws ConfigException {
        return kind.checked(value, before);
    }

    /// Whether a configuration file says it in several lines.
    boolean hasManyLines() {
        return kind == Kind.OUTPUT_LIMITS;
    }

    /// Whether its values are whole texts, which may need quotes in a file.
    boolean isText() {
        return kind == Kind.TEXT && this != BIND;
    }

    private static String oneOf(String value, List<String> words, String otherwise) throws ConfigException {
        String lower = value.toLowerCase(Locale.ROOT);
        if (!words.contains(lower)) {
            throw new ConfigException(otherwise);
        }
        return lower;
    }

    private static long within(long min, long max, long number) throws ConfigException {
        if (number < min || number > max) {
            throw new ConfigException("argument must be between " + min + " and " + max + " inclusive");
        }
        return number;
    }

    private static long number(String value) throws ConfigException {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException _) {
            throw new ConfigException("argument couldn't be parsed into an integer");
        }
    }

    private static long bytes(String value) throws ConfigException {
        Long bytes = MemorySize.parse(value);
        if (bytes == null) {
            throw new ConfigException("argument must be a memory value");
        }
        return bytes;
    }

    private static String octal(String value) throws ConfigException {
        try {
            int permissions = Integer.parseInt(value, OCTAL_RADIX);
            if (permissions >= 0 && permissions <= PERMISSIONS_MAX) {
                return Integer.toOctalString(permissions);
            }
        } catch (NumberFormatException _) {
            throw new ConfigException("argument couldn't be parsed as an octal number");
        }
        throw new ConfigException("argument must be between 0 and 777 inclusive");
    }

    private static String nearest(String word) {
        var best = new ArrayList<Directive>(ALL);
        best.sort((a, b) -> Integer.compare(distance(a.word, word), distance(b.word, word)));
        return best.getFirst().word;
    }

    /// Levenshtein's distance, over names of at most a few dozen characters.
    private static int distance(String a, String b) {
        String other = b.length() > 64 ? b.substring(0, 64) : b;
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
