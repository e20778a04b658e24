package io.anax.memory;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

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
    static final long PAGE_SIZE = 1L << 12;

    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ORDERED_INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle ORDERED_LONG =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    /// Up to here a copy or a comparison is a few loads and stores: the JDK's bulk operations cost
    /// about 10 ns before their first byte.
    private static final int SHORT_SIZE = 64;

    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;

    private static final MethodHandle MALLOC = requireNonNull(CLibrary.function("malloc"));
    private static final MethodHandle REALLOC = requireNonNull(CLibrary.function("realloc"));
    private static final MethodHandle FREE = requireNonNull(CLibrary.function("free"));
    private static final @Nullable MethodHandle MMAP = CLibrary.function("mmap");
    private static final @Nullable MethodHandle MUNMAP = CLibrary.function("munmap");
    private static final @Nullable MethodHandle MADVISE = CLibrary.function("madvise");
    private static final @Nullable MethodHandle MALLOC_TRIM = CLibrary.function("malloc_trim");
    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    private static final VarHandle ALLOCATED_BYTES = allocatedBytesHandle();
    private static long allocatedBytes; // through ALLOCATED_BYTES

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

    /// What the other side wrote before its release is seen by whoever acquires the value released.
    /// As all ordered accesses at a multiple of its size: only then it is one access for the processor.
    public static int getIntAcquire(long address) {
        checkOrdered(address, Integer.BYTES);
        return (int) ORDERED_INT.getAcquire(ALL, address);
    }

    /// Publishes all that this thread wrote before. The other side reads with [#getIntAcquire].
    public static void putIntRelease(long address, int value) {
        checkOrdered(address, Integer.BYTES);
        ORDERED_INT.setRelease(ALL, address, value);
    }

    /// As [#getIntAcquire].
    public static long getLongAcquire(long address) {
        checkOrdered(address, Long.BYTES);
        return (long) ORDERED_LONG.getAcquire(ALL, address);
    }

    /// As [#putIntRelease]: the other side reads with [#getLongAcquire].
    public static void putLongRelease(long address, long value) {
        checkOrdered(address, Long.BYTES);
        ORDERED_LONG.setRelease(ALL, address, value);
    }

    /// No access moves across it, not even a load before a store, which release and acquire allow. Two
    /// threads need it where each writes its own word and then reads the other's: "I sleep" then "is there
    /// work?", against "there is work" then "do you sleep?". Without a fence on both sides both may read
    /// the old word, and the one sleeps beside its work. Costs some 20 cycles: once a turn, not an access.
    public static void fullFence() {
        VarHandle.fullFence();
    }

    /// As memmove: the ranges may overlap.
    public static void copy(long from, long to, long size) {
        check(from, size);
        check(to, size);
        if (size > SHORT_SIZE) {
            MemorySegment.copy(ALL, from, ALL, to, size);
        } else if (size > 2 * Long.BYTES) {
            copyUpTo64(from, to, size);
        } else if (size >= Long.BYTES) {
            long first = ALL.get(LONG, from);
            long last = ALL.get(LONG, from + size - 8);
            ALL.set(LONG, to, first);
            ALL.set(LONG, to + size - 8, last);
        } else if (size > 0) {
            copyUpTo7(from, to, size);
        }
    }

    /// 17 to 64 bytes, from both ends to the middle. All loads come before the stores, so overlapping
    /// ranges are right too.
    private static void copyUpTo64(long from, long to, long size) {
        long a = ALL.get(LONG, from);
        long b = ALL.get(LONG, from + 8);
        long y = ALL.get(LONG, from + size - 16);
        long z = ALL.get(LONG, from + size - 8);
        if (size > 32) {
            long c = ALL.get(LONG, from + 16);
            long d = ALL.get(LONG, from + 24);
            long w = ALL.get(LONG, from + size - 32);
            long x = ALL.get(LONG, from + size - 24);
            ALL.set(LONG, to + 16, c);
            ALL.set(LONG, to + 24, d);
            ALL.set(LONG, to + size - 32, w);
            ALL.set(LONG, to + size - 24, x);
        }
        ALL.set(LONG, to, a);
        ALL.set(LONG, to + 8, b);
        ALL.set(LONG, to + size - 16, y);
        ALL.set(LONG, to + size - 8, z);
    }

    private static void copyUpTo7(long from, long to, long size) {
        if (size >= 4) {
            int first = ALL.get(INT, from);
            int last = ALL.get(INT, from + size - 4);
            ALL.set(INT, to, first);
            ALL.set(INT, to + size - 4, last);
        } else {
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
        if (size > SHORT_SIZE) {
            ALL.asSlice(address, size).fill(value);
            return;
        }
        long pattern = (value & 0xFF) * EACH_BYTE;
        long i = 0;
        for (; i + 8 <= size; i += 8) {
            ALL.set(LONG, address + i, pattern);
        }
        for (; i < size; i++) {
            ALL.set(BYTE, address + i, value);
        }
    }

    public static boolean equal(long a, long b, long size) {
        check(a, size);
        check(b, size);
        if (size > SHORT_SIZE) {
            return MemorySegment.mismatch(ALL, a, a + size, ALL, b, b + size) < 0;
        }
        if (size < 8) {
            return equalUpTo7(a, b, size);
        }
        long last = size - 8; // overlaps the one before it
        for (long i = 0; i < last; i += 8) {
            if (ALL.get(LONG, a + i) != ALL.get(LONG, b + i)) {
                return false;
            }
        }
        return ALL.get(LONG, a + last) == ALL.get(LONG, b + last);
    }

    private static boolean equalUpTo7(long a, long b, long size) {
        if (size >= 4) {
            return ALL.get(INT, a) == ALL.get(INT, b) && ALL.get(INT, a + size - 4) == ALL.get(INT, b + size - 4);
        }
        return size == 0
                || ALL.get(BYTE, a) == ALL.get(BYTE, b)
                        && ALL.get(BYTE, a + size / 2) == ALL.get(BYTE, b + size / 2)
                        && ALL.get(BYTE, a + size - 1) == ALL.get(BYTE, b + size - 1);
    }

    /// By unsigned bytes, then by size: negative, 0 or positive.
    public static int compare(long a, long aSize, long b, long bSize) {
        check(a, aSize);
        check(b, bSize);
        long size = Math.min(aSize, bSize);
        long i = 0;
        if (size > SHORT_SIZE) {
            i = MemorySegment.mismatch(ALL, a, a + size, ALL, b, b + size);
            return i < 0 ? Long.compare(aSize, bSize) : difference(a + i, b + i);
        }
        for (; i + 8 <= size; i += 8) {
            long left = ALL.get(LONG, a + i);
            long right = ALL.get(LONG, b + i);
            if (left != right) {
                return Long.compareUnsigned(Long.reverseBytes(left), Long.reverseBytes(right));
            }
        }
        for (; i < size; i++) {
            int difference = difference(a + i, b + i);
            if (difference != 0) {
                return difference;
            }
        }
        return Long.compare(aSize, bSize);
    }

    private static int difference(long a, long b) {
        return (ALL.get(BYTE, a) & 0xFF) - (ALL.get(BYTE, b) & 0xFF);
    }

    /// A copy on the Java heap: for cold paths and tests.
    public static byte[] bytes(long address, int size) {
        var bytes = new byte[size];
        copy(address, bytes, 0, size);
        return bytes;
    }

    /// Memory of the C library, for buffers. From any thread.
    public static long allocate(long size) {
        assert size > 0 : "an allocation of " + size;
        long address = malloc(size);
        account(size);
        if (CHECKED) {
            CheckedMemory.allocated(address, size);
        }
        return address;
    }

    public static void free(long address, long size) {
        if (CHECKED) {
            CheckedMemory.freed(address, size);
        }
        account(-size);
        release(address);
    }

    /// Memory of another size with the same bytes, as far as they fit, instead of one that [#allocate] gave.
    /// A large one is not copied where the kernel can move its pages (Linux).
    public static long reallocate(long address, long oldSize, long newSize) {
        assert newSize > 0 : "an allocation of " + newSize;
        if (CHECKED) {
            return reallocateByCopy(address, oldSize, newSize);
        }
        long moved = CLibrary.call(REALLOC, address, newSize, 0);
        if (moved == NONE) {
            throw new MemoryExhaustedException(newSize);
        }
        account(newSize - oldSize);
        return moved;
    }

    /// Who still uses the old address is found.
    private static long reallocateByCopy(long address, long oldSize, long newSize) {
        long moved = allocate(newSize);
        copy(address, moved, Math.min(oldSize, newSize));
        free(address, oldSize);
        return moved;
    }

    private static long malloc(long size) {
        long address = CLibrary.call(MALLOC, size, 0, 0);
        if (address == NONE) {
            throw new MemoryExhaustedException(size);
        }
        return address;
    }

    private static void release(long address) {
        long _ = CLibrary.call(FREE, address, 0, 0); // what it returns says nothing
    }

    /// Gives back to the system what the C library keeps of memory that nobody uses, where it can do that (glibc).
    /// From any thread.
    public static void trimHeap() {
        if (MALLOC_TRIM != null) {
            long _ = CLibrary.call(MALLOC_TRIM, 0, 0, 0);
        }
    }

    /// Bytes that the process holds now from [#allocate] and [#map], over all threads and shards.
    public static long allocatedBytes() {
        return (long) ALLOCATED_BYTES.getOpaque();
    }

    /// Live allocations of all threads and shards, for leak tests: checked mode only.
    public static long liveAllocations() {
        assert CHECKED : "counted with -Danax.memory.checked=true only";
        return CheckedMemory.liveCount();
    }

    /// Bytes that were read or written so far, for tests that look for long work: checked mode only, and
    /// exact while one thread is at work.
    public static long accessedBytes() {
        assert CHECKED : "counted with -Danax.memory.checked=true only";
        return CheckedMemory.accessedBytes();
    }

    // Buffers are allocated by any thread, so this one sum is atomic; chunks and slabs are pooled
    // above it, which makes it rare.
    private static void account(long size) {
        long _ = (long) ALLOCATED_BYTES.getAndAdd(size);
    }

    /// Zeroed pages from the kernel, aligned to 2 MiB where `huge`.
    static long map(long size, boolean huge) {
        assert size > 0 : "a mapping of " + size;
        long alignment = huge ? HUGE_PAGE_SIZE : PAGE_SIZE;
        long address = MMAP == null ? mapFromMalloc(size, alignment) : mapFromKernel(size, alignment);
        account(size);
        return address;
    }

    private static long mapFromKernel(long size, long alignment) {
        if (alignment == PAGE_SIZE) {
            return mmap(size);
        }
        // More than is needed was mapped; what lies before and behind an aligned piece goes back.
        long room = size + alignment;
        long start = mmap(room);
        long aligned = (start + alignment - 1) & -alignment;
        if (aligned > start) {
            munmap(start, aligned - start);
        }
        long end = start + room;
        if (end > aligned + size) {
            munmap(aligned + size, end - aligned - size);
        }
        return aligned;
    }

    /// Where there is no mmap: a larger piece of the C library, its own address behind the aligned one.
    static long mapFromMalloc(long size, long alignment) {
        long start = malloc(size + alignment + Long.BYTES);
        long aligned = (start + alignment - 1) & -alignment;
        ALL.asSlice(aligned, size).fill((byte) 0);
        ALL.set(LONG, aligned + size, start);
        return aligned;
    }

    static void unmapToMalloc(long address, long size) {
        release(ALL.get(LONG, address + size));
    }

    /// Pages of 2 MiB, aligned so.
    public static long map(long size) {
        long address = map(size, true);
        adviseHugePages(address, size);
        if (CHECKED) {
            CheckedMemory.allocated(address, size);
        }
        return address;
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
            CheckedMemory.unmapped(address, size);
        }
    }

    private static long mmap(long size) {
        int readWrite = 3;
        int privateAnonymous = System.getProperty("os.name").startsWith("Mac") ? 0x1002 : 0x22;
        long address = CLibrary.call(requireNonNull(MMAP), 0, size, readWrite, privateAnonymous, -1, 0, 0);
        if (address == -1) {
            throw new MemoryExhaustedException(size);
        }
        return address;
    }

    /// A hint; where the kernel knows no huge pages nothing happens.
    static void adviseHugePages(long address, long size) {
        if (MADVISE == null || !LINUX) {
            return; // the number below means something else elsewhere
        }
        int hugePage = 14;
        long _ = CLibrary.call(MADVISE, address, size, hugePage);
    }

    /// Gives back what [#map] returned.
    public static void unmap(long address, long size) {
        if (CHECKED) {
            CheckedMemory.unmapped(address, size);
        }
        giveBack(address, size);
    }

    /// Gives back pages that the allocator cut into pieces: checked mode knows the pieces only.
    static void giveBack(long address, long size) {
        account(-size);
        if (MUNMAP == null) {
            unmapToMalloc(address, size);
        } else {
            munmap(address, size);
        }
    }

    private static void munmap(long address, long size) {
        int failed = (int) CLibrary.call(requireNonNull(MUNMAP), address, size, 0);
        assert failed == 0 : "munmap of " + address + " failed";
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

    private static void checkOrdered(long address, int size) {
        assert (address & size - 1) == 0 : "an ordered access of " + size + " bytes at " + address;
        check(address, size);
    }

    private static VarHandle allocatedBytesHandle() {
        try {
            return MethodHandles.lookup().findStaticVarHandle(Memory.class, "allocatedBytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
