package io.anax.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import io.anax.memory.Memory;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Who may import whom, and which few classes may touch what all others must not.
///
/// ```
///                      server
///                    /   |    \
///        replication     |     persistence
///                    \   |    /
///                       net
///                        |
///                      engine
///                        |
///                     command
///                    /        \
///              keyspace      protocol
///                  |             |
///                types           |
///                  |             |
///                table           |
///                  |             |
///                memory ---------+
/// ```
///
/// All may import `io.anax` itself: the limits and the mark of hot methods.
final class LayersTest {
    private static final String ROOT = "io.anax";

    /// What a package may import of ours. In the order of the picture, from below.
    private record Layer(String name, Set<String> below) {}

    private static final List<Layer> LAYERS = List.of(
            new Layer("memory", Set.of()),
            new Layer("table", Set.of("memory")),
            new Layer("types", Set.of("memory", "table")),
            new Layer("keyspace", Set.of("memory", "table", "types")),
            new Layer("protocol", Set.of("memory")),
            new Layer("command", Set.of("memory", "table", "types", "keyspace", "protocol")),
            new Layer("engine", Set.of("memory", "table", "types", "keyspace", "protocol", "command")),
            // A connection cannot touch data: neither table nor types nor keyspace nor command.
            new Layer("net", Set.of("memory", "protocol", "engine")),
            new Layer("persistence", Set.of("memory", "table", "types", "keyspace", "protocol", "command", "engine")),
            new Layer(
                    "replication",
                    Set.of(
                            "memory",
                            "table",
                            "types",
                            "keyspace",
                            "protocol",
                            "command",
                            "engine",
                            "net",
                            "persistence")));

    /// Others are planted by [RulesBiteTest].
    Classes classes = Classes.OF_PRODUCT;

    @TestFactory
    List<DynamicTest> aPackageImportsOnlyWhatIsBelowIt() {
        var tests = new ArrayList<DynamicTest>();
        for (Layer layer : LAYERS) {
            String[] others = LAYERS.stream()
                    .map(Layer::name)
                    .filter(name -> !name.equals(layer.name) && !layer.below.contains(name))
                    .map(LayersTest::within)
                    .toArray(String[]::new);
            tests.add(DynamicTest.dynamicTest(layer.name, () -> {
                check(noClasses()
                        .that()
                        .resideInAPackage(within(layer.name))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(others)
                        .orShould()
                        .dependOnClassesThat()
                        .resideInAPackage(within("server")));
            }));
        }
        return tests;
    }

    @Test
    void theRootImportsNothingOfOurs() {
        check(noClasses()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".*.."));
    }

    @Test
    void everyPackageIsInThePicture() {
        for (JavaClass javaClass : classes.graph()) {
            String name = javaClass.getPackageName();
            assertThat(name.equals(ROOT)
                            || name.equals(ROOT + ".server")
                            || LAYERS.stream().anyMatch(layer -> name.equals(ROOT + "." + layer.name)))
                    .as(javaClass.getName())
                    .isTrue();
        }
    }

    @Test
    void noPackageImportsItselfThroughAnother() {
        check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
    }

    @Test
    void everyPackageSaysWhatItPromisesAndIsNullMarked() {
        for (JavaClass javaClass : classes.graph()) {
            assertThat(javaClass.getPackage().tryGetPackageInfo())
                    .as("package-info of " + javaClass.getPackageName())
                    .hasValueSatisfying(info -> assertThat(info.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                            .as("@NullMarked of " + javaClass.getPackageName())
                            .isTrue());
        }
    }

    @Test
    void foreignMemoryIsKnownToMemoryAndToTheBindingsOnly() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(within("memory"))
                .and(not(named(ROOT + ".net.Linux")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign.."));
    }

    @Test
    void varHandlesAreInMemoryOnly() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(within("memory"))
                .should()
                .dependOnClassesThat()
                .areAssignableTo(VarHandle.class));
    }

    /// It is reached by reflection, so its name is a string: look for it among the constants.
    @Test
    void theContinuationOfTheJdkIsNamedInOneClassOnly() {
        for (var model : classes.files()) {
            String name = model.thisClass().asInternalName();
            if (name.equals("io/anax/engine/ContinuationFiber")) {
                continue;
            }
            for (var constant : model.constantPool()) {
                assertThat(constant.toString().replace('/', '.')).as(name).doesNotContain("jdk.internal.vm");
            }
        }
    }

    @Test
    void threadsAreMadeInTheServerAndForAThreadFiberOnly() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(within("server"))
                .and(not(named(ROOT + ".engine.ThreadFiber")))
                .should()
                .beAssignableTo(Thread.class)
                .orShould()
                .callConstructorWhere(target(owner(assignableTo(Thread.class))))
                .orShould()
                .callMethodWhere(target(owner(assignableTo(Thread.class)))
                        .and(target(nameMatching("ofPlatform|ofVirtual|startVirtualThread")))));
    }

    /// Shards meet in the mailbox, a shard and the pager at its desk. The ring is no third: who it meets is the
    /// kernel.
    @Test
    void orderedAccessIsForTheMailboxThePagerAndTheKernelsRing() {
        check(noClasses()
                .that(not(named(ROOT + ".engine.Mailbox", ROOT + ".memory.Pager", ROOT + ".net.Ring")))
                .should()
                .callMethodWhere(target(owner(assignableTo(Memory.class)))
                        .and(target(nameMatching("(get|put).*(Acquire|Release)")))));
    }

    /// `CheckedMemory` is for tests: it must see the allocations of all threads.
    @Test
    void nothingIsSharedBetweenThreads() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(within("server"))
                .and(not(named(ROOT + ".engine.ThreadFiber", ROOT + ".memory.CheckedMemory")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.util.concurrent..")));
        check(noClasses()
                .that(are(ROOT + ".engine.ThreadFiber"))
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.util.concurrent..")
                        .and(not(named("java.util.concurrent.locks.LockSupport")))));
    }

    @Test
    void onlyTheServerAsksClockAndChance() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(within("server"))
                .should()
                .dependOnClassesThat(belongToAnyOf(Random.class, SplittableRandom.class)
                        .or(named(
                                "java.util.concurrent.ThreadLocalRandom",
                                "java.security.SecureRandom",
                                "java.time.Clock")))
                .orShould()
                .callMethodWhere(target(owner(assignableTo(System.class)))
                        .and(target(nameMatching("nanoTime|currentTimeMillis"))))
                .orShould()
                .callMethodWhere(target(owner(assignableTo(Math.class))).and(target(nameMatching("random"))))
                .orShould()
                .callMethodWhere(
                        target(owner(resideInAnyPackage("java.time.."))).and(target(nameMatching("now")))));
    }

    private void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(classes.graph());
    }

    private static String within(String name) {
        return ROOT + "." + name + "..";
    }

    /// The classes of these names, and what is nested in them.
    private static DescribedPredicate<JavaClass> named(String... names) {
        Set<String> all = Set.of(names);
        return DescribedPredicate.describe("named " + all, javaClass -> all.contains(outermost(javaClass)));
    }

    private static DescribedPredicate<JavaClass> are(String name) {
        return named(name);
    }

    private static DescribedPredicate<JavaClass> not(DescribedPredicate<JavaClass> predicate) {
        return DescribedPredicate.not(predicate);
    }

    private static String outermost(JavaClass javaClass) {
        String name = javaClass.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }
}
