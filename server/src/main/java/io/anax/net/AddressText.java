package io.anax.net;

import io.anax.memory.Memory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// Addresses as Redis prints them: `127.0.0.1:6379`, `[::1]:6379`, and `/path:0` of a unix socket.
///
/// ```
///  sockaddr_in    0 family 2   2 port 2, big endian   4 address 4
///  sockaddr_in6   0 family 2   2 port 2, big endian   4 flow 4   8 address 16   24 scope 4
///  sockaddr_un    0 family 2   2 path, ends with 0
/// ```
final class AddressText {
    static final String UNKNOWN = "?:0";

    private static final int SOCKADDR_SIZE = 112; // of the longest kind, sockaddr_un
    private static final int GROUP_COUNT = 8;

    private AddressText() {}

    /// The address of one end of a kernel's socket.
    static String ofSocket(int descriptor, boolean peer) {
        long address = Memory.allocate(SOCKADDR_SIZE);
        long size = Memory.allocate(Integer.BYTES);
        try {
            Memory.putInt(size, SOCKADDR_SIZE);
            return Linux.socketName(descriptor, peer, address, size) < 0 ? UNKNOWN : of(address);
        } finally {
            Memory.free(address, SOCKADDR_SIZE);
            Memory.free(size, Integer.BYTES);
        }
    }

    private static String of(long sockaddr) {
        int family = Memory.getShort(sockaddr);
        if (family == Linux.AF_INET) {
            return of(Memory.bytes(sockaddr + 4, 4), port(sockaddr));
        }
        return family == Linux.AF_INET6 ? of(Memory.bytes(sockaddr + 8, 16), port(sockaddr)) : UNKNOWN;
    }

    /// The port in a `sockaddr_in` or `sockaddr_in6`.
    static int port(long sockaddr) {
        return Short.toUnsignedInt(Short.reverseBytes(Memory.getShort(sockaddr + 2)));
    }

    static String of(SocketAddress address) {
        return address instanceof InetSocketAddress internet && internet.getAddress() != null
                ? of(internet.getAddress().getAddress(), internet.getPort())
                : UNKNOWN;
    }

    /// Of an address as printed here.
    static boolean isLoopback(String address) {
        return address.startsWith("127.") || address.startsWith("[::1]");
    }

    static String ofUnixSocket(String path) {
        return path + ":0";
    }

    static String of(byte[] address, int port) {
        if (address.length == 4) {
            return (address[0] & 0xFF) + "." + (address[1] & 0xFF) + "." + (address[2] & 0xFF) + "."
                    + (address[3] & 0xFF) + ":" + port;
        }
        return "[" + groups(address) + "]:" + port;
    }

    /// The longest run of zero groups becomes `::`, the first one when there are several (RFC
    /// 5952).
    private static String groups(byte[] address) {
        int from = 0;
        int longest = 1; // a single zero group stays
        for (int i = 0; i < GROUP_COUNT; i++) {
            int zeros = zeros(address, i);
            if (zeros > longest) {
                longest = zeros;
                from = i;
            }
        }
        var text = new StringBuilder();
        for (int i = 0; i < GROUP_COUNT; i++) {
            if (longest > 1 && i == from) {
                text.append("::");
                i += longest - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group(address, i)));
        }
        return text.toString();
    }

    private static int zeros(byte[] address, int from) {
        int end = from;
        while (end < GROUP_COUNT && group(address, end) == 0) {
            end++;
        }
        return end - from;
    }

    private static int group(byte[] address, int i) {
        return (address[2 * i] & 0xFF) << Byte.SIZE | address[2 * i + 1] & 0xFF;
    }
}
