package io.anax.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Raw memory: an address is a `long`, and only layout classes add to it. Little endian, unaligned.
///
/// One segment spans all of memory; a load through it costs what `Unsafe` costs (1.21 ns, dependent).
/// With `-Danax.memory.checked=true` every access is checked against the live allocations
/// ([CheckedMemory]); without it the checks are folded away.
@SuppressWarnings("restricted")
public final class Memory {
    public static final long NONE = 0;

    static final boolean CHECKED = Boolean.getBoolean("anax.memory.checked");
    static final long HUGE_PAGE_SIZE = 1L << 21;

    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ORDERED_INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle ORDERED_LONG = ValueLayout.JAVA_LONG.varHandle();

    /// Up to here a copy is done with a few loads and stores: a call of `memmove` costs about 10 ns.
    private static final int SHORT_COPY = 64;

    private static final MethodHandle MALLOC = function("malloc", ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
    private static final MethodHandle FREE = function("free", null, ValueLayout.JAVA_LONG);
    private static final MethodHandle MMAP = function(
            "mmap",
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG);
    private static final MethodHandle MUNMAP =
            function("munmap", ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
    private static final MethodHandle MADVISE = function(
            "madvise", ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);

    private Memory() {}

    public static byte getByte(long address) {
        check(address, 1);
        return ALL.get(BYTE, address);
    }

    public static void putByte(long address, byte value) {
        check(address, 1);
        ALL.set(BYTE, address, value);
    }

    public static short getShort(long address) {
        check(address, Short.BYTES);
        return ALL.get(SHORT, address);
    }

    public static void putShort(long address, short value) {
        check(address, Short.BYTES);
        ALL.set(SHORT, address, value);
    }

    public static int getInt(long address) {
        check(address, Integer.BYTES);
        return ALL.get(INT, address);
    }

    public static void putInt(long address, int value) {
        check(address, Integer.BYTES);
        ALL.set(INT, address, value);
    }

    public static long getLong(long address) {
        check(address, Long.BYTES);
        return ALL.get(LONG, address);
    }

    public static void putLong(long address, long value) {
        check(address, Long.BYTES);
        ALL.set(LONG, address, value);
    }

    /// Aligned, as all ordered accesses.
    public static int getIntAcquire(long address) {
        return (int) ORDERED_INT.getAcquire(ALL, address);
    }

    public static void putIntRelease(long address, int value) {
        ORDERED_INT.setRelease(ALL, address, value);
    }

    public static long getLongAcquire(long address) {
        return (long) ORDERED_LONG.getAcquire(ALL, address);
    }

    public static void putLongRelease(long address, long value) {
        ORDERED_LONG.setRelease(ALL, address, value);
    }

    /// As memmove: the ranges may overlap.
    public static void copy(long from, long to, long size) {
        check(from, size);
        check(to, size);
        if (size < 8 || size > SHORT_COPY) {
            if (size >= 4 && size < 8) {
                int first = ALL.get(INT, from);
                int last = ALL.get(INT, from + size - 4);
                ALL.set(INT, to, first);
                ALL.set(INT, to + size - 4, last);
                return;
            }
            copyOther(from, to, size);
            return;
        }
        copyShort(from, to, size);
    }

    /// 8 to 64 bytes. All loads of a half come before its stores, so overlapping ranges are right too.
    private static void copyShort(long from, long to, long size) {
        long last = ALL.get(LONG, from + size - 8);
        if (size <= 16) {
            long first = ALL.get(LONG, from);
            ALL.set(LONG, to, first);
        } else if (from >= to || from + size <= to) {
            for (long i = 0; i < size - 8; i += 8) {
                ALL.set(LONG, to + i, ALL.get(LONG, from + i));
            }
        } else {
            MemorySegment.copy(ALL, from, ALL, to, size);
            return;
        }
        ALL.set(LONG, to + size - 8, last);
    }

    private static void copyOther(long from, long to, long size) {
        if (size >= 8) {
            MemorySegment.copy(ALL, from, ALL, to, size);
        } else if (size > 0) {
            byte first = ALL.get(BYTE, from);
            byte middle = ALL.get(BYTE, from + size / 2);
            byte last = ALL.get(BYTE, from + size - 1);
            ALL.set(BYTE, to, first);
            ALL.set(BYTE, to + size / 2, middle);
            ALL.set(BYTE, to + size - 1, last);
        }
    }

    public static void copy(byte[] from, int offset, long to, int size) {
        check(to, size);
        MemorySegment.copy(from, offset, ALL, BYTE, to, size);
    }

    public static void copy(long from, byte[] to, int offset, int size) {
        check(from, size);
        MemorySegment.copy(ALL, BYTE, from, to, offset, size);
    }

    public static void fill(long address, long size, byte value) {
        check(address, size);
        ALL.asSlice(address, size).fill(value);
    }

    public static boolean equal(long a, long b, long size) {
        check(a, size);
        check(b, size);
        if (size >= 8) {
            long i = 0;
            for (; i < size - 8; i += 8) {
                if (ALL.get(LONG, a + i) != ALL.get(LONG, b + i)) {
                    return false;
                }
            }
            return ALL.get(LONG, a + size - 8) == ALL.get(LONG, b + size - 8);
        }
        for (long i = 0; i < size; i++) {
            if (ALL.get(BYTE, a + i) != ALL.get(BYTE, b + i)) {
                return false;
            }
        }
        return true;
    }

    /// By unsigned bytes, then by size: negative, 0 or positive.
    public static int compare(long a, long aSize, long b, long bSize) {
        check(a, aSize);
        check(b, bSize);
        long size = Math.min(aSize, bSize);
        for (long i = 0; i < size; i++) {
            int difference = (ALL.get(BYTE, a + i) & 0xFF) - (ALL.get(BYTE, b + i) & 0xFF);
            if (difference != 0) {
                return difference;
            }
        }
        return Long.compare(aSize, bSize);
    }

    /// A copy on the Java heap: for cold paths and tests.
    public static byte[] bytes(long address, int size) {
        var bytes = new byte[size];
        copy(address, bytes, 0, size);
        return bytes;
    }

    /// Memory of the C library, for buffers. From any thread.
    public static long allocate(long size) {
        long address;
        try {
            address = (long) MALLOC.invokeExact(size);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        if (address == NONE) {
            throw new MemoryExhaustedException(size);
        }
        if (CHECKED) {
            CheckedMemory.allocated(address, size);
        }
        return address;
    }

    public static void free(long address, long size) {
        if (CHECKED) {
            CheckedMemory.freed(address, size);
        }
        try {
            FREE.invokeExact(address);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Zeroed pages from the kernel, aligned to 2 MiB where `huge`.
    static long map(long size, boolean huge) {
        long room = huge ? size + HUGE_PAGE_SIZE : size;
        long start = mmap(room);
        if (!huge) {
            return start;
        }
        // More than is needed was mapped; what lies before and behind an aligned piece goes back.
        long aligned = (start + HUGE_PAGE_SIZE - 1) & -HUGE_PAGE_SIZE;
        if (aligned > start) {
            unmap(start, aligned - start);
        }
        long end = start + room;
        if (end > aligned + size) {
            unmap(aligned + size, end - aligned - size);
        }
        return aligned;
    }

    /// Pages of 2 MiB, aligned so.
    public static long map(long size) {
        return map(size, true);
    }

    /// Memory that somebody else got from the kernel (a ring, say) and that may be accessed from now on.
    public static void mapped(long address, long size) {
        if (CHECKED) {
            CheckedMemory.allocated(address, size);
        }
    }

    /// The end of what [#mapped] said.
    public static void unmapped(long address, long size) {
        if (CHECKED) {
            CheckedMemory.freed(address, size);
        }
    }

    private static long mmap(long size) {
        int readWrite = 3;
        int privateAnonymous = System.getProperty("os.name").startsWith("Mac") ? 0x1002 : 0x22;
        try {
            long address = (long) MMAP.invokeExact(0L, size, readWrite, privateAnonymous, -1, 0L);
            if (address == -1) {
                throw new MemoryExhaustedException(size);
            }
            return address;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// A hint; where the kernel knows no huge pages nothing happens.
    static void adviseHugePages(long address, long size) {
        int hugePage = 14;
        try {
            int _ = (int) MADVISE.invokeExact(address, size, hugePage);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    public static void unmap(long address, long size) {
        try {
            int failed = (int) MUNMAP.invokeExact(address, size);
            assert failed == 0 : "munmap of " + address + " failed";
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Without a check: the allocator's own notes, which lie outside of allocations.
    static int rawGetInt(long address) {
        return ALL.get(INT, address);
    }

    static void rawPutInt(long address, int value) {
        ALL.set(INT, address, value);
    }

    static long rawGetLong(long address) {
        return ALL.get(LONG, address);
    }

    static void rawPutLong(long address, long value) {
        ALL.set(LONG, address, value);
    }

    private static void check(long address, long size) {
        if (CHECKED) {
            CheckedMemory.check(address, size);
        }
    }

    private static MethodHandle function(String name, ValueLayout result, ValueLayout... arguments) {
        var linker = Linker.nativeLinker();
        var descriptor =
                result == null ? FunctionDescriptor.ofVoid(arguments) : FunctionDescriptor.of(result, arguments);
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }
}
