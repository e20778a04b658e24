package io.anax.memory;

/// A queue of bytes over chunks of a [ChunkPool]: replies on their way out. An empty one holds no memory.
///
/// ```
///   first chunk              …              last chunk
///  +--------+-----------+          +----------------+--------+
///  | gone   | to send   |          | to send        | free   |
///  +--------+-----------+          +----------------+--------+
///           ^ begin                                 ^ writeAt
/// ```
///
/// Its bytes have positions in the stream that went through it: the first ever written is number 0.
public final class ByteChain {
    private static final int CHUNK_SIZE = ChunkPool.CHUNK_SIZE;

    /// A chunk with fewer bytes is copied when they move: that is quick, and keeps chunks from being
    /// nearly empty.
    private static final int HANDED_OVER_MIN = CHUNK_SIZE / 4;

    private final ChunkPool pool;
    private long[] chunks = new long[4]; // a window of it is in use: first .. first + count
    private int[] begins = new int[4]; // where its bytes begin in each: 0 if none of it is gone
    private int[] ends = new int[4]; // where they end, the last one excepted
    private int first;
    private int count;
    private long writeAt;
    private long writeEnd;
    private long written; // position of the next byte to be written
    private long consumed; // position of the first byte to read

    public ByteChain(ChunkPool pool) {
        this.pool = pool;
    }

    /// An empty one over the same pool: for what is written before it is known what stands ahead of it.
    public ByteChain sibling() {
        return new ByteChain(pool);
    }

    public long sizeBytes() {
        return written - consumed;
    }

    public boolean isEmpty() {
        return written == consumed;
    }

    /// Where `size` bytes may be written now, in one piece. At most a chunk.
    public long reserve(int size) {
        assert size <= CHUNK_SIZE;
        if (writeEnd - writeAt < size) {
            addChunk();
        }
        return writeAt;
    }

    /// So many of the reserved bytes were written.
    public void advance(int size) {
        assert writeAt + size <= writeEnd;
        writeAt += size;
        written += size;
    }

    public void putByte(byte b) {
        Memory.putByte(reserve(1), b);
        advance(1);
    }

    public void append(long address, long size) {
        long done = 0;
        while (done < size) {
            int piece = (int) Math.min(size - done, room());
            Memory.copy(address + done, writeAt, piece);
            advance(piece);
            done += piece;
        }
    }

    public void append(byte[] bytes) {
        int done = 0;
        while (done < bytes.length) {
            int piece = (int) Math.min(bytes.length - done, room());
            Memory.copy(bytes, done, writeAt, piece);
            advance(piece);
            done += piece;
        }
    }

    private long room() {
        if (writeAt == writeEnd) {
            addChunk();
        }
        return writeEnd - writeAt;
    }

    private void addChunk() {
        addLast(pool.take(), 0, 0);
    }

    /// A chunk whose bytes lie from `begin` to `end`; writing goes on behind them.
    private void addLast(long chunk, int begin, int end) {
        if (count > 0) {
            ends[first + count - 1] = lastEnd();
        }
        if (first + count == chunks.length) {
            makeRoom();
        }
        chunks[first + count] = chunk;
        begins[first + count] = begin;
        count++;
        writeAt = chunk + end;
        writeEnd = chunk + CHUNK_SIZE;
    }

    private int lastEnd() {
        return (int) (writeAt - chunks[first + count - 1]);
    }

    /// Slides the window to the front, or doubles the arrays when it is long.
    private void makeRoom() {
        boolean grow = count > chunks.length / 2;
        long[] to = grow ? new long[2 * chunks.length] : chunks;
        int[] toBegins = grow ? new int[2 * chunks.length] : begins;
        int[] toEnds = grow ? new int[2 * chunks.length] : ends;
        System.arraycopy(chunks, first, to, 0, count);
        System.arraycopy(begins, first, toBegins, 0, count);
        System.arraycopy(ends, first, toEnds, 0, count);
        chunks = to;
        begins = toBegins;
        ends = toEnds;
        first = 0;
    }

