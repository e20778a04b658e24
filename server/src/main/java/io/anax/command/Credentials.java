package io.anax.command;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Who may come in: the one user `default`, with a password or without. (`requirepass`)
public final class Credentials {
    static final String DEFAULT_USER = "default";

    private byte[] password = {};

    /// Empty: no password is needed.
    public void password(String text) {
        password = text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public boolean isPasswordNeeded() {
        return password.length > 0;
    }

    /// Compares in a time that does not tell how much of the password was right.
    boolean accepts(String user, byte[] given) {
        boolean known = user.equals(DEFAULT_USER);
        return known & (password.length == 0 || MessageDigest.isEqual(password, given));
    }
}
