package io.anax.engine;

import java.util.function.Consumer;

/// Something to do on another shard that nobody waits for. It does not come back.
final class Notice extends Message {
    private final Consumer<Shard> what;

    Notice(Shard home, Consumer<Shard> what) {
        super(home);
        this.what = what;
    }

    @Override
    void arrive(Shard there) {
        what.accept(there);
    }

    @Override
    void returned() {
        throw new AssertionError("does not come back");
    }
}
