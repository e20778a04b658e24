package io.anax.server;

import io.anax.protocol.Quoted;
import java.util.ArrayList;
import java.util.List;

/// A line of a configuration file: a name and the words behind it, apart by blanks. A word may stand in
/// quotes, as in redis.conf:
///
/// ```
///  requirepass "with blank, \"quote\", line end \n, byte \xff"      \n \r \t \b \a \xhh, any other is itself
///  requirepass 'with blank and it\'s quote'                        only \' means something
/// ```
final class ConfigLine {
    private static final int HEX_RADIX = 16;

    private final String line;
    private int at;

    private ConfigLine(String line) {
        this.line = line;
    }

    /// Whether a line says nothing: it is empty, or a comment.
    static boolean isComment(String line) {
        String text = line.strip();
        return text.isEmpty() || text.startsWith("#");
    }

    static List<String> words(String line) throws ConfigException {
        return new ConfigLine(line).words();
    }

    /// The word as a line may hold it: in quotes where it needs them.
    static String quoted(String word) {
        boolean plain = !word.isEmpty() && word.chars().allMatch(c -> c > ' ' && c < 0x7F && "\"'\\#".indexOf(c) < 0);
        return plain ? word : Quoted.of(word);
    }

    private List<String> words() throws ConfigException {
        var words = new ArrayList<String>();
        skipBlanks();
        while (at < line.length()) {
            words.add(word());
            skipBlanks();
        }
        return words;
    }

    private void skipBlanks() {
        while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
            at++;
        }
    }

    private String word() throws ConfigException {
        char first = line.charAt(at);
        if (first == '"' || first == '\'') {
            at++;
            return quotedWord(first);
        }
        int begin = at;
        while (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
            at++;
        }
        return line.substring(begin, at);
    }

    private String quotedWord(char quote) throws ConfigException {
        var word = new StringBuilder();
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == quote) {
                if (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
                    throw new ConfigException("a closing quote needs a blank behind it");
                }
                return word.toString();
            }
            word.append(c == '\\' ? escaped(quote) : c);
        }
        throw new ConfigException("a quote is not closed");
    }

    private char escaped(char quote) {
        char next = at < line.length() ? line.charAt(at) : 0;
        if (quote == '\'') {
            at += next == quote ? 1 : 0;
            return next == quote ? quote : '\\';
        }
        if (next == 'x' && isHex(at + 1) && isHex(at + 2)) {
            at += 3;
            return (char) Integer.parseInt(line, at - 2, at, HEX_RADIX);
        }
        at += next == 0 ? 0 : 1;
        return switch (next) {
            case 0 -> '\\';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 0x07;
            default -> next;
        };
    }

    private boolean isHex(int i) {
        return i < line.length() && Character.digit(line.charAt(i), HEX_RADIX) >= 0;
    }
}
