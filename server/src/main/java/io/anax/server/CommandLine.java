package io.anax.server;

import io.anax.engine.Log;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The program as its user sees it: options, banner, exit codes.
final class CommandLine {
    static final String VERSION = "0.1.0";

    static final int STOPPED = 0;
    /// The server could not be opened: a busy port, a bad address, no memory.
    static final int CANNOT_START = 1;
    /// The command line, the environment or the file says what cannot be.
    static final int BAD_USAGE = 2;

    /// An error of ours ended it, as the log says.
    static final int BROKEN = 3;

    private static final String OPTION = "--";

    private CommandLine() {}

    /// Runs the server until it is told to stop. Returns the exit code.
    static int run(String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
        try {
            var options = new EnumMap<Directive, String>(Directive.class);
            if (arePlain(arguments, options)) {
                return serve(config(null, environment, options), out, err);
            }
            return runParsed(arguments, environment, out, err);
        } catch (ParameterException | ConfigException e) {
            err.println("anax: " + e.getMessage());
            if (e instanceof ParameterException wrong) {
                picocli.CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
            }
            return BAD_USAGE;
        }
    }

    /// Whether there is nothing but `--name value`, each name once, as services are started. They go into
    /// `options`. The library would need a tenth of a second for them, since its classes are too old for the
    /// AOT cache.
    private static boolean arePlain(String[] arguments, Map<Directive, String> options) {
        if (arguments.length % 2 != 0) {
            return false;
        }
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i];
            String value = arguments[i + 1];
            Directive known = Directive.all().stream()
                    .filter(directive -> name.equals(OPTION + directive.word()))
                    .findFirst()
                    .orElse(null);
            if (known == null || value.startsWith("-") || options.put(known, value) != null) {
                return false;
            }
        }
        return true;
    }

    private static int runParsed(String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err)
            throws ConfigException {
        var line = new picocli.CommandLine(spec()).setUsageHelpAutoWidth(true);
        ParseResult parsed = line.parseArgs(arguments);
        if (parsed.isUsageHelpRequested()) {
            line.usage(out);
            return STOPPED;
        }
        if (parsed.isVersionHelpRequested()) {
            line.printVersionHelp(out);
            return STOPPED;
        }
        var options = new EnumMap<Directive, String>(Directive.class);
        for (Directive directive : Directive.all()) {
            String option = OPTION + directive.word();
            if (parsed.hasMatchedOption(option)) {
                options.put(directive, parsed.matchedOptionValue(option, ""));
            }
        }
        Path file = parsed.hasMatchedPositional(0) ? parsed.matchedPositionalValue(0, Path.of("")) : null;
        return serve(config(file, environment, options), out, err);
    }

    private static CommandSpec spec() {
        var spec = CommandSpec.create().name("anax").version("anax " + VERSION);
        spec.usageMessage().description("An in-memory data store that speaks the protocol of Redis.");
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("FILE")
                .arity("0..1")
                .type(Path.class)
                .description("Configuration: lines of 'name value', as in redis.conf")
                .build());
        spec.mixinStandardHelpOptions(true);
        for (Directive.Group group : Directive.Group.values()) {
            var options = ArgGroupSpec.builder()
                    .heading("%n" + group.title() + "%n")
                    .exclusive(false)
                    .validate(false);
            for (Directive directive : Directive.all()) {
                if (directive.group() == group) {
                    options.addArg(option(directive));
                }
            }
            spec.addArgGroup(options.build());
        }
        spec.usageMessage().footer("", "Every option may also be set as ANAX_NAME in the environment.");
        return spec;
    }

    private static OptionSpec option(Directive directive) {
        String byDefault = directive.byDefault().isEmpty() ? "" : " (default: " + directive.byDefault() + ")";
        return OptionSpec.builder(OPTION + directive.word())
                .paramLabel("VALUE")
                .type(String.class)
                .description(directive.help() + byDefault)
                .build();
    }

    private static Config config(@Nullable Path file, Map<String, String> environment, Map<Directive, String> options)
            throws ConfigException {
        var config = new Config();
        if (file != null) {
            config.read(file);
        }
        config.read(environment);
        for (Map.Entry<Directive, String> option : options.entrySet()) {
            config.set(option.getKey(), option.getValue());
        }
        return config;
    }

    private static int serve(Config config, PrintStream out, PrintStream err) throws ConfigException {
        Server server;
        try {
            server = new Server(config);
            server.start();
        } catch (IOException e) {
            err.println("anax: cannot listen on port " + config.text(Directive.PORT) + " (bind "
                    + config.text(Directive.BIND) + "): " + e.getMessage());
            return CANNOT_START;
        }
        for (String line : banner(server)) {
            out.println(line);
        }
        Log.open();
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
        boolean _ = server.warmUp();
        try {
            HeapTrimmer.accompany(server);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return server.failed() ? BROKEN : STOPPED;
    }

    private static List<String> banner(Server server) {
        long limit = server.config().number(Directive.MAXMEMORY);
        return List.of(
                "anax " + VERSION + ", " + shards(server) + ", " + server.io() + ", " + server.fibers()
                        + " fibers, memory limit " + (limit == 0 ? "none" : limit + " bytes") + ", pid "
                        + ProcessHandle.current().pid(),
                "Ready to accept connections on port " + server.port());
    }

    private static String shards(Server server) {
        int count = server.shards().count();
        return count == 1 ? "1 shard" : count + " shards";
    }
}
