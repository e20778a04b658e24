package io.anax.server;

import io.anax.Limits;
import io.anax.command.Credentials;
import io.anax.engine.ClientKind;
import io.anax.engine.Shard;
import io.anax.engine.ShardSet;
import io.anax.engine.ShardSettings;
import io.anax.keyspace.EvictionPolicy;
import java.util.Objects;

/// Puts the configuration in force on a shard: before it runs, and on its own thread afterwards.
///
/// What it writes is always what the configuration says at that moment. So two clients that change the same
/// directive at once leave all shards with the same value, whichever came first where.
final class Settings {
    private final Config config;
    private final Credentials credentials;
    private final ShardSet shards;

    Settings(Config config, Credentials credentials, ShardSet shards) {
        this.config = config;
        this.credentials = credentials;
        this.shards = shards;
    }

    void applyAll(Shard shard) {
        for (Directive directive : Directive.all()) {
            apply(directive, shard);
        }
    }

    void apply(Directive directive, Shard shard) {
        ShardSettings settings = shard.settings();
        switch (directive) {
            case MAXCLIENTS -> settings.clientCountMax((int) config.number(directive));
            case TIMEOUT -> settings.idleTimeoutMillis(1000 * config.number(directive));
            case TCP_KEEPALIVE -> settings.keepAliveSeconds((int) config.number(directive));
            case PROTO_MAX_BULK_LEN -> {
                int sizeMax = (int) Math.min(Limits.BULK_SIZE_MAX, config.number(directive));
                settings.bulkSizeMax(sizeMax);
                shard.databases().thresholds().stringBytesMax(sizeMax);
            }
            case CLIENT_OUTPUT_BUFFER_LIMIT -> applyOutputLimits(settings);
            case REQUIREPASS -> applyPassword(settings);
            case PROTECTED_MODE -> settings.protectedMode(config.yes(directive));
            case MAXMEMORY, MAXMEMORY_POLICY, MAXMEMORY_SAMPLES, LFU_LOG_FACTOR, LFU_DECAY_TIME -> applyMemory(shard);
            case HLL_SPARSE_MAX_BYTES -> shard.databases().thresholds().hllSparseBytesMax(config.number(directive));
            case SLOWLOG_LOG_SLOWER_THAN, LATENCY_MONITOR_THRESHOLD ->
                shard.statistics()
                        .slowFrom(
                                config.number(Directive.SLOWLOG_LOG_SLOWER_THAN),
                                config.number(Directive.LATENCY_MONITOR_THRESHOLD));
            case SLOWLOG_MAX_LEN -> shard.statistics().slowlog().lengthMax(config.number(directive));
            case LATENCY_TRACKING -> shard.statistics().keepLatencies(config.yes(directive));
            case LATENCY_TRACKING_INFO_PERCENTILES,
                    PORT,
                    BIND,
                    UNIXSOCKET,
                    UNIXSOCKETPERM,
                    TCP_BACKLOG,
                    IO,
                    THREADS,
                    DATABASES -> {
                // read when INFO is asked for, or once, when sockets and shards are made
            }
        }
    }

    private void applyOutputLimits(ShardSettings settings) {
        OutputLimits limits = config.outputLimits();
        for (ClientKind kind : ClientKind.values()) {
            settings.outputLimit(kind, limits.of(kind));
        }
    }

    private void applyPassword(ShardSettings settings) {
        credentials.password(config.text(Directive.REQUIREPASS));
        settings.passwordNeeded(credentials.isPasswordNeeded());
    }

    /// Each shard gets an equal part of the memory: keys spread evenly over them.
    private void applyMemory(Shard shard) {
        var housekeeping = shard.housekeeping();
        long bytes = config.number(Directive.MAXMEMORY);
        housekeeping.maxMemory(bytes == 0 ? 0 : Math.max(1, bytes / shards.count()));
        EvictionPolicy policy = EvictionPolicy.named(config.text(Directive.MAXMEMORY_POLICY));
        housekeeping.eviction().policy(Objects.requireNonNull(policy, "the directive takes no other"));
        housekeeping.eviction().samples((int) config.number(Directive.MAXMEMORY_SAMPLES));
        housekeeping.eviction().lfu((int) config.number(Directive.LFU_LOG_FACTOR), (int)
                config.number(Directive.LFU_DECAY_TIME));
    }
}
