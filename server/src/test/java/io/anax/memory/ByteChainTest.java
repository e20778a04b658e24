package io.anax.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
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
