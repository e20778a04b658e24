package io.anax.engine;

import io.anax.command.Gather;
import io.anax.memory.ByteChain;
import io.anax.memory.GrowingLongs;
import io.anax.memory.Memory;
import io.anax.protocol.ReplyWriter;
import io.anax.protocol.RespReply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes one reply of the replies of several shards, as [Gather] says. A shard's error is the reply then.
final class GatheredReply {
    /// Enough of a reply to read its first line, when that is a number.
    private static final int HEAD_BYTES = 32;

    private GatheredReply() {}

    /// `partOfKey` says for IN_ORDER which part has the element of each key. The parts are empty afterwards.
    static void write(Gather how, List<Part> parts, GrowingLongs partOfKey, ReplyWriter reply) {
        long head = Memory.allocate(HEAD_BYTES);
        try {
            Part failed = failed(parts, head);
            if (failed != null) {
                reply.raw(failed.replies());
            } else {
                write(how, parts, partOfKey, reply, head);
            }
        } finally {
            Memory.free(head, HEAD_BYTES);
        }
    }

    private static @Nullable Part failed(List<Part> parts, long head) {
        for (Part part : parts) {
            peek(part.replies(), head);
            if (RespReply.kind(head) == '-') {
                return part;
            }
        }
        return null;
    }

    private static void write(Gather how, List<Part> parts, GrowingLongs partOfKey, ReplyWriter reply, long head) {
        switch (how) {
            case OK -> reply.ok();
            case SUM -> reply.integer(sumOfNumbers(parts, head));
            case CONCAT -> {
                reply.array(sumOfNumbers(parts, head));
                for (Part part : parts) {
                    dropHeader(part.replies(), head);
                    reply.raw(part.replies());
                }
            }
            case IN_ORDER -> inOrder(parts, partOfKey, reply, head);
            case COORDINATE -> throw new AssertionError("has one reply");
        }
    }

    /// Of integers the values, of arrays the counts.
    private static long sumOfNumbers(List<Part> parts, long head) {
        long sum = 0;
        for (Part part : parts) {
            peek(part.replies(), head);
            sum += RespReply.number(head);
        }
        return sum;
    }

    private static void inOrder(List<Part> parts, GrowingLongs partOfKey, ReplyWriter reply, long head) {
        reply.array(partOfKey.size());
        for (Part part : parts) {
            dropHeader(part.replies(), head);
        }
        for (int key = 0; key < partOfKey.size(); key++) {
            ByteChain from = parts.get((int) partOfKey.get(key)).replies();
            int size = peek(from, head);
            long header = RespReply.headerSize(head, size);
            from.moveTo(reply.output(), header + payloadSize(head));
        }
    }

    /// Elements are bulks or nothing: they have no parts.
    private static long payloadSize(long head) {
        if (RespReply.kind(head) != '$') {
            return 0;
        }
        long length = RespReply.number(head);
        return length < 0 ? 0 : length + 2; // CR LF
    }

    private static void dropHeader(ByteChain from, long head) {
        int size = peek(from, head);
        from.consume((int) RespReply.headerSize(head, size));
    }

    /// Copies the first bytes to `head`; returns how many.
    private static int peek(ByteChain from, long head) {
        int size = 0;
        for (int i = 0; i < from.pieceCount() && size < HEAD_BYTES; i++) {
            int piece = Math.min(HEAD_BYTES - size, from.pieceSize(i));
            Memory.copy(from.pieceAddress(i), head + size, piece);
            size += piece;
        }
        return size;
    }
}
