package io.anax.net;

/// How many events a sleep waits for. Woken by the first of many, a shard has done it and sleeps again before
/// the next one is there: three commands pay for each sleep and wake-up, and so it stays, since whoever gets
/// its replies one by one sends one by one. So a sleep waits for more, though not longer than [#MICROS]: about
/// what a sleep and a wake-up cost.
///
/// As many are awaited as came since the last sleep, and no more than a quarter of the clients that talk:
/// of a few, all may be waiting for us. Where only one came the next sleeps end with the first event, twice as
/// many each time.
final class Gathering {
    static final int MICROS = 25;

    private static final int CLIENTS_FOR_ONE_AWAITED = 4;
    private static final int AWAITED_MAX = 16;
    private static final int REST_SLEEPS_MAX = 256;
    private static final int PERIOD_EVENTS = 1024;

    private int eventCount; // since the last sleep
    private int awaitedCount;
    private int restSleeps; // that end with the first event
    private int nextRestSleeps = 1;

    private int period; // who talks is counted anew in each
    private int periodEventCount;
    private int periodClientCount;
    private int clientCount; // of the last whole period

    /// Something came from a client.
    void heard(Channel from) {
        eventCount++;
        if (from.heardInPeriod != period) {
            from.heardInPeriod = period;
            periodClientCount++;
        }
        if (++periodEventCount == PERIOD_EVENTS) {
            clientCount = periodClientCount;
            periodEventCount = 0;
            periodClientCount = 0;
            period++;
        }
    }

    /// Another shard woke this one: a command of its stands still while more is awaited here.
    void woken() {
        restSleeps = REST_SLEEPS_MAX;
    }

    /// How many events the sleep that begins waits for.
    int beginSleep() {
        awaitedCount = 1;
        if (restSleeps > 0) {
            restSleeps--;
        } else {
            int share = Math.min(clientCount / CLIENTS_FOR_ONE_AWAITED, AWAITED_MAX);
            awaitedCount = Math.max(1, Math.min(eventCount, share));
        }
        eventCount = 0;
        return awaitedCount;
    }

    /// It ended with so many.
    void endSleep(int count) {
        if (awaitedCount > 1 && count > 1) {
            nextRestSleeps = Math.max(nextRestSleeps / 2, 1);
        } else if (awaitedCount > 1) {
            restSleeps = nextRestSleeps;
            nextRestSleeps = Math.min(2 * nextRestSleeps, REST_SLEEPS_MAX);
        }
    }
}
