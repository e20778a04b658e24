package io.anax.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.CodeBuilder;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The simulation finds bugs: an engine with one in it fails within some hundred seeds, of which `make sim`
/// runs many times more. Each is what somebody could have written.
final class PlantedBugsTest {
    private static final int SEEDS = 400; // the rarest needs some hundred; the first that finds it is the last

    enum Bug {
        NOBODY_IS_EVER_IN_THE_WAY("LockTable", "isFree", code -> code.iconst_1().ireturn()),
        A_WHOLE_SHARD_IS_ALWAYS_FREE(
                "LockTable", "isShardFree", code -> code.iconst_1().ireturn()),
        NOBODY_IS_LATE("TransactionQueue", "isLate", code -> code.iconst_0().ireturn()),
        RUNS_BEFORE_ALL_KEYS_ARE_HELD("Transaction", "awaitAll", CodeBuilder::return_),
        A_PIPELINE_DOES_NOT_ASK_WHO_HOLDS(
                "Pipeline", "isHeld", code -> code.iconst_0().ireturn()),
        A_HOP_DOES_NOT_ASK_WHO_HOLDS("Hop", "hasToWait", code -> code.iconst_0().ireturn()),
        NOBODY_HEARS_THAT_IT_IS_HIS_TURN("TransactionQueue", "advance", CodeBuilder::return_),
        A_REFUSED_TRANSACTION_KEEPS_ITS_PLACES("Transaction", "withdrawAll", CodeBuilder::return_),
        NOBODY_IS_WOKEN("Mailbox$Sleep", "isToBeWoken", code -> code.iconst_0().ireturn()),
        SLEEPS_WITHOUT_A_LAST_LOOK("Mail", "isWaiting", code -> code.iconst_0().ireturn());

        private final String className;
        private final String method;
        private final Consumer<CodeBuilder> body;

        Bug(String className, String method, Consumer<CodeBuilder> body) {
            this.className = className;
            this.method = method;
            this.body = body;
        }
    }

    @ParameterizedTest
    @EnumSource
    void isFound(Bug bug) throws Throwable {
        var loader = new MutantLoader(bug.className, bug.method, bug.body);
        Class<?> run = loader.loadClass(SerializabilityRun.class.getName());
        MethodHandle failure = MethodHandles.publicLookup()
                .findStatic(run, "failure", MethodType.methodType(String.class, long.class, boolean.class));
        long first = Long.getLong("anax.seed", 1); // the same each time, for as long as the engine is
        String found = "";
        long seed = first;
        while (found.isEmpty() && seed < first + SEEDS) {
            found = (String) failure.invokeExact(seed++, false);
        }
        System.out.println(bug + ": " + (seed - first) + " seeds, " + found);
        assertThat(found).as("%d seeds from %d", SEEDS, first).isNotEmpty();
    }
}
