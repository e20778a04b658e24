package io.anax.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import org.junit.jupiter.api.Test;

/// What a class may look like: final or sealed, with a plain name, without getters and without locks.
final class FormTest {
    /// Two threads take turns there, in a JVM without continuations: that takes a volatile field.
    private static final String THREAD_FIBER = "io/anax/engine/ThreadFiber";

    /// Others are planted by [RulesBiteTest].
    Classes classes = Classes.OF_PRODUCT;

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Utils?|Helper|Manager)(\\$.*)?")
                .orShould()
                .haveNameMatching(".*[.$]Abstract[A-Z].*")
                .orShould()
                .haveNameMatching(".*[.$]I[A-Z][a-z].*Impl")
                .check(classes.graph());
    }

    @Test
    void aPropertyIsCalledByItsName() {
        noMethods()
                .that()
                .arePublic()
                .and()
                .haveNameMatching("get[A-Z].*")
                .and()
                .haveRawParameterTypes(new Class<?>[0])
                .should()
                .beDeclaredInClassesThat()
                .areNotAnonymousClasses()
                .allowEmptyShould(true) // there is none, and that is the point
                .check(classes.graph());
    }

    @Test
    void classesAreFinalUnlessSealed() {
        for (ClassModel model : classes.files()) {
            assertThat(isOpen(model)).as(model.thisClass().asInternalName()).isFalse();
        }
    }

    /// A class that anybody could extend. Enums and anonymous classes have no modifier to say so.
    private static boolean isOpen(ClassModel model) {
        var flags = model.flags();
        return !flags.has(AccessFlag.FINAL)
                && !flags.has(AccessFlag.INTERFACE)
                && !flags.has(AccessFlag.ENUM)
                && !flags.has(AccessFlag.MODULE)
                && model.findAttribute(Attributes.permittedSubclasses()).isEmpty()
                && !isAnonymous(model);
    }

    private static boolean isAnonymous(ClassModel model) {
        return model.findAttribute(Attributes.enclosingMethod()).isPresent()
                || model.findAttribute(Attributes.innerClasses()).stream()
                        .flatMap(inner -> inner.classes().stream())
                        .anyMatch(inner -> inner.innerClass().equals(model.thisClass())
                                && inner.innerName().isEmpty());
    }

    @Test
    void nobodyWaitsForALock() {
        for (ClassModel model : classes.files()) {
            String name = model.thisClass().asInternalName();
            if (name.startsWith("io/anax/server/") || name.startsWith(THREAD_FIBER)) {
                continue;
            }
            for (var field : model.fields()) {
                assertThat(field.flags().has(AccessFlag.VOLATILE))
                        .as("volatile " + name + "." + field.fieldName())
                        .isFalse();
            }
            for (MethodModel method : model.methods()) {
                assertThat(isLocking(method))
                        .as("synchronized " + name + "." + method.methodName())
                        .isFalse();
            }
        }
    }

    private static boolean isLocking(MethodModel method) {
        return method.flags().has(AccessFlag.SYNCHRONIZED)
                || method.code().stream()
                        .flatMap(code -> code.elementStream())
                        .anyMatch(element -> element instanceof MonitorInstruction monitor
                                && monitor.opcode() == Opcode.MONITORENTER);
    }
}
