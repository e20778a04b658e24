package io.anax.keyspace;

import org.jspecify.annotations.Nullable;

/// What goes when memory is short, under the names of `maxmemory-policy`. The adaptive ones are ours.
public enum EvictionPolicy {
    NOEVICTION("noeviction", Order.NONE, false),
    ALLKEYS_LRU("allkeys-lru", Order.LRU, false),
    VOLATILE_LRU("volatile-lru", Order.LRU, true),
    ALLKEYS_LFU("allkeys-lfu", Order.LFU, false),
    VOLATILE_LFU("volatile-lfu", Order.LFU, true),
    ALLKEYS_RANDOM("allkeys-random", Order.RANDOM, false),
    VOLATILE_RANDOM("volatile-random", Order.RANDOM, true),
    VOLATILE_TTL("volatile-ttl", Order.TTL, true),
    ALLKEYS_ADAPTIVE("allkeys-adaptive", Order.ADAPTIVE, false),
    VOLATILE_ADAPTIVE("volatile-adaptive", Order.ADAPTIVE, true);

    /// How the next victim is chosen.
    enum Order {
        NONE,
        ADAPTIVE,
        RANDOM,
        LRU,
        LFU,
        TTL
    }

    private final String label;
    private final Order order;
    private final boolean volatileOnly;

    EvictionPolicy(String label, Order order, boolean volatileOnly) {
        this.label = label;
        this.order = order;
        this.volatileOnly = volatileOnly;
    }

    /// The policy of this name, or null: there is none.
    public static @Nullable EvictionPolicy named(String label) {
        for (EvictionPolicy policy : values()) {
            if (policy.label.equalsIgnoreCase(label)) {
                return policy;
            }
        }
        return null;
    }

    public String label() {
        return label;
    }

    Order order() {
        return order;
    }

    /// Only keys with a deadline may go.
    public boolean volatileOnly() {
        return volatileOnly;
    }

    Stamps.Kind stamps() {
        return switch (order) {
            case LRU -> Stamps.Kind.LRU;
            case LFU -> Stamps.Kind.LFU;
            case NONE, ADAPTIVE, RANDOM, TTL -> Stamps.Kind.VISITED_BIT;
        };
    }
}
