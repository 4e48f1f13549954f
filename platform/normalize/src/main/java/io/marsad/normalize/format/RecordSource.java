package io.marsad.normalize.format;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** A stream of which one record at a time is held, if it is not too long. */
final class RecordSource {
    private static final int READ = 64 << 10;

    private final InputStream stream;
    private byte[] buffer = new byte[READ];
    private int position;
    private int limit;
    /** Where the record starts that is to be held; -1 when none is. */
    private int mark = -1;

    private boolean tooLong;
    private int start;

    RecordSource(InputStream stream) {
        this.stream = stream;
    }

    byte[] bytes() {
        return buffer;
    }

    /** Where the record last {@link #taken} starts. */
    int start() {
        return start;
    }

    /** The next byte, or -1. */
    int read() throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        return buffer[position++] & 0xFF;
    }

    /** How many bytes can be looked at from {@link #position} without passing them: as many as wanted, or all there are. */
    int peek(int wanted) throws IOException {
        while (limit - position < wanted && fill()) {}
        return limit - position;
    }

    int position() {
        return position;
    }

    /** The byte that was just read is the first of a record. */
    void mark() {
        mark = position - 1;
        tooLong = false;
    }

    /** The length of the record from its mark until here; -1 when it was too long to be held. */
    int taken() {
        int length = tooLong ? -1 : position - mark;
        start = mark;
        mark = -1;
        return length;
    }

    /** Takes the next line, its line end passed but not counted; -1 when it is too long, -2 at the end. */
    int line() throws IOException {
        int c = read();
        if (c < 0) {
            return -2;
        }
        mark();
        while (c >= 0 && c != '\n') {
            while (position < limit && buffer[position] != '\n') {
                position++;
            }
            c = read();
        }
        int length = taken();
        if (length > 0 && c == '\n') {
            length--;
        }
        if (length > 0 && buffer[start + length - 1] == '\r') {
            length--;
        }
        return length;
    }

    private boolean fill() throws IOException {
        if (mark >= 0 && position - mark > RecordFiles.MAX_RECORD_BYTES) {
            tooLong = true;
            mark = position;
        }
        int keep = mark >= 0 ? mark : position;
        if (keep > 0) {
            System.arraycopy(buffer, keep, buffer, 0, limit - keep);
            position -= keep;
            limit -= keep;
            mark = mark >= 0 ? 0 : -1;
        }
        if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int got = stream.read(buffer, limit, buffer.length - limit);
        limit += Math.max(0, got);
        return got > 0;
    }
}
