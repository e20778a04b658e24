package io.anax.server;

/// Where the program begins.
final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(CommandLine.run(arguments, System.getenv(), System.out, System.err));
    }
}
