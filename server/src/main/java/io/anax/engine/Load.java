package io.anax.engine;

import io.anax.Hot;

/// How busy one shard is: bytes and commands, in all and a second, and the most memory it ever used. Looked
/// at ten times a second, and averaged over the last sixteen looks, as in Redis.
public final class Load {
    private static final int PERIOD_MILLIS = 100;

    private final Rate commands = new Rate();
    private final Rate input = new Rate();
    private final Rate output = new Rate();
    private long nextSampleMillis;
    private long readCount;
    private long inputBytes;
    private long outputBytes;
    private long peakBytes;

    /// How fast a counter grew of late.
    private static final class Rate {
        private static final int SAMPLES = 16;

        private final long[] perSecond = new long[SAMPLES];
        private int next;
        private long lastCount;
        private long lastMillis;

        void sample(long count, long nowMillis) {
            long elapsed = nowMillis - lastMillis;
            long grown = Math.max(0, count - lastCount); // a reset makes it smaller
            perSecond[next] = elapsed > 0 && lastMillis > 0 ? grown * 1000 / elapsed : 0;
            next = (next + 1) % SAMPLES;
            lastCount = count;
            lastMillis = nowMillis;
        }

        long perSecond() {
            long sum = 0;
            for (long sample : perSecond) {
                sum += sample;
            }
            return sum / SAMPLES;
        }
    }

    /// A client sent something.
    @Hot
    void received(int sizeBytes) {
        readCount++;
        inputBytes += sizeBytes;
    }

    /// Something was written for a client.
    @Hot
    void replied(long sizeBytes) {
        outputBytes += sizeBytes;
    }

    @Hot
    boolean isDue(long nowMillis) {
        return nowMillis >= nextSampleMillis;
    }

    void sample(long commandCount, long usedBytes, long nowMillis) {
        nextSampleMillis = nowMillis + PERIOD_MILLIS;
        commands.sample(commandCount, nowMillis);
        input.sample(inputBytes, nowMillis);
        output.sample(outputBytes, nowMillis);
        peakBytes = Math.max(peakBytes, usedBytes);
    }

    public long commandsPerSecond() {
        return commands.perSecond();
    }

    public long inputPerSecondBytes() {
        return input.perSecond();
    }

    public long outputPerSecondBytes() {
        return output.perSecond();
    }

    public long inputBytes() {
        return inputBytes;
    }

    public long outputBytes() {
        return outputBytes;
    }

    /// How often bytes came from a socket.
    public long readCount() {
        return readCount;
    }

    /// The most memory that was in use at any look.
    public long peakBytes() {
        return peakBytes;
    }

    /// CONFIG RESETSTAT: the peak stays.
    void reset() {
        readCount = 0;
        inputBytes = 0;
        outputBytes = 0;
    }
}
