package io.anax.protocol;

import java.util.HexFormat;

/// Bytes between double quotes, so that they fit on a line and can be read back: as MONITOR shows arguments
/// and as configuration files hold words.
///
/// ```
///  say "hi"\         "say \"hi\"\\"
///  CR LF TAB BEL BS  "\r\n\t\a\b"
///  bytes 0 and 255   "\x00\xff"
/// ```
public final class Quoted {
    private static final HexFormat HEX = HexFormat.of();

    private Quoted() {}

    /// A text whose characters stand for bytes (Latin-1).
    public static String of(String text) {
        var quoted = new StringBuilder(text.length() + 2);
        append(text, quoted);
        return quoted.toString();
    }

    public static void append(String text, StringBuilder to) {
        to.append('"');
        for (int i = 0; i < text.length(); i++) {
            append(text.charAt(i), to);
        }
        to.append('"');
    }

    private static void append(char c, StringBuilder to) {
        switch (c) {
            case '\\', '"' -> to.append('\\').append(c);
            case '\n' -> to.append("\\n");
            case '\r' -> to.append("\\r");
            case '\t' -> to.append("\\t");
            case '\b' -> to.append("\\b");
            case 0x07 -> to.append("\\a");
            default -> {
                if (c >= ' ' && c <= '~') {
                    to.append(c);
                } else {
                    to.append("\\x").append(HEX.toHexDigits((byte) c));
                }
            }
        }
    }
}
