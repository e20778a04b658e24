package io.anax.types;

import io.anax.memory.Memory;

/// The sparse registers of a [HyperLogLog]: runs of equal ones, an opcode each. Changes them exactly
/// as Redis does, because the bytes are compared and exchanged.
///
/// ```
///  ZERO   00nnnnnn             n + 1 registers are 0, 1..64
///  XZERO  01nnnnnn nnnnnnnn    the same for 1..16384, high bits first
///  VAL    1vvvvvnn             n + 1 registers are v + 1, 1..4 registers of 1..32
///
///  raising one register in the middle of a run splits it in three: at most 3 bytes more
///     XZERO(16384)  -->  XZERO(1000) VAL(7) XZERO(15383)
/// ```
final class SparseRegisters {
    /// What `raise` returns when only the dense encoding can hold the result.
    static final int TOO_LARGE = -1;

    /// What `raise` returns when no run has the register.
    static final int CORRUPT = -2;

    private static final int ZERO_RUN_MAX = 64;
    private static final int VALUE_RUN_MAX = 4;
    private static final int VALUE_MAX = 32;
    private static final int VALUE_OPCODE = 0x80;
    private static final int XZERO_OPCODE = 0x40;
    private static final int MERGE_OPCODES_MAX = 5; // as far as one change can reach

    /// A run that begins more than so many registers before the one that is raised stays as it is then
    /// and whenever a later one is raised: only a run of values can become longer, up to 4 registers,
    /// and only while its end is at most 3 registers before.
    private static final int REACH = VALUE_RUN_MAX + VALUE_RUN_MAX - 1;

    private SparseRegisters() {}

    // ---- all registers --------------------------------------------------------------------------

    static boolean isIntact(long from, long end) {
        long registers = 0;
        long at = from;
        while (at < end) {
            if (at + opcodeSize(at) > end) {
                return false;
            }
            registers += run(at);
            at += opcodeSize(at);
        }
        return registers == DenseRegisters.COUNT;
    }

    /// Raises each unpacked register to the one here; the runs are intact.
    static void mergeInto(long from, long end, long unpacked) {
        int index = 0;
        for (long at = from; at < end; at += opcodeSize(at)) {
            int run = run(at);
            int value = value(at);
            for (int i = index; value != 0 && i < index + run; i++) {
                Memory.putByte(unpacked + i, (byte) Math.max(Memory.getByte(unpacked + i), value));
            }
            index += run;
        }
    }

    /// The runs are intact.
    static void addToHistogram(long from, long end, long histogram) {
        for (long at = from; at < end; at += opcodeSize(at)) {
            DenseRegisters.addToHistogram(value(at), run(at), histogram);
        }
    }

    /// One word a run: `z:3` and, with two bytes, `Z:100` for zeros, `v:5,2` for two registers of 5.
    static String text(long from, long end) {
        var text = new StringBuilder();
        for (long at = from; at < end && at + opcodeSize(at) <= end; at += opcodeSize(at)) {
            text.append(text.isEmpty() ? "" : " ");
            if (value(at) != 0) {
                text.append("v:").append(value(at)).append(',').append(run(at));
            } else {
                text.append(opcodeSize(at) == 1 ? "z:" : "Z:").append(run(at));
            }
        }
        return text.toString();
    }

    // ---- raising --------------------------------------------------------------------------------

    /// Lets the register be at least `value`. Returns the new size when it was less, 0 when not, or
    /// TOO_LARGE or CORRUPT.
    static int raise(long hll, int size, int index, int value, int sizeMax) {
        if (value > VALUE_MAX) {
            return TOO_LARGE;
        }
        long end = hll + size;
        long previous = hll + HyperLogLog.HEADER_SIZE;
        long at = previous;
        int first = 0;
        while (at < end && first + run(at, end) <= index) {
            previous = at;
            first += run(at);
            at += opcodeSize(at);
        }
        if (at >= end || at + opcodeSize(at) > end) {
            return CORRUPT;
        }
        return raiseAt(previous, at, end, index - first, value, size, sizeMax);
    }

