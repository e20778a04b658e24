package io.anax.net;

import io.anax.memory.Memory;
import java.io.IOException;

/// One io_uring: a queue of requests to the kernel and a queue of completions, in memory shared
/// with it.
///
/// ```
///  request, 64 B                                     completion, 16 B
///    0 operation 1   1 flags 1     2 variant 2         0 tag 8
///    4 descriptor 4  8 offset 8   16 address 8         8 result 4 (-errno)
///   24 size 4       28 options 4  32 tag 8            12 flags 4; top 16 bits: the buffer
///   40 buffer group 2                                      of a receive
///
///  requests:     head (kernel) … tail (ours)         completions:  head (ours) … tail (kernel)
/// ```
///
/// With DEFER_TASKRUN the kernel writes completions only while we are in [#enter], so all of this
/// belongs to one thread; older kernels write at any time, hence acquire and release.
final class Ring {
    static final int POLL = 6; // operations
    static final int SEND_MESSAGE = 9;
    static final int TIMEOUT = 11;
    static final int ACCEPT = 13;
    static final int CANCEL = 14;
    static final int SEND = 26;
    static final int RECEIVE = 27;

    static final int SELECT_BUFFER = 1 << 5; // flag of a request
    static final int RECEIVE_MULTISHOT = 1 << 1; // variant
    static final int ACCEPT_MULTISHOT = 1; // variant
    static final int POLL_MULTISHOT = 1; // size

    static final int HAS_BUFFER = 1; // flags of a completion
    static final int HAS_MORE = 1 << 1;
    static final int BUFFER_SHIFT = 16;

    private static final int SETUP_CQSIZE = 1 << 3;
    private static final int SETUP_CLAMP = 1 << 4;
    private static final int SETUP_DISABLED = 1 << 6;
    private static final int SETUP_SUBMIT_ALL = 1 << 7;
    private static final int SETUP_COOP_TASKRUN = 1 << 8;
    private static final int SETUP_TASKRUN_FLAG = 1 << 9;
    private static final int SETUP_SINGLE_ISSUER = 1 << 12;
    private static final int SETUP_DEFER_TASKRUN = 1 << 13;
    private static final int ALWAYS = SETUP_CQSIZE | SETUP_CLAMP | SETUP_DISABLED | SETUP_SUBMIT_ALL;
    private static final int COOPERATIVE = ALWAYS | SETUP_COOP_TASKRUN | SETUP_TASKRUN_FLAG;
    private static final int BEST = COOPERATIVE | SETUP_SINGLE_ISSUER | SETUP_DEFER_TASKRUN;

    private static final int FEATURE_SINGLE_MMAP = 1;
    private static final int FEATURE_NODROP = 1 << 1;
    private static final int FEATURE_EXT_ARG = 1 << 8;
    private static final int FEATURE_MIN_TIMEOUT = 1 << 15; // Linux 6.12
    private static final int FEATURES = FEATURE_SINGLE_MMAP | FEATURE_NODROP | FEATURE_EXT_ARG;

    private static final int ENTER_GETEVENTS = 1;
    private static final int ENTER_EXT_ARG = 1 << 3;
    private static final int ENTER_REGISTERED_RING = 1 << 4;
    private static final int REGISTER_ENABLE_RINGS = 12;
    private static final int REGISTER_RING_FDS = 20;
    private static final int SQ_CQ_OVERFLOW = 1 << 1;
    private static final int SQ_TASKRUN = 1 << 2;
    private static final long OFFSET_REQUESTS = 0x1000_0000L;

    /// `struct io_uring_params`: sizes, then the offsets of both queues' fields.
    private static final int PARAMS_SIZE = 120;
    private static final int PARAMS_COMPLETION_COUNT = 4;
    private static final int PARAMS_FLAGS = 8;
    private static final int PARAMS_FEATURES = 20;
    private static final int PARAMS_REQUESTS = 40;
    private static final int PARAMS_COMPLETIONS = 80;
    private static final int HEAD = 0; // of either group of offsets
    private static final int TAIL = 4;
    private static final int MASK = 8;
    private static final int FLAGS = 16; // requests only
    private static final int ARRAY = 24; // requests only
    private static final int ENTRIES = 20; // completions only

    private static final int REQUEST_SIZE = 64;
    private static final int COMPLETION_SIZE = 16;

    /// Scratch: `struct io_uring_getevents_arg` (24 B), then a timespec (16 B); both for [#enter].
    private static final int WAIT_MIN_MICROS = 12;
    private static final int WAIT_TIMESPEC_ADDRESS = 16;
    private static final int WAIT_TIMESPEC = 24;
    private static final int WAIT_SIZE = 40;
    private static final int WAIT_ARGUMENT_SIZE = 24;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final int descriptor;
    private final long rings;
    private final long ringsSize;
    private final long requests;
    private final int requestCount;
    private final long wait = Memory.allocate(WAIT_SIZE);
    private final long requestHeadAt;
    private final long requestTailAt;
    private final long requestFlagsAt;
    private final int requestMask;
    private final long completionHeadAt;
    private final long completionTailAt;
    private final long completions;
    private final int completionMask;
    private final boolean canGather;
    private int enterDescriptor;
    private int enterFlags = ENTER_GETEVENTS;
    private int requestTail; // what we filled; the kernel sees it when we enter
    private int submittedTail;
    private int completionHead;

