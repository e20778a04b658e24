package io.anax.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.command.Command;
import io.anax.command.CommandFamily;
import io.anax.command.CommandFlag;
import io.anax.command.CommandTable;
import io.anax.command.Session;
import io.anax.protocol.Peer;
import org.junit.jupiter.api.Test;

final class PauseTest {
    private final CommandTable commands = new CommandTable(CommandFamily.family("string")
            .add("GET key", _ -> {}, CommandFlag.READONLY)
            .add("SET key value", _ -> {}, CommandFlag.WRITE)
            .add("PFCOUNT key", _ -> {}, CommandFlag.READONLY, CommandFlag.MAY_REPLICATE)
            .add("AUTH password", _ -> {}, CommandFlag.NO_AUTH));
    private final Command get = commands.command(0);
    private final Command set = commands.command(1);
    private final Command pfcount = commands.command(2);
    private final Command auth = commands.command(3);
    private final Session session = new Session(1, Peer.of("a", "b"), true, 0);
    private final Session stranger = new Session(2, Peer.of("a", "b"), false, 0);
    private final Pause pause = new Pause();

    @Test
    void noPauseHoldsNothing() {
        assertThat(pause.holds(set, 3, session, 0)).isFalse();
        assertThat(pause.letGo(0)).isZero();
    }

    @Test
    void aPauseOfWritesHoldsWhatMayChangeData() {
        pause.begin(Pause.Kind.WRITES, 100, 0);
        assertThat(pause.holds(set, 3, session, 99)).isTrue();
        assertThat(pause.holds(pfcount, 2, session, 99)).isTrue();
        assertThat(pause.holds(get, 2, session, 99)).isFalse();
        assertThat(pause.holds(set, 3, session, 100)).isFalse();
    }

    @Test
    void whatIsRefusedIsRefusedAtOnce() {
        pause.begin(Pause.Kind.ALL, 100, 0);
        assertThat(pause.holds(get, 2, session, 0)).isTrue();
        assertThat(pause.holds(get, 3, session, 0)).isFalse();
        assertThat(pause.holds(null, 1, session, 0)).isFalse();
        assertThat(pause.holds(get, 2, stranger, 0)).isFalse();
        assertThat(pause.holds(auth, 2, stranger, 0)).isTrue();
    }

    @Test
    void theStricterAndTheLongerIsInForce() {
        pause.begin(Pause.Kind.ALL, 100, 0);
        pause.begin(Pause.Kind.WRITES, 200, 0);
        assertThat(pause.holds(get, 2, session, 150)).isTrue();
        pause.begin(Pause.Kind.WRITES, 50, 0);
        assertThat(pause.holds(get, 2, session, 150)).isTrue();
    }

    @Test
    void whatIsOverCountsNoMore() {
        pause.begin(Pause.Kind.ALL, 100, 0);
        pause.begin(Pause.Kind.WRITES, 150, 120);
        assertThat(pause.holds(get, 2, session, 130)).isFalse();
        pause.end();
        assertThat(pause.holds(set, 3, session, 130)).isFalse();
        pause.begin(Pause.Kind.WRITES, 140, 130);
        assertThat(pause.holds(set, 3, session, 145)).isFalse();
    }
}
