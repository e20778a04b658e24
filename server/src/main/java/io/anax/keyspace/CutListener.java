package io.anax.keyspace;

/// Who takes a snapshot: gets each entry as it was at the [Cut].
public interface CutListener {
    /// An entry of the database that had this index at the cut. Each comes once, whole until this
    /// returns; one whose deadline has passed comes too.
    void entry(int tenant, int index, long entry);
}
