package io.anax.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.compatibility.RespClient.Problem;
import io.anax.simulation.SerializabilityChecker.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The checker itself: histories whose answer is known, and all orders tried one by one.
final class SerializabilityCheckerTest {
    private final List<Operation> history = new ArrayList<>();

    private void add(int client, long sent, long returned, String line, @Nullable Object reply) {
        history.add(new Operation(client, 0, sent, returned, List.of(line.split(" ")), reply));
    }

    private void assertVerdict(Verdict expected) {
        assertThat(SerializabilityChecker.check(history)).isEqualTo(expected);
        assertThat(isSerializable(history)).isEqualTo(expected == Verdict.SERIALIZABLE);
    }

    // ---- one key ----------------------------------------------------------------------------------

    @Test
    void nothingIsRight() {
        assertVerdict(Verdict.SERIALIZABLE);
    }

    @Test
    void aReadMaySeeAWriteThatIsUnderWay() {
        add(0, 1, 9, "SET a 1", "OK");
        add(1, 2, 3, "GET a", "1");
        add(2, 4, 5, "GET a", "1");
        assertVerdict(Verdict.SERIALIZABLE);
    }

    @Test
    void whatWasSeenIsNotUnseenAgain() {
        add(0, 1, 9, "SET a 1", "OK");
        add(1, 2, 3, "GET a", "1");
        add(2, 4, 5, "GET a", null);
        assertVerdict(Verdict.VIOLATED);
    }

    @Test
    void aReadAfterAWriteSeesIt() {
        add(0, 1, 2, "SET a 1", "OK");
        add(1, 3, 4, "GET a", null);
        assertVerdict(Verdict.VIOLATED);
    }

    @Test
    void noIncrementIsLost() {
        add(0, 1, 4, "INCR a", 1L);
        add(1, 2, 3, "INCR a", 1L);
        assertVerdict(Verdict.VIOLATED);
    }

    @Test
    void whatNeverReturnedHappenedOrNot() {
        add(0, 1, Operation.NEVER, "SET a 1", null);
        add(1, 2, 3, "GET a", null);
        add(1, 4, 5, "GET a", "1");
        assertVerdict(Verdict.SERIALIZABLE);
        add(1, 6, 7, "GET a", null);
        assertVerdict(Verdict.VIOLATED);
    }

    // ---- several keys -----------------------------------------------------------------------------

    @Test
    void nobodySeesHalfOfAnMset() {
        add(0, 1, 9, "MSET a 1 b 1", "OK");
        add(1, 2, 3, "MGET a b", Arrays.asList("1", null));
        assertVerdict(Verdict.VIOLATED);
    }

    @Test
    void twoReadersAgreeOnTheOrderOfTwoWriters() {
        add(0, 1, 9, "SET a 1", "OK");
        add(1, 1, 9, "SET b 1", "OK");
        add(2, 2, 3, "MGET a b", Arrays.asList("1", null));
        add(3, 2, 3, "MGET a b", Arrays.asList(null, "1"));
        assertVerdict(Verdict.VIOLATED);
    }

    @Test
    void aNewNameTakesTheValueWithIt() {
        add(0, 1, 2, "SET a 1", "OK");
        add(0, 3, 9, "RENAME a b", "OK");
        add(1, 4, 5, "MGET a b", Arrays.asList(null, "1"));
        add(2, 6, 7, "RENAME a b", new Problem("ERR no such key"));
        assertVerdict(Verdict.SERIALIZABLE);
        add(2, 8, 9, "EXISTS a b", 2L);
        assertVerdict(Verdict.VIOLATED);
    }

    @Test
    void theWholeStoreCounts() {
        add(0, 1, 2, "MSET a 1 b 2", "OK");
        add(1, 3, 9, "FLUSHALL", "OK");
        add(2, 4, 5, "DBSIZE", 0L);
        assertVerdict(Verdict.SERIALIZABLE);
        add(2, 6, 7, "DBSIZE", 1L);
        assertVerdict(Verdict.VIOLATED);
    }

