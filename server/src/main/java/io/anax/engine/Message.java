package io.anax.engine;

/// What one shard sends to another: it arrives there, and comes back when what it asks for is done.
/// Whoever has it may read and write it; the mailbox hands that right over. Reused where it is sent often.
abstract sealed class Message permits Hop, Part, Errand, Notice {
    private final Shard home;
    private boolean isBack;

    Message(Shard home) {
        this.home = home;
    }

    /// The shard that sends it and gets it back.
    final Shard home() {
        return home;
    }

    /// On the shard it was sent to. It calls [#sendBack], at once or in a later turn.
    abstract void arrive(Shard there);

    /// At home again.
    abstract void returned();

    final void sendTo(int shard) {
        isBack = false;
        if (shard == home.id()) {
            arrive(home);
        } else {
            home.mail().send(this, shard);
        }
    }

    final void sendBack(Shard from) {
        if (from == home) {
            returned();
        } else {
            isBack = true;
            from.mail().send(this, home.id());
        }
    }

    /// Out of the mailbox of this shard.
    final void deliver(Shard at) {
        if (isBack) {
            assert at == home;
            returned();
        } else {
            arrive(at);
        }
    }
}
