package io.anax.net;

import io.anax.memory.Memory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/// The kernel's calls, 64-bit Linux. Whatever fails returns `-errno`, as the kernel itself does.
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
        try {
            return result((long) Libc.SETUP.invokeExact(Libc.errno(), SYS_IO_URING_SETUP, (long) entryCount, params));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static int registerRing(int ring, int operation, long argument, int count) {
        try {
            return result((long) Libc.REGISTER.invokeExact(
                    Libc.errno(), SYS_IO_URING_REGISTER, (long) ring, (long) operation, argument, (long) count));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// `io_uring_enter`; the one call of a busy shard.
    static int enterRing(int ring, int submit, int wait, int flags, long argument, int argumentSize) {
        try {
            return result((long) Libc.ENTER.invokeExact(
                    Libc.errno(),
                    SYS_IO_URING_ENTER,
                    (long) ring,
                    (long) submit,
                    (long) wait,
                    (long) flags,
                    argument,
                    (long) argumentSize));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Maps a part of a ring. Returns its address or `-errno`.
    static long mapRing(int ring, long size, long offset) {
        try {
            return declared(size, (long) Libc.MMAP.invokeExact(
                    Libc.errno(), 0L, size, PROT_READ_WRITE, MAP_SHARED | MAP_POPULATE, ring, offset));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Zeroed pages. Returns their address or `-errno`.
    static long map(long size) {
        try {
            return declared(size, (long) Libc.MMAP.invokeExact(
                    Libc.errno(), 0L, size, PROT_READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
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
        try {
            int failed = (int) Libc.MUNMAP.invokeExact(Libc.errno(), address, size);
            assert failed == 0 : "munmap of " + address + " failed";
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// An eventfd: a counter that can be waited for.
    static int eventCounter() {
        try {
            return result((int) Libc.EVENTFD.invokeExact(Libc.errno(), 0, EFD_CLOEXEC));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static int write(int descriptor, long address, long size) {
        try {
            return result((long) Libc.WRITE.invokeExact(Libc.errno(), descriptor, address, size));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static int close(int descriptor) {
        try {
            return result((int) Libc.CLOSE.invokeExact(Libc.errno(), descriptor));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static int socket(int family) {
        try {
            return result((int) Libc.SOCKET.invokeExact(Libc.errno(), family, SOCK_STREAM | SOCK_CLOEXEC, 0));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Two connected sockets, written as two ints.
    static int socketPair(long two) {
        try {
            return result((int) Libc.SOCKETPAIR.invokeExact(Libc.errno(), AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, two));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static int bind(int socket, long address, int size) {
        try {
            return result((int) Libc.BIND.invokeExact(Libc.errno(), socket, address, size));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static int listen(int socket, int backlog) {
        try {
            return result((int) Libc.LISTEN.invokeExact(Libc.errno(), socket, backlog));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Ends both directions: whatever waits for the socket returns.
    static int shutdown(int socket) {
        try {
            return result((int) Libc.SHUTDOWN.invokeExact(Libc.errno(), socket, SHUT_RDWR));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static int setOption(int socket, int level, int option, long value, int size) {
        try {
            return result((int) Libc.SETSOCKOPT.invokeExact(Libc.errno(), socket, level, option, value, size));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static int setOption(int socket, int level, int option, int value) {
        long at = Memory.allocate(Integer.BYTES);
        try {
            Memory.putInt(at, value);
            return setOption(socket, level, option, at, Integer.BYTES);
        } finally {
            Memory.free(at, Integer.BYTES);
        }
    }

    /// The address of one end; `size` points to an int, room before and size after.
    static int socketName(int socket, boolean peer, long address, long size) {
        try {
            return result(
                    peer
                            ? (int) Libc.GETPEERNAME.invokeExact(Libc.errno(), socket, address, size)
                            : (int) Libc.GETSOCKNAME.invokeExact(Libc.errno(), socket, address, size));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static int affinity(boolean set, long mask) {
        try {
            return result(
                    set
                            ? (int) Libc.SCHED_SETAFFINITY.invokeExact(Libc.errno(), 0, (long) CPU_SET_SIZE, mask)
                            : (int) Libc.SCHED_GETAFFINITY.invokeExact(Libc.errno(), 0, (long) CPU_SET_SIZE, mask));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MemorySegment strerror(int error) {
        try {
            return (MemorySegment) Libc.STRERROR.invokeExact(error);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
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
        return strerror(-result).reinterpret(Long.MAX_VALUE).getString(0);
    }

    static IOException failure(String what, int result) {
        return new IOException(what + ": " + message(result));
    }

    /// A buffer over memory that is not ours to free: for channels of the JDK, on any system.
    static ByteBuffer buffer(long address, int size) {
        return MemorySegment.ofAddress(address).reinterpret(size).asByteBuffer();
    }

    private static int result(long returned) {
        return returned < 0 ? -Libc.errno().get(ValueLayout.JAVA_INT, 0) : (int) returned;
    }

    /// The functions of the C library. Each leaves `errno` in memory of the calling thread.
    private static final class Libc {
        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
        private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
        private static final Linker LINKER = Linker.nativeLinker();
        private static final ThreadLocal<MemorySegment> ERRNO =
                ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

        static final MethodHandle SETUP = systemCall(2);
        static final MethodHandle REGISTER = systemCall(4);
        static final MethodHandle ENTER = systemCall(6);
        static final MethodHandle MMAP = function("mmap", LONG, LONG, LONG, INT, INT, INT, LONG);
        static final MethodHandle MUNMAP = function("munmap", INT, LONG, LONG);
        static final MethodHandle EVENTFD = function("eventfd", INT, INT, INT);
        static final MethodHandle WRITE = function("write", LONG, INT, LONG, LONG);
        static final MethodHandle CLOSE = function("close", INT, INT);
        static final MethodHandle SOCKET = function("socket", INT, INT, INT, INT);
        static final MethodHandle SOCKETPAIR = function("socketpair", INT, INT, INT, INT, LONG);
        static final MethodHandle BIND = function("bind", INT, INT, LONG, INT);
        static final MethodHandle LISTEN = function("listen", INT, INT, INT);
        static final MethodHandle SHUTDOWN = function("shutdown", INT, INT, INT);
        static final MethodHandle SETSOCKOPT = function("setsockopt", INT, INT, INT, INT, LONG, INT);
        static final MethodHandle GETPEERNAME = function("getpeername", INT, INT, LONG, LONG);
        static final MethodHandle GETSOCKNAME = function("getsockname", INT, INT, LONG, LONG);
        static final MethodHandle SCHED_SETAFFINITY = function("sched_setaffinity", INT, INT, LONG, LONG);
        static final MethodHandle SCHED_GETAFFINITY = function("sched_getaffinity", INT, INT, LONG, LONG);
        static final MethodHandle STRERROR = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ValueLayout.ADDRESS, INT));

        private Libc() {}

        static MemorySegment errno() {
            return ERRNO.get();
        }

        private static MethodHandle function(String name, ValueLayout result, ValueLayout... arguments) {
            return LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow(name),
                    FunctionDescriptor.of(result, arguments),
                    Linker.Option.captureCallState("errno"));
        }

        /// `syscall(number, …)`, for what the C library has no function for.
        private static MethodHandle systemCall(int argumentCount) {
            var arguments = new ValueLayout[1 + argumentCount];
            Arrays.fill(arguments, LONG);
            return LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(LONG, arguments),
                    Linker.Option.captureCallState("errno"),
                    Linker.Option.firstVariadicArg(1));
        }
    }
}
