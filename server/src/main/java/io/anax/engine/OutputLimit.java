package io.anax.engine;

/// How much output may wait for a client before its connection is closed: never more than `hardBytes`, and
/// more than `softBytes` for `softSeconds` at most. 0 means no limit.
public record OutputLimit(long hardBytes, long softBytes, long softSeconds) {
    public static final OutputLimit NONE = new OutputLimit(0, 0, 0);
}
