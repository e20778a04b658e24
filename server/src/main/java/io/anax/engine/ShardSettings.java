package io.anax.engine;

import io.anax.Limits;
import java.util.EnumMap;
import java.util.Map;

/// The settings that a shard asks for while it runs; CONFIG SET changes them between two turns.
public final class ShardSettings {
    private int databaseCount = 16;
    private int clientCountMax = 10_000;
    private long idleTimeoutMillis;
    private int bulkSizeMax = 512 << 20;
    private boolean passwordNeeded;
    private boolean protectedMode = true;
    private int keepAliveSeconds;
    private long outputPauseBytes = Limits.CLIENT_OUTPUT_PAUSE_BYTES;
    private final Map<ClientKind, OutputLimit> outputLimits = new EnumMap<>(ClientKind.class);

    /// Logical databases that a client may select; settled before the shard is made.
    public int databaseCount() {
        return databaseCount;
    }

    public void databaseCount(int count) {
        databaseCount = count;
    }

    public int clientCountMax() {
        return clientCountMax;
    }

    public void clientCountMax(int count) {
        clientCountMax = count;
    }

    /// 0: an idle client stays.
    public long idleTimeoutMillis() {
        return idleTimeoutMillis;
    }

    public void idleTimeoutMillis(long millis) {
        idleTimeoutMillis = millis;
    }

    /// `proto-max-bulk-len`
    public int bulkSizeMax() {
        return bulkSizeMax;
    }

    public void bulkSizeMax(int sizeBytes) {
        bulkSizeMax = sizeBytes;
    }

    public boolean isPasswordNeeded() {
        return passwordNeeded;
    }

    public void passwordNeeded(boolean needed) {
        passwordNeeded = needed;
    }

    public void protectedMode(boolean on) {
        protectedMode = on;
    }

    /// Whether clients of other machines are sent away.
    public boolean isProtected() {
        return protectedMode && !passwordNeeded;
    }

    /// `tcp-keepalive`, for new connections; 0: a silent peer is not asked whether it is still there.
    public int keepAliveSeconds() {
        return keepAliveSeconds;
    }

    public void keepAliveSeconds(int seconds) {
        keepAliveSeconds = seconds;
    }

    /// `client-output-buffer-limit` of a kind of clients.
    public OutputLimit outputLimit(ClientKind kind) {
        return outputLimits.getOrDefault(kind, OutputLimit.NONE);
    }

    public void outputLimit(ClientKind kind, OutputLimit limit) {
        outputLimits.put(kind, limit);
    }

    /// Output that a client has not read yet, beyond which nothing more runs for it: a reply more than this
    /// is the most that it has.
    public long outputPauseBytes() {
        return outputPauseBytes;
    }

    /// Settled before the shard is made.
    public void outputPauseBytes(long bytes) {
        outputPauseBytes = bytes;
    }
}
