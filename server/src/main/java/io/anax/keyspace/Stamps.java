package io.anax.keyspace;

import io.anax.table.Entry;

/// What a policy remembers of each access: nothing but the visited bit, or 24 bits in the entry.
///
/// ```
///   LRU   [seconds, modulo 2^24: 194 days       ]
///   LFU   [minutes, modulo 2^16 ][counter 8 bits]   as in Redis: the counter grows ever more seldom,
///                                                   and falls by one for each decay time unused
/// ```
///
/// Entries get the 24 bits when they are written while LRU or LFU is selected. An entry from before
/// has only its visited bit and counts as unused since; giving it the field when it is read would
/// move it under the feet of who reads it.
public final class Stamps {
    /// What is kept of an access.
    enum Kind {
        VISITED_BIT,
        LRU,
        LFU
    }

    static final int COUNTER_FIRST = 5; // LFU_INIT_VAL: a new key is not the next victim
    static final int COUNTER_MAX = 255;

    private static final int STAMP_MASK = 0xFF_FFFF;
    private static final int MINUTES_MASK = 0xFFFF;
    private static final int COUNTER_BITS = 8;
    private static final int LOG_FACTOR = 10;

    private final SplitMix random;
    private Kind kind = Kind.VISITED_BIT;
    private int logFactor = LOG_FACTOR;
    private int decayMinutes = 1;
    private boolean quiet;

    Stamps(SplitMix random) {
        this.random = random;
    }

    void select(Kind selected) {
        kind = selected;
    }

    /// Whether an LFU policy is selected: then there are counters, and no idle times.
    boolean areCounters() {
        return kind == Kind.LFU;
    }

    /// `lfu-log-factor`: how many accesses a step of the counter takes, and `lfu-decay-time`.
    void lfu(int factor, int minutes) {
        assert factor >= 0 && minutes >= 0;
        logFactor = factor;
        decayMinutes = minutes;
    }

    /// The flag of a new entry.
    int flag() {
        return kind == Kind.VISITED_BIT ? 0 : Entry.STAMP;
    }

    /// For an entry just written, when its flags have room.
    void start(long entry, long nowMillis) {
        if ((Entry.flags(entry) & Entry.STAMP) != 0) {
            Entry.setStamp(entry, kind == Kind.LFU ? lfuStamp(nowMillis, COUNTER_FIRST) : seconds(nowMillis));
        }
    }

    /// While on, nothing is remembered.
    void quiet(boolean on) {
        quiet = on;
    }

    void touch(long entry, long nowMillis) {
        if (quiet) {
            return;
        }
        if (kind == Kind.VISITED_BIT) {
            Entry.markVisited(entry);
        } else {
            stamp(entry, nowMillis);
        }
    }

    private void stamp(long entry, long nowMillis) {
        if ((Entry.flags(entry) & Entry.STAMP) == 0) {
            Entry.markVisited(entry);
        } else if (kind == Kind.LRU) {
            Entry.setStamp(entry, seconds(nowMillis));
        } else {
            Entry.setStamp(entry, lfuStamp(nowMillis, increased(frequency(entry, nowMillis))));
        }
    }

    /// Seconds since the last access, as OBJECT IDLETIME says; 0 when nobody keeps them.
    long idleSeconds(long entry, long nowMillis) {
        if (kind != Kind.LRU || (Entry.flags(entry) & Entry.STAMP) == 0) {
            return 0;
        }
        int idle = seconds(nowMillis) - Entry.stamp(entry) & STAMP_MASK;
        return idle;
    }

    /// The counter now, as OBJECT FREQ says; 0 when nobody keeps it.
    int frequency(long entry, long nowMillis) {
        if (kind != Kind.LFU || (Entry.flags(entry) & Entry.STAMP) == 0) {
            return 0;
        }
        int stamp = Entry.stamp(entry);
        int counter = stamp & COUNTER_MAX;
        int minutes = minutes(nowMillis) - (stamp >>> COUNTER_BITS) & MINUTES_MASK;
        return decayMinutes == 0 ? counter : Math.max(0, counter - minutes / decayMinutes);
    }

    private int increased(int counter) {
        if (counter == COUNTER_MAX) {
            return counter;
        }
        double base = Math.max(0, counter - COUNTER_FIRST);
        return random.real() < 1 / (base * logFactor + 1) ? counter + 1 : counter;
    }

    private static int seconds(long nowMillis) {
        return (int) (nowMillis / 1000) & STAMP_MASK;
    }

    private static int minutes(long nowMillis) {
        return (int) (nowMillis / 60_000) & MINUTES_MASK;
    }

    private static int lfuStamp(long nowMillis, int counter) {
        return minutes(nowMillis) << COUNTER_BITS | counter;
    }
}
