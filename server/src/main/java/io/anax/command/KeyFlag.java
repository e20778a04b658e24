package io.anax.command;

import java.util.Locale;

/// What a command does with the keys of one [KeySpec], in the words and the order of COMMAND INFO:
/// one of the first four says what happens to the value as a whole, the others to the data in it.
public enum KeyFlag {
    /// Reads the value.
    RO,
    /// Reads and changes it.
    RW,
    /// Replaces it without looking.
    OW,
    /// Removes it.
    RM,
    /// Data of the user's is returned, copied or used.
    ACCESS,
    /// Data changes in place.
    UPDATE,
    /// Data is only added.
    INSERT,
    /// Data is only removed.
    DELETE,
    /// It is not a key, but goes where a key of that name would: SPUBLISH.
    NOT_KEY,
    /// There may be keys that this spec does not find.
    INCOMPLETE,
    /// The command's options decide: SET … GET.
    VARIABLE_FLAGS;

    static final int NONE = 0;

    @SuppressWarnings("EnumOrdinal") // bits of this process only: they reach no disk and no wire
    int bit() {
        return 1 << ordinal();
    }

    public boolean in(int flags) {
        return (flags & bit()) != 0;
    }

    String word() {
        return this.compareTo(RM) <= 0 ? name() : name().toLowerCase(Locale.ROOT);
    }

    /// The set that a text like `RW ACCESS DELETE` names.
    static int parse(String words) {
        int flags = NONE;
        for (String word : words.split(" ")) {
            flags |= valueOf(word).bit();
        }
        return flags;
    }
}