    /// Lets each register be at least the unpacked one, in one walk; the runs are intact. Returns the new
    /// size, negative when only the dense encoding can hold the result: then some are raised.
    static int raiseAll(long hll, int oldSize, long unpacked, int sizeMax) {
        int size = oldSize;
        long start = hll + HyperLogLog.HEADER_SIZE; // where the next search starts
        int startFirst = 0;
        for (int index = 0; index < DenseRegisters.COUNT; index++) {
            int value = Memory.getByte(unpacked + index);
            if (value == 0) {
                continue;
            }
            long previous = start;
            long at = start;
            int first = startFirst;
            while (first + run(at) <= index) {
                if (first + REACH < index) {
                    start = at;
                    startFirst = first;
                }
                previous = at;
                first += run(at);
                at += opcodeSize(at);
            }
            int newSize = value > VALUE_MAX
                    ? TOO_LARGE
                    : raiseAt(previous, at, hll + size, index - first, value, size, sizeMax);
            if (newSize == TOO_LARGE) {
                return -size;
            }
            size = newSize == 0 ? size : newSize;
        }
        return size;
    }

    /// Raises register `before` of the run at `at`, which comes after the one at `previous`.
    private static int raiseAt(long previous, long at, long end, int before, int value, int size, int sizeMax) {
        if (value(at) >= value) {
            return 0;
        }
        int growth = growth(at, before);
        if (growth > 0 && size + growth > sizeMax) {
            return TOO_LARGE;
        }
        split(at, end, before, value, growth);
        return size + growth - mergeNeighbours(previous, end + growth);
    }

    /// How many bytes more it takes to split a run around one register; -1 where two bytes tell of that one alone.
    private static int growth(long at, int before) {
        int old = value(at);
        int after = run(at) - before - 1;
        return runSize(old, before) + 1 + runSize(old, after) - opcodeSize(at);
    }

    private static void split(long at, long end, int before, int value, int growth) {
        int after = run(at) - before - 1;
        int old = value(at);
        long rest = at + opcodeSize(at);
        if (growth != 0) {
            Memory.copy(rest, rest + growth, end - rest);
        }
        long next = putRun(at, old, before);
        putValue(next, value, 1);
        putRun(next + 1, old, after);
    }

    private static int runSize(int value, int count) {
        if (count == 0) {
            return 0;
        }
        return value == 0 && count > ZERO_RUN_MAX ? 2 : 1;
    }

    private static long putRun(long at, int value, int count) {
        if (count == 0) {
            return at;
        }
        if (value == 0) {
            return putZeros(at, count);
        }
        putValue(at, value, count);
        return at + 1;
    }

    /// Joins values that are equal and side by side. Returns how many bytes less it takes.
    private static int mergeNeighbours(long from, long oldEnd) {
        long at = from;
        long end = oldEnd;
        for (int left = MERGE_OPCODES_MAX; at < end && left > 0; left--) {
            if (mergeable(at, end)) {
                putValue(at + 1, value(at), run(at) + run(at + 1));
                Memory.copy(at + 1, at, end - at - 1);
                end--;
            } else {
                at += opcodeSize(at);
            }
        }
        return (int) (oldEnd - end);
    }

    private static boolean mergeable(long at, long end) {
        return at + 1 < end && value(at) != 0 && value(at) == value(at + 1) && run(at) + run(at + 1) <= VALUE_RUN_MAX;
    }

    static long putZeros(long at, int count) {
        int n = count - 1;
        if (count <= ZERO_RUN_MAX) {
            Memory.putByte(at, (byte) n);
            return at + 1;
        }
        Memory.putByte(at, (byte) (XZERO_OPCODE | n >>> 8));
        Memory.putByte(at + 1, (byte) n);
        return at + 2;
    }

    private static void putValue(long at, int value, int count) {
        Memory.putByte(at, (byte) (VALUE_OPCODE | value - 1 << 2 | count - 1));
    }

    private static int opcodeSize(long at) {
        return (Memory.getByte(at) & 0xC0) == XZERO_OPCODE ? 2 : 1;
    }

    /// As `run`, but that of an opcode cut off by the end reaches all registers, so that a search ends.
    private static int run(long at, long end) {
        return at + opcodeSize(at) > end ? DenseRegisters.COUNT : run(at);
    }

    private static int run(long at) {
        int opcode = Memory.getByte(at) & 0xFF;
        if (opcode >= VALUE_OPCODE) {
            return (opcode & 3) + 1;
        }
        if (opcode >= XZERO_OPCODE) {
            return ((opcode & 0x3F) << 8 | Memory.getByte(at + 1) & 0xFF) + 1;
        }
        return opcode + 1;
    }

    private static int value(long at) {
        int opcode = Memory.getByte(at) & 0xFF;
        return opcode >= VALUE_OPCODE ? (opcode >> 2 & 0x1F) + 1 : 0;
    }
}
