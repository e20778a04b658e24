package io.anax.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ByteChainTest {
    private static final int SCRATCH_SIZE = 1 << 20;

    private final long heldAtStart = Memory.allocatedBytes();
    private final ChunkPool pool = new ChunkPool();
    private final ChunkPool otherPool = new ChunkPool();
    private final ByteChain chain = new ByteChain(pool);
    private final ByteChain other = new ByteChain(otherPool);
    private final long scratch = Memory.allocate(SCRATCH_SIZE);
    private Random random = new Random(0);
    private byte[] model = {};
    private byte[] otherModel = {};

    @AfterEach
    void noChunkIsLost() {
        chain.clear();
        other.clear();
        pool.trim();
        otherPool.trim();
        assertThat(pool.heldBytes()).isZero();
        assertThat(otherPool.heldBytes()).isZero();
        Memory.free(scratch, SCRATCH_SIZE);
        assertThat(Memory.allocatedBytes()).isEqualTo(heldAtStart);
    }

    @Test
    void anEmptyChainHoldsNoChunk() {
        chain.append("hello".getBytes());
        assertThat(Memory.bytes(chain.firstAddress(), chain.firstSize())).isEqualTo("hello".getBytes());
        chain.consume(5);
        assertThat(chain.isEmpty()).isTrue();
        pool.trim();
        assertThat(pool.heldBytes()).isZero();
    }

    @Test
    void aWholeChunkCanBeReservedAtAnyMoment() {
        chain.putByte((byte) 1);
        long at = chain.reserve(ChunkPool.CHUNK_SIZE);
        Memory.fill(at, ChunkPool.CHUNK_SIZE, (byte) 2);
        chain.advance(ChunkPool.CHUNK_SIZE);
        assertThat(chain.sizeBytes()).isEqualTo(ChunkPool.CHUNK_SIZE + 1);
        assertThat(chain.firstSize()).isEqualTo(1);
        chain.consume(1);
        assertThat(chain.firstSize()).isEqualTo(ChunkPool.CHUNK_SIZE);
    }

    @Test
    void itsPiecesAreItsBytesAfterAReservationThatWasNotUsed() {
        chain.reserve(ChunkPool.CHUNK_SIZE);
        chain.advance(0);
        chain.putByte((byte) 7);
        chain.reserve(ChunkPool.CHUNK_SIZE);
        chain.putByte((byte) 8);
        model = new byte[] {7, 8};
        verify("reserved");
    }

    @Test
    void itHoldsWhatAByteArrayHolds() {
        for (long seed = 1; seed <= 10; seed++) {
            random = new Random(seed);
            for (int step = 0; step < 500; step++) {
                step();
                if (step % 10 == 0) {
                    verify("seed " + seed + " step " + step);
                }
            }
        }
    }

    @Test
    void whatWasWrittenSinceAMarkIsUndone() {
        for (long seed = 1; seed <= 200; seed++) {
            random = new Random(seed);
            appendRandom(40_000);
            byte[] kept = model;
            long mark = chain.mark();
            for (int i = random.nextInt(5); i > 0; i--) {
                appendRandom(40_000);
            }
            chain.truncate(mark);
            model = kept;
            verify("seed " + seed);
            appendRandom(100);
            verify("seed " + seed);
            consumeRandom();
        }
    }

    @Test
    void bytesMoveBetweenTheChainsOfTwoShards() {
        for (long seed = 1; seed <= 100; seed++) {
            random = new Random(seed);
            appendRandom(100_000);
            otherModel = concatenation(otherModel, model);
            chain.moveTo(other);
            model = new byte[0];
            assertThat(chain.isEmpty()).isTrue();
            assertContent(other, otherModel, "seed " + seed);
            int size = random.nextInt(otherModel.length + 1);
            other.consume(size);
            otherModel = Arrays.copyOfRange(otherModel, size, otherModel.length);
            other.putByte((byte) seed);
            otherModel = concatenation(otherModel, new byte[] {(byte) seed});
            assertContent(other, otherModel, "seed " + seed);
        }
    }

    @Test
    void aLongReplyChangesHandsWithoutBeingCopied() {
        Memory.fill(scratch, SCRATCH_SIZE, (byte) 1);
        for (int i = 0; i < 20; i++) {
            chain.append(scratch, SCRATCH_SIZE);
        }
        other.append(new byte[] {9});
        List<Long> chunks = pieceAddresses(chain);
        long held = pool.heldBytes();
        chain.moveTo(other);
        assertThat(pieceAddresses(other).subList(1, chunks.size() + 1)).isEqualTo(chunks);
        assertThat(other.sizeBytes()).isEqualTo(20L * SCRATCH_SIZE + 1);
        assertThat(chain.pieceCount()).isZero();
        assertThat(pool.heldBytes()).isZero();
        assertThat(otherPool.heldBytes()).isEqualTo(held + ChunkPool.CHUNK_SIZE);
    }

    @Test
    void whoGetsAChunkGivesOneInReturn() {
        otherPool.give(otherPool.take());
        chain.append(scratch, ChunkPool.CHUNK_SIZE);
        chain.moveTo(other);
        assertThat(pool.heldBytes()).isEqualTo(ChunkPool.CHUNK_SIZE);
        assertThat(otherPool.heldBytes()).isEqualTo(ChunkPool.CHUNK_SIZE);
        long allocated = Memory.allocatedBytes();
        pool.give(pool.take());
        assertThat(Memory.allocatedBytes()).isEqualTo(allocated);
    }

    @Test
    void aFewBytesAreCopiedBehindThoseThatAreThere() {
        other.append(new byte[] {1, 2});
        chain.append(new byte[ChunkPool.CHUNK_SIZE / 4 - 1]);
        chain.moveTo(other);
        assertThat(other.pieceCount()).isEqualTo(1);
        assertThat(other.sizeBytes()).isEqualTo(ChunkPool.CHUNK_SIZE / 4 + 1);
    }

    @Test
    void aMarkIsAPlaceInTheStreamWhateverWasConsumedSince() {
        chain.append("sent".getBytes());
        chain.append("kept".getBytes());
        long mark = chain.mark();
        chain.append("undone".getBytes());
        chain.consume(4);
        assertThat(chain.truncate(mark)).isTrue();
        model = "kept".getBytes();
        verify("consumed before the mark");
        mark = chain.mark();
        chain.append("gone, undone".getBytes());
        chain.consume(4 + 4);
        assertThat(chain.truncate(mark)).as("four bytes are on their way").isFalse();
        model = new byte[0];
        verify("consumed behind the mark");
    }

    /// Four chains over the pools of two shards, against byte queues; marks are kept across all else.
    @Test
    void chainsOfTwoShardsHoldWhatByteQueuesHold() {
        for (long seed = 1; seed <= 30; seed++) {
            random = new Random(seed);
            Modelled[] chains = {
                new Modelled(pool, "a"),
                new Modelled(pool, "b"),
                new Modelled(otherPool, "c"),
                new Modelled(otherPool, "d")
            };
            for (int step = 0; step < 600; step++) {
                Modelled one = chains[random.nextInt(chains.length)];
                one.step(chains[random.nextInt(chains.length)]);
                if (random.nextInt(200) == 0) {
                    pool.trim();
                }
                one.verify("seed " + seed + " step " + step);
                assertHeld(pool, chains[0], chains[1]);
                assertHeld(otherPool, chains[2], chains[3]);
            }
            for (Modelled each : chains) {
                each.verify("seed " + seed);
                each.actual.clear();
            }
        }
    }

    private static void assertHeld(ChunkPool pool, Modelled a, Modelled b) {
        long inUse = (a.actual.pieceCount() + b.actual.pieceCount()) * (long) ChunkPool.CHUNK_SIZE;
        assertThat(pool.heldBytes()).isGreaterThanOrEqualTo(inUse);
    }

    /// A chain and the byte queue that it shall be.
    private final class Modelled {
        private static final int SIZE_MAX = 300_000;

        private final String name;
        private final ByteChain actual;
        private byte[] expected = {};
        private long start; // position of the first expected byte
        private long mark; // of the chain
        private long modelMark;

        Modelled(ChunkPool pool, String name) {
            this.name = name;
            actual = new ByteChain(pool);
        }

        void step(Modelled to) {
            switch (random.nextInt(12)) {
                case 0, 1 -> append(random.nextInt(300));
                case 2 -> append(random.nextInt(60_000));
                case 3 -> reserve();
                case 4, 5 -> consume(random.nextInt(expected.length + 1));
                case 6, 7 -> move(to, random.nextInt(expected.length + 1));
                case 8 -> move(to, expected.length);
                case 9 -> {
                    mark = actual.mark();
                    modelMark = start + expected.length;
                }
                case 10 -> truncate();
                default -> clearSometimes();
            }
        }

        private void append(int size) {
            byte[] bytes = randomBytes(size);
            actual.append(bytes);
            expected = concatenation(expected, bytes);
        }

        private void reserve() {
            int reserved = 1 + random.nextInt(ChunkPool.CHUNK_SIZE);
            byte[] bytes = randomBytes(random.nextInt(3) == 0 ? 0 : random.nextInt(reserved + 1));
            Memory.copy(bytes, 0, actual.reserve(reserved), bytes.length);
            actual.advance(bytes.length);
            expected = concatenation(expected, bytes);
        }

        private void consume(int size) {
            actual.consume(size);
            dropExpected(size);
        }

        private void dropExpected(int size) {
            expected = Arrays.copyOfRange(expected, size, expected.length);
            start += size;
        }

        private void move(Modelled to, int size) {
            if (to == this || to.expected.length > SIZE_MAX) {
                return;
            }
            if (size == expected.length) {
                actual.moveTo(to.actual);
            } else {
                actual.moveTo(to.actual, size);
            }
            to.expected = concatenation(to.expected, Arrays.copyOf(expected, size));
            dropExpected(size);
            to.verify("moved");
        }

        private void truncate() {
            long end = start + expected.length;
            if (modelMark > end) {
                return; // an earlier truncation went below it
            }
            boolean whole = actual.truncate(mark);
            assertThat(whole).isEqualTo(modelMark >= start);
            expected = Arrays.copyOf(expected, (int) Math.max(0, modelMark - start));
        }

        private void clearSometimes() {
            if (random.nextInt(4) == 0) {
                actual.clear();
                dropExpected(expected.length);
            }
        }

        void verify(String what) {
            assertContent(actual, expected, what + ", chain " + name);
        }
    }

    private static List<Long> pieceAddresses(ByteChain chain) {
        return IntStream.range(0, chain.pieceCount())
                .mapToObj(chain::pieceAddress)
                .toList();
    }

    private void step() {
        switch (random.nextInt(6)) {
            case 0, 1 -> appendRandom(random.nextInt(10) == 0 ? 60_000 : 300);
            case 2 -> {
                chain.putByte((byte) 9);
                model = concatenation(model, new byte[] {9});
            }
            case 3 -> reserveSome();
            default -> consumeRandom();
        }
    }

    private void reserveSome() {
        int reserved = 1 + random.nextInt(ChunkPool.CHUNK_SIZE);
        byte[] bytes = randomBytes(random.nextInt(reserved + 1));
        Memory.copy(bytes, 0, chain.reserve(reserved), bytes.length);
        chain.advance(bytes.length);
        model = concatenation(model, bytes);
    }

    private void appendRandom(int sizeMax) {
        byte[] bytes = randomBytes(random.nextInt(sizeMax + 1));
        if (random.nextBoolean()) {
            chain.append(bytes);
        } else {
            Memory.copy(bytes, 0, scratch, bytes.length);
            chain.append(scratch, bytes.length);
        }
        model = concatenation(model, bytes);
    }

    private void consumeRandom() {
        int size = random.nextInt(4) == 0 ? model.length : random.nextInt(model.length + 1);
        chain.consume(size);
        model = Arrays.copyOfRange(model, size, model.length);
    }

    private byte[] randomBytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private void verify(String what) {
        assertContent(chain, model, what);
    }

    private void assertContent(ByteChain actual, byte[] expected, String what) {
        assertThat(actual.sizeBytes()).as(what).isEqualTo(expected.length);
        assertThat(actual.isEmpty()).as(what).isEqualTo(expected.length == 0);
        long flat = Memory.allocate(expected.length + 1);
        actual.copyTo(flat);
        byte[] copy = Memory.bytes(flat, expected.length);
        Memory.free(flat, expected.length + 1);
        assertThat(Arrays.equals(copy, expected)).as(what).isTrue();
        var pieces = new ByteArrayOutputStream();
        for (int i = 0; i < actual.pieceCount(); i++) {
            pieces.writeBytes(Memory.bytes(actual.pieceAddress(i), actual.pieceSize(i)));
        }
        assertThat(Arrays.equals(pieces.toByteArray(), expected))
                .as(what + ", by pieces")
                .isTrue();
        if (expected.length > 0) {
            assertThat(actual.firstSize()).as(what).isPositive();
        }
    }

    private static byte[] concatenation(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
