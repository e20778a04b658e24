package io.anax.table;

/// Moves entries for a defragmentation: a table knows where they are, but not how large, nor what
/// hangs on them; that belongs to `types`.
public interface EntryMover {
    /// Moves the entry if it lies where it should not, with what hangs on it. Returns where it is now;
    /// the table forgets the old address.
    long moved(long entry);
}
