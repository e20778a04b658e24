package io.anax.net;

import io.anax.memory.Memory;
import java.io.IOException;

/// Buffers of one ring for whatever is received: the kernel takes one when bytes arrive, and gets
/// it back when they were read. An idle connection has none.
///
/// ```
///  page 0: a ring of 16-byte entries                     behind it: the buffers
///  +---------+--------+-------------+--------------+     +----------+----------+---
///  | address | size 4 | number 2    | tail 2, in   | …   | buffer 0 | buffer 1 | …
///  | 8       |        |             | the first    |     | 16 KiB   | 16 KiB   |
///  +---------+--------+-------------+--------------+     +----------+----------+---
/// ```
final class ReceiveBuffers {
    /// The one group of buffers that a ring has.
    static final int GROUP = 0;

    /// A read larger than this comes in several pieces.
    static final int BUFFER_SIZE = 1 << 14;

    /// Received pieces of one turn; when they run out the kernel says so, and receives again after
    /// it.
    static final int BUFFER_COUNT = 64;

    private static final int ENTRY_SIZE = 16;
    private static final int NUMBER = 12;
    private static final int PAGE_SIZE = 1 << 12;
    private static final int SIZE = PAGE_SIZE + BUFFER_COUNT * BUFFER_SIZE;
    private static final int REGISTER_BUFFER_RING = 22;
    private static final int REGISTRATION_SIZE = 40; // struct io_uring_buf_reg: address 8, count 4, group 2, …

    static {
        assert BUFFER_COUNT * ENTRY_SIZE <= PAGE_SIZE : "the entries fit their page";
        assert Integer.bitCount(BUFFER_COUNT) == 1 : "the kernel wants a power of two";
    }

    private final long entries;
    private int tail;
    private int firstNumber; // shares a word with the tail, so that both are written together

    ReceiveBuffers(Ring ring) throws IOException {
        entries = Linux.map(SIZE);
        if (entries < 0) {
            throw Linux.failure("mmap of receive buffers", (int) entries);
        }
        long registration = Memory.allocate(REGISTRATION_SIZE);
        Memory.fill(registration, REGISTRATION_SIZE, (byte) 0);
        Memory.putLong(registration, entries);
        Memory.putInt(registration + 8, BUFFER_COUNT);
        Memory.putShort(registration + 12, (short) GROUP);
        int registered = Linux.registerRing(ring.descriptor(), REGISTER_BUFFER_RING, registration, 1);
        Memory.free(registration, REGISTRATION_SIZE);
        if (registered < 0) {
            Linux.unmap(entries, SIZE);
            throw Linux.failure("io_uring buffer ring", registered);
        }
        for (int i = 0; i < BUFFER_COUNT; i++) {
            giveBack(i);
        }
    }

    long address(int number) {
        assert number >= 0 && number < BUFFER_COUNT;
        return entries + PAGE_SIZE + (long) number * BUFFER_SIZE;
    }

    /// The buffer was read; the kernel may fill it again.
    void giveBack(int number) {
        int slot = tail & BUFFER_COUNT - 1;
        long entry = entries + (long) slot * ENTRY_SIZE;
        Memory.putLong(entry, address(number));
        Memory.putInt(entry + 8, BUFFER_SIZE);
        if (slot == 0) {
            firstNumber = number;
        } else {
            Memory.putShort(entry + NUMBER, (short) number);
        }
        tail = tail + 1 & 0xFFFF;
        Ring.publish(entries + NUMBER, firstNumber | tail << Short.SIZE);
    }

    /// The ring must be closed.
    void close() {
        Linux.unmap(entries, SIZE);
    }
}
