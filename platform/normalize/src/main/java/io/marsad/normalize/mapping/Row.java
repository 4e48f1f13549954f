package io.marsad.normalize.mapping;

import io.marsad.kernel.event.EventBatch;
import io.marsad.normalize.format.Tape;
import java.util.Arrays;

/** The row being written. What stands in the record is pointed at; all else is copied to the batch's arena. */
final class Row {
    private final Leaves leaves;
    private EventBatch out;
    private int rawAt;
    private long received;
    private final byte[] digits = new byte[20];
    private byte[] scratch = new byte[256];

    Row(Leaves leaves, EventBatch out) {
        this.leaves = leaves;
        this.out = out;
    }

    void begin(EventBatch batch, int rawOffset, long receivedAt) {
        out = batch;
        rawAt = rawOffset;
        received = receivedAt;
    }

    /** When the platform took the record, epoch milliseconds. */
    long received() {
        return received;
    }

    EventBatch batch() {
        return out;
    }

    void addLeaf(int field, int leaf, byte type) {
        addPart(field, leaf, leaves.offset(leaf), leaves.length(leaf), type);
    }

    /** Adds a value of the tape as it is. */
    void addWhole(int field, Tape tape, int leaf) {
        int length = tape.length(leaf);
        int at = tape.inRecord(leaf)
                ? rawAt + tape.offsetInRecord(leaf)
                : out.put(tape.bytes(leaf), tape.offset(leaf), length);
        out.add(field, at, length, tape.type(leaf));
    }

    /** Adds bytes of a leaf's array. */
    void addPart(int field, int leaf, int offset, int length, byte type) {
        int inRecord = leaves.inRecord(leaf, offset);
        int at = inRecord >= 0 ? rawAt + inRecord : out.put(leaves.bytes(leaf), offset, length);
        out.add(field, at, length, type);
    }

    void addBytes(int field, byte[] bytes, int offset, int length, byte type) {
        out.add(field, out.put(bytes, offset, length), length, type);
    }

    void addNumber(int field, long number) {
        int at = digits.length;
        long rest = number < 0 ? -number : number;
        do {
            digits[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        if (number < 0) {
            digits[--at] = '-';
        }
        addBytes(field, digits, at, digits.length - at, EventBatch.NUMBER);
    }

    /** Memory to build a value in, with the first bytes kept. */
    byte[] scratch(int length) {
        if (length > scratch.length) {
            scratch = Arrays.copyOf(scratch, length * 2);
        }
        return scratch;
    }
}
