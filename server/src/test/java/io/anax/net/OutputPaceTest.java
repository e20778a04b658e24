package io.anax.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import io.anax.memory.ChunkPool;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutputPaceTest {
    private static final int PIECE = Limits.LONG_OUTPUT_PIECE_BYTES;
    private static final long PIECE_NANOS = 1_000L * PIECE / Limits.LONG_OUTPUT_BYTES_PER_MICRO;

    private final ChunkPool chunks = new ChunkPool();
    private long now = Long.MAX_VALUE - 500_000; // nobody promises that the clock does not turn over
    private final OutputPace pace = new OutputPace(() -> now);
    private final Channel talker = channel();
    private final Channel reader = channel();

    private Channel channel() {
        return new Channel(new ChannelQueue(), new ChannelQueue(), chunks, null, 0);
    }

    private int send() {
        int allowance = pace.allowance();
        if (allowance > 0) {
            pace.spent(allowance);
        }
        return allowance;
    }

    @Test
    void nobodyTalksThenThereIsNoLimit() {
        for (int i = 0; i < 100; i++) {
            assertThat(send()).isEqualTo(Integer.MAX_VALUE);
        }
    }

    @Test
    void aPieceATimeWhileSomebodyTalks() {
        pace.heard(talker);
        assertThat(send()).isEqualTo(2 * PIECE);
        assertThat(send()).isZero();
        assertThat(pace.waitNanos()).isEqualTo(PIECE_NANOS);
        now += PIECE_NANOS - 1;
        assertThat(send()).isZero();
        now++;
        assertThat(send()).isEqualTo(PIECE);
        assertThat(send()).isZero();
    }

    @Test
    void whoTalkedATenthOfASecondAgoIsForgotten() {
        pace.heard(talker);
        send();
        now += 99_999_999;
        assertThat(send()).isEqualTo(2 * PIECE);
        now++;
        assertThat(send()).isEqualTo(Integer.MAX_VALUE);
        pace.heard(talker);
        assertThat(send()).isEqualTo(2 * PIECE);
    }

    @Test
    void thoseWhoAreSentLongOutputsDoNotCount() {
        for (long i = 0; i <= Limits.LONG_OUTPUT_BYTES_MIN; i++) {
            reader.output().putByte((byte) 'x');
        }
        assertThat(reader.isLong()).isTrue();
        pace.heard(reader);
        assertThat(send()).isEqualTo(Integer.MAX_VALUE);

        int size = (int) reader.outputSizeBytes();
        reader.consumed(size, size);
        pace.heard(reader); // asks for the next one
        assertThat(send()).isEqualTo(Integer.MAX_VALUE);

        reader.output().putByte((byte) 'x');
        assertThat(reader.isLong()).isFalse();
        reader.consumed(1, 1);
        pace.heard(reader);
        assertThat(send()).isEqualTo(2 * PIECE);
    }

    @Test
    void isAsFastAsItSaysWheneverItIsAsked() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        long begin = now;
        long sent = 0;
        for (int i = 0; i < 100_000; i++) {
            pace.heard(talker);
            sent += send();
            now += random.nextLong(PIECE_NANOS);
        }
        double perMicro = (double) sent / (now - begin) * 1_000;
        assertThat(perMicro)
                .as("seed %d", seed)
                .isBetween(0.99 * Limits.LONG_OUTPUT_BYTES_PER_MICRO, 1.01 * Limits.LONG_OUTPUT_BYTES_PER_MICRO);
    }
}
