package io.anax.engine;

import io.anax.Hot;
import io.anax.Limits;
import io.anax.command.Session;
import io.anax.memory.ByteChain;
import io.anax.protocol.ReplyWriter;
import io.anax.protocol.RespParser;

/// One client of a shard: bytes in, replies out. A connection feeds it and sends what it wrote.
public final class Client {
    private final Shard shard;
    private final Session session;
    private final ByteChain output;
    private final RespParser parser = new RespParser();
    private final InputBuffer input = new InputBuffer();
    private final Runnable closeConnection;
    private boolean broken;

    Client(Shard shard, Session session, ByteChain output, Runnable closeConnection) {
        this.shard = shard;
        this.session = session;
        this.output = output;
        this.closeConnection = closeConnection;
        parser.authenticated(session.authenticated());
        parser.bulkSizeMax(shard.settings().bulkSizeMax());
    }

    public Session session() {
        return session;
    }

    public ByteChain output() {
        return output;
    }

    /// Whether the connection shall be closed once the output has been sent.
    public boolean isClosing() {
        return broken || session.closing();
    }

    /// Whether the client does not read its replies as fast as it asks: no more is read from it until it
    /// has.
    public boolean isBehind() {
        return output.sizeBytes() > Limits.CLIENT_OUTPUT_PAUSE_BYTES;
    }

    /// Ends the connection after what it is owed: CLIENT KILL, an idle client.
    public void kill() {
        broken = true;
        closeConnection.run();
    }

    /// Memory that this client holds now.
    public long heldBytes() {
        return input.capacityBytes() + output.sizeBytes();
    }

    /// Runs all whole commands among what was received so far; keeps the rest. The bytes are the
    /// caller's again when this returns.
    @Hot
    public void received(long address, int size) {
        if (isClosing()) {
            return;
        }
        parser.authenticated(session.authenticated());
        if (input.isEmpty()) {
            long taken = runAll(address, size);
            if (taken < size && !isClosing()) {
                input.append(address + taken, size - taken, believed(parser.missingBytes()));
            }
        } else {
            input.append(address, size, 0);
            input.consume(runAll(input.address(), input.sizeBytes()));
        }
        if (isClosing()) {
            input.clear();
        }
    }

    /// What a client announces is believed in steps: a few bytes must not make us reserve half a gigabyte.
    private long believed(long announcedBytes) {
        return Math.min(announcedBytes, Math.max(Limits.INPUT_BELIEVED_BYTES, 2 * input.sizeBytes()));
    }

    /// Runs batch after batch. Returns how many bytes were whole commands.
    @Hot
    private long runAll(long address, long size) {
        Pipeline pipeline = shard.pipeline();
        long taken = 0;
        while (taken < size && !isClosing()) {
            taken += pipeline.run(address + taken, size - taken, parser, session, output, shard.nowMillis());
            parser.authenticated(session.authenticated()); // AUTH lifts the limits for what follows
            if (pipeline.parseStatus() == RespParser.NEED_MORE) {
                break;
            }
            if (pipeline.parseStatus() == RespParser.ERROR) {
                fail();
            }
        }
        return taken;
    }

    /// The bytes are no protocol: says so, as Redis does, and closes.
    private void fail() {
        ReplyWriter reply = shard.reply();
        reply.into(output, session.resp());
        reply.error("ERR " + parser.error());
        broken = true;
    }

    /// The connection is gone.
    public void close() {
        broken = true;
        input.clear();
        output.clear();
        shard.disconnected(this);
    }
}
