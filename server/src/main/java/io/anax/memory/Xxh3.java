package io.anax.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// XXH3 with 64 bits, seed 0 and the usual secret: the hash that DIGEST shows and clients compute too.
/// For keys there is a hash with a seed of its own, `KeyHash`.
///
/// ```
///  bytes   0, 1..3, 4..8, 9..16    one mix
///          17..128                 1 to 8 pairs of words, from both ends to the middle
///          129..240                all pairs of words, one after the other
///          241..                   eight sums over stripes of 64 bytes, scrambled after each block
///  block   16 stripes of 64 B; stripe n of a block is mixed with the secret from byte 8 n on
/// ```
///
/// Example: of no bytes `2d06800538d394c2`, of "hello" `9555e8555c62dcfd`.
public final class Xxh3 {
    private static final long PRIME32_1 = 0x9E37_79B1L;
    private static final long PRIME32_2 = 0x85EB_CA77L;
    private static final long PRIME32_3 = 0xC2B2_AE3DL;
    private static final long PRIME64_1 = 0x9E37_79B1_85EB_CA87L;
    private static final long PRIME64_2 = 0xC2B2_AE3D_27D4_EB4FL;
    private static final long PRIME64_3 = 0x1656_67B1_9E37_79F9L;
    private static final long PRIME64_4 = 0x85EB_CA77_C2B2_AE63L;
    private static final long PRIME64_5 = 0x27D4_EB2F_1656_67C5L;
    private static final long PRIME_MIX_1 = 0x1656_6791_9E37_79F9L;
    private static final long PRIME_MIX_2 = 0x9FB2_1C65_1E98_DF25L;

    private static final int PAIR = 2 * Long.BYTES;
    private static final int SHORT_MAX = 128;
    private static final int MIDDLE_MAX = 240;
    private static final int STRIPE = 64;
    private static final int SECRET_SIZE = 192;
    private static final int BLOCK_STRIPES = (SECRET_SIZE - STRIPE) / Long.BYTES;
    private static final int BLOCK = BLOCK_STRIPES * STRIPE;

    /// Blocks between two pauses: 64 KiB, some microseconds.
    private static final int PAUSE_BLOCKS = 64;

    /// The word of the secret at each of its bytes.
    private static final long[] SECRET = words("""
            b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f
            cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c
            3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8
            a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364
            eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e
            2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e""");

    private Xxh3() {}

