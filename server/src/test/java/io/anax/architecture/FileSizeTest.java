package io.anax.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/// Methods fit on a screen, files on a few. Lines of code in a method count from its first word to
/// its closing brace, without its doc comment.
final class FileSizeTest {
    private static final int METHOD_LINES_MAX = 60;
    private static final int METHOD_LINES_MEDIAN_MAX = 8;
    private static final int FILE_LINES_MAX = 800;

    /// Files that are longer, each with its reason. Only ever shortened.
    private static final Set<String> LONG_FILES = Set.of();

    /// Methods that are longer, as `Class.method`, each with its reason. Only ever shortened.
    private static final Set<String> LONG_METHODS = Set.of();

    private record Method(String name, long lines) {}

    @Test
    void filesHaveAtMost800Lines() throws IOException {
        for (Path file : everything()) {
            if (!LONG_FILES.contains(file.getFileName().toString())) {
                assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(FILE_LINES_MAX);
            }
        }
    }

    @Test
    void methodsHaveAtMost60Lines() throws IOException {
        List<Method> tooLong = methods(everything()).stream()
                .filter(method -> method.lines > METHOD_LINES_MAX && !LONG_METHODS.contains(method.name))
                .toList();
        assertThat(tooLong).isEmpty();
    }

    @Test
    void halfOfAllMethodsHaveAtMost8Lines() throws IOException {
        List<Long> lines =
                methods(Product.sources()).stream().map(Method::lines).sorted().toList();
        assertThat(lines.get(lines.size() / 2)).isLessThanOrEqualTo(METHOD_LINES_MEDIAN_MAX);
    }

    private static List<Path> everything() {
        return Stream.concat(Product.sources().stream(), Product.testSources().stream())
                .toList();
    }

    /// Only parses: nothing is resolved, so a second suffices for all files.
    private static List<Method> methods(Collection<Path> files) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var methods = new ArrayList<Method>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            Iterable<? extends JavaFileObject> objects = manager.getJavaFileObjectsFromPaths(files);
            var task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, objects);
            var scanner = new Scanner(Trees.instance(task).getSourcePositions(), methods);
            for (CompilationUnitTree unit : task.parse()) {
                scanner.scan(unit, null);
            }
        }
        return methods;
    }

    private static final class Scanner extends TreePathScanner<Void, Void> {
        private final SourcePositions positions;
        private final List<Method> methods;

        Scanner(SourcePositions positions, List<Method> methods) {
            this.positions = positions;
            this.methods = methods;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
            LineMap lines = unit.getLineMap();
            long last = positions.getEndPosition(unit, method);
            if (last >= 0) {
                long first = positions.getStartPosition(unit, method);
                methods.add(new Method(name(method), lines.getLineNumber(last) - lines.getLineNumber(first) + 1));
            }
            return super.visitMethod(method, nothing);
        }

        private String name(MethodTree method) {
            Tree parent = getCurrentPath().getParentPath().getLeaf();
            return parent instanceof ClassTree type
                    ? type.getSimpleName() + "." + method.getName()
                    : method.getName().toString();
        }
    }
}