    // ---- pipelines --------------------------------------------------------------------------------

    @Test
    void aPipelineKeepsTheOrderOfEachKeyOnly() {
        add(0, 1, 9, "SET a 1", "OK");
        add(0, 1, 9, "SET b 1", "OK");
        add(1, 2, 3, "MGET a b", Arrays.asList(null, "1"));
        assertVerdict(Verdict.SERIALIZABLE);
        add(0, 1, 9, "SET b 2", "OK");
        add(2, 10, 11, "GET b", "1");
        assertVerdict(Verdict.VIOLATED);
    }

    // ---- all orders -------------------------------------------------------------------------------

    /// Replies are those of some order, and sometimes one is exchanged: both answers occur often.
    @Test
    void agreesWithWhoTriesAllOrders() {
        long seed = Long.getLong("anax.seed", System.nanoTime());
        System.out.println("SerializabilityCheckerTest -Danax.seed=" + seed);
        var random = new Random(seed);
        int violated = 0;
        for (int i = 0; i < 2_000; i++) {
            draw(random);
            boolean expected = isSerializable(history);
            assertThat(SerializabilityChecker.check(history))
                    .as("seed %d: %s", seed, history)
                    .isEqualTo(expected ? Verdict.SERIALIZABLE : Verdict.VIOLATED);
            violated += expected ? 0 : 1;
            if (!expected) {
                assertThat(isSerializable(SerializabilityChecker.minimized(history)))
                        .isFalse();
            }
        }
        assertThat(violated).isBetween(200, 1_800);
    }

    private void draw(Random random) {
        history.clear();
        var operations = new RandomOperations(random, 2 + random.nextInt(2));
        Store store = Store.EMPTY;
        long moment = 0;
        for (int i = 0; i < 6; i++) {
            List<String> words = operations.next();
            var outcome = store.run(0, words);
            store = outcome.after();
            moment += 2;
            long sent = Math.max(0, moment - random.nextInt(8));
            long returned = random.nextInt(10) == 0 ? Operation.NEVER : moment + 1 + random.nextInt(8);
            Object reply = returned == Operation.NEVER ? null : outcome.reply();
            history.add(new Operation(random.nextInt(3), 0, sent, returned, words, reply));
        }
        if (random.nextBoolean()) {
            exchange(random);
        }
        history.sort((one, other) -> Long.compare(one.sent(), other.sent()));
    }

    /// Gives an operation the reply of another one of the same kind.
    private void exchange(Random random) {
        int i = random.nextInt(history.size());
        int j = random.nextInt(history.size());
        var one = history.get(i);
        Object reply = history.get(j).reply();
        if (!one.isPending()
                && !history.get(j).isPending()
                && one.name().equals(history.get(j).name())
                && i != j) {
            history.set(i, new Operation(one.client(), 0, one.sent(), one.returned(), one.words(), reply));
        } else if (!one.isPending() && one.name().equals("GET")) {
            history.set(i, new Operation(one.client(), 0, one.sent(), one.returned(), one.words(), "no such value"));
        }
    }

    private static boolean isSerializable(List<Operation> history) {
        return isSerializable(history, new ArrayList<>(history), Store.EMPTY);
    }

    private static boolean isSerializable(List<Operation> history, List<Operation> left, Store store) {
        if (left.stream().allMatch(Operation::isPending)) {
            return true;
        }
        for (Operation next : left) {
            boolean mayBeNext = left.stream().noneMatch(other -> isBefore(history, other, next));
            var outcome = store.run(0, next.words());
            if (mayBeNext && (next.isPending() || Objects.equals(next.reply(), outcome.reply()))) {
                var rest = new ArrayList<>(left);
                rest.remove(next);
                if (isSerializable(history, rest, outcome.after())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isBefore(List<Operation> history, Operation one, Operation other) {
        boolean inOrder =
                one.client() == other.client() && history.indexOf(one) < history.indexOf(other) && one.meets(other);
        return one.returned() < other.sent() || inOrder;
    }
}
