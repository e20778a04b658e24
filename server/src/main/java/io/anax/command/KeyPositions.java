package io.anax.command;

import io.anax.command.KeySpec.Counted;
import io.anax.command.KeySpec.Keyword;
import io.anax.command.KeySpec.Option;
import io.anax.command.KeySpec.Range;
import io.anax.memory.GrowingLongs;
import io.anax.memory.Memory;
import io.anax.memory.Workspace;
import io.anax.protocol.Request;
import java.util.List;

/// Which arguments of one request are keys, for commands of any kind. Reused; very many hold memory until
/// [#clear].
///
/// ```
///  found   a key each: its argument in the low 32 bits, the spec that found it in the high ones
/// ```
public final class KeyPositions {
    private static final int COUNT_DIGITS_MAX = 9; // fits an int; no request has as many arguments

    private final GrowingLongs found;

    public KeyPositions(Workspace workspace) {
        found = new GrowingLongs(workspace);
    }

    /// Finds the keys; false if the request is such that the command will refuse it: a wrong count, a
    /// word missing. Then there are none.
    public boolean find(Command command, Request request) {
        return find(command, request, 0);
    }

    /// The same for a command that is the arguments from `begin` on of another: COMMAND GETKEYS.
    boolean find(Command command, Request request, int begin) {
        clear();
        boolean valid = true;
        List<KeySpec> all = command.keySpecs();
        for (int i = 0; i < all.size() && valid; i++) {
            valid = find(all.get(i), i, request, begin);
        }
        if (!valid) {
            clear();
        }
        return valid;
    }

    public int count() {
        return found.size();
    }

    public void clear() {
        found.clear();
    }

    /// The `i`-th key is this argument of the request.
    public int at(int i) {
        return (int) found.get(i);
    }

    /// Which of the command's key specs found it.
    public int spec(int i) {
        return (int) (found.get(i) >>> Integer.SIZE);
    }

    private boolean find(KeySpec spec, int index, Request request, int begin) {
        return switch (spec) {
            case Range range -> {
                int last = range.last() < 0 ? request.count() + range.last() : begin + range.last();
                yield add(index, begin + range.first(), last, range.step(), request);
            }
            case Counted counted -> counted(counted, index, request, begin);
            case Keyword keyword -> keyword(keyword, index, request, begin);
            case Option option -> option(option, index, request, begin);
            case KeySpec.None _, KeySpec.Unknown _ -> true;
        };
    }

    private boolean counted(Counted counted, int index, Request request, int begin) {
        int countAt = begin + counted.countAt();
        if (countAt >= request.count()) {
            return false;
        }
        long keys = decimal(request, countAt);
        if (keys < 0) {
            return false;
        }
        long last = countAt + counted.firstKey() + (keys - 1) * counted.step();
        return last < request.count() && add(index, countAt + counted.firstKey(), (int) last, counted.step(), request);
    }

    private boolean keyword(Keyword keyword, int index, Request request, int begin) {
        boolean backwards = keyword.startFrom() < 0;
        int at = backwards ? request.count() + keyword.startFrom() : begin + keyword.startFrom();
        while (at > begin && at < request.count() && !isWord(request, at, keyword.word())) {
            at += backwards ? -1 : 1;
        }
        if (at <= begin || at >= request.count() - 1) {
            return true; // an option that was not used
        }
        int first = at + 1;
        int last = keyword.last() < 0 ? request.count() + keyword.last() : first + keyword.last();
        if (keyword.last() < 0 && keyword.limit() > 1) {
            last = first + (request.count() - first) / keyword.limit() + keyword.last();
        }
        return add(index, first, last, keyword.step(), request);
    }

    private boolean option(Option option, int index, Request request, int begin) {
        int key = -1;
        for (int at = begin + option.startFrom(); at < request.count(); at++) {
            if (isWord(request, at, option.word())) {
                at++;
                key = at < request.count() ? at : key;
            } else {
                at += values(option.others(), request, at);
            }
        }
        return key < 0 || add(index, key, key, 1, request);
    }

    private static int values(List<KeySpec.Skip> others, Request request, int at) {
        for (int i = 0; i < others.size(); i++) {
            if (isWord(request, at, others.get(i).word())) {
                return others.get(i).values();
            }
        }
        return 0;
    }

    private boolean add(int spec, int first, int last, int step, Request request) {
        if (last >= request.count()) {
            return false;
        }
        for (int at = first; at <= last; at += step) {
            found.add((long) spec << Integer.SIZE | at);
        }
        return true;
    }

    /// The count that argument `i` says; -1 if it says none that could be.
    private static long decimal(Request request, int i) {
        int size = request.length(i);
        if (size == 0 || size > COUNT_DIGITS_MAX) {
            return -1;
        }
        long value = 0;
        for (int k = 0; k < size; k++) {
            int digit = byteOf(request, i, k) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /// `word` is in upper case.
    private static boolean isWord(Request request, int i, String word) {
        if (request.length(i) != word.length()) {
            return false;
        }
        for (int k = 0; k < word.length(); k++) {
            int c = byteOf(request, i, k);
            if ((c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c) != word.charAt(k)) {
                return false;
            }
        }
        return true;
    }

    private static byte byteOf(Request request, int i, int k) {
        return Memory.getByte(request.address(i) + k);
    }
}
