package io.anax.simulation;

import io.anax.Limits;
import io.anax.compatibility.RespClient.Reply;
import io.anax.simulation.SerializabilityChecker.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Some clients with random commands against some shards, and whether what they saw can be explained. The
/// seed decides everything: how many there are of each, what they do, and when.
public final class SerializabilityRun {
    private static final int OPERATIONS_MAX = 60;
    private static final int UNDER_WAY_MAX = 14; // operations at a time: the checker's search grows with them
    private static final int UNDER_WAY_OF_CLIENT_MAX = 4;
    private static final int[] LOOK_NANOS = {1_000, 50_000, 2_000_000}; // nobody's slice ends, or everybody's
    private static final long TURNS_MAX = 100_000;

    /// Runs whose history had too many possible orders.
    static int undecidedCount;

    private final long seed;
    private final boolean tells;
    private final Random random;
    private final Simulation simulation;
    private final RandomOperations operations;
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final List<SimulatedClient> busy = new ArrayList<>(); // with long commands on other keys
    private final int[] names; // of the clients, in the history
    private final int[] databases; // what each client has selected
    private final int[] batches;
    private final List<Operation> history = new ArrayList<>();
    private final int operationCount;
    private final boolean breaksConnections;
    private long moment;
    private int underWay;

    private SerializabilityRun(long seed, boolean tells) {
        this.seed = seed;
        this.tells = tells;
        this.random = new Random(seed);
        var clock = new SimulatedClock(new Random(seed), LOOK_NANOS[random.nextInt(LOOK_NANOS.length)]);
        this.simulation = new Simulation(random.nextLong(), 2 + random.nextInt(3), clock);
        this.operations = new RandomOperations(random, 2 + random.nextInt(6));
        this.operationCount = 30 + random.nextInt(OPERATIONS_MAX - 30 + 1);
        this.breaksConnections = random.nextInt(4) == 0;
        int clientCount = 3 + random.nextInt(4);
        this.names = new int[clientCount];
        this.databases = new int[clientCount];
        this.batches = new int[clientCount];
        for (int i = 0; i < clientCount; i++) {
            clients.add(simulation.connect(random.nextInt(simulation.shardCount())));
            names[i] = i;
            batches[i] = 1 + random.nextInt(UNDER_WAY_OF_CLIENT_MAX);
        }
        for (int i = random.nextInt(6) == 0 ? 1 + random.nextInt(8) : 0; i > 0; i--) {
            busy.add(simulation.connect(random.nextInt(simulation.shardCount())));
        }
    }

    /// What went wrong with this seed; empty if nothing did. Public and of plain types, for a class loader
    /// that has classes of its own.
    public static String failure(long seed, boolean tells) {
        var run = new SerializabilityRun(seed, tells);
        String failure;
        try {
            failure = run.result();
        } catch (AssertionError | RuntimeException e) {
            failure = run.described(e.toString(), run.history);
            if (tells) {
                e.printStackTrace(System.out);
            }
        }
        if (failure.isEmpty()) {
            run.simulation.close();
        }
        return failure;
    }

    private String result() {
        while (history.size() < operationCount || underWay > 0) {
            if (history.size() < operationCount && random.nextInt(3) == 0) {
                act(random.nextInt(clients.size()));
            }
            keepBusy();
            if (!simulation.step() && underWay > 0) {
                return described("all shards sleep, and these wait", pending());
            }
            if (simulation.turns() > TURNS_MAX) {
                return described("too many turns, and these wait", pending());
            }
        }
        return judged();
    }

    private String judged() {
        simulation.settle();
        simulation.checkAtRest();
        Verdict verdict = SerializabilityChecker.check(history);
        undecidedCount += verdict == Verdict.UNDECIDED ? 1 : 0;
        if (tells) {
            System.out.println(verdict);
        }
        return verdict == Verdict.VIOLATED
                ? described("no order explains this", SerializabilityChecker.minimized(history))
                : "";
    }

    // ---- what clients do --------------------------------------------------------------------------

    private void act(int i) {
        SimulatedClient client = clients.get(i);
        if (breaksConnections && random.nextInt(12) == 0) {
            leave(i);
            return;
        }
        if (client.expectedCount() > 0 && random.nextInt(4) > 0) {
            return; // mostly it waits for its replies before it asks again
        }
        if (client.expectedCount() == 0 && random.nextInt(10) == 0) {
            select(i);
        }
        moment++;
        for (int n = 1 + random.nextInt(batches[i]); n > 0; n--) {
            ask(i);
        }
    }

    /// Long commands fill the shards with fibers that want to go on. They are not in the history.
    private void keepBusy() {
        for (SimulatedClient client : busy) {
            if (client.expectedCount() == 0 && random.nextInt(20) == 0) {
                var words =
                        new ArrayList<>(Collections.nCopies(Limits.KEYS_AT_ONCE_MAX + 2, "busy" + random.nextInt(8)));
                words.set(0, "EXISTS");
                client.send(words, reply -> {});
            }
        }
    }

    private void select(int i) {
        databases[i] = 1 - databases[i];
        clients.get(i).send(List.of("SELECT", String.valueOf(databases[i])), reply -> {});
    }

    private void ask(int i) {
        SimulatedClient client = clients.get(i);
        if (underWay == UNDER_WAY_MAX
                || client.expectedCount() >= UNDER_WAY_OF_CLIENT_MAX
                || history.size() == operationCount) {
            return;
        }
        int at = history.size();
        var operation = new Operation(names[i], databases[i], moment, Operation.NEVER, operations.next(), null);
        history.add(operation);
        underWay++;
        tell("> ", operation);
        client.send(operation.words(), reply -> returned(at, reply));
    }

    private void returned(int at, Reply reply) {
        var sent = history.get(at);
        var done = new Operation(sent.client(), sent.database(), sent.sent(), ++moment, sent.words(), reply.value());
        history.set(at, done);
        underWay--;
        tell("< ", done);
    }

    /// The connection breaks; what it asked last may have happened or not. Another client takes its place.
    private void leave(int i) {
        tell("gone: client ", names[i]);
        for (Operation operation : history) {
            underWay -= operation.client() == names[i] && operation.isPending() ? 1 : 0;
        }
        clients.get(i).disconnect();
        clients.set(i, simulation.connect(random.nextInt(simulation.shardCount())));
        names[i] += clients.size();
        databases[i] = 0;
    }

    private List<Operation> pending() {
        return history.stream().filter(Operation::isPending).toList();
    }

    // ---- words ------------------------------------------------------------------------------------

    private void tell(String what, Object of) {
        if (tells) {
            System.out.println("turn %6d  %s%s".formatted(simulation.turns(), what, of));
        }
    }

    private String described(String problem, List<Operation> operations) {
        var text = new StringBuilder("seed " + seed + ": " + problem + "\n");
        var keys = operations.stream()
                .flatMap(operation -> operation.keys().stream())
                .distinct()
                .sorted()
                .toList();
        for (String key : keys) {
            text.append("  ").append(key).append(" on shard ").append(simulation.shardOf(key));
        }
        operations.forEach(operation -> text.append("\n  ").append(operation));
        return text.append('\n').toString();
    }
}
