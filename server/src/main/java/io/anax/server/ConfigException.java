package io.anax.server;

/// A setting that cannot be: the message says what would be right.
final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    ConfigException(String message) {
        super(message);
    }

    /// The same with the directive's name, for who reads a file or a command line.
    ConfigException about(Directive directive) {
        return new ConfigException("'" + directive.word() + "': " + reason());
    }

    /// As CONFIG SET says it.
    String reason() {
        return String.valueOf(getMessage());
    }
}
