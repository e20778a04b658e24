package io.anax.simulation;

import io.anax.compatibility.RespClient.Reply;
import io.anax.keyspace.EvictionPolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/// Clients with long commands, clients with many short ones, and clients that leave in the middle, all on
/// the same shards. Each checks what it can know of its replies:
///
/// ```
///   s0, s1, ...      are always there: every walk over the keys finds them
///   big0, big1, ...  hold many times one letter, and so many as the letter says; or are not there
///   blocks0, ...     grow by whole blocks of one letter each, at either end or in the middle
///   own keys         of one client, which counts in them: each reply is one more than the last
/// ```
final class LongCommandsRun {
    private static final int STANDING_KEYS = 2_500; // enough for walks that need a fiber
    private static final int BIG_KEYS = 5;
    private static final int LETTERS = 6;
    private static final int BLOCK_KEYS = 2;
    private static final int BLOCK = 1_100_000; // an argument that is copied in pieces
    private static final int BLOCKS_MAX = 5;
    private static final int CLIENTS = 8;
    private static final int TASKS = 150;
    private static final int PIPELINE = 200;
    private static final int[] LOOK_NANOS = {50_000, 400_000, 2_000_000};

    private final Random random;
    private final Simulation simulation;
    private final List<Guest> guests = new ArrayList<>();
    private final Set<String> standing = new HashSet<>();
    private final boolean isShortOfMemory;
    private int tasksLeft = TASKS;
    private int nextGuest;

    LongCommandsRun(long seed) {
        random = new Random(seed);
        isShortOfMemory = random.nextInt(3) == 0;
        int look = LOOK_NANOS[random.nextInt(LOOK_NANOS.length)];
        simulation = new Simulation(seed, 1 + random.nextInt(4), new SimulatedClock(new Random(seed), look));
        for (int i = 0; i < STANDING_KEYS; i++) {
            standing.add("s" + i);
        }
    }

    void run() {
        putStandingKeys();
        for (int i = 0; i < CLIENTS; i++) {
            guests.add(new Guest());
        }
        while (tasksLeft > 0 || guests.stream().anyMatch(Guest::isBusy)) {
            if (tasksLeft > 0 && random.nextInt(3) == 0) {
                act(random.nextInt(CLIENTS));
            }
            squeeze();
            if (!simulation.step() && guests.stream().anyMatch(Guest::isBusy)) {
                throw new AssertionError("all shards sleep, and somebody waits");
            }
        }
        simulation.settle();
        simulation.checkAtRest();
        simulation.close();
    }

    private void putStandingKeys() {
        var words = new ArrayList<>(List.of("MSET"));
        for (String key : standing) {
            words.add(key);
            words.add("");
        }
        simulation.connect(0).send(words, reply -> check(reply, reply.text().equals("OK")));
        simulation.settle();
    }

    /// Memory of a shard is short for a moment: keys with a deadline go, and commands may be refused.
    private void squeeze() {
        if (isShortOfMemory && random.nextInt(20) == 0) {
            var housekeeping =
                    simulation.shard(random.nextInt(simulation.shardCount())).housekeeping();
            housekeeping.eviction().policy(EvictionPolicy.VOLATILE_TTL);
            housekeeping.maxMemory(random.nextInt(3) == 0 ? 1 : 0);
        }
    }

    private static boolean isRefused(Reply reply) {
        return reply.isProblem() && reply.text().startsWith("-OOM");
    }

    private void act(int i) {
        Guest guest = guests.get(i);
        if (guest.isBusy() && random.nextInt(60) > 0) {
            return;
        }
        if (guest.isBusy()) { // in the middle of something
            guest.client.disconnect();
            guests.set(i, new Guest());
        } else {
            tasksLeft--;
            guest.begin();
        }
    }

    private static void check(Reply reply, boolean isRight) {
        if (!isRight && !isRefused(reply)) {
            String text = reply.toString();
            throw new AssertionError("a reply that cannot be: " + text.substring(0, Math.min(200, text.length())));
        }
    }

    // ---- big values -------------------------------------------------------------------------------

    private static int sizeOf(char letter) {
        return 100_000 + 70_000 * (letter - 'a');
    }

    private static String bigValue(char letter) {
        return String.valueOf(letter).repeat(sizeOf(letter));
    }

    private static boolean isBigValue(String text) {
        return text.isEmpty() || text.equals(bigValue(text.charAt(0)));
    }

    private static boolean isAnyLetters(long found, LetterNumber expected) {
        boolean fits = found == 0;
        for (char letter = 'a'; letter < 'a' + LETTERS; letter++) {
            fits |= found == expected.of(letter);
        }
        return fits;
    }

    private interface LetterNumber {
        long of(char letter);
    }

    /// One client, which has one task at a time.
    private final class Guest {
        private final SimulatedClient client = simulation.connect(random.nextInt(simulation.shardCount()));
        private final String name = "guest" + nextGuest++;
        private final long[] counters = new long[7];
        private boolean isWalking;

        boolean isBusy() {
            return !client.isClosed() && (client.expectedCount() > 0 || isWalking);
        }

        void begin() {
            switch (random.nextInt(15)) {
                case 12, 13 -> grow();
                case 14 -> lookAtBlocks();
                case 0 -> ask(this::hasStanding, "KEYS", "s*");
                case 1 -> scan("0", new HashSet<>());
                case 2 -> pipeline();
                case 3 -> leaveInPeace();
                case 4, 5 -> set();
                case 6, 7 -> copy();
                default -> look();
            }
        }

        private void ask(Consumer<Reply> whenReplied, String... words) {
            client.send(List.of(words), whenReplied);
        }

        private void hasStanding(Reply reply) {
            check(reply, reply.list().containsAll(standing));
        }

