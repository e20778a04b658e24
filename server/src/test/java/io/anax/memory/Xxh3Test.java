package io.anax.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against values of the reference implementation, libxxhash 0.8.1.
final class Xxh3Test {
    @ParameterizedTest
    @CsvSource({
        "'', 2d06800538d394c2",
        "v8, 0cc76dbb41381419",
        "123, 404a763b3f4c8c9a",
        "test, 9ec9f7918d7dfc40",
        "hello, 9555e8555c62dcfd",
        "Hello world, b6acb9d84a38ff74",
        "'Hello, Dragonfly!', 063b4909128e92b7",
        "v8lf0c11xh8ymlqztfd3eeq16kfn4sspw7fqmnuuq3k3t75em5wdizgcdw7uc26nnf961u2jkfzkjytls2kwlj7626sd, 00006c38adf31777",
    })
    void textsHashAsTheReferenceSays(String text, String hash) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(hex(hash(bytes, bytes.length))).isEqualTo(hash);
    }

    @ParameterizedTest
    @CsvSource({
        "1, c44bdff4074eecdb",
        "3, 6811538b444fc6dc",
        "4, ed503340c589a28b",
        "8, e5b43ab074c9c13b",
        "9, 089b8d25b20fb877",
        "16, 0a0ec5ae8679cb7f",
        "17, 57c52d21ce492c1e",
        "32, 8e62a5f67100f10d",
        "33, bc16fc6b42571f75",
        "64, 7714914b0d794113",
        "65, dd1752f723801bbc",
        "96, 7f316343f379455b",
        "97, 0c5de55821283dde",
        "128, 696069c4f1e6a91a",
        "129, b1ada52285757beb",
        "144, 8d313a4964e287f0",
        "240, b80284837259eee4",
        "241, 44dbd3180a664e27",
        "256, 266a2c816cbb31c5",
        "1023, f7eb9806eb4ad2fd",
        "1024, d1abb5dbd52032f9",
        "1025, a3908b116ddf0191",
        "1088, 73a4a4f20d1ada67",
        "2049, e09d2fe2edf7e1d5",
        "65536, c4717f32a25f9b2b",
        "65537, 6cf6317c06d3e0a3",
        "200000, 8499652b2c9dfa64",
    })
    void bytesOfEachSizeHashAsTheReferenceSays(int size, String hash) {
        assertThat(hex(hash(pattern(size), size))).isEqualTo(hash);
    }

    @Test
    void allSizesUpTo3000HashAsTheReferenceSays() {
        byte[] bytes = pattern(3000);
        long sum = 0;
        for (int size = 0; size < 3000; size++) {
            sum = 31 * sum + hash(bytes, size);
        }
        assertThat(hex(sum)).isEqualTo("b8a658987c7ef7d8");
    }

    @Test
    void aLongHashPausesEach64KiB() {
        int[] pauses = {0};
        long at = Memory.allocate(1 << 20);
        Memory.fill(at, 1 << 20, (byte) 7);
        Xxh3.hash(at, 1 << 20, () -> pauses[0]++);
        Memory.free(at, 1 << 20);
        assertThat(pauses[0]).isBetween(15, 16);
    }

    private static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 131 + (i >> 8) * 7);
        }
        return bytes;
    }

    /// In memory of exactly that size, so that checked memory notices every read beyond.
    private static long hash(byte[] bytes, int size) {
        long at = Memory.allocate(Math.max(1, size));
        try {
            Memory.copy(bytes, 0, at, size);
            return Xxh3.hash(at, size);
        } finally {
            Memory.free(at, Math.max(1, size));
        }
    }

    private static String hex(long hash) {
        return HexFormat.of().toHexDigits(hash);
    }
}
