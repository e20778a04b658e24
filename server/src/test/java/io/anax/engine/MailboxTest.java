package io.anax.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A ring with one writer and one reader: nothing is lost, doubled or overtaken, and what the writer wrote
/// into a message is there when the reader has it.
final class MailboxTest {
    private static final int MESSAGES = 10_000_000; // a second or two

    private static final int NOTICES = 4 * Mailbox.SLOTS; // one is used again long after it was read

    private final Mailbox mailbox = new Mailbox();
    private final Notice[] notices = new Notice[NOTICES];
    private final long[] contents = new long[NOTICES]; // of the notices: written before they are sent

    @AfterEach
    void givesItsMemoryBack() {
        mailbox.close();
    }

    @Test
    void twoThreadsKeepTheOrder() throws InterruptedException {
        for (int i = 0; i < NOTICES; i++) {
            notices[i] = notice();
        }
        var writer = new Thread(this::writeAll, "writer");
        writer.start();
        try {
            readAll();
        } finally {
            writer.interrupt();
            writer.join();
        }
        assertThat(mailbox.isEmpty()).isTrue();
        assertThat(mailbox.take()).isNull();
    }

    private void writeAll() {
        for (int i = 0; i < MESSAGES; i++) {
            contents[i % NOTICES] = i;
            while (!mailbox.offer(notices[i % NOTICES])) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                Thread.yield();
            }
        }
    }

    private void readAll() {
        for (int i = 0; i < MESSAGES; i++) {
            Message message = mailbox.take();
            while (message == null) {
                Thread.yield();
                message = mailbox.take();
            }
            if (message != notices[i % NOTICES] || contents[i % NOTICES] != i) {
                throw new AssertionError("message " + i + " with " + contents[i % NOTICES]);
            }
        }
    }

    @Test
    void isAQueueOfSoManySlots() {
        long seed = Long.getLong("anax.seed", System.nanoTime());
        System.out.println("MailboxTest -Danax.seed=" + seed);
        var random = new Random(seed);
        var model = new ArrayDeque<Message>();
        for (int i = 0; i < 20_000; i++) {
            boolean fills = i / 1000 % 2 == 0;
            if (random.nextInt(10) < (fills ? 8 : 2)) {
                var message = notice();
                boolean fits = model.size() < Mailbox.SLOTS;
                assertThat(mailbox.offer(message)).isEqualTo(fits);
                if (fits) {
                    model.add(message);
                }
            } else {
                assertThat(mailbox.take()).isSameAs(model.poll());
            }
            assertThat(mailbox.isEmpty()).isEqualTo(model.isEmpty());
        }
    }

    @Test
    void whoSleepsIsToBeWokenOnce() {
        var sleep = new Mailbox.Sleep();
        assertThat(sleep.isToBeWoken()).isFalse();
        sleep.begin();
        assertThat(sleep.isToBeWoken()).isTrue();
        assertThat(sleep.isToBeWoken()).isFalse();
        sleep.begin();
        sleep.end();
        assertThat(sleep.isToBeWoken()).isFalse();
        sleep.close();
    }

    @SuppressWarnings("NullAway") // it is not sent back, so it needs no home
    private static Notice notice() {
        return new Notice(null, shard -> {});
    }
}
