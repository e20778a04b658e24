package io.anax.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The settings in force. Later sources win: defaults, file, environment, command line, CONFIG SET.
final class Config {
    private final Map<Directive, String> values = new EnumMap<>(Directive.class);

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
        values.put(directive, directive.checked(value));
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

    /// Reads `name value` lines; `#` begins a comment, a value may stand in quotes.
    void read(Path file) throws ConfigException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new ConfigException("cannot read " + file + ": " + e.getMessage());
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                read(line);
            } catch (ConfigException e) {
                throw new ConfigException(file + ":" + (i + 1) + ": " + e.getMessage());
            }
        }
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
        var words = words(line);
        Directive directive = Directive.named(words.getFirst());
        if (words.size() < 2) {
            throw new ConfigException("'" + directive.word() + "' needs a value");
        }
        set(directive, String.join(" ", words.subList(1, words.size())));
    }

    private static List<String> words(String line) throws ConfigException {
        var words = new ArrayList<String>();
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            }
            boolean quoted = c == '"' || c == '\'';
            int end = quoted ? line.indexOf(c, at + 1) : wordEnd(line, at);
            if (end < 0) {
                throw new ConfigException("a quote is not closed");
            }
            words.add(line.substring(quoted ? at + 1 : at, end));
            at = end + 1;
        }
        return words;
    }

    private static int wordEnd(String line, int at) {
        int end = at;
        while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
            end++;
        }
        return end;
    }
}
