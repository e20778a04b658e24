package io.anax.net;

import io.anax.memory.ByteChain;
import io.anax.memory.Memory;

/// What sends of several pieces point to, one for each place of the ring's requests. The kernel has
/// read it when the request was submitted, so the place and its message are free again together.
///
/// ```
///  struct msghdr, 56 B                                        struct iovec, 16 B, up to 16 times
///  +--------+------------+------------+---------+-----------+ +-----------+--------+
///  | name 8 | its size 8 | iovecs 8   | count 8 | unused 24 | | address 8 | size 8 |
///  +--------+------------+------------+---------+-----------+ +-----------+--------+
/// ```
final class SendMessages {
    /// 256 KiB in chunks of 16: what a socket takes at once, or more.
    private static final int PIECES_MAX = 16;

    private static final int IOVECS_AT = 16;
    private static final int COUNT_AT = 24;
    private static final int HEADER_SIZE = 56;
    private static final int IOVEC_SIZE = 16;
    private static final int SIZE = HEADER_SIZE + PIECES_MAX * IOVEC_SIZE;

    private final long messages;
    private final int count;

    SendMessages(int count) {
        this.count = count;
        this.messages = Memory.allocate((long) count * SIZE); // touched only where it is used
    }

    long address(int place) {
        return messages + (long) place * SIZE;
    }

    /// Names the first pieces of `output`, the first of all and then as many as fit into `sizeMax`. Returns
    /// their size in bytes.
    int put(int place, ByteChain output, int sizeMax) {
        long message = address(place);
        long iovecs = message + HEADER_SIZE;
        int piecesMax = Math.min(PIECES_MAX, output.pieceCount());
        int pieces = 0;
        int size = 0;
        do {
            Memory.putLong(iovecs + (long) pieces * IOVEC_SIZE, output.pieceAddress(pieces));
            Memory.putLong(iovecs + (long) pieces * IOVEC_SIZE + Long.BYTES, output.pieceSize(pieces));
            size += output.pieceSize(pieces);
            pieces++;
        } while (pieces < piecesMax && size + output.pieceSize(pieces) <= sizeMax);
        Memory.fill(message, HEADER_SIZE, (byte) 0);
        Memory.putLong(message + IOVECS_AT, iovecs);
        Memory.putLong(message + COUNT_AT, pieces);
        return size;
    }

    /// The ring must be closed.
    void close() {
        Memory.free(messages, (long) count * SIZE);
    }
}
