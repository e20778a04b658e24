package io.anax.engine;

/// What tests may see of a shard that the product keeps to itself.
public final class ShardProbe {
    private ShardProbe() {}

    /// Nothing is under way: no ticket, no fiber, nothing that could go on.
    public static void checkAtRest(Shard shard) {
        shard.queue().checkInvariants();
        check(shard.queue().isEmpty(), shard.queue().count() + " tickets in the queue");
        check(shard.queue().locks().isEmpty(), "intents of nobody");
        check(shard.fibers().count() == 0, shard.fibers().count() + " fibers");
        check(shard.ready().isEmpty(), shard.ready().size() + " that are ready");
        check(!shard.mail().isWaiting(), "mail");
        for (Client client : shard.clients()) {
            check(!client.isWaiting(), "a client that waits");
        }
    }

    /// After its end: no client, no memory.
    public static void checkClosed(Shard shard) {
        check(shard.clients().isEmpty(), shard.clients().size() + " clients");
        check(
                shard.databases().allocator().usedBytes() == 0,
                shard.databases().allocator().usedBytes() + " bytes");
        check(shard.chunks().heldBytes() == 0, shard.chunks().heldBytes() + " bytes of chunks");
        long held = shard.databases().workspace().heldBytes();
        check(held == 0, held + " bytes of what was no data");
    }

    public static int fiberCount(Shard shard) {
        return shard.fibers().count();
    }

    public static long sentCount(Shard shard) {
        return shard.mail().sentCount();
    }

    private static void check(boolean isRight, String found) {
        if (!isRight) {
            throw new AssertionError("at the end: " + found);
        }
    }
}
