package io.anax.server;

import io.anax.engine.ClientKind;
import io.anax.engine.OutputLimit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The value of `client-output-buffer-limit`: a limit for each kind of clients.
///
/// ```
///  normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60
///  kind   hard  soft  seconds                                            sizes may say 256mb
/// ```
record OutputLimits(Map<ClientKind, OutputLimit> byKind) {
    static final OutputLimits NONE = new OutputLimits(Map.of());

    private static final List<ClientKind> LIMITED =
            List.of(ClientKind.NORMAL, ClientKind.REPLICA, ClientKind.PUBSUB); // in the order of Redis
    private static final int WORDS = 4;

    /// These with what `text` changes: it need not name all kinds.
    OutputLimits with(String text) throws ConfigException {
        String[] words = text.isBlank() ? new String[0] : text.strip().split("\\s+");
        if (words.length % WORDS != 0) {
            throw new ConfigException("Wrong number of arguments in buffer limit configuration.");
        }
        var limits = new EnumMap<ClientKind, OutputLimit>(ClientKind.class);
        limits.putAll(byKind);
        for (int i = 0; i < words.length; i += WORDS) {
            ClientKind kind = ClientKind.named(words[i]);
            if (kind == null || !LIMITED.contains(kind)) {
                throw new ConfigException("Invalid client class specified in buffer limit configuration.");
            }
            limits.put(kind, new OutputLimit(bytes(words[i + 1]), bytes(words[i + 2]), seconds(words[i + 3])));
        }
        return new OutputLimits(limits);
    }

    private static long bytes(String word) throws ConfigException {
        Long bytes = MemorySize.parse(word);
        return checked(bytes);
    }

    private static long seconds(String word) throws ConfigException {
        try {
            return checked(Long.valueOf(word));
        } catch (NumberFormatException _) {
            return checked(null);
        }
    }

    private static long checked(@Nullable Long number) throws ConfigException {
        if (number == null || number < 0) {
            throw new ConfigException("Error in hard, soft or soft_seconds setting in buffer limit configuration.");
        }
        return number;
    }

    OutputLimit of(ClientKind kind) {
        return byKind.getOrDefault(kind, OutputLimit.NONE);
    }

    /// One line a kind: how a configuration file says it.
    List<String> lines() {
        return LIMITED.stream().map(this::line).toList();
    }

    private String line(ClientKind kind) {
        OutputLimit limit = of(kind);
        return kind.word() + " " + limit.hardBytes() + " " + limit.softBytes() + " " + limit.softSeconds();
    }

    @Override
    public String toString() {
        return String.join(" ", lines());
    }
}
