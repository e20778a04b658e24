package io.anax.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.classfile.ClassModel;
import java.nio.file.Path;
import java.util.List;

/// What the rules look at: who uses whom, and the class files themselves.
record Classes(JavaClasses graph, List<ClassModel> files) {
    static final Classes OF_PRODUCT = in(Product.classDirectory());

    static Classes in(Path directory) {
        return new Classes(new ClassFileImporter().importPath(directory), Product.classes(directory));
    }
}
