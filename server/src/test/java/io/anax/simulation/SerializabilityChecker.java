package io.anax.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Whether a history of many clients is strictly serializable: whether its operations can be put in one
/// order that explains every reply and in which nothing stands before what had returned when it was sent.
/// The whole store counts as one object, so this is linearizability of the store.
///
/// The search is that of Wing and Gong with Lowe's memory ("Testing for linearizability", 2017): it takes
/// one operation after the other that may come next and gives the right reply, and goes back where none
/// is left. Where it was before – the same operations done, the same store – it need not go again.
///
/// ```
///   done  ##.#....       bit i: operation i has been put in the order
///   may come next        all that must stand before it is done
/// ```
///
/// What must stand before: what returned before it was sent; and of the same client, whose commands may
/// have been sent together, what was sent earlier and has a key in common with it. Commands of one
/// pipeline on different keys may run in either order.
final class SerializabilityChecker {
    enum Verdict {
        SERIALIZABLE,
        VIOLATED,
        /// The search was given up: too many orders are possible.
        UNDECIDED
    }

    static final int OPERATIONS_MAX = Long.SIZE;

    /// Some tenths of a second; one history in some hundred needs more.
    private static final int PLACES_MAX = 40_000;

    private record Place(long done, Store store) {}

    private final List<Operation> operations = new ArrayList<>();
    private final long[] before;
    private final Set<Place> seen = new HashSet<>();
    private long required; // those with a reply: each has to find its place

    private SerializabilityChecker(List<Operation> history) {
        for (Operation operation : history) {
            if (!operation.isPending() || !operation.isWithoutEffect()) {
                operations.add(operation);
            }
        }
        assert operations.size() <= OPERATIONS_MAX : operations.size() + " operations";
        operations.sort(Comparator.comparingLong(Operation::returned)); // stable: a client's stay in order
        before = new long[operations.size()];
        for (int i = 0; i < before.length; i++) {
            required |= operations.get(i).isPending() ? 0 : 1L << i;
            for (int j = 0; j < before.length; j++) {
                before[i] |= isBefore(history, operations.get(j), operations.get(i)) ? 1L << j : 0;
            }
        }
    }

    private static boolean isBefore(List<Operation> history, Operation one, Operation other) {
        if (one.returned() < other.sent()) {
            return true;
        }
        return one != other
                && one.client() == other.client()
                && indexIn(history, one) < indexIn(history, other)
                && one.meets(other);
    }

    private static int indexIn(List<Operation> history, Operation operation) {
        int index = 0;
        while (history.get(index) != operation) {
            index++;
        }
        return index;
    }

    static Verdict check(List<Operation> history) {
        var checker = new SerializabilityChecker(history);
        try {
            return checker.search(0, Store.EMPTY) ? Verdict.SERIALIZABLE : Verdict.VIOLATED;
        } catch (TooManyPlacesException _) {
            return Verdict.UNDECIDED;
        }
    }

    private boolean search(long done, Store store) {
        if ((required & ~done) == 0) {
            return true;
        }
        if (seen.size() == PLACES_MAX) {
            throw new TooManyPlacesException();
        }
        if (!seen.add(new Place(done, store))) {
            return false;
        }
        int reading = nextWithoutEffect(done, store);
        return reading < 0 ? searchAll(done, store) : search(done | 1L << reading, store);
    }

    /// Something that may come now and changes nothing: it can as well come at once.
    private int nextWithoutEffect(long done, Store store) {
        for (int i = 0; i < before.length; i++) {
            if (mayBeNext(i, done) && operations.get(i).isWithoutEffect() && fits(operations.get(i), run(i, store))) {
                return i;
            }
        }
        return -1;
    }

    private boolean searchAll(long done, Store store) {
        for (int i = 0; i < before.length; i++) {
            if (mayBeNext(i, done)) {
                var outcome = run(i, store);
                if (fits(operations.get(i), outcome) && search(done | 1L << i, outcome.after())) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean mayBeNext(int i, long done) {
        return (done & 1L << i) == 0 && (before[i] & ~done) == 0;
    }

    private Store.Outcome run(int i, Store store) {
        return store.run(operations.get(i).database(), operations.get(i).words());
    }

    private static boolean fits(Operation operation, Store.Outcome outcome) {
        return operation.isPending() || java.util.Objects.equals(operation.reply(), outcome.reply());
    }

    // ---- for the reader of a failure --------------------------------------------------------------

    /// The least of a violated history that is still violated: what is not needed for that is left out,
    /// or its reply is forgotten, which accuses nobody wrongly.
    static List<Operation> minimized(List<Operation> history) {
        var least = new ArrayList<>(history);
        for (int i = least.size() - 1; i >= 0; i--) {
            if (!least.get(i).isPending()) {
                Operation known = least.set(i, least.get(i).forgotten());
                if (check(least) != Verdict.VIOLATED) {
                    least.set(i, known);
                }
            }
        }
        long end = 0; // what was sent later explains nothing
        for (Operation operation : least) {
            end = Math.max(end, operation.isPending() ? 0 : operation.returned());
        }
        long last = end;
        least.removeIf(operation -> operation.isPending() && (operation.isWithoutEffect() || operation.sent() > last));
        return least;
    }

    private static final class TooManyPlacesException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManyPlacesException() {
            super("too many orders", null, false, false);
        }
    }
}
