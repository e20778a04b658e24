package io.anax.command;

import static io.anax.command.CommandFamily.family;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.anax.memory.Memory;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Names to commands.
final class CommandTableTest {
    private static final Handler NOTHING = ctx -> {};
    private static final String NAME_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-0123456789";
    private static final int LOOKUPS = 200_000;

    @Test
    void aNameIsFoundInAnyCase() {
        var table = new CommandTable(family("string").add("GET key", NOTHING).add("GETRANGE key start end", NOTHING));
        for (String name : new String[] {"GET", "get", "gEt"}) {
            assertThat(find(table, name)).hasToString("get");
        }
        assertThat(find(table, "GeTrAnGe")).hasToString("getrange");
        for (String name :
                new String[] {"", "g", "ge", "getr", "getrang", "getrangee", "g%t", "get\0", "GET ", "'ET"}) {
            assertThat(find(table, name)).as(name).isNull();
        }
    }

    @Test
    void namesOfAllSizesAreToldApart() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var names = new HashSet<String>();
        for (int i = 0; i < 1000; i++) {
            names.add(name(random, 1 + random.nextInt(NameIndex.NAME_SIZE_MAX)));
        }
        var family = family("string");
        names.forEach(name -> family.add(name, NOTHING));
        var table = new CommandTable(family);
        assertThat(table.count()).isEqualTo(names.size());
        for (String name : names) {
            assertThat(find(table, name.toLowerCase(Locale.ROOT)))
                    .as("seed " + seed)
                    .hasToString(name.toLowerCase(Locale.ROOT));
            String other = changed(name, random);
            var found = find(table, other);
            assertThat(found != null)
                    .as("seed %d, %s", seed, other)
                    .isEqualTo(names.contains(other.toUpperCase(Locale.ROOT)));
        }
    }

    private static String name(Random random, int size) {
        var name = new StringBuilder("A");
        while (name.length() < size) {
            name.append(NAME_LETTERS.charAt(random.nextInt(NAME_LETTERS.length())));
        }
        return name.toString();
    }

    /// One bit of one byte is another.
    private static String changed(String name, Random random) {
        char[] chars = name.toCharArray();
        chars[random.nextInt(chars.length)] ^= (char) (1 << random.nextInt(8));
        return new String(chars);
    }

    @Test
    void aSubcommandIsFoundInItsContainer() {
        var table = new CommandTable(family("generic")
                .container("OBJECT")
                .add("OBJECT ENCODING key", NOTHING)
                .add("OBJECT FREQ key", NOTHING)
                .add("DEL key [key ...]", NOTHING, Gather.SUM));
        var container = find(table, "object");
        assertThat(container.isContainer()).isTrue();
        assertThat(table.commands()).hasSize(2);
        assertThat(table.count()).isEqualTo(4);
        var freq = onAddress("Freq", container::subcommand);
        assertThat(freq.fullName()).isEqualTo("object|freq");
        assertThat(freq.name()).isEqualTo("freq");
        assertThat(onAddress("nosuch", container::subcommand)).isNull();
        assertThat(onAddress("object|freq", table::findByFullName)).isSameAs(freq);
        assertThat(onAddress("del|freq", table::findByFullName)).isNull();
        for (int id = 0; id < table.count(); id++) {
            assertThat(table.command(id).id()).isEqualTo(id);
        }
    }

    @Test
    void twoCommandsOfOneNameAreRefused() {
        var family = family("string").add("GET key", NOTHING).add("GET key value", NOTHING);
        assertThatThrownBy(() -> new CommandTable(family)).hasMessageContaining("two commands are called 'get'");
    }

    @Test
    void keysOfManyKinds() {
        var table = new CommandTable(family("generic")
                .add("GET key", NOTHING)
                .add("RENAME key newkey", NOTHING, CommandFlag.WRITE)
                .add("MSET key value [key value ...]", NOTHING)
                .add("LMPOP numkeys key [key ...] <LEFT | RIGHT>", NOTHING)
                .add("ZUNIONSTORE destination numkeys key [key ...]", NOTHING));
        assertThat(find(table, "get").oneKey()).isTrue();
        assertThat(find(table, "get").firstKey()).isEqualTo(1);
        assertThat(find(table, "rename").oneKey()).isFalse();
        assertThat(find(table, "rename").lastKey(3)).isEqualTo(2);
        assertThat(find(table, "mset").lastKey(5)).isEqualTo(4);
        assertThat(find(table, "mset").keyStep()).isEqualTo(2);
        assertThat(find(table, "lmpop").firstKey()).isZero();
        assertThat(find(table, "lmpop").has(CommandFlag.MOVABLEKEYS)).isTrue();
        assertThat(find(table, "zunionstore").oneKey()).isFalse();
        assertThat(find(table, "zunionstore").has(CommandFlag.MOVABLEKEYS)).isTrue();
    }

    @Test
    void lookingUpAllocatesNothing() {
        var table = new CommandTable(family("string")
                .add("GET key", NOTHING)
                .add("GETRANGE key start end", NOTHING)
                .add("INCR key", NOTHING));
        byte[] names = "getrangeincr".getBytes(StandardCharsets.US_ASCII);
        long at = Memory.allocate(names.length);
        Memory.copy(names, 0, at, names.length);
        int found = lookUp(table, at, 0); // compiled by now
        load(at);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        long before = threads.getThreadAllocatedBytes(thread);
        found = lookUp(table, at, found);
        long between = threads.getThreadAllocatedBytes(thread);
        long loaded = load(at);
        long after = threads.getThreadAllocatedBytes(thread);
        Memory.free(at, names.length);
        assertThat(found).isEqualTo(2 * 3 * LOOKUPS);
        assertThat(loaded).isNotZero();
        // Checked memory allocates at each access, so what counts is what lookups allocate beyond that.
        // Less than a byte each is the measuring itself.
        assertThat((between - before) - (after - between)).isLessThan(LOOKUPS);
    }

    /// As many accesses to memory as [#lookUp] makes.
    private static long load(long names) {
        long sum = 0;
        for (int i = 0; i < LOOKUPS; i++) {
            sum += Memory.getByte(names) + Memory.getByte(names + 1) + Memory.getByte(names + 2);
            sum += Memory.getLong(names) + Memory.getLong(names);
            sum += Memory.getInt(names + 8) + Memory.getInt(names + 8);
        }
        return sum;
    }

    private static int lookUp(CommandTable table, long names, int found) {
        for (int i = 0; i < LOOKUPS; i++) {
            found += table.find(names, 3) == null ? 0 : 1;
            found += table.find(names, 8) == null ? 0 : 1;
            found += table.find(names + 8, 4) == null ? 0 : 1;
        }
        return found;
    }

    private interface Finder {
        Command find(long name, int size);
    }

    private static Command find(CommandTable table, String name) {
        return onAddress(name, table::find);
    }

    private static Command onAddress(String name, Finder finder) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        long at = Memory.allocate(Math.max(1, bytes.length));
        Memory.copy(bytes, 0, at, bytes.length);
        try {
            return finder.find(at, bytes.length);
        } finally {
            Memory.free(at, Math.max(1, bytes.length));
        }
    }
}