    /// Created disabled: the thread that calls [#enable()] becomes its only user.
    static Ring open(int requestCount, int completionCount) throws IOException {
        long params = Memory.allocate(PARAMS_SIZE);
        try {
            int descriptor = setup(requestCount, completionCount, BEST, params);
            if (descriptor < 0) {
                descriptor = setup(requestCount, completionCount, COOPERATIVE, params);
            }
            if (descriptor < 0) {
                throw Linux.failure("io_uring_setup", descriptor);
            }
            if ((Memory.getInt(params + PARAMS_FEATURES) & FEATURES) != FEATURES) {
                Linux.close(descriptor);
                throw new IOException("io_uring of this kernel is too old");
            }
            return new Ring(descriptor, params);
        } finally {
            Memory.free(params, PARAMS_SIZE);
        }
    }

    private static int setup(int requestCount, int completionCount, int flags, long params) {
        Memory.fill(params, PARAMS_SIZE, (byte) 0);
        Memory.putInt(params + PARAMS_FLAGS, flags);
        Memory.putInt(params + PARAMS_COMPLETION_COUNT, completionCount);
        return Linux.setupRing(requestCount, params);
    }

    private Ring(int descriptor, long params) throws IOException {
        this.descriptor = descriptor;
        this.requestCount = Memory.getInt(params);
        int completionCount = Memory.getInt(params + PARAMS_COMPLETION_COUNT);
        int array = Memory.getInt(params + PARAMS_REQUESTS + ARRAY);
        int entries = Memory.getInt(params + PARAMS_COMPLETIONS + ENTRIES);
        this.ringsSize = Math.max(
                array + (long) requestCount * Integer.BYTES, entries + (long) completionCount * COMPLETION_SIZE);
        this.rings = mapped(descriptor, ringsSize, 0);
        this.requests = mapped(descriptor, (long) requestCount * REQUEST_SIZE, OFFSET_REQUESTS);
        this.requestHeadAt = rings + Memory.getInt(params + PARAMS_REQUESTS + HEAD);
        this.requestTailAt = rings + Memory.getInt(params + PARAMS_REQUESTS + TAIL);
        this.requestFlagsAt = rings + Memory.getInt(params + PARAMS_REQUESTS + FLAGS);
        this.requestMask = Memory.getInt(rings + Memory.getInt(params + PARAMS_REQUESTS + MASK));
        this.completionHeadAt = rings + Memory.getInt(params + PARAMS_COMPLETIONS + HEAD);
        this.completionTailAt = rings + Memory.getInt(params + PARAMS_COMPLETIONS + TAIL);
        this.completionMask = Memory.getInt(rings + Memory.getInt(params + PARAMS_COMPLETIONS + MASK));
        this.completions = rings + entries;
        this.canGather = (Memory.getInt(params + PARAMS_FEATURES) & FEATURE_MIN_TIMEOUT) != 0;
        this.enterDescriptor = descriptor;
        for (int i = 0; i < requestCount; i++) {
            Memory.putInt(rings + array + (long) i * Integer.BYTES, i); // slot i holds request i, for good
        }
        Memory.fill(wait, WAIT_SIZE, (byte) 0);
        Memory.putLong(wait + WAIT_TIMESPEC_ADDRESS, wait + WAIT_TIMESPEC);
    }

    private static long mapped(int descriptor, long size, long offset) throws IOException {
        long address = Linux.mapRing(descriptor, size, offset);
        if (address < 0) {
            Linux.close(descriptor);
            throw Linux.failure("mmap of a ring", (int) address);
        }
        return address;
    }

    int descriptor() {
        return descriptor;
    }

    /// Makes the calling thread the one that uses this ring. Registering the descriptor saves its
    /// look-up in each [#enter]; where that fails it is looked up.
    void enable() {
        int enabled = Linux.registerRing(descriptor, REGISTER_ENABLE_RINGS, 0, 0);
        assert enabled >= 0 : Linux.message(enabled);
        long update = Memory.allocate(16); // struct io_uring_rsrc_update: offset 4, reserved 4, data 8
        Memory.putInt(update, -1); // any free place
        Memory.putInt(update + 4, 0);
        Memory.putLong(update + 8, descriptor);
        if (Linux.registerRing(descriptor, REGISTER_RING_FDS, update, 1) == 1) {
            enterDescriptor = Memory.getInt(update);
            enterFlags |= ENTER_REGISTERED_RING;
        }
        Memory.free(update, 16);
    }

