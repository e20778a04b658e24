package io.anax.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.anax.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ConfigurationDocumentTest {
    @Test
    void everyDirectiveIsDocumented() throws Exception {
        var classes = Limits.class.getProtectionDomain().getCodeSource().getLocation();
        String text = Files.readString(Path.of(classes.toURI())
                .resolve("../../../docs/configuration.md")
                .normalize());
        for (Directive directive : Directive.all()) {
            var row = text.lines()
                    .filter(line -> line.startsWith("| ") && line.split(" \\| ")[0].contains(directive.word()))
                    .findFirst();
            assertThat(row).as(directive.word()).isPresent();
            assertThat(row.get()).as(directive.word()).contains(directive.byDefault());
            assertThat(row.get().contains(" yes |")).as(directive.word()).isEqualTo(directive.isMutable());
        }
    }
}
