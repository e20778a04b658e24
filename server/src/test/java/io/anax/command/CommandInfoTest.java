package io.anax.command;

import static io.anax.command.CommandFamily.family;
import static io.anax.command.CommandFlag.BLOCKING;
import static io.anax.command.CommandFlag.DENYOOM;
import static io.anax.command.CommandFlag.FAST;
import static io.anax.command.CommandFlag.MAY_REPLICATE;
import static io.anax.command.CommandFlag.NOSCRIPT;
import static io.anax.command.CommandFlag.NO_MANDATORY_KEYS;
import static io.anax.command.CommandFlag.READONLY;
import static io.anax.command.CommandFlag.SKIP_MONITOR;
import static io.anax.command.CommandFlag.STALE;
import static io.anax.command.CommandFlag.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.anax.compatibility.RedisServer;
import io.anax.compatibility.RespClient;
import io.anax.memory.ByteChain;
import io.anax.memory.ChunkPool;
import io.anax.memory.Memory;
import io.anax.memory.Workspace;
import io.anax.protocol.ReplyWriter;
import io.anax.protocol.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What COMMAND says of commands of every kind, to the byte what Redis says.
final class CommandInfoTest {
    private static final Handler NOTHING = ctx -> {};

    private static final List<CommandFamily> FAMILIES = List.of(
            family("string")
                    .add("GET key", NOTHING, READONLY, FAST)
                    .doc("O(1)", "1.0.0", "Returns a string.")
                    .add("MSET key value [key value ...]", NOTHING, Gather.OK, WRITE, DENYOOM)
                    .access("OW UPDATE")
                    .tips("request_policy:multi_shard", "response_policy:all_succeeded")
                    .add("LCS key1 key2 [LEN] [IDX] [MINMATCHLEN len] [WITHMATCHLEN]", NOTHING, READONLY)
                    .add("GETSET key value", NOTHING, WRITE, DENYOOM, FAST)
                    .access("RW ACCESS UPDATE")
                    .deprecated("6.2.0", "`SET` with the `!GET` argument")
                    .doc("O(1)", "1.0.0", "Replaces a string."),
            family("list")
                    .add("BLPOP key [key ...] timeout", NOTHING, WRITE, NOSCRIPT, BLOCKING)
                    .access("RW ACCESS DELETE")
                    .add("LMPOP numkeys key [key ...] <LEFT | RIGHT> [COUNT count]", NOTHING, WRITE)
                    .access("RW ACCESS DELETE"),
            family("sorted-set")
                    .add("ZUNIONSTORE destination numkeys key [key ...]", NOTHING, WRITE, DENYOOM)
                    .doc("O(N)", "2.0.0", "Adds up."),
            family("stream")
                    .add("XREAD [COUNT count] STREAMS key [key ...] id [id ...]", NOTHING, READONLY, BLOCKING)
                    .keys(KeySpec.keyword("STREAMS", 1, -1, 1, 2)),
            family("geo")
                    .add(
                            "GEORADIUS key longitude latitude radius unit [STORE key | STOREDIST key]",
                            NOTHING,
                            WRITE,
                            DENYOOM)
                    .keys(KeySpec.at(1), KeySpec.keyword("STORE", 6), KeySpec.keyword("STOREDIST", 6))
                    .access("RO ACCESS", "OW UPDATE", "OW UPDATE"),
            family("scripting")
                    .add(
                            "EVAL script numkeys [key [key ...]] [arg [arg ...]]",
                            NOTHING,
                            NOSCRIPT,
                            STALE,
                            SKIP_MONITOR,
                            MAY_REPLICATE,
                            NO_MANDATORY_KEYS)
                    .access("RW ACCESS UPDATE"),
            family("generic")
                    .add("RENAME key newkey", NOTHING, WRITE)
                    .access("RW ACCESS DELETE", "OW UPDATE")
                    .add("MIGRATE host port <key | \"\"> destination-db timeout [COPY]", NOTHING, WRITE)
                    .keys(KeySpec.at(3), KeySpec.keyword("KEYS", -2, -1, 1, 0))
                    .access("RW ACCESS DELETE", "RW ACCESS DELETE INCOMPLETE")
                    .acl("dangerous")
                    .tips("nondeterministic_output")
                    .add("SORT key [STORE destination]", NOTHING, WRITE, DENYOOM)
                    .keys(
                            KeySpec.at(1),
                            KeySpec.option(
                                    "STORE",
                                    2,
                                    KeySpec.skip("LIMIT", 2),
                                    KeySpec.skip("GET", 1),
                                    KeySpec.skip("BY", 1)))
                    .access("RO ACCESS", "OW UPDATE")
                    .container("OBJECT")
                    .doc("Depends on subcommand.", "2.2.3", "Looks into.")
                    .add("OBJECT ENCODING key", NOTHING, READONLY)
                    .access("RO")
                    .tips("nondeterministic_output")
                    .doc("O(1)", "2.2.3", "Says how."));

    private static final CommandTable TABLE = new CommandTable(FAMILIES);

    private interface Writing {
        void to(ReplyWriter reply);
    }

