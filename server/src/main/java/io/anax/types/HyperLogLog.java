package io.anax.types;

import io.anax.memory.Memory;

/// How many different elements were added, within 0.81 %, in 12 KiB: byte for byte the string that
/// Redis keeps, so that it can be copied from server to server.
///
/// ```
///  byte  0      4          5          8                     16
///       +------+----------+----------+---------------------+-----------------------------+
///       | HYLL | encoding | not used | cached count 8 B    | 16384 registers             |
///       +------+----------+----------+---------------------+-----------------------------+
///  encoding  0 dense: 6 bits a register, lowest first, 12288 bytes; 1 sparse: runs of registers
///  cached    little endian; top bit set = a register changed since
///
///  sparse  ZERO   00nnnnnn             n + 1 registers are 0
///          XZERO  01nnnnnn nnnnnnnn    the same, high bits first
///          VAL    1vvvvvnn             n + 1 registers are v + 1
/// ```
///
/// Example: an empty one is `48 59 4c 4c 01 00 00 00 00 00 00 00 00 00 00 00 7f ff`.
///
/// The element's hash (MurmurHash64A) names a register by its low 14 bits; the register keeps the
/// longest run of zeros seen in the other 50, plus one. One that changes must lie where
/// `max(size, DENSE_SIZE)` bytes are free, and GROWTH_MAX more for each register that is raised, as far as
/// it may stay sparse; the new size is returned.
///
/// Clients can set any bytes. What looks like one ([#isValid]) may have runs that do not cover the
/// registers; whoever comes across that returns CORRUPT.
public final class HyperLogLog {
    public static final int HEADER_SIZE = 16;
    public static final int EMPTY_SIZE = HEADER_SIZE + 2;
    public static final int DENSE_SIZE = HEADER_SIZE + DenseRegisters.SIZE;

    /// A larger sparse one has more runs than registers.
    public static final int SIZE_MAX = HEADER_SIZE + 2 * DenseRegisters.COUNT;

    /// Bytes that a sparse one takes more when a register is raised, at most: a run becomes three.
    public static final int GROWTH_MAX = 3;

    /// Instead of a size or a count: the bytes are none that Redis would write.
    public static final int CORRUPT = SparseRegisters.CORRUPT;

    static final int INDEX_BITS = 14;
    private static final int HASH_BITS = Long.SIZE - INDEX_BITS;

    private static final int MAGIC = 'H' | 'Y' << 8 | 'L' << 16 | 'L' << 24;
    private static final int ENCODING = 4;
    private static final int CARDINALITY = 8;
    private static final byte DENSE = 0;
    private static final byte SPARSE = 1;
    private static final long STALE = Long.MIN_VALUE;
    private static final long SEED = 0xADC8_3B19L;
    private static final double ALPHA_INFINITE = 0.721347520444481703680; // 0.5 / ln 2

    static {
        assert DENSE_SIZE == 12304 && DenseRegisters.COUNT == 1 << INDEX_BITS;
    }

    private HyperLogLog() {}

    /// Writes one without elements, `EMPTY_SIZE` bytes, and returns that.
    public static int create(long at) {
        Memory.fill(at, HEADER_SIZE, (byte) 0);
        Memory.putInt(at, MAGIC);
        Memory.putByte(at + ENCODING, SPARSE);
        SparseRegisters.putZeros(at + HEADER_SIZE, DenseRegisters.COUNT);
        return EMPTY_SIZE;
    }

    /// Whether the bytes look like one.
    public static boolean isValid(long at, long size) {
        if (size < HEADER_SIZE || Memory.getInt(at) != MAGIC) {
            return false;
        }
        byte encoding = Memory.getByte(at + ENCODING);
        return encoding == SPARSE || encoding == DENSE && size == DENSE_SIZE;
    }

    public static boolean isDense(long at) {
        return Memory.getByte(at + ENCODING) == DENSE;
    }

    private static boolean isIntact(long at, int size) {
        return isDense(at) || SparseRegisters.isIntact(at + HEADER_SIZE, at + size);
    }

    // ---- adding ---------------------------------------------------------------------------------

