package io.anax.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A rule that can not fail is worth nothing: for each one a class is planted that breaks it, and the
/// rule must report that class.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RulesBiteTest {
    private static final int TITLE_MAX_LENGTH = 150;

    /// Breaks the rule of this name. Each class has `planted` in its name or in that of its package or a member.
    private record Plant(String rule, String... sources) {
        String title() {
            String title = rule + ": " + String.join(" ", sources);
            return title.length() > TITLE_MAX_LENGTH ? title.substring(0, TITLE_MAX_LENGTH) + "…" : title;
        }
    }

    private interface Rule {
        void check() throws Throwable;
    }

    private static final List<Plant> LAYERS = List.of(
            uses("memory", "io.anax.table.Dashtable"),
            uses("table", "io.anax.types.Type"),
            uses("types", "io.anax.keyspace.Database"),
            uses("types", "io.anax.protocol.ReplyWriter"),
            uses("keyspace", "io.anax.protocol.ReplyWriter"),
            uses("protocol", "io.anax.table.Dashtable"),
            uses("command", "io.anax.engine.Shard"),
            uses("engine", "io.anax.net.Listener"),
            uses("net", "io.anax.keyspace.Database"),
            uses("net", "io.anax.server.Server"),
            uses("persistence", "io.anax.net.Listener"),
            uses("replication", "io.anax.server.Server"),
            new Plant("theRootImportsNothingOfOurs", in("io.anax", "io.anax.memory.Memory memory;")),
            new Plant("everyPackageIsInThePicture", in("io.anax.other", "")),
            new Plant(
                    "noPackageImportsItselfThroughAnother",
                    "package io.anax.net; public final class PlantedHere { io.anax.engine.PlantedThere there; }",
                    "package io.anax.engine; public final class PlantedThere { io.anax.net.PlantedHere here; }"),
            new Plant("everyPackageSaysWhatItPromisesAndIsNullMarked", in("io.anax.planted", "")),
            new Plant(
                    "everyPackageSaysWhatItPromisesAndIsNullMarked",
                    "@Deprecated package io.anax.planted;",
                    in("io.anax.planted", "")));

    private static final List<Plant> ACCESS = List.of(
            new Plant(
                    "foreignMemoryIsKnownToMemoryAndToTheBindingsOnly",
                    in("io.anax.net", "java.lang.foreign.Arena arena;")),
            new Plant("varHandlesAreInMemoryOnly", in("io.anax.engine", "java.lang.invoke.VarHandle handle;")),
            new Plant(
                    "theContinuationOfTheJdkIsNamedInOneClassOnly",
                    in("io.anax.engine", "String name = \"jdk.internal.vm.Continuation\";")),
            new Plant("threadsAreMadeInTheServerAndForAThreadFiberOnly", in("io.anax.engine", runs("new Thread()"))),
            new Plant(
                    "threadsAreMadeInTheServerAndForAThreadFiberOnly",
                    in("io.anax.engine", runs("Thread.ofPlatform()"))),
            new Plant(
                    "threadsAreMadeInTheServerAndForAThreadFiberOnly",
                    "package io.anax.engine; final class Planted extends Thread {}"),
            new Plant(
                    "orderedAccessIsForTheMailboxThePagerAndTheKernelsRing",
                    in("io.anax.engine", runs("io.anax.memory.Memory.getLongAcquire(0)"))),
            new Plant(
                    "orderedAccessIsForTheMailboxThePagerAndTheKernelsRing",
                    in("io.anax.net", runs("io.anax.memory.Memory.putLongRelease(0, 0)"))),
            new Plant(
                    "orderedAccessIsForTheMailboxThePagerAndTheKernelsRing",
                    in("io.anax.memory", runs("Memory.getLongAcquire(0)"))),
            new Plant(
                    "nothingIsSharedBetweenThreads",
                    in("io.anax.engine", "java.util.concurrent.atomic.AtomicLong count;")),
            new Plant(
                    "nothingIsSharedBetweenThreads",
                    "package io.anax.engine; final class ThreadFiber { java.util.concurrent.Executor planted; }"));

    private static final List<Plant> CHANCE = Stream.of(
                    "new java.util.Random()",
                    "new java.util.SplittableRandom()",
                    "java.util.concurrent.ThreadLocalRandom.current()",
                    "new java.security.SecureRandom()",
                    "java.time.Clock.systemUTC()",
                    "java.time.Instant.now()",
                    "System.nanoTime()",
                    "System.currentTimeMillis()",
                    "Math.random()")
            .map(call -> new Plant("onlyTheServerAsksClockAndChance", in("io.anax.keyspace", runs(call))))
            .toList();

    private static final List<Plant> FORM = List.of(
            new Plant("namesSayWhatAThingIs", "package io.anax.net; final class PlantedImpl {}"),
            new Plant("namesSayWhatAThingIs", "package io.anax.net; final class PlantedUtil {}"),
            new Plant("namesSayWhatAThingIs", "package io.anax.net; final class PlantedUtils {}"),
            new Plant("namesSayWhatAThingIs", "package io.anax.net; final class PlantedHelper {}"),
            new Plant("namesSayWhatAThingIs", "package io.anax.net; final class PlantedManager {}"),
            new Plant("namesSayWhatAThingIs", "package io.anax.net; final class AbstractPlanted {}"),
            new Plant("namesSayWhatAThingIs", in("io.anax.net", "static final class AbstractThing {}")),
            new Plant("aPropertyIsCalledByItsName", in("io.anax.net", "public int getSize() { return 0; }")),
            new Plant("classesAreFinalUnlessSealed", "package io.anax.net; class Planted {}"),
            new Plant("classesAreFinalUnlessSealed", "package io.anax.net; abstract class Planted {}"),
            new Plant("classesAreFinalUnlessSealed", in("io.anax.net", "static class Nested {}")),
            new Plant("nobodyWaitsForALock", in("io.anax.net", "volatile int size;")),
            new Plant("nobodyWaitsForALock", in("io.anax.net", "synchronized void run() {}")),
            new Plant("nobodyWaitsForALock", in("io.anax.net", "void run() { synchronized (this) {} }")),
            new Plant(
                    "hotMethodsAreSmallEnoughToBeInlined",
                    in(
                            "io.anax.net",
                            "@io.anax.Hot int run(int a) { " + "a = a * 31 + 7; ".repeat(60) + "return a; }")));

    private static final List<Plant> PLANTS =
            Stream.of(LAYERS, ACCESS, CHANCE, FORM).flatMap(Collection::stream).toList();

    private static String in(String name, String members) {
        return "package " + name + "; final class Planted { " + members + " }";
    }

    private static String runs(String expression) {
        return "void run() { " + expression + "; }";
    }

    private static Plant uses(String layer, String type) {
        return new Plant(layer, in("io.anax." + layer, type + " used;"));
    }

    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
    private int compilations;

    @TempDir
    private Path directory;

    @AfterAll
    void close() throws IOException {
        files.close();
    }

    @TestFactory
    List<DynamicTest> eachRuleReportsWhatBreaksIt() {
        return PLANTS.stream()
                .map(plant -> DynamicTest.dynamicTest(plant.title(), () -> isReported(plant)))
                .toList();
    }

    private void isReported(Plant plant) throws IOException {
        Rule rule = rules(compiled(plant.sources)).get(plant.rule);
        assertThat(rule).as(plant.rule).isNotNull();
        assertThatThrownBy(rule::check)
                .isInstanceOf(AssertionError.class)
                .message()
                .containsIgnoringCase("planted");
    }

    @Test
    void everyRuleIsTried() {
        var tried = PLANTS.stream().map(Plant::rule).collect(Collectors.toSet());
        assertThat(rules(Classes.OF_PRODUCT).keySet()).containsExactlyInAnyOrderElementsOf(tried);
    }

    /// Or else the reports above could be about anything.
    @Test
    void noRuleReportsAHarmlessClass() throws IOException {
        Classes harmless = compiled(
                "@org.jspecify.annotations.NullMarked package io.anax.table;",
                in("io.anax.table", "@io.anax.Hot long run() { return io.anax.memory.Memory.getLong(0); }"));
        rules(harmless)
                .forEach((name, rule) -> assertThatCode(rule::check).as(name).doesNotThrowAnyException());
    }

    /// By the names of the tests that they are; one for each package where it is about packages.
    private static Map<String, Rule> rules(Classes classes) {
        var layers = new LayersTest();
        layers.classes = classes;
        var form = new FormTest();
        form.classes = classes;
        var hot = new HotMethodsTest();
        hot.classes = classes;
        var rules = new TreeMap<String, Rule>();
        for (Object tests : List.of(layers, form, hot)) {
            Arrays.stream(tests.getClass().getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Test.class))
                    .forEach(method -> rules.put(method.getName(), () -> call(method, tests)));
        }
        for (DynamicTest test : layers.aPackageImportsOnlyWhatIsBelowIt()) {
            rules.put(test.getDisplayName(), () -> test.getExecutable().execute());
        }
        return rules;
    }

    private static void call(Method method, Object tests) throws Throwable {
        try {
            method.invoke(tests);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Classes compiled(String... sources) throws IOException {
        Path output = Files.createDirectory(directory.resolve("planted" + compilations++));
        var options = List.of("-d", output.toString(), "-proc:none", "-cp", classPath());
        var units = Arrays.stream(sources).map(Source::new).toList();
        assertThat(compiler.getTask(null, files, null, options, null, units).call())
                .as(String.join(" ", sources))
                .isTrue();
        return Classes.in(output);
    }

    private static String classPath() {
        var annotations = NullMarked.class.getProtectionDomain().getCodeSource().getLocation();
        return Product.classDirectory() + File.pathSeparator + annotations.getPath();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///" + name(text) + ".java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        private static String name(String text) {
            String[] words = text.split("\\W+class ");
            return words.length == 1 ? "package-info" : words[1].split("\\W")[0];
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
