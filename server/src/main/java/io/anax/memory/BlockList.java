package io.anax.memory;

/// Blocks in no order. Each bears its own index, so that one can be taken out at once.
final class BlockList {
    /// Where a block bears its index: its owner leaves these 4 bytes alone.
    static final int INDEX = 36;

    private final LongList blocks = new LongList();

    void add(long block) {
        Memory.rawPutInt(block + INDEX, blocks.size());
        blocks.add(block);
    }

    void remove(long block) {
        int index = Memory.rawGetInt(block + INDEX);
        assert blocks.get(index) == block : "block " + block + " is not number " + index;
        long last = blocks.get(blocks.size() - 1);
        blocks.set(index, last);
        Memory.rawPutInt(last + INDEX, index);
        blocks.truncate(blocks.size() - 1);
    }

    long get(int index) {
        return blocks.get(index);
    }

    int size() {
        return blocks.size();
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    void checkInvariants() {
        for (int i = 0; i < blocks.size(); i++) {
            assert Memory.rawGetInt(blocks.get(i) + INDEX) == i : "block " + blocks.get(i) + " is not number " + i;
        }
    }
}
