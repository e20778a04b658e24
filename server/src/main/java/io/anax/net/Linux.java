package io.anax.net;

import static java.util.Objects.requireNonNull;

import io.anax.memory.CLibrary;
import io.anax.memory.Memory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.BitSet;

/// The kernel's calls, 64-bit Linux. Whatever fails returns `-errno`, as the kernel itself does;
/// [#write] and [#enterRing], which a busy shard calls, do not say why.
/// A call costs 3–6 ns beyond the kernel's own work, so this is as near as C is.
///
/// Loads anywhere: functions are looked up when the first of them is called.
@SuppressWarnings("restricted")
final class Linux {
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int ETIME = 62;
    static final int ENOBUFS = 105;

    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_STREAM = 1;
    static final int SOCK_CLOEXEC = 1 << 19;

    static final int SOL_SOCKET = 1;
    static final int SO_REUSEADDR = 2;
    static final int SO_KEEPALIVE = 9;
    static final int SO_REUSEPORT = 15;
    static final int IPPROTO_TCP = 6;
    static final int TCP_NODELAY = 1;
    static final int TCP_KEEPIDLE = 4;
    static final int TCP_KEEPINTVL = 5;
    static final int TCP_KEEPCNT = 6;
    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_V6ONLY = 26;

    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int POLLIN = 1;

    static final int KEEP_ALIVE_PROBES = 3;

    private static final int SHUT_RDWR = 2;
    private static final int EFD_CLOEXEC = 1 << 19;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_POPULATE = 0x8000;

    private static final long SYS_IO_URING_SETUP = 425;
    private static final long SYS_IO_URING_ENTER = 426;
    private static final long SYS_IO_URING_REGISTER = 427;

    /// A set of CPUs as the kernel wants it: one bit each.
    private static final int CPU_SET_SIZE = 128;

    private Linux() {}

    static boolean isHere() {
        return System.getProperty("os.name", "").equals("Linux") && ValueLayout.ADDRESS.byteSize() == Long.BYTES;
    }

    static int setupRing(int entryCount, long params) {
        return intResult(call(Libc.SYSCALL, SYS_IO_URING_SETUP, entryCount, params));
    }

    static int registerRing(int ring, int operation, long argument, int count) {
        return intResult(call(Libc.SYSCALL, SYS_IO_URING_REGISTER, ring, operation, argument, count, 0, 0));
    }

    /// `io_uring_enter`; the one call of a busy shard. The ring shows what was done.
    static void enterRing(int ring, int submit, int wait, int flags, long argument, int argumentSize) {
        long _ = CLibrary.call(Libc.ENTER, SYS_IO_URING_ENTER, ring, submit, wait, flags, argument, argumentSize);
    }

    /// The same for who wants to know why it fails.
    static int tryEnterRing(int ring, int submit, int flags) {
        return intResult(call(Libc.SYSCALL, SYS_IO_URING_ENTER, ring, submit, 0, flags, 0, 0));
    }

    /// Maps a part of a ring. Returns its address or `-errno`.
    static long mapRing(int ring, long size, long offset) {
        return declared(size, call(Libc.MMAP, 0, size, PROT_READ_WRITE, MAP_SHARED | MAP_POPULATE, ring, offset, 0));
    }

    /// Zeroed pages. Returns their address or `-errno`.
    static long map(long size) {
        return declared(size, call(Libc.MMAP, 0, size, PROT_READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0, 0));
    }

    private static long declared(long size, long address) {
        if (address == -1) {
            return -Libc.errno().get(ValueLayout.JAVA_INT, 0);
        }
        Memory.mapped(address, size);
        return address;
    }

    static void unmap(long address, long size) {
        Memory.unmapped(address, size);
        int failed = (int) call(Libc.MUNMAP, address, size, 0);
        assert failed == 0 : "munmap of " + address + " failed";
    }

    /// An eventfd: a counter that can be waited for.
    static int eventCounter() {
        return intResult(call(Libc.EVENTFD, 0, EFD_CLOEXEC, 0));
    }

    /// Returns how many bytes were written, or -1: who wakes a busy shard does without `errno`, too.
    static int write(int descriptor, long address, long size) {
        return (int) CLibrary.call(Libc.WRITE, descriptor, address, size, 0, 0, 0, 0);
    }

    static int close(int descriptor) {
        return intResult(call(Libc.CLOSE, descriptor, 0, 0));
    }