    /// Adds an element. Returns the new size when a register changed, else 0, or CORRUPT. A sparse one
    /// becomes dense rather than larger than `sparseSizeMax` bytes.
    public static int add(long at, int size, long element, long elementSize, int sparseSizeMax) {
        long hash = hash(element, elementSize);
        int index = (int) hash & DenseRegisters.COUNT - 1;
        int run = Long.numberOfTrailingZeros(hash >>> INDEX_BITS | 1L << HASH_BITS) + 1;
        int newSize = raise(at, size, index, run, sparseSizeMax);
        if (newSize > 0) {
            invalidate(at);
        }
        return newSize;
    }

    private static int raise(long at, int size, int index, int value, int sparseSizeMax) {
        if (!isDense(at)) {
            int change = SparseRegisters.raise(at, size, index, value, sparseSizeMax);
            if (change != SparseRegisters.TOO_LARGE) {
                return change;
            }
            if (toDense(at, size) == CORRUPT) {
                return CORRUPT;
            }
        }
        return raiseDense(at, index, value) ? DENSE_SIZE : 0;
    }

    private static boolean raiseDense(long at, int index, int value) {
        if (DenseRegisters.register(at + HEADER_SIZE, index) >= value) {
            return false;
        }
        DenseRegisters.put(at + HEADER_SIZE, index, value);
        return true;
    }

    /// Gives each register its own bits. The new size, or CORRUPT.
    public static int toDense(long at, int size) {
        if (isDense(at)) {
            return DENSE_SIZE;
        }
        long unpacked = newRegisters();
        try {
            return mergeInto(at, size, unpacked) ? putDense(at, unpacked) : CORRUPT;
        } finally {
            freeRegisters(unpacked);
        }
    }

    private static int putDense(long at, long unpacked) {
        Memory.putByte(at + ENCODING, DENSE);
        DenseRegisters.pack(unpacked, at + HEADER_SIZE);
        return DENSE_SIZE;
    }

    // ---- merging, PFMERGE and PFCOUNT of several keys -------------------------------------------

    /// Registers for `mergeInto` and `countOf`, all zero: 16 KiB, a byte each. Give them back with
    /// `freeRegisters`.
    public static long newRegisters() {
        long unpacked = Memory.allocate(DenseRegisters.UNPACKED_SIZE);
        Memory.fill(unpacked, DenseRegisters.UNPACKED_SIZE, (byte) 0);
        return unpacked;
    }

    public static void freeRegisters(long unpacked) {
        Memory.free(unpacked, DenseRegisters.UNPACKED_SIZE);
    }

    /// Raises each of the registers to that of this one; false, and nothing is done, if it is corrupt.
    public static boolean mergeInto(long at, int size, long unpacked) {
        if (!isIntact(at, size)) {
            return false;
        }
        if (isDense(at)) {
            DenseRegisters.mergeInto(at + HEADER_SIZE, unpacked);
        } else {
            SparseRegisters.mergeInto(at + HEADER_SIZE, at + size, unpacked);
        }
        return true;
    }

    /// Raises each register to that of the given ones, which may be raised too. This one is intact.
    /// Returns the new size.
    public static int raiseAll(long at, int size, long unpacked, int sparseSizeMax) {
        int newSize = isDense(at) ? -size : SparseRegisters.raiseAll(at, size, unpacked, sparseSizeMax);
        if (newSize < 0) {
            boolean merged = mergeInto(at, -newSize, unpacked);
            assert merged : "corrupt";
            newSize = putDense(at, unpacked);
        }
        invalidate(at);
        return newSize;
    }

    // ---- counting -------------------------------------------------------------------------------

    /// Whether a register changed since the count was last kept in the header.
    public static boolean isStale(long at) {
        return keptCount(at) < 0;
    }

    public static long keptCount(long at) {
        return Memory.getLong(at + CARDINALITY);
    }

    public static void keepCount(long at, long count) {
        Memory.putLong(at + CARDINALITY, count);
    }

    /// Forgets the count kept. `add` does it itself; PFADD of a new key does it once more.
    public static void invalidate(long at) {
        keepCount(at, keptCount(at) | STALE);
    }

