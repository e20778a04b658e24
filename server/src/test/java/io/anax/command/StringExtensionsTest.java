package io.anax.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Commands on strings that the Redis of the compatibility tests does not have. What they answer is
/// what later versions of Redis, or the modules that they come from, document and test.
final class StringExtensionsTest {
    private static final String OK = "+OK";
    private static final String NIL = "$-1";

    private final TestShards shards = new TestShards(4);
    private final String here = shards.keyOn(0, "here");
    private final String there = shards.keyOn(1, "there");

    @AfterEach
    void close() {
        shards.close();
    }

    // ---- SET IFEQ … -----------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        // what is there, the condition, the reply, what is there then
        "hello, IFEQ hello,      +OK,     new",
        "hello, IFEQ other,      $-1,     hello",
        "hello, ifeq hell,       $-1,     hello",
        "-,     IFEQ hello,      $-1,     -",
        "hello, IFNE hello,      $-1,     hello",
        "hello, IfNe other,      +OK,     new",
        "-,     IFNE hello,      +OK,     new",
        "12345, IFEQ 12345,      +OK,     new",
        "12345, IFEQ 012345,     $-1,     12345",
        "0123,  IFEQ 123,        $-1,     0123",
        "-999,  IFEQ -999,       +OK,     new",
        "hello, IFDEQ 9555e8555c62dcfd, +OK, new",
        "hello, IFDEQ 9555E8555C62DCFD, +OK, new",
        "hello, IFDEQ 0000000000000000, $-1, hello",
        "hello, IFDEQ zzzzzzzzzzzzzzzz, $-1, hello",
        "-,     IFDEQ 9555e8555c62dcfd, $-1, -",
        "-,     IFDEQ short,            $-1, -",
        "hello, IFDNE 9555e8555c62dcfd, $-1, hello",
        "hello, IFDNE 9555e8555c62dcfe, +OK, new",
        "hello, IFDNE zzzzzzzzzzzzzzzz, +OK, new",
        "-,     IFDNE short,            +OK, new",
        "123,   IFDEQ 404a763b3f4c8c9a, +OK, new",
        "hello, IFEQ hello GET,  $5 hello, new",
        "hello, IFEQ other GET,  $5 hello, hello",
        "-,     IFEQ other GET,  $-1,      -",
        "-,     IFNE other GET,  $-1,      new",
    })
    void aValueIsSetOnCondition(String before, String condition, String reply, String after) {
        if (!before.equals("-")) {
            shards.run("SET k " + before);
        }
        assertThat(shards.run("SET k new " + condition)).isEqualTo(reply);
        assertThat(shards.run("GET k")).isEqualTo(after.equals("-") ? NIL : bulk(after));
    }

    @ParameterizedTest
    @CsvSource({
        "IFEQ,                  -ERR syntax error",
        "IFEQ a NX,             -ERR syntax error",
        "XX IFEQ a,             -ERR syntax error",
        "IFEQ a IFNE b,         -ERR syntax error",
        "IFDEQ a IFEQ b,        -ERR syntax error",
        "IFEQ a EX 0,           -ERR invalid expire time in 'set' command",
        "IFDEQ 9555e8555c62dcf, -ERR must be exactly 16 hexadecimal characters",
        "IFDNE 09555e8555c62dcfd, -ERR must be exactly 16 hexadecimal characters",
        "IFDNE '',              -ERR must be exactly 16 hexadecimal characters",
    })
    void badConditionsAreRefused(String condition, String error) {
        shards.run("SET k v");
        assertThat(shards.run("SET k new " + condition)).isEqualTo(error);
        assertThat(shards.run("GET k")).isEqualTo(bulk("v"));
    }

    @Test
    void aConditionGoesTogetherWithADeadline() {
        shards.run("SET k v EX 1000");
        assertThat(shards.run("SET k v2 KEEPTTL IFEQ v")).isEqualTo(OK);
        assertThat(shards.run("TTL k")).isEqualTo(":1000");
        assertThat(shards.run("SET k v3 IFEQ v2 PX 5000")).isEqualTo(OK);
        assertThat(shards.run("PTTL k")).isEqualTo(":5000");
        assertThat(shards.run("SET k v4 IFEQ no IFEQ v3")).isEqualTo(OK);
    }

    @Test
    void longValuesAreComparedInSlices() {
        String value = "v".repeat(1 << 20);
        shards.send("SET", "k", value);
        assertThat(shards.send("SET", "k", "x", "IFEQ", value.substring(1))).isEqualTo(NIL);
        assertThat(shards.onFiber).isFalse();
        assertThat(shards.send("SET", "k", "x", "IFEQ", value.substring(1) + "w"))
                .isEqualTo(NIL);
        assertThat(shards.checkpoints).isEqualTo(15);
        String digest = shards.run("DIGEST k").substring(4);
        assertThat(shards.checkpoints).isEqualTo(15);
        assertThat(shards.run("DELEX k IFDNE " + digest)).isEqualTo(":0");
        shards.onCheckpoint = () -> shards.run("INCR " + shards.keyOn(shards.shardOf("k"), "neighbour"));
        assertThat(shards.run("DELEX k IFDEQ " + digest)).isEqualTo(":1");
    }

    // ---- DELEX, DIGEST --------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "IFEQ hello, 1",
        "IFEQ other, 0",
        "ifne other, 1",
        "IFNE hello, 0",
        "IFDEQ 9555e8555c62dcfd, 1",
        "IFDEQ 9555e8555c62dcfe, 0",
        "IFDNE 9555E8555C62DCFD, 0",
        "IFDNE 9555e8555c62dcfe, 1",
        "'', 1",
    })
    void aKeyIsDeletedOnCondition(String condition, int deleted) {
        String command = ("DELEX k " + condition).strip();
        assertThat(shards.run(command)).isEqualTo(":0");
        shards.run("SET k hello");
        assertThat(shards.run(command)).isEqualTo(":" + deleted);
        assertThat(shards.run("EXISTS k")).isEqualTo(":" + (1 - deleted));
    }

    @Test
    void delexRefusesWhatItDoesNotKnow() {
        assertThat(shards.run("DELEX k FOO x")).isEqualTo(":0");
        shards.run("SET k v");
        assertThat(shards.run("DELEX k FOO x")).isEqualTo("-ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE");
        String arity = "-ERR wrong number of arguments for 'delex' command";
        for (String command : List.of("DELEX", "DELEX k IFEQ", "DELEX k IFEQ v x", "DELEX none IFEQ")) {
            assertThat(shards.run(command)).isEqualTo(arity);
        }
        assertThat(shards.run("DELEX k IFDEQ 123")).isEqualTo("-ERR must be exactly 16 hexadecimal characters");
        assertThat(shards.run("EXISTS k")).isEqualTo(":1");
    }

    @ParameterizedTest
    @CsvSource({"'', 2d06800538d394c2", "hello, 9555e8555c62dcfd", "v8, 0cc76dbb41381419", "123, 404a763b3f4c8c9a"})
    void aDigestHasSixteenDigits(String value, String digest) {
        assertThat(shards.run("DIGEST k")).isEqualTo(NIL);
        shards.send("SET", "k", value);
        assertThat(shards.run("DIGEST k")).isEqualTo(bulk(digest));
    }

    // ---- MSETEX ---------------------------------------------------------------------------------

    @Test
    void msetexSetsKeysOfSeveralShardsWithOneDeadline() {
        assertThat(shards.run("MSETEX 2 " + here + " a " + there + " b EX 10")).isEqualTo(":1");
        assertThat(shards.visits).isLessThanOrEqualTo(4);
        assertThat(shards.run("MGET " + here + " " + there)).isEqualTo("*2 $1 a $1 b");
        assertThat(shards.run("PTTL " + here)).isEqualTo(":10000");
        assertThat(shards.run("PTTL " + there)).isEqualTo(":10000");
        assertThat(shards.run("MSETEX 2 " + here + " c " + there + " d KEEPTTL XX"))
                .isEqualTo(":1");
        assertThat(shards.run("PTTL " + there)).isEqualTo(":10000");
        assertThat(shards.run("MSETEX 1 " + there + " e")).isEqualTo(":1");
        assertThat(shards.run("PTTL " + there)).isEqualTo(":-1");
    }

    @Test
    void msetexSetsAllOrNothing() {
        shards.run("SET " + there + " old");
        assertThat(shards.run("MSETEX 2 " + here + " a " + there + " b nx ex 10"))
                .isEqualTo(":0");
        assertThat(shards.run("MSETEX 2 " + here + " a " + there + " b XX PX 10000"))
                .isEqualTo(":0");
        assertThat(shards.run("MGET " + here + " " + there)).isEqualTo("*2 $-1 $3 old");
        assertThat(shards.run("MSETEX 1 " + here + " a NX PXAT 9999999999999")).isEqualTo(":1");
        assertThat(shards.run("PEXPIRETIME " + here)).isEqualTo(":9999999999999");
        assertThat(shards.run("MSETEX 2 " + here + " c " + there + " d EXAT 9999999999 XX"))
                .isEqualTo(":1");
        assertThat(shards.run("EXPIRETIME " + there)).isEqualTo(":9999999999");
    }

    @ParameterizedTest
    @CsvSource({
        "MSETEX,                           -ERR wrong number of arguments for 'msetex' command",
        "MSETEX key1 val1 EX 10,           -ERR invalid numkeys value",
        "MSETEX 0 key1 val1 EX 10,         -ERR invalid numkeys value",
        "MSETEX 2147483648 key1 val1 ex 9, -ERR invalid numkeys value",
        "MSETEX 2147483647 key1 val1 ex 9, -ERR wrong number of key-value pairs",
        "MSETEX 2 key1 val1 key2,          -ERR wrong number of key-value pairs",
        "MSETEX 1 key1 val1 FOO,           -ERR syntax error",
        "MSETEX 1 key1 val1 GET,           -ERR syntax error",
        "MSETEX 1 key1 val1 NX XX,         -ERR syntax error",
        "MSETEX 1 key1 val1 EX 10 PX 10,   -ERR syntax error",
        "MSETEX 1 key1 val1 KEEPTTL EX 10, -ERR syntax error",
        "MSETEX 1 key1 val1 EX,            -ERR syntax error",
        "MSETEX 1 key1 val1 EX abc,        -ERR value is not an integer or out of range",
        "MSETEX 1 key1 val1 EX 0,          -ERR invalid expire time in 'msetex' command",
    })
    void badMsetexIsRefused(String command, String error) {
        assertThat(shards.run(command)).isEqualTo(error);
        assertThat(shards.run("DBSIZE")).isEqualTo(":0");
    }

    // ---- PREPEND --------------------------------------------------------------------------------

    @Test
    void prependPutsBytesInFront() {
        assertThat(shards.run("PREPEND k world")).isEqualTo(":5");
        shards.run("EXPIRE k 100");
        assertThat(shards.send("PREPEND", "k", "hello ")).isEqualTo(":11");
        assertThat(shards.run("GET k")).isEqualTo(bulk("hello world"));
        assertThat(shards.send("PREPEND", "k", "")).isEqualTo(":11");
        assertThat(shards.run("TTL k")).isEqualTo(":100");
        shards.run("SET n 23");
        assertThat(shards.run("PREPEND n 1")).isEqualTo(":3");
        assertThat(shards.run("INCR n")).isEqualTo(":124");
    }

    @Test
    void prependToALongStringRunsInSlices() {
        String expected = "";
        for (int i = 0; i < 40; i++) {
            String part = String.valueOf((char) ('a' + i % 26)).repeat(7001);
            expected = part + expected;
            shards.send("PREPEND", "k", part);
        }
        assertThat(shards.checkpoints).isEqualTo(5);
        assertThat(shards.run("GET k")).isEqualTo(bulk(expected));
    }

    // ---- CL.THROTTLE ----------------------------------------------------------------------------

    /// The cases of redis-cell's own test: a burst of 5, one action a second.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0:6 | 1 5 5 -1 0",
                "0:1 0:1 0:1 | 0 5 2 -1 3",
                "0:5 | 0 5 0 -1 5",
                "0:5 0:1 | 1 5 0 1 5",
                "0:5 3000:1 | 0 5 2 -1 3",
                "0:5 3000:1 3100:1 | 0 5 1 -1 4",
                "0:5 3000:1 3100:1 4000:1 | 0 5 1 -1 4",
                "0:5 3000:1 3100:1 4000:1 8000:1 | 0 5 4 -1 1",
                "0:5 9500:1 9500:0 | 0 5 4 -1 1",
                "0:5 9500:1 9500:2 | 0 5 2 -1 3",
                "0:5 9500:1 9500:2 9500:5 | 1 5 2 3 3",
            })
    void actionsComeAtASteadyRate(String actions, String reply) {
        long begin = shards.nowMillis;
        String last = "";
        for (String action : actions.strip().split(" ")) {
            String[] parts = action.split(":");
            shards.nowMillis = begin + Long.parseLong(parts[0]);
            last = shards.run("CL.THROTTLE k 4 1 1 " + parts[1]);
        }
        assertThat(last).isEqualTo("*5 :" + reply.replace(" ", " :"));
    }

    @Test
    void aBudgetIsForgottenWhenItIsFullAgain() {
        assertThat(shards.run("CL.THROTTLE k 15 30 60")).isEqualTo("*5 :0 :16 :15 :-1 :2");
        assertThat(shards.run("PTTL k")).isEqualTo(":2000");
        assertThat(shards.run("CL.THROTTLE k 15 30 60 0")).isEqualTo("*5 :0 :16 :15 :-1 :2");
        shards.nowMillis += 2000;
        assertThat(shards.run("EXISTS k")).isEqualTo(":0");
        assertThat(shards.run("CL.THROTTLE k 15 30 60 0")).isEqualTo("*5 :0 :16 :16 :-1 :0");
        assertThat(shards.run("EXISTS k")).isEqualTo(":0");
    }

    @ParameterizedTest
    @CsvSource({
        "CL.THROTTLE k 1 1,                 -ERR wrong number of arguments for 'cl.throttle' command",
        "CL.THROTTLE k 1 1 1 1 1,           -ERR wrong number of arguments for 'cl.throttle' command",
        "CL.THROTTLE k -1 1 1,              -ERR value is not an integer or out of range",
        "CL.THROTTLE k a 1 1,               -ERR value is not an integer or out of range",
        "CL.THROTTLE k 1 0 1,               -ERR value is not an integer or out of range",
        "CL.THROTTLE k 1 1 9223372036854775807, -ERR value is not an integer or out of range",
        "CL.THROTTLE k 9223372036854775807 1 1, -ERR value is not an integer or out of range",
        "CL.THROTTLE k 9223372036854775806 1 1, -ERR value is not an integer or out of range",
        "CL.THROTTLE k 1 1 1 9223372036854775807, -ERR value is not an integer or out of range",
        "CL.THROTTLE k 1 1 0,               -ERR zero rates are not supported",
        "CL.THROTTLE k 1 2000000000 1,      -ERR zero rates are not supported",
        "CL.THROTTLE text 1 1 1,            -ERR value is not an integer or out of range",
    })
    void badRatesAreRefused(String command, String error) {
        shards.run("SET text hello");
        assertThat(shards.run(command)).isEqualTo(error);
    }

    private static String bulk(String value) {
        return ("$" + value.length() + " " + value).strip();
    }
}
