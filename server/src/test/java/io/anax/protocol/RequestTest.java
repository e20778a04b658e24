package io.anax.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Places of arguments, reused and moved.
class RequestTest {
    private final Request request = new Request();

    @Test
    void itGrowsAndIsReused() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 10_000; i++) {
                request.add(1000 + i, i);
            }
            assertThat(request.count()).isEqualTo(10_000);
            assertThat(request.address(9_999)).isEqualTo(10_999);
            assertThat(request.length(9_999)).isEqualTo(9_999);
            assertThat(request.sizeBytes()).isEqualTo(9_999 * 5_000L);
            request.clear();
            assertThat(request.count()).isZero();
            assertThat(request.sizeBytes()).isZero();
        }
    }

    @Test
    void argumentsMoveTogether() {
        request.add(100, 3);
        request.rebase(5000);
        request.add(7000, 4);
        request.rebase(-100);
        assertThat(request.address(0)).isEqualTo(5000);
        assertThat(request.address(1)).isEqualTo(6900);
        request.clear();
        request.add(1, 1);
        assertThat(request.address(0)).isEqualTo(1);
    }

    @Test
    void oneArgumentCanBeReplaced() {
        request.add(100, 3);
        request.add(Long.MAX_VALUE / 2, 4);
        request.rebase(8);
        request.set(0, 50, 10);
        assertThat(request.address(0)).isEqualTo(50);
        assertThat(request.length(0)).isEqualTo(10);
        assertThat(request.sizeBytes()).isEqualTo(14);
        assertThat(request.address(1)).isEqualTo(Long.MAX_VALUE / 2 + 8);
    }
}
