package io.anax.engine;

/// What the operator reads. A class of its own, since the library behind the first line takes 80 ms: the
/// program opens the log once it answers clients.
public final class Log {
    private static final System.Logger LOGGER = System.getLogger("anax");

    private Log() {}

    /// Makes ready for the first line, which comes faster then.
    public static void open() {
        boolean _ = LOGGER.isLoggable(System.Logger.Level.ERROR);
    }

    /// Something that whoever runs the server may want to know.
    public static void info(String text) {
        LOGGER.log(System.Logger.Level.INFO, text);
    }

    /// Something that may need attention.
    public static void warning(String text) {
        LOGGER.log(System.Logger.Level.WARNING, text);
    }

    /// An error of ours.
    public static void error(String text, Throwable error) {
        LOGGER.log(System.Logger.Level.ERROR, text, error);
    }
}
