package io.anax.server;

import java.util.Locale;

/// What INFO says, as it grows: sections of `name:value` lines.
///
/// ```
///  # Clients
///  connected_clients:1
///                                an empty line between two sections; all lines end with CR LF
///  # Memory
/// ```
final class InfoText {
    private static final String LINE_END = "\r\n";

    private final StringBuilder text = new StringBuilder();

    void section(String name) {
        text.append(text.isEmpty() ? "" : LINE_END).append("# ").append(name).append(LINE_END);
    }

    void field(String name, long value) {
        text.append(name).append(':').append(value).append(LINE_END);
    }

    void field(String name, String value) {
        text.append(name).append(':').append(value).append(LINE_END);
    }

    /// With so many decimals.
    void field(String name, double value, int decimals) {
        field(name, String.format(Locale.ROOT, "%." + decimals + "f", value));
    }

    /// A size twice: in bytes, and for people.
    void size(String name, long bytes) {
        field(name, bytes);
        field(name + "_human", MemorySize.human(bytes));
    }

    void percent(String name, double value) {
        field(name, String.format(Locale.ROOT, "%.2f%%", value));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
