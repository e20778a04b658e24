package io.anax.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Calls of the C library that do not say why they fail: no `errno`. To capture it takes an object where the
/// JVM has not inlined everything, and a busy shard makes such calls all the time.
@SuppressWarnings("restricted")
public final class CLibrary {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    /// How all functions are declared, and each takes as many arguments as it has: the JVM makes a stub for
    /// each shape, and some fifteen of them took a tenth of a second of the start. On 64-bit systems an `int`
    /// is passed as the low half of a long, and an argument too many is not seen.
    public static final FunctionDescriptor SHAPE =
            FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG);

    private CLibrary() {}

    /// To be kept in a constant, which is what makes the call quick. Null where the library has none of that
    /// name (mmap on Windows).
    public static @Nullable MethodHandle function(String name) {
        var linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find(name)
                .map(symbol -> linker.downcallHandle(symbol, SHAPE))
                .orElse(null);
    }

    /// Of a function that returns an `int`, the upper half of the result says nothing.
    public static long call(MethodHandle function, long a, long b, long c) {
        return call(function, a, b, c, 0, 0, 0, 0);
    }

    /// As above.
    public static long call(MethodHandle function, long a, long b, long c, long d, long e, long f, long g) {
        try {
            return (long) function.invokeExact(a, b, c, d, e, f, g);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
