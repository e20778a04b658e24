package io.anax.engine;

/// The settings that a shard asks for while it runs; CONFIG SET changes them between two turns.
public final class ShardSettings {
    private int databaseCount = 16;
    private int clientCountMax = 10_000;
    private long idleTimeoutMillis;
    private int bulkSizeMax = 512 << 20;
    private boolean passwordNeeded;
    private boolean protectedMode = true;

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
}
