package io.anax.engine;

import io.anax.command.Command;
import io.anax.memory.Memory;
import io.anax.protocol.Request;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/// Which arguments must not be written down: passwords, in the slow log and for monitors.
final class Redaction {
    /// What stands in place of such an argument, as in Redis.
    static final byte[] HIDDEN = "(redacted)".getBytes(StandardCharsets.US_ASCII);

    private static final Set<String> SECRET_DIRECTIVES = Set.of("requirepass", "masterauth", "masteruser");

    private static final int WORD_BYTES_MAX = 64; // longer than any word it looks for

    private Redaction() {}

    /// Whether argument `i` is a secret. Not for hot paths.
    static boolean hides(Command command, Request request, int i) {
        return switch (command.fullName()) {
            case "auth" -> i > 0;
            case "hello" -> isWord(request, i - 1, "auth") || isWord(request, i - 2, "auth");
            case "config|set" ->
                i > 2 && i % 2 == 1 && SECRET_DIRECTIVES.contains(word(request, i - 1)); // name value name value
            default -> false;
        };
    }

    private static boolean isWord(Request request, int i, String word) {
        return i >= 2 && word(request, i).equals(word); // 1 is the protocol's version
    }

    private static String word(Request request, int i) {
        byte[] bytes = Memory.bytes(request.address(i), Math.min(request.length(i), WORD_BYTES_MAX));
        return new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }
}
