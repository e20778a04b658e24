package io.anax.architecture;

import io.anax.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The product as the rules see it: its class files, and the source files of product and tests.
final class Product {
    private Product() {}

    /// Every class file below a directory.
    static List<ClassModel> classes(Path directory) {
        var classes = new ArrayList<ClassModel>();
        for (Path file : files(directory, ".class")) {
            classes.add(read(file));
        }
        return classes;
    }

    static ClassModel read(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> sources() {
        return files(module().resolve("src/main/java"), ".java");
    }

    static List<Path> testSources() {
        return files(module().resolve("src/test/java"), ".java");
    }

    /// `target/classes` of the module.
    static Path classDirectory() {
        try {
            return Path.of(Limits.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path module() {
        return classDirectory().resolve("../..").normalize();
    }

    private static List<Path> files(Path directory, String ending) {
        try (var all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
