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
/// longest run of zeros seen in the other 50, plus one. A sparse one may grow at each `add`: it must
/// lie where `DENSE_SIZE` bytes are free, and the new size is returned.
public final class HyperLogLog {
    public static final int HEADER_SIZE = 16;
    public static final int EMPTY_SIZE = HEADER_SIZE + 2;

    private static final int REGISTER_BITS = 6;
    static final int INDEX_BITS = 14;
    static final int REGISTERS = 1 << INDEX_BITS;
    private static final int REGISTER_MAX = (1 << REGISTER_BITS) - 1;
    private static final int HASH_BITS = Long.SIZE - INDEX_BITS;

    public static final int DENSE_SIZE = HEADER_SIZE + REGISTERS * REGISTER_BITS / Byte.SIZE;

    private static final int MAGIC = 'H' | 'Y' << 8 | 'L' << 16 | 'L' << 24;
    private static final int ENCODING = 4;
    private static final int CARDINALITY = 8;
    private static final byte DENSE = 0;
    private static final byte SPARSE = 1;
    private static final long STALE = Long.MIN_VALUE;
    private static final long SEED = 0xADC8_3B19L;
    private static final double ALPHA_INFINITE = 0.721347520444481703680; // 0.5 / ln 2

    static {
        assert DENSE_SIZE == 12304;
    }

    private HyperLogLog() {}

    /// Writes one without elements, `EMPTY_SIZE` bytes, and returns that.
    public static int create(long at) {
        Memory.fill(at, HEADER_SIZE, (byte) 0);
        Memory.putInt(at, MAGIC);
        Memory.putByte(at + ENCODING, SPARSE);
        SparseRegisters.putZeros(at + HEADER_SIZE, REGISTERS);
        return EMPTY_SIZE;
    }

    /// Whether the bytes look like one. Sparse runs may still be wrong: see `isIntact`.
    public static boolean isValid(long at, long size) {
        if (size < HEADER_SIZE || Memory.getInt(at) != MAGIC) {
            return false;
        }
        byte encoding = Memory.getByte(at + ENCODING);
        return encoding == SPARSE || encoding == DENSE && size == DENSE_SIZE;
    }

    /// Whether the runs of a sparse one cover exactly all registers. A client can set any bytes, so
    /// it is asked before bytes are believed.
    public static boolean isIntact(long at, long size) {
        return isDense(at) || SparseRegisters.isIntact(at + HEADER_SIZE, at + size);
    }

    public static boolean isDense(long at) {
        return Memory.getByte(at + ENCODING) == DENSE;
    }

    // ---- adding ---------------------------------------------------------------------------------

    /// Adds an element. Returns the new size when a register changed, else 0. A sparse one becomes
    /// dense rather than larger than `sparseSizeMax` bytes (`hll-sparse-max-bytes`).
    public static int add(long at, int size, long element, long elementSize, int sparseSizeMax) {
        long hash = hash(element, elementSize);
        int index = (int) hash & REGISTERS - 1;
        int run = Long.numberOfTrailingZeros(hash >>> INDEX_BITS | 1L << HASH_BITS) + 1;
        int newSize = raise(at, size, index, run, sparseSizeMax);
        if (newSize != 0) {
            invalidate(at);
        }
        return newSize;
    }

    /// Lets a register be at least `value`. Returns the new size when it was less, else 0.
    private static int raise(long at, int size, int index, int value, int sparseSizeMax) {
        if (!isDense(at)) {
            int change = SparseRegisters.raise(at, size, index, value, sparseSizeMax);
            if (change != SparseRegisters.TOO_LARGE) {
                return change;
            }
            toDense(at, size);
        }
        return raiseDense(at, index, value) ? DENSE_SIZE : 0;
    }

    private static boolean raiseDense(long at, int index, int value) {
        if (dense(at, index) >= value) {
            return false;
        }
        putDense(at, index, value);
        return true;
    }

    private static int dense(long at, int index) {
        long byteAt = at + HEADER_SIZE + (index * REGISTER_BITS >>> 3);
        int shift = index * REGISTER_BITS & 7;
        int low = Memory.getByte(byteAt) & 0xFF;
        int high = shift <= 2 ? 0 : (Memory.getByte(byteAt + 1) & 0xFF) << 8; // the last has no next byte
        return (low | high) >>> shift & REGISTER_MAX;
    }

