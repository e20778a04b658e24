package io.anax.command;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// What a client did wrong: the text of its error reply, code first (`WRONGTYPE Operation …`).
/// Clients parse these texts, so they are Redis's to the letter. Has no stack trace and costs no more
/// than an object; those thrown often are constants.
///
/// Every byte of a user's that a text repeats has passed [#printable]: a CR or LF in an error would
/// let the user forge a reply.
public final class CommandException extends RuntimeException {
    public static final CommandException WRONG_TYPE =
            error("WRONGTYPE Operation against a key holding the wrong kind of value");
    public static final CommandException SYNTAX = error("ERR syntax error");
    public static final CommandException NOT_AN_INTEGER = error("ERR value is not an integer or out of range");
    public static final CommandException NOT_A_FLOAT = error("ERR value is not a valid float");
    public static final CommandException MIN_OR_MAX_NOT_A_FLOAT = error("ERR min or max is not a float");
    public static final CommandException NOT_A_LEX_RANGE = error("ERR min or max not valid string range item");
    public static final CommandException NO_SUCH_KEY = error("ERR no such key");
    public static final CommandException OUT_OF_RANGE = error("ERR value is out of range");
    public static final CommandException MUST_BE_POSITIVE = error("ERR value is out of range, must be positive");
    public static final CommandException INDEX_OUT_OF_RANGE = error("ERR index out of range");
    public static final CommandException OFFSET_OUT_OF_RANGE = error("ERR offset is out of range");
    public static final CommandException BIT_OFFSET = error("ERR bit offset is not an integer or out of range");
    public static final CommandException BIT_VALUE = error("ERR bit is not an integer or out of range");
    public static final CommandException DB_INDEX_OUT_OF_RANGE = error("ERR DB index is out of range");
    public static final CommandException INVALID_DB_INDEX = error("ERR invalid DB index");
    public static final CommandException SAME_OBJECT = error("ERR source and destination objects are the same");
    public static final CommandException OVERFLOW = error("ERR increment or decrement would overflow");
    public static final CommandException NAN_OR_INFINITY = error("ERR increment would produce NaN or Infinity");
    public static final CommandException SCORE_IS_NAN = error("ERR resulting score is not a number (NaN)");
    public static final CommandException HASH_VALUE_NOT_AN_INTEGER = error("ERR hash value is not an integer");
    public static final CommandException HASH_VALUE_NOT_A_FLOAT = error("ERR hash value is not a float");
    public static final CommandException STRING_TOO_LONG =
            error("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
    public static final CommandException INVALID_CURSOR = error("ERR invalid cursor");
    public static final CommandException TIMEOUT_NOT_A_FLOAT = error("ERR timeout is not a float or out of range");
    public static final CommandException TIMEOUT_OUT_OF_RANGE = error("ERR timeout is out of range");
    public static final CommandException TIMEOUT_NOT_AN_INTEGER =
            error("ERR timeout is not an integer or out of range");
    public static final CommandException TIMEOUT_NEGATIVE = error("ERR timeout is negative");
    public static final CommandException NUMKEYS_NOT_POSITIVE = error("ERR numkeys should be greater than 0");
    public static final CommandException NUMKEYS_TOO_LARGE =
            error("ERR Number of keys can't be greater than number of args");
    public static final CommandException NUMKEYS_NEGATIVE = error("ERR Number of keys can't be negative");
    public static final CommandException INVALID_STREAM_ID =
            error("ERR Invalid stream ID specified as stream command argument");
    public static final CommandException NOT_A_HYPERLOGLOG =
            error("WRONGTYPE Key is not a valid HyperLogLog string value.");
    public static final CommandException BUSY_KEY = error("BUSYKEY Target key name already exists.");
    public static final CommandException NO_AUTHENTICATION = error("NOAUTH Authentication required.");
    public static final CommandException NO_PROTOCOL = error("NOPROTO unsupported protocol version");
    public static final CommandException WRONG_PASSWORD =
            error("WRONGPASS invalid username-password pair or user is disabled.");
    public static final CommandException OUT_OF_MEMORY =
            error("OOM command not allowed when used memory > 'maxmemory'.");
    public static final CommandException LOADING = error("LOADING Redis is loading the dataset in memory");
    public static final CommandException READ_ONLY = error("READONLY You can't write against a read only replica.");
    public static final CommandException EXECUTION_ABORTED =
            error("EXECABORT Transaction discarded because of previous errors.");
    public static final CommandException CROSS_SLOT = error("CROSSSLOT Keys in request don't hash to the same slot");
    public static final CommandException NO_KEYS = error("ERR The command has no key arguments");

    /// How much of a user's arguments an error repeats at most, as in Redis.
    static final int ECHO_MAX_BYTES = 128;

    /// More are not looked at: each takes at least three characters.
    static final int ECHOED_ARGUMENTS_MAX = 2 + ECHO_MAX_BYTES / 3;

    private static final long serialVersionUID = 1;

    private CommandException(String text) {
        super(text, null, false, false);
    }

    /// The whole text of the error, code first. User bytes in it must have passed [#printable].
    public static CommandException error(String text) {
        assert text.indexOf('\r') < 0 && text.indexOf('\n') < 0 : "an error is one line";
        return new CommandException(text);
    }

    /// The whole text of the error, code first.
    public String text() {
        return String.valueOf(getMessage());
    }

    /// As it goes to the client: user bytes were read as ISO 8859-1 and so come out as they came in.
    public byte[] bytes() {
        return text().getBytes(StandardCharsets.ISO_8859_1);
    }

    /// `name` is the full name in lower case: `get`, `client|kill`.
    public static CommandException wrongArity(String name) {
        return error("ERR wrong number of arguments for '" + name + "' command");
    }

    /// The first argument is the unknown name, as the client wrote it.
    public static CommandException unknownCommand(byte[]... arguments) {
        var text = new StringBuilder("ERR unknown command '")
                .append(echo(arguments[0], ECHO_MAX_BYTES))
                .append("', with args beginning with: ");
        int begin = text.length();
        for (int i = 1; i < arguments.length && text.length() - begin < ECHO_MAX_BYTES; i++) {
            int room = ECHO_MAX_BYTES - (text.length() - begin);
            text.append('\'').append(echo(arguments[i], room)).append("' ");
        }
        return error(text.toString());
    }

    /// `container` is the command's name in any case, `subcommand` as the client wrote it.
    public static CommandException unknownSubcommand(byte[] subcommand, String container) {
        return error("ERR unknown subcommand '" + echo(subcommand, ECHO_MAX_BYTES) + "'. Try "
                + container.toUpperCase(Locale.ROOT) + " HELP.");
    }

    /// A subcommand that exists, but not with these arguments: where its count alone does not tell.
    public static CommandException subcommandSyntax(byte[] subcommand, String container) {
        return error("ERR unknown subcommand or wrong number of arguments for '" + echo(subcommand, ECHO_MAX_BYTES)
                + "'. Try " + container.toUpperCase(Locale.ROOT) + " HELP.");
    }

    /// `what` without CR and LF, which become blanks.
    public static String printable(String what) {
        return what.replace('\r', ' ').replace('\n', ' ');
    }

    /// At most `max` bytes of it, one char each.
    private static String echo(byte[] bytes, int max) {
        int size = 0;
        while (size < bytes.length && size < max && bytes[size] != 0) {
            size++; // Redis prints with %s, which ends at a zero
        }
        return printable(new String(bytes, 0, size, StandardCharsets.ISO_8859_1));
    }
}
