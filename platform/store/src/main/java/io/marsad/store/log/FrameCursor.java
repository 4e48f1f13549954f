package io.marsad.store.log;

import io.marsad.kernel.log.RecordBatch;
import io.marsad.store.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Looks at frames of one file, through a window of memory. One thread uses it. */
final class FrameCursor {
    private static final int WINDOW = 256 << 10;

    private final DiskFile file;
    private final long marker;
    private byte[] window = new byte[0];
    private long windowStart;
    private int windowLength;

    private int at;
    private int total;
    private int records;
    private long offset;
    private long durable;

    FrameCursor(DiskFile file, long marker) {
        this.file = file;
        this.marker = marker;
    }

    /**
     * True when a whole, right frame starts at the position and ends before the limit; the facts about it are then to be
     * had from the other methods. Bytes at and after the limit are never looked at.
     */
    boolean frameAt(long position, long limit) throws IOException {
        if (!load(position, Frame.HEADER, limit)) {
            return false;
        }
        var in = ByteBuffer.wrap(window);
        at = (int) (position - windowStart);
        if (in.getLong(at) != marker || in.getInt(at + 36) != Frame.crc(window, at, 36)) {
            return false;
        }
        int payload = in.getInt(at + 8);
        int length = Frame.align(Frame.HEADER + payload);
        if (payload <= 0 || length > Frame.MAX || !load(position, length, limit)) {
            return false;
        }
        in = ByteBuffer.wrap(window);
        at = (int) (position - windowStart);
        if (in.getInt(at + 32) != Frame.crc(window, at + Frame.HEADER, payload)) {
            return false;
        }
        total = length;
        records = in.getInt(at + 12);
        offset = in.getLong(at + 16);
        durable = in.getLong(at + 24);
        return true;
    }

    /** The header alone, for skipping: true when it is right; the payload is not looked at. */
    boolean headerAt(long position, long limit) throws IOException {
        if (!load(position, Frame.HEADER, limit)) {
            return false;
        }
        var in = ByteBuffer.wrap(window);
        at = (int) (position - windowStart);
        if (in.getLong(at) != marker || in.getInt(at + 36) != Frame.crc(window, at, 36)) {
            return false;
        }
        total = Frame.align(Frame.HEADER + in.getInt(at + 8));
        records = in.getInt(at + 12);
        offset = in.getLong(at + 16);
        durable = in.getLong(at + 24);
        return position + total <= limit;
    }

    /** Where the next right frame starts, at or after the position, that has records from the offset on; or -1. */
    long next(long position, long limit, long leastOffset) throws IOException {
        for (long p = (position + 7) & ~7L; p + Frame.HEADER <= limit; p += 8) {
            if (!load(p, 8, limit)) {
                return -1;
            }
            int i = (int) (p - windowStart);
            // the whole window at once: this also runs over megabytes of preallocated zeros
            int last = windowLength - 8;
            var in = ByteBuffer.wrap(window);
            while (i <= last && in.getLong(i) != marker) {
                i += 8;
            }
            p = windowStart + i;
            if (i <= last && frameAt(p, limit) && offset + records > leastOffset) {
                return p;
            }
            if (i > last) {
                p -= 8;
            }
        }
        return -1;
    }

    /** True when there is a byte other than zero in the range. */
    boolean anything(long from, long to) throws IOException {
        for (long p = from; p < to; ) {
            int n = (int) Math.min(WINDOW, to - p);
            if (!load(p, n, to)) {
                return false;
            }
            int start = (int) (p - windowStart);
            for (int i = start; i < start + n; i++) {
                if (window[i] != 0) {
                    return true;
                }
            }
            p += n;
        }
        return false;
    }

    /** Length of the frame on disk. */
    int total() {
        return total;
    }

    int records() {
        return records;
    }

    long offset() {
        return offset;
    }

    /** What was durable when the frame was written. */
    long durable() {
        return durable;
    }

    RecordBatch batch() {
        return Frame.decode(window, at);
    }

    /** Brings the range into the window; false when it goes beyond the limit or the file. */
    private boolean load(long position, int length, long limit) throws IOException {
        if (position + length > limit) {
            return false;
        }
        if (position >= windowStart && position + length <= windowStart + windowLength) {
            return true;
        }
        int wanted = (int) Math.min(Math.max(length, WINDOW), limit - position);
        if (window.length < wanted || window.length > 4 * WINDOW && wanted <= WINDOW) {
            window = new byte[Math.max(WINDOW, wanted)];
        }
        windowStart = position;
        windowLength = 0;
        windowLength = file.read(ByteBuffer.wrap(window, 0, wanted), position);
        return windowLength >= length;
    }
}
