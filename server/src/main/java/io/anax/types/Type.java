package io.anax.types;

/// The type of a value. The number lies in the header of each entry and in snapshots: it is never
/// used again for something else.
public enum Type {
    STRING(0, "string"),
    LIST(1, "list"),
    SET(2, "set"),
    SORTED_SET(3, "zset"),
    HASH(4, "hash"),
    STREAM(5, "stream");

    private static final Type[] BY_NUMBER = values();

    static {
        for (int number = 0; number < BY_NUMBER.length; number++) {
            assert BY_NUMBER[number].number == number : "a retired number needs a gap in BY_NUMBER";
        }
    }

    private final int number;
    private final String label;

    Type(int number, String label) {
        this.number = number;
        this.label = label;
    }

    public static Type of(int number) {
        return BY_NUMBER[number];
    }

    public int number() {
        return number;
    }

    /// The name that TYPE replies and SCAN ... TYPE understands.
    public String label() {
        return label;
    }
}