    private static RespClient.Reply written(int resp, Writing writing) {
        var chain = new ByteChain(new ChunkPool());
        var reply = new ReplyWriter(chain);
        reply.into(chain, resp);
        writing.to(reply);
        int size = (int) chain.sizeBytes();
        long flat = Memory.allocate(size);
        chain.copyTo(flat);
        byte[] bytes = Memory.bytes(flat, size);
        Memory.free(flat, size);
        chain.clear();
        return RespClient.parse(bytes);
    }

    private static Command command(String fullName) {
        return TABLE.commands().stream()
                .flatMap(command -> command.withSubcommands().stream())
                .filter(command -> command.fullName().equals(fullName))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void infoIsByteForByteThatOfRedis(int resp) {
        try (var redis = RedisServer.start();
                var client = redis.connect()) {
            client.send("HELLO", String.valueOf(resp));
            for (String name : List.of(
                    "get",
                    "mset",
                    "lcs",
                    "getset",
                    "blpop",
                    "lmpop",
                    "zunionstore",
                    "xread",
                    "georadius",
                    "rename",
                    "migrate",
                    "object|encoding")) {
                var ours = written(resp, reply -> CommandInfo.write(reply, command(name)));
                assertThat("*1\r\n" + ours.rawText())
                        .as(name)
                        .isEqualTo(client.send("COMMAND", "INFO", name).rawText());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void docsHaveTheShapeOfRedis(int resp) {
        try (var redis = RedisServer.start();
                var client = redis.connect()) {
            client.send("HELLO", String.valueOf(resp));
            for (String name : List.of("get", "getset", "object|encoding")) {
                var ours = written(resp, reply -> {
                    reply.map(1);
                    CommandDocs.write(reply, command(name));
                });
                var theirs = client.send("COMMAND", "DOCS", name);
                assertThat(withoutProse(ours.rawText())).as(name).isEqualTo(withoutProse(theirs.rawText()));
            }
        }
    }

    /// The summary is in our own words.
    private static String withoutProse(String raw) {
        return raw.replaceFirst("summary\r\n\\$\\d+\r\n[^\r]*", "summary");
    }

    @Test
    void docsOfAContainerHoldThoseOfItsSubcommands() {
        var docs = written(3, reply -> {
            reply.map(1);
            CommandDocs.write(reply, command("object"));
        });
        var subcommands = (Map<?, ?>) ((Map<?, ?>) docs.map().get("object")).get("subcommands");
        assertThat(subcommands.keySet().toString()).isEqualTo("[object|encoding]");
    }

    @Test
    void helpListsSubcommands() {
        var help = written(2, reply -> CommandDocs.help(reply, "OBJECT", List.of("FREQ <key>", "    How often.")));
        assertThat(help.list().getFirst()).isEqualTo("OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
        assertThat(help.list()).hasSize(3);
    }

    @Test
    void keysAreThoseThatRedisFinds() {
        try (var redis = RedisServer.start();
                var client = redis.connect()) {
            for (String line : List.of(
                    "GET a",
                    "MSET a 1 b 2 c 3",
                    "LCS a b LEN",
                    "BLPOP a b c 0",
                    "LMPOP 2 a b LEFT",
                    "LMPOP 0 a LEFT",
                    "LMPOP x a LEFT",
                    "LMPOP 3 a LEFT",
                    "ZUNIONSTORE d 2 a b",
                    "ZUNIONSTORE d 9 a b",
                    "XREAD STREAMS a 0",
                    "XREAD COUNT 1 STREAMS a b 0 0",
                    "XREAD COUNT 1 streams a b c 0 0 0",
                    "GEORADIUS k 1 1 1 m STORE s",
                    "GEORADIUS k 1 1 1 m store s STOREDIST d",
                    "EVAL script 2 a b c",
                    "EVAL script 0 a",
                    "EVAL script 5 a",
                    "RENAME a b",
                    "MIGRATE h 1 k 0 1",
                    "SORT a",
                    "SORT a STORE b",
                    "SORT a LIMIT 0 1 STORE b STORE c",
                    "SORT a BY store GET store ALPHA store x",
                    "OBJECT ENCODING a")) {
                assertThat(keys(line)).as(line).isEqualTo(keysOfRedis(client, line));
            }
        }
    }

    private static List<Object> keysOfRedis(RespClient client, String line) {
        var reply = client.run("COMMAND GETKEYS " + line);
        return reply.isProblem() ? List.of() : reply.list();
    }

    private static List<Object> keys(String line) {
        var words = RespClient.words(line);
        long size = line.length() + 1L;
        long at = Memory.allocate(size);
        var request = new Request();
        long next = at;
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.ISO_8859_1);
            Memory.copy(bytes, 0, next, bytes.length);
            request.add(next, bytes.length);
            next += bytes.length;
        }
        var positions = new KeyPositions(new Workspace());
        positions.find(TABLE.find(request), request);
        var keys = new ArrayList<Object>();
        for (int i = 0; i < positions.count(); i++) {
            keys.add(words.get(positions.at(i)));
        }
        Memory.free(at, size);
        return keys;
    }
}
