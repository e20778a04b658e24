package io.anax.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Hot;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import org.junit.jupiter.api.Test;

/// HotSpot inlines a hot method of up to 325 bytecodes (`FreqInlineSize`), assertions counted: what
/// is marked `@Hot` stays below.
final class HotMethodsTest {
    private static final int BYTECODES_MAX = 325;
    private static final String HOT = Hot.class.descriptorString();

    /// Others are planted by [RulesBiteTest].
    Classes classes = Classes.OF_PRODUCT;

    @Test
    void hotMethodsAreSmallEnoughToBeInlined() {
        for (ClassModel model : classes.files()) {
            for (MethodModel method : model.methods()) {
                if (isHot(method)) {
                    assertThat(bytecodes(method))
                            .as(model.thisClass().asInternalName() + "." + method.methodName())
                            .isLessThanOrEqualTo(BYTECODES_MAX);
                }
            }
        }
    }

    private static boolean isHot(MethodModel method) {
        return method.findAttribute(Attributes.runtimeInvisibleAnnotations()).stream()
                .flatMap(attribute -> attribute.annotations().stream())
                .anyMatch(annotation -> annotation.className().equalsString(HOT));
    }

    private static int bytecodes(MethodModel method) {
        return method.findAttribute(Attributes.code())
                .map(CodeAttribute::codeLength)
                .orElse(0);
    }
}
