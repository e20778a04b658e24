package io.anax.engine;

/// A program that says which fibers its JVM has, and uses one: what `FiberKindTest` starts with this and
/// that option.
final class FiberProbe {
    private static Fiber fiber;

    private FiberProbe() {}

    public static void main(String... arguments) {
        try {
            System.out.println(Fiber.kind());
            fiber = Fiber.of(() -> {
                System.out.println("one");
                fiber.suspend();
                System.out.println("three");
            });
            while (!fiber.resume()) {
                System.out.println("two");
            }
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }
}
