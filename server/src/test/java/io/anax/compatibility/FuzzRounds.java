package io.anax.compatibility;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The random comparisons again and again, each round with a seed of its own, which it prints: for
/// `make fuzz`. No part of a usual run of the tests.
final class FuzzRounds {
    private static final int ROUNDS = Integer.getInteger("anax.fuzz.rounds", 10);
    private static final List<Integer> SHARDS = List.of(2, 3, 16);

    @TestFactory
    List<DynamicTest> rounds() {
        var rounds = new ArrayList<DynamicTest>();
        for (int round = 1; round <= ROUNDS; round++) {
            String protocol = String.valueOf(2 + round % 2);
            int shards = SHARDS.get(round % SHARDS.size());
            rounds.add(DynamicTest.dynamicTest(
                    "beside Redis, round " + round,
                    () -> new DifferentialTest().randomCommandsAreAnsweredAsByRedis(protocol)));
            rounds.add(DynamicTest.dynamicTest(
                    shards + " shards, round " + round,
                    () -> new ManyShardsTest().severalShardsAnswerAsOneDoes(shards)));
        }
        return rounds;
    }
}
