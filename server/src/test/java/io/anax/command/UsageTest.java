package io.anax.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What follows from a usage line.
final class UsageTest {
    private static final Set<String> CONTAINERS = Set.of("OBJECT", "XGROUP", "CLIENT", "CONFIG");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PING [message]; -1",
                "DBSIZE; 1",
                "GET key; 2",
                "SET key value [NX | XX] [GET] [EX seconds | PX milliseconds | KEEPTTL]; -3",
                "MSET key value [key value ...]; -3",
                "MGET key [key ...]; -2",
                "LMPOP numkeys key [key ...] <LEFT | RIGHT> [COUNT count]; -4",
                "BLMPOP timeout numkeys key [key ...] <LEFT | RIGHT> [COUNT count]; -5",
                "BITOP <AND | OR | XOR | NOT> destkey key [key ...]; -4",
                "EVAL script numkeys [key [key ...]] [arg [arg ...]]; -3",
                "XREAD [COUNT count] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]; -4",
                "XADD key [NOMKSTREAM] [<MAXLEN | MINID> [= | ~] threshold [LIMIT count]] <* | id> "
                        + "field value [field value ...]; -5",
                "ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]; -4",
                "ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] "
                        + "[AGGREGATE <SUM | MIN | MAX>]; -4",
                "SORT key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC | DESC] [ALPHA]; -2",
                "HELLO [protover [AUTH username password] [SETNAME clientname]]; -1",
                "OBJECT ENCODING key; 3",
                "XGROUP CREATE key group <id | $> [MKSTREAM] [ENTRIESREAD entries-read]; -5",
                "CLIENT LIST [TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] [ID client-id [client-id ...]]; -2",
                "CONFIG SET parameter value [parameter value ...]; -4",
                "GEODIST key member1 member2 [M | KM | FT | MI]; -4",
                "LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]; -3",
                "GEOSEARCH key <FROMMEMBER member | FROMLONLAT longitude latitude> "
                        + "<BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>>; -7",
                "HEXPIRE key seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]; -6",
            })
    void arityIsTheCountOfWordsOrAtLeastSoMany(String usage, int arity) {
        assertThat(Usage.parse(usage, CONTAINERS).arity()).isEqualTo(arity);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PING [message]; ",
                "GET key; 1 1 1",
                "MSET key value [key value ...]; 1 -1 2",
                "BLPOP key [key ...] timeout; 1 -2 1",
                "RENAME key newkey; 1 1 1, 2 2 1",
                "LCS key1 key2 [LEN]; 1 2 1",
                "SMOVE source destination member; 1 1 1, 2 2 1",
                "SINTERSTORE destination key [key ...]; 1 1 1, 2 -1 1",
                "PFMERGE destkey [sourcekey ...]; 1 1 1, 2 -1 1",
                "PFMERGE destkey [sourcekey [sourcekey ...]]; 1 1 1, 2 -1 1",
                "BITOP <AND | OR> destkey key [key ...]; 2 2 1, 3 -1 1",
                "LMPOP numkeys key [key ...] <LEFT | RIGHT>; count 1",
                "ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]]; 1 1 1, count 2",
                "EVAL script numkeys [key [key ...]] [arg [arg ...]]; count 2",
                "OBJECT ENCODING key; 2 2 1",
                "XGROUP CREATE key group <id | $>; 2 2 1",
                "COPY source destination [DB destination-db] [REPLACE]; 1 1 1, 2 2 1",
            })
    void keysStandWhereTheLineSays(String usage, String expected) {
        var specs = Usage.parse(usage, CONTAINERS).keys().stream()
                .map(UsageTest::text)
                .toList();
        assertThat(String.join(", ", specs)).isEqualTo(expected == null ? "" : expected);
    }

    private static String text(KeySpec spec) {
        return switch (spec) {
            case KeySpec.Range(var first, var last, var step) -> first + " " + last + " " + step;
            case KeySpec.Counted(var countAt, var _, var _) -> "count " + countAt;
            default -> spec.toString();
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SORT key [STORE destination]",
                "XREAD [COUNT count] STREAMS key [key ...] id [id ...]",
                "MIGRATE host port <key | \"\"> destination-db timeout",
                "GEORADIUS key radius [STORE key | STOREDIST key]",
                "ANY [option] key",
                "ANY key [key ...] [option]",
            })
    void keysAtAnUnclearPlaceMustBeDeclared(String usage) {
        var parsed = Usage.parse(usage, Set.of());
        assertThatThrownBy(parsed::keys).hasMessageContaining("use keys()");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get key",
                "GET [key",
                "GET key]",
                "GET [|]",
                "GET []",
                "GET <key ...>",
                "GET key...",
                "GET Key",
                "",
                "GET >",
                "GET [a | b ...]",
            })
    void whatIsNoUsageLineIsRefused(String usage) {
        assertThatThrownBy(() -> Usage.parse(usage, Set.of()).keys()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aContainersSecondWordIsItsSubcommand() {
        var usage = Usage.parse("OBJECT ENCODING key", CONTAINERS);
        assertThat(usage.name()).isEqualTo("OBJECT");
        assertThat(usage.subcommand()).isEqualTo("ENCODING");
        assertThat(usage.fullName()).isEqualTo("object|encoding");
        assertThat(Usage.parse("DEBUG OBJECT key", CONTAINERS).subcommand()).isNull();
    }

    @Test
    void aTokenBelongsToTheValuesBehindIt() {
        var arguments = Usage.parse("SORT key [LIMIT offset count] [GET pattern [GET pattern ...]]", Set.of())
                .arguments();
        var limit = arguments.get(1);
        assertThat(limit.token()).isEqualTo("LIMIT");
        assertThat(limit.kind()).isEqualTo(Argument.Kind.BLOCK);
        assertThat(limit.children()).extracting(Argument::name).isEqualTo(List.of("offset", "count"));
        var get = arguments.get(2);
        assertThat(get).isEqualTo(new Argument("pattern", Argument.Kind.PATTERN, "GET", true, true, true, List.of()));
    }

    @Test
    void whatRepeatsInsideAnOptionIsMultiple() {
        var weights = Usage.parse("ANY [WEIGHTS weight [weight ...]]", Set.of())
                .arguments()
                .getFirst();
        assertThat(weights)
                .isEqualTo(new Argument("weight", Argument.Kind.INTEGER, "WEIGHTS", true, true, false, List.of()));
    }
}