    /// The first bytes to read, in one piece of [#firstSize].
    public long firstAddress() {
        return pieceAddress(0);
    }

    public int firstSize() {
        return count == 0 ? 0 : pieceSize(0);
    }

    /// Pieces to read, the first one included: for a write that takes several at once.
    public int pieceCount() {
        return count;
    }

    public long pieceAddress(int i) {
        assert i < count;
        return chunks[first + i] + begins[first + i];
    }

    public int pieceSize(int i) {
        assert i < count;
        int end = i == count - 1 ? lastEnd() : ends[first + i];
        return end - begins[first + i];
    }

    /// The first bytes are done with. Emptied chunks go back.
    public void consume(int size) {
        assert size <= sizeBytes();
        consumed += size;
        int left = size;
        while (left > 0 || (count > 0 && pieceSize(0) == 0)) {
            int piece = Math.min(left, pieceSize(0));
            begins[first] += piece;
            left -= piece;
            if (pieceSize(0) == 0) {
                dropFirst();
            }
        }
    }

    private void dropFirst() {
        pool.give(chunks[first]);
        forgetFirst();
    }

    private void forgetFirst() {
        first++;
        count--;
        if (count == 0) {
            holdNothing();
        }
    }

    private void holdNothing() {
        first = 0;
        writeAt = 0;
        writeEnd = 0;
    }

    /// All bytes, one after the other.
    public void copyTo(long address) {
        long at = address;
        for (int i = 0; i < count; i++) {
            Memory.copy(pieceAddress(i), at, pieceSize(i));
            at += pieceSize(i);
        }
    }

    /// Appends all bytes to `other` and is empty then.
    public void moveTo(ByteChain other) {
        moveTo(other, sizeBytes());
        clear(); // of a chunk that was reserved and never written
    }

    /// Appends the first `size` bytes to `other`. Whole chunks change hands, so many bytes cost little;
    /// few are copied. The pools may be two: the calling thread owns both.
    public void moveTo(ByteChain other, long size) {
        assert other != this : "a chain cannot move into itself";
        assert size <= sizeBytes() : size + " of " + sizeBytes();
        long left = size;
        while (left > 0) {
            int piece = (int) Math.min(left, pieceSize(0));
            if (piece >= HANDED_OVER_MIN && piece == pieceSize(0)) {
                handFirstOver(other);
            } else {
                other.append(pieceAddress(0), piece);
                consume(piece);
            }
            left -= piece;
        }
    }

    private void handFirstOver(ByteChain other) {
        int size = pieceSize(0);
        if (other.count > 0 && other.pieceSize(other.count - 1) == 0) {
            other.dropLast(); // reserved, but nothing came
        }
        pool.handOver(other.pool);
        other.addLast(chunks[first], begins[first], begins[first] + size);
        other.written += size;
        consumed += size;
        forgetFirst();
    }

    public void clear() {
        while (count > 0) {
            dropFirst();
        }
        consumed = written;
    }

    /// The position of the next byte: a place that [#truncate] can go back to.
    public long mark() {
        return written;
    }

    /// Drops what was written since the mark. Bytes that were consumed meanwhile are gone and cannot be
    /// undone: then the rest is dropped and the answer is false.
    public boolean truncate(long mark) {
        assert mark <= written : "a mark at " + mark + ", but only " + written + " were written";
        long end = Math.max(mark, consumed);
        long drop = written - end;
        written = end;
        while (drop > 0) {
            long piece = Math.min(drop, pieceSize(count - 1));
            writeAt -= piece;
            drop -= piece;
            if (pieceSize(count - 1) == 0) {
                dropLast();
            }
        }
        return end == mark;
    }

    private void dropLast() {
        pool.give(chunks[first + count - 1]);
        count--;
        if (count == 0) {
            holdNothing();
        } else {
            long chunk = chunks[first + count - 1];
            writeAt = chunk + ends[first + count - 1];
            writeEnd = chunk + CHUNK_SIZE;
        }
    }
}
