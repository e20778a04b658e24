package io.anax.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import io.anax.memory.Workspace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whose turn it is, against a list in which everybody is compared with all before him.
final class TransactionQueueTest {
    private static final int STEPS = 20_000;

    /// A ticket and what it was taken for.
    private static final class Place implements Ticket.Owner {
        final Ticket ticket = new Ticket(this, new Workspace());
        final Set<Integer> shared = new HashSet<>();
        final Set<Integer> alone = new HashSet<>();
        boolean shardShared;
        boolean shardAlone;
        int turns;

        @Override
        public void turn() {
            turns++;
        }

        boolean isInTheWayOf(Place other) {
            return shardAlone
                    || other.shardAlone
                    || shardShared && !other.alone.isEmpty()
                    || other.shardShared && !alone.isEmpty()
                    || alone.stream().anyMatch(key -> other.alone.contains(key) || other.shared.contains(key))
                    || shared.stream().anyMatch(other.alone::contains);
        }
    }

    /// What some want at most: more than the queue gives back one by one, and not so many that a walk ends
    /// before the last.
    private static final int LARGE_KEYS = 150;

    private final TransactionQueue queue = new TransactionQueue(new Workspace());
    private final ReadyQueue ready = new ReadyQueue();
    private final List<Place> places = new ArrayList<>(); // by id
    private long refusedCount;

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 30, 1_000})
    void itIsTheTurnOfWhoHasNobodyBeforeHim(int keys) {
        long seed = Long.getLong("anax.seed", System.nanoTime());
        System.out.println("TransactionQueueTest: " + keys + " keys -Danax.seed=" + seed);
        var random = new Random(seed);
        for (int i = 0; i < STEPS; i++) {
            if (places.size() < 40 && random.nextInt(5) < 3) {
                place(random, keys);
            } else {
                leave(random);
            }
            compare();
            if (i % 100 == 0) {
                queue.checkInvariants();
            }
        }
        assertThat(refusedCount).as("late ones").isPositive();
    }

    private void place(Random random, int keys) {
        var place = new Place();
        want(random, place, keys);
        boolean isNewest = random.nextInt(3) == 0;
        long newest = queue.nextId(1);
        place.ticket.id = isNewest ? newest : newest - (random.nextInt(12) << 12) + 1 + random.nextInt(2000);
        if (place.ticket.id < 0 || places.stream().anyMatch(other -> other.ticket.id == place.ticket.id)) {
            return; // there are no two with one id
        }
        boolean isPlaced = queue.place(place.ticket);
        boolean isTooLate =
                places.stream().anyMatch(other -> other.ticket.id > place.ticket.id && other.isInTheWayOf(place));
        assertThat(isPlaced && isTooLate)
                .as("before one that may have been told that it is its turn")
                .isFalse();
        assertThat(isPlaced || !isNewest).as("the newest is never late").isTrue();
        if (isPlaced) {
            places.add(place);
            places.sort(Comparator.comparingLong(other -> other.ticket.id));
            place.turns = place.ticket.isTurn ? 1 : 0;
        } else {
            refusedCount++;
        }
    }

    private void want(Random random, Place place, int keys) {
        if (random.nextInt(30) == 0) {
            place.shardAlone = random.nextBoolean();
            place.shardShared = !place.shardAlone;
            place.ticket.wantShard(place.shardAlone);
            return;
        }
        boolean isLarge = random.nextInt(50) == 0 && places.stream().allMatch(other -> other.ticket.keyCount() < 10);
        int count = isLarge ? LARGE_KEYS : 1 + random.nextInt(4);
        for (int i = count; i > 0; i--) {
            int key = random.nextInt(keys);
            boolean alone = random.nextBoolean();
            (alone ? place.alone : place.shared).add(key);
            place.ticket.addKey((key + 1) * 0x9E37_79B9_7F4A_7C15L, alone);
        }
    }

    /// Whose turn it is has used its keys; who waits may give up.
    private void leave(Random random) {
        if (places.isEmpty()) {
            return;
        }
        Place place = places.remove(random.nextInt(places.size()));
        if (place.ticket.isTurn && random.nextBoolean()) {
            queue.leave(place.ticket);
        } else {
            queue.withdraw(place.ticket);
        }
        queue.advance(ready);
        while (!ready.isEmpty()) {
            ready.take().turn();
        }
        place.turns = 0;
    }

    private void compare() {
        assertThat(queue.count()).isEqualTo(places.size());
        assertThat(queue.isEmpty()).isEqualTo(places.isEmpty());
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            boolean isTurn = places.subList(0, i).stream().noneMatch(before -> before.isInTheWayOf(place));
            assertThat(place.ticket.isTurn).isEqualTo(isTurn);
            assertThat(place.turns).as("told once").isEqualTo(isTurn ? 1 : 0);
        }
    }

    @Test
    void whoComesAfterAVastOneThatHasGoneIsLate() {
        var vast = new Place();
        for (long key = 1; key <= 100_000; key++) {
            vast.ticket.addKey(key * 0x9E37_79B9_7F4A_7C15L, true);
        }
        long early = queue.nextId(1);
        vast.ticket.id = queue.nextId(1);
        assertThat(queue.place(vast.ticket)).isTrue();
        assertThat(vast.ticket.isTurn).isTrue();
        queue.checkInvariants();
        queue.leave(vast.ticket);
        queue.checkInvariants();

        var late = new Place();
        late.ticket.addKey(0x9E37_79B9_7F4A_7C15L, true);
        late.ticket.id = early;
        assertThat(queue.place(late.ticket)).isFalse();
        late.ticket.id = queue.nextId(1);
        assertThat(queue.place(late.ticket)).isTrue();
        assertThat(late.ticket.isTurn).isTrue();
    }

    /// Behind those that one walk looks at nobody is told before they are fewer; then everybody is.
    @Test
    void aLongQueueIsServedToItsEnd() {
        int count = 3 * Limits.QUEUE_LOOKED_AT_MAX;
        for (int i = 0; i < count; i++) {
            var place = new Place();
            for (int k = 0; k < (i % 100 == 0 ? Limits.QUEUE_LOOKED_AT_MAX : 1); k++) { // some are large alone
                place.ticket.addKey(i % 3 + 1L + 3L * k << 40, true);
            }
            place.ticket.id = queue.nextId(0);
            assertThat(queue.place(place.ticket)).isTrue();
            places.add(place);
        }
        int served = 0;
        while (!queue.isEmpty()) {
            Place next = places.stream()
                    .filter(place -> place.ticket.isTurn)
                    .findFirst()
                    .orElseThrow();
            places.remove(next);
            queue.leave(next.ticket);
            queue.advance(ready);
            served++;
        }
        assertThat(served).isEqualTo(count);
        queue.checkInvariants();
    }

    @Test
    void idsGrowWithWhatWasSeen() {
        long first = queue.nextId(5);
        queue.saw(first + (1000L << 12));
        long second = queue.nextId(5);
        assertThat(second).isGreaterThan(first + (1000L << 12));
        assertThat(queue.highestId()).isLessThanOrEqualTo(second);
        queue.leap(64);
        assertThat(queue.nextId(5) >> 12).isEqualTo((second >> 12) + 65);
        assertThat(new TransactionQueue(new Workspace()).nextId(4))
                .isNotEqualTo(new TransactionQueue(new Workspace()).nextId(5));
    }
}
