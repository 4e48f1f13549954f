package io.marsad.api.ingest;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * The records of one request, as ranges of its body: nothing is copied but the texts that JSON had escaped.
 *
 * <p>Filled and read by one thread.
 */
final class Records {
    private static final int UNFIT = -1;

    private final byte[] body;
    private final ByteArrayOutputStream texts = new ByteArrayOutputStream(0);
    private byte[] unescaped = new byte[0];
    private int[] start = new int[64];
    private int[] length = new int[64];
    private boolean[] isText = new boolean[64];
    private int size;

    Records(byte[] body) {
        this.body = body;
    }

    /** A record that stands in the body as it is. */
    void range(int from, int to) {
        add(from, to - from, false);
    }

    /** A record that JSON had escaped. */
    void text(byte[] utf8) {
        add(texts.size(), utf8.length, true);
        texts.writeBytes(utf8);
    }

    /** An item that cannot be a record; it keeps its index. */
    void unfit() {
        add(0, UNFIT, false);
    }

    private void add(int from, int bytes, boolean text) {
        if (size == start.length) {
            start = Arrays.copyOf(start, size * 2);
            length = Arrays.copyOf(length, size * 2);
            isText = Arrays.copyOf(isText, size * 2);
        }
        start[size] = from;
        length[size] = bytes;
        isText[size++] = text;
    }

    /** After the last record was added. */
    void seal() {
        unescaped = texts.toByteArray();
    }

    int size() {
        return size;
    }

    boolean isFit(int record) {
        return length[record] != UNFIT;
    }

    /** What the record's {@link #offset} is into. Not to be changed. */
    byte[] bytes(int record) {
        return isText[record] ? unescaped : body;
    }

    int offset(int record) {
        return start[record];
    }

    int length(int record) {
        return length[record];
    }
}
