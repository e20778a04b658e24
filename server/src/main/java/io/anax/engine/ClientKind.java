package io.anax.engine;

import io.anax.command.Session;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a client is to the server, as CLIENT LIST TYPE and `client-output-buffer-limit` tell clients apart.
/// One that monitors is a normal client, as in Redis.
public enum ClientKind {
    NORMAL("normal"),
    REPLICA("slave"),
    PUBSUB("pubsub"),
    MASTER("master");

    private final String word;

    ClientKind(String word) {
        this.word = word;
    }

    /// As Redis shows it: a replica is called slave.
    public String word() {
        return word;
    }

    /// In any case, `replica` too; null if there is no such kind.
    public static @Nullable ClientKind named(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        for (ClientKind kind : values()) {
            if (kind.word.equals(lower)) {
                return kind;
            }
        }
        return lower.equals("replica") ? REPLICA : null;
    }

    /// Nobody subscribes and nobody replicates so far.
    static ClientKind of(Session client) {
        assert client.id() > 0 : "nobody's session";
        return NORMAL;
    }
}
