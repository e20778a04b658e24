package io.anax.simulation;

import io.anax.compatibility.RespClient.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One command of a client in a history: when it was sent, when its reply had come, and what that was.
/// Moments are numbers that only grow; a reply that never came has the moment [#NEVER].
///
/// @param client who asked; in a history the operations of one client stand in the order it sent them
/// @param database which one the client had selected
public record Operation(
        int client,
        int database,
        long sent,
        long returned,
        List<String> words,
        @Nullable Object reply) {
    public static final long NEVER = Long.MAX_VALUE;

    String name() {
        return words.getFirst();
    }

    boolean isPending() {
        return returned == NEVER;
    }

    /// The same, but nobody knows whether it took place.
    Operation forgotten() {
        return new Operation(client, database, sent, NEVER, words, null);
    }

    /// Whether it is on all keys, of one database or of all.
    boolean isOnAll() {
        return switch (name()) {
            case "DBSIZE", "FLUSHALL", "SWAPDB" -> true;
            default -> false;
        };
    }

    /// The keys that are named.
    List<String> keys() {
        return switch (name()) {
            case "DBSIZE", "FLUSHALL", "SWAPDB" -> List.of();
            case "DEL", "MGET", "EXISTS" -> words.subList(1, words.size());
            case "RENAME", "RENAMENX", "COPY" -> words.subList(1, 3);
            case "MSET", "MSETNX" -> {
                var keys = new ArrayList<String>();
                for (int i = 1; i < words.size(); i += 2) {
                    keys.add(words.get(i));
                }
                yield keys;
            }
            default -> words.subList(1, 2);
        };
    }

    /// Whether the two have a key in common.
    boolean meets(Operation other) {
        return isOnAll() || other.isOnAll() || keys().stream().anyMatch(other.keys()::contains);
    }

    /// Whether it changes nothing, whatever the store holds, given what it replied.
    boolean isWithoutEffect() {
        return switch (name()) {
            case "GET", "MGET", "EXISTS", "DBSIZE" -> true;
            case "DEL", "MSETNX", "RENAMENX", "COPY" -> Long.valueOf(0).equals(reply);
            case "GETDEL" -> reply == null && !isPending();
            default -> reply instanceof Problem;
        };
    }

    @Override
    public String toString() {
        String moments = isPending() ? sent + "..." : sent + ".." + returned;
        String answer = isPending() ? "?" : String.valueOf(reply);
        return "%-12s client %d db %d  %s -> %s".formatted(moments, client, database, String.join(" ", words), answer);
    }
}
