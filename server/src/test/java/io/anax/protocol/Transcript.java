package io.anax.protocol;

import io.anax.memory.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// What a parser makes of a stream that arrives in pieces: the commands one after the other, then how
/// it ended. Keeps bytes that were not consumed at the front of a buffer that moves each time, as a
/// connection does.
///
/// @param commands the arguments of each command that has any
/// @param end "" when all was read, "…" when something is missing, else the error
record Transcript(List<List<String>> commands, String end) {
    /// Pieces of these sizes; the last one repeats.
    static Transcript of(RespParser parser, byte[] stream, int... pieces) {
        return new Reader(parser).read(stream, pieces);
    }

    static int[] randomPieces(RandomGenerator random, int largest) {
        return random.ints(200, 1, largest + 1).toArray();
    }

    private static final class Reader {
        private final RespParser parser;
        private final Request request = new Request();
        private final List<List<String>> commands = new ArrayList<>();
        private byte[] kept = {};

        Reader(RespParser parser) {
            this.parser = parser;
        }

        Transcript read(byte[] stream, int... pieces) {
            int at = 0;
            for (int i = 0; at < stream.length; i++) {
                int piece = Math.min(pieces[Math.min(i, pieces.length - 1)], stream.length - at);
                byte[] bytes = new byte[kept.length + piece];
                System.arraycopy(kept, 0, bytes, 0, kept.length);
                System.arraycopy(stream, at, bytes, kept.length, piece);
                at += piece;
                if (run(bytes) == RespParser.ERROR) {
                    return new Transcript(commands, parser.error());
                }
            }
            return new Transcript(commands, kept.length == 0 ? "" : "…");
        }

        private int run(byte[] bytes) {
            try (var received = Received.of(bytes)) {
                long done = 0;
                int outcome = parser.parse(received.address(), received.size(), request);
                while (outcome == RespParser.COMPLETE) {
                    assert parser.consumedBytes() > 0;
                    done += parser.consumedBytes();
                    if (request.count() > 0) {
                        commands.add(Received.arguments(request));
                    }
                    outcome = parser.parse(received.address() + done, received.size() - done, request);
                }
                assert request.count() == 0 || outcome == RespParser.COMPLETE;
                assert outcome == RespParser.ERROR || parser.missingBytes() > 0;
                kept = Memory.bytes(received.address() + done, (int) (received.size() - done));
                return outcome;
            }
        }
    }
}
