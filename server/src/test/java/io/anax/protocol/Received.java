package io.anax.protocol;

import io.anax.memory.ByteChain;
import io.anax.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Bytes in memory of exactly their size, so that checked memory notices every read beyond. Text is
/// Latin-1: each character one byte.
final class Received implements AutoCloseable {
    private final long address;
    private final int size;

    private Received(byte[] bytes) {
        size = bytes.length;
        address = Memory.allocate(Math.max(size, 1));
        Memory.copy(bytes, 0, address, size);
    }

    static Received of(String text) {
        return new Received(bytes(text));
    }

    static Received of(byte[] bytes) {
        return new Received(bytes);
    }

    long address() {
        return address;
    }

    int size() {
        return size;
    }

    @Override
    public void close() {
        Memory.free(address, Math.max(size, 1));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(long address, int size) {
        return new String(Memory.bytes(address, size), StandardCharsets.ISO_8859_1);
    }

    /// All that was written to the chain; it is empty afterwards.
    static String drain(ByteChain chain) {
        var flat = new Received(new byte[(int) chain.sizeBytes()]);
        try (flat) {
            chain.copyTo(flat.address);
            chain.clear();
            return text(flat.address, flat.size);
        }
    }

    static List<String> arguments(Request request) {
        var arguments = new ArrayList<String>();
        for (int i = 0; i < request.count(); i++) {
            arguments.add(text(request.address(i), request.length(i)));
        }
        return arguments;
    }

    /// A command as clients send it.
    static String command(List<String> arguments) {
        var text = new StringBuilder("*" + arguments.size() + "\r\n");
        for (String argument : arguments) {
            text.append("$")
                    .append(argument.length())
                    .append("\r\n")
                    .append(argument)
                    .append("\r\n");
        }
        return text.toString();
    }
}