    /// A new request, to be filled by the `put` methods; whoever gets one submits it with [#enter].
    long request(int operation, int target, long tag) {
        if (requestTail - Memory.getIntAcquire(requestHeadAt) == requestCount) { // pairs with the kernel's release
            enter(0, 0); // the queue is full: the kernel takes them all
            assert pendingCount() < requestCount : "the kernel takes no requests";
        }
        long request = requests + (long) (requestTail & requestMask) * REQUEST_SIZE;
        requestTail++;
        Memory.putLong(request, operation & 0xFF | (long) target << 32);
        Memory.putLong(request + 8, 0);
        Memory.putLong(request + 16, 0);
        Memory.putLong(request + 24, 0);
        Memory.putLong(request + 32, tag);
        Memory.putLong(request + 40, 0);
        Memory.putLong(request + 48, 0);
        Memory.putLong(request + 56, 0);
        return request;
    }

    /// The place of a request among [#requestCount()]; another one has it only after it was
    /// submitted.
    int place(long request) {
        return (int) (request - requests) / REQUEST_SIZE;
    }

    int requestCount() {
        return requestCount;
    }

    static void putFlags(long request, int flags) {
        Memory.putByte(request + 1, (byte) flags);
    }

    static void putVariant(long request, int variant) {
        Memory.putShort(request + 2, (short) variant);
    }

    static void putData(long request, long address, int size) {
        Memory.putLong(request + 16, address);
        Memory.putInt(request + 24, size);
    }

    static void putOptions(long request, int options) {
        Memory.putInt(request + 28, options);
    }

    static void putBufferGroup(long request, int group) {
        Memory.putShort(request + 40, (short) group);
    }

    /// Requests that the kernel has not seen.
    int pendingCount() {
        return requestTail - submittedTail;
    }

    /// Whether [#enter] would bring something: requests to submit, or completions that the kernel
    /// holds.
    boolean wantsEnter() {
        return requestTail != submittedTail || isKernelHolding();
    }

    /// Whether there are completions, here or held by the kernel until the next [#enter].
    boolean hasNews() {
        return completionCount() > 0 || isKernelHolding();
    }

    private boolean isKernelHolding() {
        return (Memory.getIntAcquire(requestFlagsAt) & (SQ_TASKRUN | SQ_CQ_OVERFLOW)) != 0;
    }

    /// Whether the kernel knows [#enter]'s `gatherMicros`.
    boolean canGather() {
        return canGather;
    }

    /// Submits all requests and gets completions; waits until there are `waitCount` in the queue,
    /// or for `timeoutNanos`. Whether the kernel did so is seen in the ring.
    void enter(int waitCount, long timeoutNanos) {
        enter(waitCount, 0, timeoutNanos);
    }

    /// As above; after `gatherMicros`, if not 0, a single completion that came while it waited is enough.
    void enter(int waitCount, int gatherMicros, long timeoutNanos) {
        assert gatherMicros == 0 || canGather;
        publish(requestTailAt, requestTail);
        if (waitCount == 0) {
            Linux.enterRing(enterDescriptor, pendingCount(), 0, enterFlags, 0, 0);
        } else {
            Memory.putInt(wait + WAIT_MIN_MICROS, gatherMicros);
            Memory.putLong(wait + WAIT_TIMESPEC, timeoutNanos / NANOS_PER_SECOND);
            Memory.putLong(wait + WAIT_TIMESPEC + 8, timeoutNanos % NANOS_PER_SECOND);
            int flags = enterFlags | ENTER_EXT_ARG;
            Linux.enterRing(enterDescriptor, pendingCount(), waitCount, flags, wait, WAIT_ARGUMENT_SIZE);
        }
        submittedTail = Memory.getIntAcquire(requestHeadAt);
    }

    /// Why the kernel does nothing: `-errno`, or 0 if it would do something.
    int obstacle() {
        return Math.min(0, Linux.tryEnterRing(enterDescriptor, pendingCount(), enterFlags));
    }

    /// Writes a counter that the kernel reads, after all that it counts. Pairs with the kernel's
    /// acquire.
    static void publish(long address, int value) {
        Memory.putIntRelease(address, value);
    }

    /// Completions that wait to be handled.
    int completionCount() {
        return Memory.getIntAcquire(completionTailAt) - completionHead; // pairs with the kernel's release
    }

    /// The first of them, valid until [#done()].
    long completion() {
        return completions + (long) (completionHead & completionMask) * COMPLETION_SIZE;
    }

    static long tag(long completion) {
        return Memory.getLong(completion);
    }

    static int result(long completion) {
        return Memory.getInt(completion + 8);
    }

    static int flags(long completion) {
        return Memory.getInt(completion + 12);
    }

    /// The first completion was read: its place is the kernel's again.
    void done() {
        completionHead++;
        publish(completionHeadAt, completionHead);
    }

    /// All operations must have ended: the kernel no longer touches any memory of ours.
    void close() {
        Linux.close(descriptor);
        Linux.unmap(requests, (long) requestCount * REQUEST_SIZE);
        Linux.unmap(rings, ringsSize);
        Memory.free(wait, WAIT_SIZE);
    }
}
