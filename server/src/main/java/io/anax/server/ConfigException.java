package io.anax.server;

/// A setting that cannot be: the message names it and says what would be right.
final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    ConfigException(String message) {
        super(message);
    }
}
