package io.anax.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.util.function.Consumer;

/// A second copy of our classes in which one method does something else: a bug, planted to see whether a
/// test finds it. The copy has static fields of its own and runs without assertions, so that nothing but
/// the test itself can notice.
final class MutantLoader extends ClassLoader {
    private static final String OURS = "io.anax.";

    private final String mutated;
    private final String method;
    private final Consumer<CodeBuilder> body;
    private boolean isPlanted;

    /// `body` becomes the code of the method of this name in this class of the engine.
    MutantLoader(String className, String method, Consumer<CodeBuilder> body) {
        super(MutantLoader.class.getClassLoader());
        this.mutated = OURS + "engine." + className;
        this.method = method;
        this.body = body;
        setDefaultAssertionStatus(false);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            byte[] code = name.equals(mutated) ? planted(bytes) : bytes;
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] planted(byte[] bytes) {
        var classFile = ClassFile.of();
        var model = classFile.parse(bytes);
        byte[] code = classFile.transformClass(
                model, ClassTransform.transformingMethods(this::isTheMethod, (builder, element) -> {
                    if (element instanceof java.lang.classfile.CodeModel) {
                        isPlanted = true;
                        builder.withCode(body);
                    } else {
                        builder.with(element);
                    }
                }));
        if (!isPlanted) {
            throw new IllegalStateException(mutated + " has no method " + method);
        }
        return code;
    }

    private boolean isTheMethod(MethodModel candidate) {
        return candidate.methodName().equalsString(method);
    }
}