    static int socket(int family) {
        return intResult(call(Libc.SOCKET, family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    }

    /// Two connected sockets, written as two ints.
    static int socketPair(long two) {
        return intResult(call(Libc.SOCKETPAIR, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, two, 0, 0, 0));
    }

    static int bind(int socket, long address, int size) {
        return intResult(call(Libc.BIND, socket, address, size));
    }

    static int listen(int socket, int backlog) {
        return intResult(call(Libc.LISTEN, socket, backlog, 0));
    }

    /// Ends both directions: whatever waits for the socket returns.
    static int shutdown(int socket) {
        return intResult(call(Libc.SHUTDOWN, socket, SHUT_RDWR, 0));
    }

    static int setOption(int socket, int level, int option, int value) {
        long at = Memory.allocate(Integer.BYTES);
        try {
            Memory.putInt(at, value);
            return intResult(call(Libc.SETSOCKOPT, socket, level, option, at, Integer.BYTES, 0, 0));
        } finally {
            Memory.free(at, Integer.BYTES);
        }
    }

    /// See [Channel#keepAlive].
    static void keepAlive(int socket, int seconds) {
        setOption(socket, SOL_SOCKET, SO_KEEPALIVE, seconds > 0 ? 1 : 0);
        if (seconds > 0) {
            setOption(socket, IPPROTO_TCP, TCP_KEEPIDLE, seconds);
            setOption(socket, IPPROTO_TCP, TCP_KEEPINTVL, keepAliveInterval(seconds));
            setOption(socket, IPPROTO_TCP, TCP_KEEPCNT, KEEP_ALIVE_PROBES);
        }
    }

    static int keepAliveInterval(int seconds) {
        return Math.max(1, seconds / KEEP_ALIVE_PROBES);
    }

    /// The address of one end; `size` points to an int, room before and size after.
    static int socketName(int socket, boolean peer, long address, long size) {
        return intResult(call(peer ? Libc.GETPEERNAME : Libc.GETSOCKNAME, socket, address, size));
    }

    private static int affinity(boolean set, long mask) {
        return intResult(call(set ? Libc.SCHED_SETAFFINITY : Libc.SCHED_GETAFFINITY, 0, CPU_SET_SIZE, mask));
    }

    /// The CPUs that the calling thread may use, ascending; none where it cannot be known.
    static int[] allowedCpus() {
        if (!isHere()) {
            return new int[0];
        }
        long mask = Memory.allocate(CPU_SET_SIZE);
        try {
            Memory.fill(mask, CPU_SET_SIZE, (byte) 0);
            return affinity(false, mask) < 0
                    ? new int[0]
                    : BitSet.valueOf(Memory.bytes(mask, CPU_SET_SIZE)).stream().toArray();
        } finally {
            Memory.free(mask, CPU_SET_SIZE);
        }
    }

    /// Keeps the calling thread on one CPU. Returns whether the system did so.
    static boolean pinTo(int cpu) {
        if (!isHere() || cpu < 0 || cpu >= CPU_SET_SIZE * Byte.SIZE) {
            return false;
        }
        long mask = Memory.allocate(CPU_SET_SIZE);
        try {
            Memory.fill(mask, CPU_SET_SIZE, (byte) 0);
            Memory.putByte(mask + cpu / Byte.SIZE, (byte) (1 << cpu % Byte.SIZE));
            return affinity(true, mask) >= 0;
        } finally {
            Memory.free(mask, CPU_SET_SIZE);
        }
    }

    /// What went wrong, in words, of a negative result.
    static String message(int result) {
        long text = call(Libc.STRERROR, -result, 0, 0);
        return MemorySegment.ofAddress(text).reinterpret(Long.MAX_VALUE).getString(0);
    }

    static IOException failure(String what, int result) {
        return new IOException(what + ": " + message(result));
    }

    /// A buffer over memory that is not ours to free: for channels of the JDK, on any system.
    static ByteBuffer buffer(long address, int size) {
        return MemorySegment.ofAddress(address).reinterpret(size).asByteBuffer();
    }

    /// Of a function that returns an `int`: what the other half of the register holds says nothing. Numbers
    /// of bytes fit too, since none of ours is asked to move more.
    private static int intResult(long returned) {
        int result = (int) returned;
        return result < 0 ? -Libc.errno().get(ValueLayout.JAVA_INT, 0) : result;
    }

    private static long call(MethodHandle function, long a, long b, long c) {
        return call(function, a, b, c, 0, 0, 0, 0);
    }

    /// The function takes as many of the arguments as it has.
    private static long call(MethodHandle function, long a, long b, long c, long d, long e, long f, long g) {
        try {
            return (long) function.invokeExact(Libc.errno(), a, b, c, d, e, f, g);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /// The functions of the C library. All but the plain ones leave `errno` in memory of the calling thread.
    private static final class Libc {
        private static final Linker LINKER = Linker.nativeLinker();
        private static final ThreadLocal<MemorySegment> ERRNO =
                ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

        static final MethodHandle ENTER = requireNonNull(CLibrary.function("syscall"));
        static final MethodHandle WRITE = requireNonNull(CLibrary.function("write"));
        static final MethodHandle SYSCALL = function("syscall");
        static final MethodHandle MMAP = function("mmap");
        static final MethodHandle MUNMAP = function("munmap");
        static final MethodHandle EVENTFD = function("eventfd");
        static final MethodHandle CLOSE = function("close");
        static final MethodHandle SOCKET = function("socket");
        static final MethodHandle SOCKETPAIR = function("socketpair");
        static final MethodHandle BIND = function("bind");
        static final MethodHandle LISTEN = function("listen");
        static final MethodHandle SHUTDOWN = function("shutdown");
        static final MethodHandle SETSOCKOPT = function("setsockopt");
        static final MethodHandle GETPEERNAME = function("getpeername");
        static final MethodHandle GETSOCKNAME = function("getsockname");
        static final MethodHandle SCHED_SETAFFINITY = function("sched_setaffinity");
        static final MethodHandle SCHED_GETAFFINITY = function("sched_getaffinity");
        static final MethodHandle STRERROR = function("strerror");

        private Libc() {}

        static MemorySegment errno() {
            return ERRNO.get();
        }

        private static MethodHandle function(String name) {
            MemorySegment symbol = LINKER.defaultLookup().findOrThrow(name);
            return LINKER.downcallHandle(symbol, CLibrary.SHAPE, Linker.Option.captureCallState("errno"));
        }
    }
}
