package io.anax.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The settings in force. Later sources win: defaults, file, environment, command line, CONFIG SET. May be
/// read and set from any thread.
final class Config {
    private volatile Map<Directive, String> values = Map.of(); // a new map for each change
    private @Nullable Path file; // settled before there are other threads

    Config() {
        for (Directive directive : Directive.all()) {
            try {
                set(directive, directive.byDefault());
            } catch (ConfigException e) {
                throw new AssertionError(e);
            }
        }
    }

    /// Keeps the value when it is one that the directive takes.
    void set(Directive directive, String value) throws ConfigException {
        try {
            setAll(Map.of(directive, value));
        } catch (RefusedException e) {
            throw e.why().about(directive);
        }
    }

    /// Keeps all values, or none when one of them is not what its directive takes.
    synchronized void setAll(Map<Directive, String> changes) throws RefusedException {
        var changed = new EnumMap<Directive, String>(Directive.class);
        changed.putAll(values);
        for (var change : changes.entrySet()) {
            Directive directive = change.getKey();
            try {
                changed.put(directive, directive.checked(change.getValue(), text(directive)));
            } catch (ConfigException e) {
                throw new RefusedException(directive, e);
            }
        }
        values = changed;
    }

    /// One of several values cannot be.
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        private final Directive directive;
        private final ConfigException why;

        RefusedException(Directive directive, ConfigException why) {
            super(why);
            this.directive = directive;
            this.why = why;
        }

        Directive directive() {
            return directive;
        }

        ConfigException why() {
            return why;
        }
    }

    String text(Directive directive) {
        return values.getOrDefault(directive, "");
    }

    long number(Directive directive) {
        return Long.parseLong(text(directive));
    }

    boolean yes(Directive directive) {
        return text(directive).equals("yes");
    }

    OutputLimits outputLimits() {
        try {
            return OutputLimits.NONE.with(text(Directive.CLIENT_OUTPUT_BUFFER_LIMIT));
        } catch (ConfigException e) {
            throw new AssertionError("was checked when it was set", e);
        }
    }

    List<Double> percentiles() {
        try {
            return Percentiles.parse(text(Directive.LATENCY_TRACKING_INFO_PERCENTILES));
        } catch (ConfigException e) {
            throw new AssertionError("was checked when it was set", e);
        }
    }

    /// The configuration file that was read; null if there is none.
    @Nullable
    Path file() {
        return file;
    }

    /// Reads `name value` lines, see [ConfigLine]. Bytes above 127 are kept as they are.
    void read(Path from) throws ConfigException {
        List<String> lines;
        try {
            lines = Files.readAllLines(from, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new ConfigException("cannot read " + from + ": " + e.getMessage());
        }
        for (int i = 0; i < lines.size(); i++) {
            try {
                if (!ConfigLine.isComment(lines.get(i))) {
                    read(lines.get(i));
                }
            } catch (ConfigException e) {
                throw new ConfigException(from + ":" + (i + 1) + ": " + e.getMessage());
            }
        }
        file = from.toAbsolutePath();
    }

    /// Takes `ANAX_…` variables.
    void read(Map<String, String> environment) throws ConfigException {
        for (Directive directive : Directive.all()) {
            String value = environment.get(directive.variable());
            if (value != null) {
                set(directive, value);
            }
        }
    }

    private void read(String line) throws ConfigException {
        var words = ConfigLine.words(line);
        Directive directive = Directive.named(words.getFirst());
        if (words.size() < 2) {
            throw new ConfigException("'" + directive.word() + "' needs a value");
        }
        set(directive, String.join(" ", words.subList(1, words.size())));
    }
}
