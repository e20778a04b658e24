package io.anax.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.command.Command;
import io.anax.command.CommandTable;
import io.anax.command.StringCommands;
import io.anax.keyspace.Clock;
import io.anax.keyspace.Databases;
import io.anax.memory.ByteChain;
import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import io.anax.memory.Workspace;
import io.anax.protocol.Peer;
import io.anax.protocol.Request;
import io.anax.table.KeyHash;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A part on its shard, message by message: the test is the loop.
final class PartTest {
    private static final List<String> WORDS =
            List.of("MSET", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5", "f", "6");

    private final ShardSet shards = new ShardSet(2);
    private final CommandTable commands = new CommandTable(StringCommands.FAMILY);
    private final Shard home = shard(0);
    private final Shard there = shard(1);
    private final Request request = new Request();
    private final Ticket blocker = new Ticket(() -> {}, new Workspace());
    private final Ticket secondBlocker = new Ticket(() -> {}, new Workspace());

    private Shard shard(int id) {
        var clock = new Clock() {
            @Override
            public long millis() {
                return 0;
            }

            @Override
            public long nanos() {
                return 0;
            }
        };
        return new Shard(id, shards, clock, new Databases(new SlabAllocator(), id), commands, new ShardSettings());
    }

    /// Its turn had come, but it left before it heard of it; the news reaches it in its next place.
    @Test
    void newsOfAnEarlierPlaceIsNoTurn() {
        KeyHash.seed(0); // so that some of the keys are there
        byte[] bytes = String.join("", WORDS).getBytes(StandardCharsets.US_ASCII);
        long at = Memory.allocate(bytes.length);
        Memory.copy(bytes, 0, at, bytes.length);
        for (String word : WORDS) {
            request.add(at, word.length());
            at += word.length();
        }
        Command command = commands.find(request);
        var client = home.connect(
                Peer.of("127.0.0.1:1", ""), 1, false, new ByteChain(home.chunks()), new EngineFixture.Nowhere());
        var transaction = new Transaction(home, client, command, request);
        var part = new Part(transaction, home, 1);

        block(blocker, command);
        assertThat(answer(part, Part.Order.PLACE)).isEqualTo(Part.Place.WAITING);
        there.queue().leave(blocker);
        there.queue().advance(there.ready());
        assertThat(there.ready().size()).as("the news").isEqualTo(1);
        answer(part, Part.Order.WITHDRAW);

        block(secondBlocker, command);
        assertThat(answer(part, Part.Order.PLACE)).isEqualTo(Part.Place.WAITING);
        part.send(Part.Order.AWAIT);
        there.mail().receive();
        there.ready().take().turn();
        assertThat(shards.mailbox(1, 0).isEmpty()).as("waits").isTrue();

        there.queue().leave(secondBlocker);
        there.queue().advance(there.ready());
        there.ready().take().turn();
        assertThat(shards.mailbox(1, 0).take()).isSameAs(part);
        assertThat(part.place()).isEqualTo(Part.Place.HELD);
    }

    /// Before the part, on the keys of the request. All have the id 0, that of a transaction before its start.
    private void block(Ticket ticket, Command command) {
        there.router().fill(ticket, command, request, 1);
        there.router().fill(ticket, command, request, 0);
        assertThat(there.queue().place(ticket)).isTrue();
    }

    private Part.Place answer(Part part, Part.Order order) {
        part.send(order);
        there.mail().receive();
        assertThat(shards.mailbox(1, 0).take()).isSameAs(part);
        return part.place();
    }
}
