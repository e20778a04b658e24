package io.anax.command;

import java.util.List;

/// Where keys of a command stand among its arguments; the command's name is argument 0. A command
/// has one spec for each group of its keys: RENAME two, MSET one, GET one.
///
/// ```
///  MSET  key value key value           Range    first 1, last -1, step 2
///  BLPOP key key key timeout           Range    first 1, last -2, step 1
///  EVAL  script 2 key key arg          Counted  countAt 2, firstKey 1, step 1
///  XREAD COUNT 5 STREAMS key key id id Keyword  STREAMS, startFrom 1, last -1, step 1, limit 2
///  SORT  key LIMIT 0 5 STORE key       Option   STORE, startFrom 2, behind LIMIT (2 values), …
/// ```
public sealed interface KeySpec {
    /// No keys. A command that names it has none, whatever its usage line looks like.
    record None() implements KeySpec {}

    /// From argument `first` to argument `last`; a negative `last` counts from the end, -1 being the
    /// last argument.
    record Range(int first, int last, int step) implements KeySpec {}

    /// Argument `countAt` says how many keys follow; the first is `firstKey` arguments behind it.
    record Counted(int countAt, int firstKey, int step) implements KeySpec {}

    /// The first key follows the word, which is looked for from argument `startFrom` on (from the end
    /// backwards where negative). `last` is 0 for one key, -1 for all to the end; a `limit` of 2 means
    /// that keys are only half of those.
    record Keyword(String word, int startFrom, int last, int step, int limit) implements KeySpec {}

    /// One key follows the last option of this name. The other options' values are skipped, for they
    /// might look like it. COMMAND INFO has no word for this and says "unknown".
    record Option(String word, int startFrom, List<Skip> others) implements KeySpec {}

    /// An option that has so many values.
    record Skip(String word, int values) {}

    /// Keys that only running the command tells: SORT … BY.
    record Unknown() implements KeySpec {}

    static KeySpec none() {
        return new None();
    }

    static KeySpec at(int position) {
        return new Range(position, position, 1);
    }

    static KeySpec range(int first, int last, int step) {
        return new Range(first, last, step);
    }

    static KeySpec counted(int countAt) {
        return new Counted(countAt, 1, 1);
    }

    /// One key behind a word.
    static KeySpec keyword(String word, int startFrom) {
        return new Keyword(word, startFrom, 0, 1, 0);
    }

    static KeySpec keyword(String word, int startFrom, int last, int step, int limit) {
        return new Keyword(word, startFrom, last, step, limit);
    }

    static KeySpec option(String word, int startFrom, Skip... others) {
        return new Option(word, startFrom, List.of(others));
    }

    static Skip skip(String word, int values) {
        return new Skip(word, values);
    }

    static KeySpec unknown() {
        return new Unknown();
    }
}
