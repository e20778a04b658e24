package io.anax.table;

/// Tells how large an entry is, which a table cannot know: the value belongs to `types`.
public interface EntrySizer {
    /// The size with which the entry was allocated, or 0 when it must stay where it is.
    long size(long entry);
}