        private void scan(String cursor, Set<Object> found) {
            isWalking = true;
            String count = String.valueOf(1 + random.nextInt(1500));
            ask(
                    reply -> {
                        found.addAll((List<?>) reply.list().get(1));
                        String next = (String) reply.list().get(0);
                        if (!next.equals("0")) {
                            scan(next, found);
                        } else {
                            isWalking = false;
                            check(reply, found.containsAll(standing));
                        }
                    },
                    "SCAN",
                    cursor,
                    "COUNT",
                    count);
        }

        private void pipeline() {
            for (int i = 0; i < PIPELINE; i++) {
                int which = random.nextInt(counters.length);
                ask(reply -> count(which, reply), "INCR", name + which);
                if (random.nextInt(50) == 0) {
                    ask(reply -> check(reply, (long) reply.value() >= STANDING_KEYS), "DBSIZE");
                }
            }
        }

        private void count(int which, Reply reply) {
            if (!isRefused(reply)) {
                check(reply, reply.value().equals(++counters[which]));
            }
        }

        /// Says that it will send no more, and still gets all its replies.
        private void leaveInPeace() {
            var replies = new ArrayList<Reply>();
            int count = 1 + random.nextInt(100);
            for (int i = 0; i < count; i++) {
                ask(replies::add, random.nextBoolean() ? "MGET" : "EXISTS", "s1", "s2", "s3", "big1");
            }
            client.end(() -> {
                if (replies.size() != count) {
                    throw new AssertionError(replies.size() + " replies of " + count);
                }
            });
            guests.set(guests.indexOf(this), new Guest());
        }

        private String big() {
            return "big" + random.nextInt(BIG_KEYS);
        }

        private void set() {
            char letter = (char) ('a' + random.nextInt(LETTERS));
            switch (random.nextInt(4)) {
                case 0 -> ask(_ -> {}, "PEXPIRE", big(), String.valueOf(random.nextInt(30)));
                case 1 -> ask(_ -> {}, random.nextBoolean() ? "DEL" : "PERSIST", big(), big());
                default -> ask(reply -> check(reply, reply.text().equals("OK")), "SET", big(), bigValue(letter));
            }
        }

        private String blocks() {
            return "blocks" + random.nextInt(BLOCK_KEYS);
        }

        private void grow() {
            String key = blocks();
            String block =
                    String.valueOf((char) ('a' + random.nextInt(LETTERS))).repeat(BLOCK);
            String offset = String.valueOf(BLOCK * random.nextInt(BLOCKS_MAX));
            String clearBit = String.valueOf(8L * BLOCK * (1 + random.nextInt(BLOCKS_MAX)) - 8); // as in all letters
            switch (random.nextInt(6)) {
                case 0 -> ask(this::isWholeBlocks, "APPEND", key, block);
                case 1 -> ask(this::isWholeBlocks, "PREPEND", key, block);
                case 2 -> ask(this::isWholeBlocks, "SETRANGE", key, offset, block);
                case 3 -> ask(_ -> {}, "SETBIT", key, clearBit, "0");
                case 4 -> ask(reply -> check(reply, reply.text().equals("OK")), "SET", key, block);
                default -> ask(_ -> {}, "DEL", key);
            }
            for (int i = random.nextInt(4); i > 0; i--) { // behind it in the same input
                int which = random.nextInt(counters.length);
                ask(reply -> count(which, reply), "INCR", name + which);
            }
        }

        private void lookAtBlocks() {
            String key = blocks();
            int begin = BLOCK * random.nextInt(BLOCKS_MAX);
            ask(this::isWholeBlocks, "STRLEN", key);
            ask(this::isOneLetter, "GETRANGE", key, String.valueOf(begin), String.valueOf(begin + BLOCK - 1));
        }

        private void isWholeBlocks(Reply reply) {
            check(reply, !isRefused(reply) && (long) reply.value() % BLOCK == 0);
        }

        private void isOneLetter(Reply reply) {
            String text = reply.text();
            check(reply, text.isEmpty() || text.equals(text.substring(0, 1).repeat(BLOCK)));
        }

        private void copy() {
            String from = big();
            String to = big();
            switch (random.nextInt(3)) {
                case 0 -> ask(_ -> {}, "RENAME", from, to);
                case 1 -> ask(_ -> {}, "COPY", from, to);
                default -> ask(_ -> {}, "COPY", from, to, "REPLACE");
            }
        }

        private void look() {
            switch (random.nextInt(5)) {
                case 0 -> ask(reply -> check(reply, reply.value() == null || isBigValue(reply.text())), "GET", big());
                case 1 ->
                    ask(
                            reply -> check(
                                    reply,
                                    reply.list().stream().allMatch(text -> text == null || isBigValue((String) text))),
                            "MGET",
                            big(),
                            big(),
                            big());
                case 2 ->
                    ask(
                            reply -> check(
                                    reply,
                                    isAnyLetters(
                                            (long) reply.value(),
                                            letter -> (long) Integer.bitCount(letter) * sizeOf(letter))),
                            "BITCOUNT",
                            big());
                case 3 ->
                    ask(
                            reply -> check(reply, isAnyLetters((long) reply.value(), LongCommandsRun::sizeOf)),
                            "STRLEN",
                            big());
                default -> subsequence();
            }
        }

        /// Of two texts on one shard, whose answer is known.
        private void subsequence() {
            String tag = "{" + name + "}";
            ask(_ -> {}, "MSET", tag + "a", "ab".repeat(200), tag + "b", "b".repeat(300));
            ask(
                    reply -> check(
                            reply,
                            reply.value().equals(200L)
                                    || isShortOfMemory && reply.value().equals(0L)),
                    "LCS",
                    tag + "a",
                    tag + "b",
                    "LEN");
        }
    }
}
