package io.anax.table;

/// Who wants the old content of a table while it changes: a snapshot.
public interface ChangeListener {
    /// The entry in this slot, written before the cut and not yet taken by the walk, is about to be
    /// replaced, removed or changed in place. Called once for an entry; it is whole until this
    /// returns.
    void beforeChange(long bucket, int slot);
}