    private static long[] words(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace("\n", ""));
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        var words = new long[bytes.length - Long.BYTES + 1];
        for (int i = 0; i < words.length; i++) {
            words[i] = buffer.getLong(i);
        }
        return words;
    }

    public static long hash(long address, long size) {
        return hash(address, size, () -> {});
    }

    /// `pause` is run once in some microseconds; the bytes must stay as they are meanwhile.
    public static long hash(long address, long size, Runnable pause) {
        if (size <= PAIR) {
            return hashUpTo16(address, (int) size);
        }
        if (size <= SHORT_MAX) {
            return hashUpTo128(address, (int) size);
        }
        return size <= MIDDLE_MAX ? hashUpTo240(address, (int) size) : hashLong(address, size, pause);
    }

    // ---- short ----------------------------------------------------------------------------------

    private static long hashUpTo16(long address, int size) {
        if (size > 8) {
            return hash9To16(address, size);
        }
        if (size >= 4) {
            long first = Memory.getInt(address) & 0xFFFF_FFFFL;
            long last = Memory.getInt(address + size - 4) & 0xFFFF_FFFFL;
            return strongAvalanche(last + (first << 32) ^ SECRET[8] ^ SECRET[16], size);
        }
        return size > 0 ? hash1To3(address, size) : xxh64Avalanche(SECRET[56] ^ SECRET[64]);
    }

    private static long hash1To3(long address, int size) {
        long first = Memory.getByte(address) & 0xFF;
        long middle = Memory.getByte(address + (size >> 1)) & 0xFF;
        long last = Memory.getByte(address + size - 1) & 0xFF;
        long combined = first << 16 | middle << 24 | last | (long) size << 8;
        return xxh64Avalanche(combined ^ (SECRET[0] ^ SECRET[4]) & 0xFFFF_FFFFL);
    }

    private static long hash9To16(long address, int size) {
        long low = Memory.getLong(address) ^ SECRET[24] ^ SECRET[32];
        long high = Memory.getLong(address + size - 8) ^ SECRET[40] ^ SECRET[48];
        return avalanche(size + Long.reverseBytes(low) + high + folded(low, high));
    }

    private static long hashUpTo128(long address, int size) {
        long sum = size * PRIME64_1;
        long end = address + size;
        for (int pair = (size - 1) / (2 * PAIR); pair >= 0; pair--) {
            sum += mixed(address + pair * PAIR, 2 * pair * PAIR);
            sum += mixed(end - (pair + 1) * PAIR, (2 * pair + 1) * PAIR);
        }
        return avalanche(sum);
    }

    private static long hashUpTo240(long address, int size) {
        int startOffset = 3;
        int lastOffset = 136 - 17;
        long sum = size * PRIME64_1;
        int pairs = size / PAIR;
        for (int i = 0; i < 8; i++) {
            sum += mixed(address + i * PAIR, i * PAIR);
        }
        sum = avalanche(sum);
        for (int i = 8; i < pairs; i++) {
            sum += mixed(address + i * PAIR, (i - 8) * PAIR + startOffset);
        }
        return avalanche(sum + mixed(address + size - PAIR, lastOffset));
    }

    private static long mixed(long address, int secretAt) {
        return folded(Memory.getLong(address) ^ SECRET[secretAt], Memory.getLong(address + 8) ^ SECRET[secretAt + 8]);
    }

    // ---- long -----------------------------------------------------------------------------------

    private static long hashLong(long address, long size, Runnable pause) {
        long[] sums = {
            PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1,
        };
        long blocks = (size - 1) / BLOCK;
        for (long block = 0; block < blocks; block++) {
            addStripes(sums, address + block * BLOCK, BLOCK_STRIPES);
            scramble(sums);
            if (block % PAUSE_BLOCKS == PAUSE_BLOCKS - 1) {
                pause.run();
            }
        }
        long done = blocks * BLOCK;
        addStripes(sums, address + done, (int) ((size - 1 - done) / STRIPE));
        addStripe(sums, address + size - STRIPE, SECRET_SIZE - STRIPE - 7);
        return merged(sums, size * PRIME64_1);
    }

    private static void addStripes(long[] sums, long address, int count) {
        for (int i = 0; i < count; i++) {
            addStripe(sums, address + (long) i * STRIPE, i * Long.BYTES);
        }
    }

    private static void addStripe(long[] sums, long address, int secretAt) {
        for (int i = 0; i < sums.length; i++) {
            long word = Memory.getLong(address + i * Long.BYTES);
            long keyed = word ^ SECRET[secretAt + i * Long.BYTES];
            sums[i ^ 1] += word;
            sums[i] += (keyed & 0xFFFF_FFFFL) * (keyed >>> 32);
        }
    }

    private static void scramble(long[] sums) {
        for (int i = 0; i < sums.length; i++) {
            long sum = sums[i];
            sums[i] = (sum ^ sum >>> 47 ^ SECRET[SECRET_SIZE - STRIPE + i * Long.BYTES]) * PRIME32_1;
        }
    }

    private static long merged(long[] sums, long start) {
        int secretAt = 11;
        long sum = start;
        for (int i = 0; i < sums.length; i += 2) {
            sum += folded(sums[i] ^ SECRET[secretAt + i * 8], sums[i + 1] ^ SECRET[secretAt + i * 8 + 8]);
        }
        return avalanche(sum);
    }

    // ---- mixing ---------------------------------------------------------------------------------

    private static long folded(long left, long right) {
        return left * right ^ Math.unsignedMultiplyHigh(left, right);
    }

    private static long avalanche(long sum) {
        long h = (sum ^ sum >>> 37) * PRIME_MIX_1;
        return h ^ h >>> 32;
    }

    private static long xxh64Avalanche(long sum) {
        long h = (sum ^ sum >>> 33) * PRIME64_2;
        h = (h ^ h >>> 29) * PRIME64_3;
        return h ^ h >>> 32;
    }

    private static long strongAvalanche(long sum, long size) {
        long h = (sum ^ Long.rotateLeft(sum, 49) ^ Long.rotateLeft(sum, 24)) * PRIME_MIX_2;
        h = (h ^ (h >>> 35) + size) * PRIME_MIX_2;
        return h ^ h >>> 28;
    }
}
