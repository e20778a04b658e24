package io.anax.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class HeapTrimmerTest {
    /// The clock may turn over.
    private static final long START = Long.MAX_VALUE - 1;

    private final HeapTrimmer trimmer = new HeapTrimmer(START);

    private Duration pauseAfter(long seconds) {
        return trimmer.pause(START + TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void thePausesGrowWithTheTimeSinceTheStart() {
        assertThat(pauseAfter(0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(pauseAfter(10)).isEqualTo(Duration.ofSeconds(1));
        assertThat(pauseAfter(25)).isEqualTo(Duration.ofMillis(2_500));
        assertThat(pauseAfter(600)).isEqualTo(Duration.ofSeconds(60));
        assertThat(pauseAfter(1_000_000)).isEqualTo(Duration.ofSeconds(60));
    }
}