    /// The number of different elements, or CORRUPT.
    public static long count(long at, int size) {
        if (!isIntact(at, size)) {
            return CORRUPT;
        }
        long histogram = newHistogram();
        try {
            if (isDense(at)) {
                DenseRegisters.addToHistogram(at + HEADER_SIZE, histogram);
            } else {
                SparseRegisters.addToHistogram(at + HEADER_SIZE, at + size, histogram);
            }
            return estimate(histogram);
        } finally {
            freeHistogram(histogram);
        }
    }

    /// The number of different elements in all that were merged into these registers.
    public static long countOf(long unpacked) {
        long histogram = newHistogram();
        try {
            DenseRegisters.addUnpackedToHistogram(unpacked, histogram);
            return estimate(histogram);
        } finally {
            freeHistogram(histogram);
        }
    }

    private static long newHistogram() {
        long histogram = Memory.allocate(DenseRegisters.HISTOGRAM_SIZE);
        DenseRegisters.clearHistogram(histogram);
        return histogram;
    }

    private static void freeHistogram(long histogram) {
        Memory.free(histogram, DenseRegisters.HISTOGRAM_SIZE);
    }

    /// "New cardinality estimation algorithms for HyperLogLog sketches" by Otmar Ertl, as Redis.
    private static long estimate(long histogram) {
        double m = DenseRegisters.COUNT;
        double z = m * tau((m - DenseRegisters.occurrences(HASH_BITS + 1, histogram)) / m);
        for (int value = HASH_BITS; value >= 1; value--) {
            z = (z + DenseRegisters.occurrences(value, histogram)) * 0.5;
        }
        z += m * sigma(DenseRegisters.occurrences(0, histogram) / m);
        return Math.round(ALPHA_INFINITE * m * m / z);
    }

    private static double sigma(double start) {
        if (start == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double x = start;
        double y = 1;
        double z = x;
        double before;
        do {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        } while (before != z);
        return z;
    }

    private static double tau(double start) {
        if (start == 0 || start == 1) {
            return 0;
        }
        double x = start;
        double y = 1;
        double z = 1 - x;
        double before;
        do {
            x = Math.sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        } while (before != z);
        return z / 3;
    }

    // ---- the hash -------------------------------------------------------------------------------

    /// MurmurHash64A as Redis has it, the same on every machine.
    static long hash(long element, long size) {
        long m = 0xC6A4_A793_5BD1_E995L;
        long h = SEED ^ size * m;
        long end = element + (size & ~7L);
        for (long at = element; at < end; at += Long.BYTES) {
            long k = Memory.getLong(at) * m;
            h = (h ^ (k ^ k >>> 47) * m) * m;
        }
        int rest = (int) size & 7;
        if (rest != 0) {
            long last = 0;
            for (int i = rest - 1; i >= 0; i--) {
                last = last << 8 | Memory.getByte(end + i) & 0xFF;
            }
            h = (h ^ last) * m;
        }
        h = (h ^ h >>> 47) * m;
        return h ^ h >>> 47;
    }

    // ---- looking inside, PFDEBUG ----------------------------------------------------------------

    /// Register `index` of a dense one.
    public static int register(long at, int index) {
        assert isDense(at) : "its registers lie in runs";
        return DenseRegisters.register(at + HEADER_SIZE, index);
    }

    public static int registerCount() {
        return DenseRegisters.COUNT;
    }

    /// The runs of a sparse one as text.
    public static String runs(long at, int size) {
        assert !isDense(at) : "it has no runs";
        return SparseRegisters.text(at + HEADER_SIZE, at + size);
    }

    /// Size, encoding, and that the runs cover all registers.
    public static void checkInvariants(long at, int size) {
        assert isValid(at, size) : "no HyperLogLog";
        assert isIntact(at, size) : "the runs do not cover the registers";
        for (int index = 0; isDense(at) && index < DenseRegisters.COUNT; index++) {
            assert register(at, index) <= HASH_BITS + 1 : "register " + index + " is " + register(at, index);
        }
    }
}
