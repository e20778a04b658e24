package io.anax.keyspace;

import io.anax.Limits;
import io.anax.memory.Memory;
import io.anax.memory.SlabAllocator;
import io.anax.table.Dashtable;
import io.anax.table.Entry;
import io.anax.table.EntryMover;
import io.anax.table.KeyHash;
import io.anax.types.Value;
import java.util.List;

/// Gives back the memory that lies in holes between live entries, when it is more than a tenth; and when
/// memory grows, has holes used first that growing segments left.
///
/// ```
///   wait --too much waste--> plan: blocks to empty --> walk all tables, move what lies there --> wait
/// ```
///
/// A block that runs empty goes back to the system. The walk goes on in slices: all the time while
/// nobody else wants the shard, a tenth of it otherwise. It stops while a snapshot is taken, and keys
/// of suspended commands stay where they are.
///
/// All segments of a table grow at about the same time, each a size up: meanwhile the pages of the size
/// before empty at random, and few become free. At the worst size of a table (a million or five million
/// small keys, say) half of their room was lost, 16 % of all memory. So when memory has grown by some
/// percent, a *round of segments* plans for the pages of their sizes only and moves only them: of a
/// hundredth of the bytes.
public final class Defragmenter implements EntryMover {
    /// Fuller blocks stay: moving much to win little is not worth it.
    private static final double UTILIZATION_MAX = 0.95;

    /// A round that gives back less than one part in so many of the memory wins little.
    private static final int GAIN_DIVISOR = 50;

    /// A round may only make room in blocks for the next one to win; the second in a row that wins little
    /// is followed by a pause.
    private static final int POOR_ROUNDS_MAX = 2;

    /// Between two turns of a shard that has nothing to do.
    private static final long IDLE_TURN_NANOS_MAX = 50_000;

    /// For one part of defragmentation so many of others.
    private static final int BUSY_PARTS = 9;

    private enum Phase {
        WAIT,
        PLAN,
        MOVE,
        END
    }

    private final Databases databases;
    private final SlabAllocator allocator;
    private final Statistics statistics;
    private final Clock clock;
    private Phase phase = Phase.WAIT;
    private boolean segmentsOnly; // this round
    private long reservedAfterRound; // the least since the last round
    private int next; // database that the walk is in
    private long position; // and where there
    private long reservedBefore;
    private boolean hasWon; // the last round, so the next may too
    private int poorRounds; // in a row
    private long pauseMillis = Limits.DEFRAGMENTATION_PAUSE_MILLIS_MIN;
    private long pauseEndMillis;
    private long lastTurnNanos;
    private long othersNanos; // spent by others since the last slice

    public Defragmenter(Databases databases, Clock clock) {
        this.databases = databases;
        this.clock = clock;
        allocator = databases.allocator();
        statistics = databases.statistics();
    }

    /// Whether there is something to do in this turn of the shard; to be asked in each.
    public boolean isDue(long nowMillis) {
        if (databases.isCutUnderWay()) {
            return false;
        }
        if (phase == Phase.WAIT) {
            return mayGiveBack(nowMillis) || isGrowingWithHoles();
        }
        long nanos = clock.nanos();
        long turnNanos = nanos - lastTurnNanos;
        lastTurnNanos = nanos;
        othersNanos += turnNanos;
        return turnNanos <= IDLE_TURN_NANOS_MAX || othersNanos >= BUSY_PARTS * Limits.SLICE_NANOS;
    }

    private boolean mayGiveBack(long nowMillis) {
        return nowMillis >= pauseEndMillis && isWasteful();
    }

    /// Little waste is no reason to begin, but none to stop either: the round before may have left whole
    /// blocks' worth of free pages in blocks that are in use.
    private boolean isWasteful() {
        long used = allocator.usedBytes();
        long reserved = allocator.reservedBytes();
        return (hasWon || reserved - used > Limits.DEFRAGMENTATION_WASTE_BYTES_MIN)
                && reserved > used / 100 * Limits.DEFRAGMENTATION_PERCENT;
    }

