package io.anax.net;

import io.anax.memory.Memory;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A socket of the kernel that connections are accepted from, see [AddressText] for the layouts of
/// addresses.
final class ListeningSocket {
    private static final int SOCKADDR_IN_SIZE = 16;
    private static final int SOCKADDR_IN6_SIZE = 28;
    private static final int SOCKADDR_UN_PATH = 2;
    private static final int SOCKADDR_UN_PATH_SIZE = 108;
    private static final int SOCKADDR_SIZE = SOCKADDR_UN_PATH + SOCKADDR_UN_PATH_SIZE;

    final int descriptor;
    final int port;
    final int keepAliveSeconds;
    final Acceptor acceptor;
    final @Nullable Path unixPath;

    private ListeningSocket(
            int descriptor, int port, int keepAliveSeconds, Acceptor acceptor, @Nullable Path unixPath) {
        this.descriptor = descriptor;
        this.port = port;
        this.keepAliveSeconds = keepAliveSeconds;
        this.acceptor = acceptor;
        this.unixPath = unixPath;
    }

    static ListeningSocket open(Listener listener, Acceptor acceptor) throws IOException {
        return listener instanceof Listener.Tcp tcp ? open(tcp, acceptor) : open((Listener.Unix) listener, acceptor);
    }

    private static ListeningSocket open(Listener.Tcp tcp, Acceptor acceptor) throws IOException {
        byte[] address = resolve(tcp.host()).getAddress();
        boolean isOld = address.length == 4;
        int socket = socket(isOld ? Linux.AF_INET : Linux.AF_INET6);
        long at = Memory.allocate(SOCKADDR_SIZE);
        try {
            Memory.fill(at, SOCKADDR_SIZE, (byte) 0);
            Memory.putShort(at, (short) (isOld ? Linux.AF_INET : Linux.AF_INET6));
            Memory.putShort(at + 2, Short.reverseBytes((short) tcp.port()));
            Memory.copy(address, 0, at + (isOld ? 4 : 8), address.length);
            Linux.setOption(socket, Linux.SOL_SOCKET, Linux.SO_REUSEADDR, 1);
            // Accepted sockets inherit both. A reply never waits for the acknowledgement of another.
            Linux.setOption(socket, Linux.IPPROTO_TCP, Linux.TCP_NODELAY, 1);
            Linux.keepAlive(socket, tcp.keepAliveSeconds());
            if (tcp.shared()) {
                Linux.setOption(socket, Linux.SOL_SOCKET, Linux.SO_REUSEPORT, 1);
            }
            if (!isOld) {
                Linux.setOption(socket, Linux.IPPROTO_IPV6, Linux.IPV6_V6ONLY, 1);
            }
            String name = AddressText.of(address, tcp.port());
            bind(socket, at, isOld ? SOCKADDR_IN_SIZE : SOCKADDR_IN6_SIZE, tcp.backlog(), name);
            return new ListeningSocket(socket, boundPort(socket, at), tcp.keepAliveSeconds(), acceptor, null);
        } finally {
            Memory.free(at, SOCKADDR_SIZE);
        }
    }

    /// Of a host as `bind` in a configuration names it.
    static InetAddress resolve(String host) throws IOException {
        return InetAddress.getByName(
                switch (host) {
                    case "*" -> "0.0.0.0";
                    case "::*" -> "::";
                    default -> host;
                });
    }

    private static ListeningSocket open(Listener.Unix unix, Acceptor acceptor) throws IOException {
        byte[] path = unix.path().toString().getBytes(StandardCharsets.UTF_8);
        if (path.length >= SOCKADDR_UN_PATH_SIZE) {
            throw new IOException("path of a unix socket is too long: " + unix.path());
        }
        Files.deleteIfExists(unix.path());
        int socket = socket(Linux.AF_UNIX);
        long at = Memory.allocate(SOCKADDR_SIZE);
        try {
            Memory.fill(at, SOCKADDR_SIZE, (byte) 0);
            Memory.putShort(at, (short) Linux.AF_UNIX);
            Memory.copy(path, 0, at + SOCKADDR_UN_PATH, path.length);
            bind(socket, at, SOCKADDR_SIZE, unix.backlog(), unix.path().toString());
            permit(unix);
            return new ListeningSocket(socket, 0, 0, acceptor, unix.path());
        } finally {
            Memory.free(at, SOCKADDR_SIZE);
        }
    }

    /// Gives the socket's file its permissions, as chmod would.
    static void permit(Listener.Unix unix) throws IOException {
        if (unix.permissions() != 0) {
            Set<PosixFilePermission> granted = EnumSet.noneOf(PosixFilePermission.class);
            PosixFilePermission[] all = PosixFilePermission.values(); // owner's r, w, x; group's; others'
            for (int i = 0; i < all.length; i++) {
                if ((unix.permissions() & 0400 >> i) != 0) {
                    granted.add(all[i]);
                }
            }
            Files.setPosixFilePermissions(unix.path(), granted);
        }
    }

    private static int socket(int family) throws IOException {
        int socket = Linux.socket(family);
        if (socket < 0) {
            throw Linux.failure("socket", socket);
        }
        return socket;
    }

    private static void bind(int socket, long address, int size, int backlog, String name) throws IOException {
        int result = Linux.bind(socket, address, size);
        if (result >= 0) {
            result = Linux.listen(socket, backlog);
        }
        if (result < 0) {
            Linux.close(socket);
            throw Linux.failure("cannot listen on " + name, result);
        }
    }

    private static int boundPort(int socket, long scratch) {
        long size = Memory.allocate(Integer.BYTES);
        Memory.putInt(size, SOCKADDR_SIZE);
        int result = Linux.socketName(socket, false, scratch, size);
        assert result >= 0 : Linux.message(result);
        Memory.free(size, Integer.BYTES);
        return AddressText.port(scratch);
    }

    void close() {
        Linux.close(descriptor);
        remove(unixPath);
    }

    /// The file of a unix socket; that it is gone already is as good.
    static void remove(@Nullable Path unixPath) {
        if (unixPath != null) {
            boolean _ = unixPath.toFile().delete();
        }
    }
}
