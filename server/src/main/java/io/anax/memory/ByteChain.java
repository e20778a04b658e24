package io.anax.memory;

/// A queue of bytes over chunks of a [ChunkPool]: replies on their way out. An empty one holds no memory.
///
/// ```
///   first chunk              …              last chunk
///  +--------+-----------+          +----------------+--------+
///  | gone   | to send   |          | to send        | free   |
///  +--------+-----------+          +----------------+--------+
///           ^ readOffset                            ^ writeAt
/// ```
public final class ByteChain {
    private static final int CHUNK_SIZE = ChunkPool.CHUNK_SIZE;

    private final ChunkPool pool;
    private long[] chunks = new long[4]; // a window of it is in use: first .. first + count
    private int[] sizes = new int[4]; // bytes written into each, the last one excepted
    private int first;
    private int count;
    private int readOffset;
    private long writeAt;
    private long writeEnd;
    private long sizeBytes;

    public ByteChain(ChunkPool pool) {
        this.pool = pool;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    public boolean isEmpty() {
        return sizeBytes == 0;
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
        sizeBytes += size;
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
        closeLast();
        if (first + count == chunks.length) {
            makeRoom();
        }
        long chunk = pool.take();
        chunks[first + count] = chunk;
        count++;
        writeAt = chunk;
        writeEnd = chunk + CHUNK_SIZE;
    }

    private void closeLast() {
        if (count > 0) {
            sizes[first + count - 1] = (int) (writeAt - chunks[first + count - 1]);
        }
    }

    /// Slides the window to the front, or doubles the arrays when it is long.
    private void makeRoom() {
        boolean grow = count > chunks.length / 2;
        long[] to = grow ? new long[2 * chunks.length] : chunks;
        int[] toSizes = grow ? new int[2 * chunks.length] : sizes;
        System.arraycopy(chunks, first, to, 0, count);
        System.arraycopy(sizes, first, toSizes, 0, count);
        chunks = to;
        sizes = toSizes;
        first = 0;
    }

    /// The first bytes to read, in one piece of [#firstSize].
    public long firstAddress() {
        assert count > 0;
        return chunks[first] + readOffset;
    }

    public int firstSize() {
        return count == 0 ? 0 : firstEnd() - readOffset;
    }

    private int firstEnd() {
        return count == 1 ? (int) (writeAt - chunks[first]) : sizes[first];
    }

    /// Pieces to read, the first one included: for a write that takes several at once.
    public int pieceCount() {
        return count;
    }

    public long pieceAddress(int i) {
        assert i < count;
        return i == 0 ? firstAddress() : chunks[first + i];
    }

    public int pieceSize(int i) {
        assert i < count;
        if (i == 0) {
            return firstSize();
        }
        return i == count - 1 ? (int) (writeAt - chunks[first + i]) : sizes[first + i];
    }

    /// The first bytes are done with. Emptied chunks go back.
    public void consume(int size) {
        assert size <= sizeBytes;
        sizeBytes -= size;
        int left = size;
        while (left > 0 || (count > 0 && firstEnd() == readOffset)) {
            int piece = Math.min(left, firstEnd() - readOffset);
            readOffset += piece;
            left -= piece;
            if (readOffset == firstEnd()) {
                dropFirst();
            }
        }
    }

    private void dropFirst() {
        pool.give(chunks[first]);
        first++;
        count--;
        readOffset = 0;
        if (count == 0) {
            first = 0;
            writeAt = 0;
            writeEnd = 0;
        }
    }

    /// All bytes, one after the other.
    public void copyTo(long address) {
        long at = address;
        for (int i = 0; i < count; i++) {
            int begin = i == 0 ? readOffset : 0;
            int end = i == count - 1 ? (int) (writeAt - chunks[first + i]) : sizes[first + i];
            Memory.copy(chunks[first + i] + begin, at, end - begin);
            at += end - begin;
        }
    }

    /// Appends all bytes to `other` and is empty then.
    public void moveTo(ByteChain other) {
        while (sizeBytes > 0) {
            int size = firstSize();
            other.append(firstAddress(), size);
            consume(size);
        }
    }

    /// Appends the first `size` bytes to `other`.
    public void moveTo(ByteChain other, long size) {
        long left = size;
        while (left > 0) {
            int piece = (int) Math.min(left, firstSize());
            other.append(firstAddress(), piece);
            consume(piece);
            left -= piece;
        }
    }

    public void clear() {
        while (count > 0) {
            dropFirst();
        }
        sizeBytes = 0;
        readOffset = 0;
    }

    /// A place that [#truncate] can go back to, as long as nothing was consumed since.
    public long mark() {
        return sizeBytes;
    }

    public void truncate(long mark) {
        assert mark <= sizeBytes;
        long drop = sizeBytes - mark;
        sizeBytes = mark;
        while (drop > 0) {
            long chunk = chunks[first + count - 1];
            long begin = count == 1 ? chunk + readOffset : chunk;
            long piece = Math.min(drop, writeAt - begin);
            writeAt -= piece;
            drop -= piece;
            if (writeAt == begin) {
                dropLast();
            }
        }
    }

    private void dropLast() {
        pool.give(chunks[first + count - 1]);
        count--;
        if (count == 0) {
            first = 0;
            readOffset = 0;
            writeAt = 0;
            writeEnd = 0;
        } else {
            long chunk = chunks[first + count - 1];
            writeAt = chunk + sizes[first + count - 1];
            writeEnd = chunk + CHUNK_SIZE;
        }
    }
}