    private boolean isGrowingWithHoles() {
        long used = allocator.usedBytes();
        long reserved = allocator.reservedBytes();
        reservedAfterRound = Math.min(reservedAfterRound, reserved); // it grows again from there
        return reserved > reservedAfterRound / 100 * (100 + Limits.SEGMENT_GROWTH_PERCENT)
                && reserved - used > Limits.SEGMENT_WASTE_BYTES_MIN
                && reserved - used > used / 100 * Limits.SEGMENT_WASTE_PERCENT;
    }

    /// Works until the slice is over, when it is due; returns how many steps it made.
    public int run(Slice slice, long nowMillis) {
        if (phase == Phase.WAIT) {
            begin(!mayGiveBack(nowMillis));
        }
        int steps = 0;
        while (phase != Phase.WAIT && !slice.isOver()) {
            step(nowMillis);
            steps++;
        }
        othersNanos = 0;
        lastTurnNanos = clock.nanos();
        return steps;
    }

    private void begin(boolean segmentsOnly) {
        this.segmentsOnly = segmentsOnly;
        phase = Phase.PLAN;
        next = 0;
        position = 0;
        if (segmentsOnly) {
            allocator.beginDefragmentationOfPages(
                    Dashtable.SEGMENT_BYTES_MIN, Dashtable.SEGMENT_BYTES_MAX, UTILIZATION_MAX);
            return;
        }
        statistics.defragmenting = true;
        reservedBefore = allocator.reservedBytes();
        allocator.beginDefragmentation(UTILIZATION_MAX);
    }

    private void step(long nowMillis) {
        switch (phase) {
            case PLAN -> {
                if (!allocator.planSome()) {
                    phase = allocator.pagesToEmpty() == 0 ? Phase.END : Phase.MOVE;
                }
            }
            case MOVE -> move();
            case END -> {
                if (!allocator.endSome()) {
                    end(nowMillis);
                }
            }
            case WAIT -> throw new AssertionError("nothing is under way");
        }
    }

    private void move() {
        List<Database> existing = databases.existing();
        if (next == existing.size()) {
            phase = Phase.END;
            return;
        }
        Database database = existing.get(next);
        position = segmentsOnly ? database.defragmentSegment(position) : database.defragment(position, this);
        next += position == 0 ? 1 : 0;
    }

    private void end(long nowMillis) {
        phase = Phase.WAIT;
        reservedAfterRound = allocator.reservedBytes();
        if (segmentsOnly) {
            return;
        }
        statistics.defragmenting = false;
        long won = reservedBefore - allocator.reservedBytes();
        hasWon = won > reservedBefore / GAIN_DIVISOR;
        if (hasWon) {
            poorRounds = 0;
            pauseMillis = Limits.DEFRAGMENTATION_PAUSE_MILLIS_MIN;
        } else if (++poorRounds >= POOR_ROUNDS_MAX) {
            pause(nowMillis);
        }
    }

    private void pause(long nowMillis) {
        pauseEndMillis = nowMillis + pauseMillis;
        pauseMillis = Math.min(2 * pauseMillis, Limits.DEFRAGMENTATION_PAUSE_MILLIS_MAX);
    }

    @Override
    public long moved(long entry) {
        if (databases.isHeld(KeyHash.hash(Entry.key(entry), Entry.keyLength(entry)))) {
            return entry;
        }
        int parts = Value.moveParts(allocator, entry);
        long moved = movedEntry(entry);
        count(parts + (moved == entry ? 0 : 1), moved == entry ? 1 : 0);
        return moved;
    }

    private long movedEntry(long entry) {
        long size = Value.sizeBytes(entry);
        if (!allocator.shouldMove(entry, size)) {
            return entry;
        }
        long moved = allocator.allocate(size);
        Memory.copy(entry, moved, size);
        allocator.free(entry, size);
        return moved;
    }

    private void count(int moved, int kept) {
        statistics.movedAllocations += moved;
        statistics.keptAllocations += kept;
        if (moved > 0) {
            statistics.movedKeys++;
        } else {
            statistics.keptKeys++;
        }
    }
}
