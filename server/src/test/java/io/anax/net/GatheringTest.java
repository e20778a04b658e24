package io.anax.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.memory.ChunkPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GatheringTest {
    private static final int PERIOD_EVENTS = 1024;

    private final ChunkPool chunks = new ChunkPool();
    private final Gathering gathering = new Gathering();
    private int next;

    private Channel[] channels(int count) {
        return IntStream.range(0, count)
                .mapToObj(_ -> new Channel(new ChannelQueue(), new ChannelQueue(), chunks, null, 0))
                .toArray(Channel[]::new);
    }

    private void hear(Channel[] from, int events) {
        for (int i = 0; i < events; i++) {
            gathering.heard(from[next++ % from.length]);
        }
    }

    /// Whose clients are known, and which slept since.
    private Channel[] known(int count) {
        Channel[] channels = channels(count);
        hear(channels, 2 * PERIOD_EVENTS);
        gathering.beginSleep();
        return channels;
    }

    private int sleep(int count) {
        int awaited = gathering.beginSleep();
        gathering.endSleep(count);
        return awaited;
    }

    @Test
    void asManyAreAwaitedAsCameSinceTheLastSleep() {
        Channel[] channels = known(50);
        hear(channels, 7);
        assertThat(sleep(7)).isEqualTo(7);
        hear(channels, 1);
        assertThat(sleep(1)).isEqualTo(1);
        assertThat(sleep(1)).isEqualTo(1);
    }

    @Test
    void neverMoreThanAQuarterOfThoseWhoTalk() {
        hear(known(50), 40);
        assertThat(sleep(12)).isEqualTo(12);
        hear(known(3), 40);
        assertThat(sleep(1)).isEqualTo(1);
        hear(known(500), 400);
        assertThat(sleep(16)).as("the limit").isEqualTo(16);
    }

    @Test
    void whoStoppedTalkingIsForgotten() {
        Channel[] channels = known(50);
        hear(new Channel[] {channels[0]}, 2 * PERIOD_EVENTS);
        assertThat(sleep(1)).isEqualTo(1);
    }

    @Test
    void inVainThenItRestsTwiceAsLongEachTime() {
        Channel[] channels = known(50);
        for (int rest = 1; rest <= 256; rest *= 2) {
            assertThat(sleepsUntilAwaited(channels, 1)).isEqualTo(rest == 1 ? 0 : rest / 2);
        }
        assertThat(sleepsUntilAwaited(channels, 2)).isEqualTo(256);
        assertThat(sleepsUntilAwaited(channels, 1)).as("it was worth it").isZero();
        assertThat(sleepsUntilAwaited(channels, 1)).isEqualTo(128);
    }

    private int sleepsUntilAwaited(Channel[] channels, int count) {
        int sleeps = -1;
        int awaited;
        do {
            hear(channels, 5);
            awaited = sleep(count);
            sleeps++;
        } while (awaited == 1 && sleeps < 1000);
        return sleeps;
    }

    @Test
    void whoIsWokenByAnotherShardEndsItsSleepWithTheFirstEvent() {
        Channel[] channels = known(50);
        gathering.woken();
        assertThat(sleepsUntilAwaited(channels, 5)).isEqualTo(256);
    }
}
