package io.marsad.normalize.format;

import io.marsad.kernel.event.EventBatch;
import java.nio.charset.StandardCharsets;

/**
 * A record of text while it is taken apart. Where it is not UTF-8 it is read as if the broken characters were U+FFFD, and
 * its values are then copies.
 */
final class TextRecord {
    private byte[] b = new byte[0];
    private int start;
    private int end;
    private boolean copied;
    private boolean room;

    /** Starts with a record, without the line ends behind it. */
    void begin(byte[] bytes, int offset, int length, Tape out) {
        out.begin(bytes, offset);
        room = true;
        int stop = offset + length;
        while (stop > offset && (bytes[stop - 1] == '\n' || bytes[stop - 1] == '\r' || bytes[stop - 1] == 0)) {
            stop--;
        }
        copied = !Utf8.valid(bytes, offset, stop);
        if (copied) {
            b = new String(bytes, offset, stop - offset, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
            start = 0;
            end = b.length;
        } else {
            b = bytes;
            start = offset;
            end = stop;
        }
    }

    byte[] bytes() {
        return b;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** Whether all values added found room. */
    boolean complete() {
        return room;
    }

    /** The next such byte at or after a place and before another, or -1. */
    int find(char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (b[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    boolean startsWith(String ascii, int at, int to) {
        if (to - at < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (b[at + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Where the digits that start here end. */
    int digits(int from, int to) {
        int i = from;
        while (i < to && b[i] >= '0' && b[i] <= '9') {
            i++;
        }
        return i;
    }

    /** The number of at most nine digits that stands here; -1 when it is none. */
    int number(int from, int to) {
        if (to <= from || to - from > 9 || digits(from, to) != to) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + b[i] - '0';
        }
        return value;
    }

    String text(int from, int to) {
        return new String(b, from, to - from, StandardCharsets.UTF_8);
    }

    /** Adds what stands between two places. */
    void add(int path, int from, int to, Tape out) {
        add(path, from, to, EventBatch.TEXT, out);
    }

    void add(int path, int from, int to, byte type, Tape out) {
        if (to - from > Tape.MAX_VALUE_BYTES) {
            room = false;
            return;
        }
        room &= copied ? out.add(path, b, from, to - from, type) : out.addFromRecord(path, from, to - from, type);
    }
}