    private static void putDense(long at, int index, int value) {
        long byteAt = at + HEADER_SIZE + (index * REGISTER_BITS >>> 3);
        int shift = index * REGISTER_BITS & 7;
        int mask = REGISTER_MAX << shift;
        int bits = value << shift;
        Memory.putByte(byteAt, (byte) (Memory.getByte(byteAt) & ~mask | bits));
        if (shift > 2) {
            Memory.putByte(byteAt + 1, (byte) (Memory.getByte(byteAt + 1) & ~(mask >>> 8) | bits >>> 8));
        }
    }

    /// Gives each register its own bits; there must be room for `DENSE_SIZE` bytes. The new size.
    public static int toDense(long at, int size) {
        if (isDense(at)) {
            return DENSE_SIZE;
        }
        byte[] registers = new byte[REGISTERS];
        SparseRegisters.mergeInto(at + HEADER_SIZE, at + size, registers);
        Memory.putByte(at + ENCODING, DENSE);
        Memory.fill(at + HEADER_SIZE, DENSE_SIZE - HEADER_SIZE, (byte) 0);
        for (int index = 0; index < REGISTERS; index++) {
            putDense(at, index, registers[index]);
        }
        return DENSE_SIZE;
    }

    // ---- merging, PFMERGE and PFCOUNT of several keys -------------------------------------------

    /// An array of registers for `mergeInto` and `count`.
    public static byte[] newRegisters() {
        return new byte[REGISTERS];
    }

    /// Raises each register to that of this one.
    public static void mergeInto(long at, int size, byte[] registers) {
        if (!isDense(at)) {
            SparseRegisters.mergeInto(at + HEADER_SIZE, at + size, registers);
            return;
        }
        for (int index = 0; index < REGISTERS; index++) {
            registers[index] = (byte) Math.max(registers[index], dense(at, index));
        }
    }

    /// Raises each register to that in the array. Returns the size then; there must be room for
    /// `DENSE_SIZE` bytes.
    public static int raiseAll(long at, int size, byte[] registers, int sparseSizeMax) {
        int newSize = size;
        for (int index = 0; index < REGISTERS; index++) {
            if (registers[index] != 0) {
                int changed = raise(at, newSize, index, registers[index], sparseSizeMax);
                newSize = changed == 0 ? newSize : changed;
            }
        }
        invalidate(at);
        return newSize;
    }

    // ---- counting -------------------------------------------------------------------------------

    /// Whether `count` would compute, and so write its result into the header.
    public static boolean isStale(long at) {
        return Memory.getLong(at + CARDINALITY) < 0;
    }

    /// The number of different elements. Keeps it in the header until a register changes.
    public static long count(long at, int size) {
        if (isStale(at)) {
            byte[] registers = new byte[REGISTERS];
            mergeInto(at, size, registers);
            Memory.putLong(at + CARDINALITY, count(registers));
        }
        return Memory.getLong(at + CARDINALITY);
    }

    /// "New cardinality estimation algorithms for HyperLogLog sketches" by Otmar Ertl, as Redis.
    public static long count(byte[] registers) {
        int[] histogram = new int[REGISTER_MAX + 1];
        for (byte register : registers) {
            histogram[register]++;
        }
        double m = REGISTERS;
        double z = m * tau((m - histogram[HASH_BITS + 1]) / m);
        for (int value = HASH_BITS; value >= 1; value--) {
            z = (z + histogram[value]) * 0.5;
        }
        z += m * sigma(histogram[0] / m);
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

    /// Forgets the cached count. `add` does it itself; PFADD of a new key does it once more.
    public static void invalidate(long at) {
        Memory.putLong(at + CARDINALITY, Memory.getLong(at + CARDINALITY) | STALE);
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

    /// Size, encoding, and that the runs cover all registers.
    public static void checkInvariants(long at, long size) {
        assert isValid(at, size) : "no HyperLogLog";
        assert isIntact(at, size) : "the runs do not cover the registers";
        if (isDense(at)) {
            for (int index = 0; index < REGISTERS; index++) {
                assert dense(at, index) <= HASH_BITS + 1 : "register " + index + " is " + dense(at, index);
            }
        }
    }
}
