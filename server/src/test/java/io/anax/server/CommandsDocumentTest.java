package io.anax.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import io.anax.command.Command;
import io.anax.compatibility.IntendedDifference;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The document of the commands says what the commands say. With `-Danax.docs.write=true`, which is what
/// `make docs` sets, it is written anew.
final class CommandsDocumentTest {
    private Server server;

    @BeforeEach
    void start() throws IOException {
        server = Server.start(Map.of("io", "nio"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private List<Command> commands() {
        return server.shards().at(0).commands();
    }

    @Test
    void theDocumentIsUpToDate() throws IOException, URISyntaxException {
        String text = CommandsDocument.of(commands());
        Path file = document();
        if (Boolean.getBoolean("anax.docs.write")) {
            Files.writeString(file, text);
        }
        boolean isCurrent = Files.readString(file).equals(text); // both in full would say less than this:
        assertThat(isCurrent)
                .as("docs/commands.md is stale: `make docs` rewrites it")
                .isTrue();
    }

    @Test
    void everyCommandIsDocumented() {
        String text = CommandsDocument.of(commands());
        for (Command command :
                commands().stream().flatMap(CommandsDocument::withSubcommands).toList()) {
            assertThat(text).contains("`" + command.usage().replace("|", "\\|") + "`");
            assertThat(command.summary()).as(command.fullName()).isNotBlank();
            assertThat(command.complexity()).as(command.fullName()).isNotBlank();
            assertThat(command.since()).as(command.fullName()).matches("\\d+\\.\\d+\\.\\d+");
        }
    }

    @Test
    void differencesNameCommandsThatExist() {
        List<String> names = commands().stream()
                .flatMap(command -> Stream.concat(Stream.of(command), command.subcommands().stream()))
                .map(Command::fullName)
                .toList();
        for (IntendedDifference difference : IntendedDifference.values()) {
            assertThat(names).as(difference.what()).containsAll(difference.commands());
        }
    }

    private static Path document() throws URISyntaxException {
        var classes = Limits.class.getProtectionDomain().getCodeSource().getLocation();
        return Path.of(classes.toURI()).resolve("../../../docs/commands.md").normalize();
    }
}
