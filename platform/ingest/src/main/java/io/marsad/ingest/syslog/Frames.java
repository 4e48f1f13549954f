package io.marsad.ingest.syslog;

/**
 * Cuts a TCP stream into syslog messages (RFC 6587), deciding for each by its first bytes: a number and a space count
 * octets, everything else ends with a line feed. What is longer than the most is cut, the rest of it skipped.
 *
 * <p>One thread uses it.
 */
final class Frames {
    static final int MAX = 64 << 10;
    private static final int MAX_DIGITS = 7;
    private static final int NOT_YET = -1;
    private static final int NO_COUNT = -2;

    /** Takes a message. */
    interface Taker {
        void message(byte[] bytes, int offset, int length);
    }

    private final byte[] buffer = new byte[4 * MAX];
    private int start;
    private int end;
    /** Octets of a message that was cut: still to be passed over. */
    private int skip;
    /** A line that was cut: passed over up to its line feed. */
    private boolean skipLine;

    private long truncated;

    byte[] buffer() {
        return buffer;
    }

    /** Where the next bytes are to be read to. */
    int free() {
        if (start > 0 && (start == end || buffer.length - end < MAX)) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        return end;
    }

    int room() {
        return buffer.length - end;
    }

    /** So many bytes were read: gives the messages that are whole now. */
    void read(int bytes, Taker taker) {
        end += bytes;
        boolean more = true;
        while (more && start < end) {
            more = next(taker);
        }
    }

    /** The stream has ended: what is there without its end is a message too. */
    void finish(Taker taker) {
        if (start < end && skip == 0 && !skipLine) {
            give(start, Math.min(end - start, MAX), taker);
        }
        start = end;
    }

    long truncated() {
        return truncated;
    }

    /** False when more bytes are needed. */
    private boolean next(Taker taker) {
        if (skip > 0) {
            int n = Math.min(skip, end - start);
            skip -= n;
            start += n;
            return true;
        }
        if (skipLine) {
            int feed = feed(end);
            start = feed < 0 ? end : feed + 1;
            skipLine = feed < 0;
            return true;
        }
        int space = countEnd();
        if (space == NOT_YET) {
            return false;
        }
        return space == NO_COUNT ? line(taker) : counted(space, taker);
    }

    /** Index of the space after an octet count. */
    private int countEnd() {
        if (buffer[start] < '1' || buffer[start] > '9') {
            return NO_COUNT;
        }
        int i = start;
        while (i < end && i - start <= MAX_DIGITS && buffer[i] >= '0' && buffer[i] <= '9') {
            i++;
        }
        if (i == end) {
            return NOT_YET;
        }
        return buffer[i] == ' ' && i - start <= MAX_DIGITS ? i : NO_COUNT;
    }

    private boolean counted(int space, Taker taker) {
        int count = 0;
        for (int i = start; i < space; i++) {
            count = count * 10 + buffer[i] - '0';
        }
        int from = space + 1;
        int length = Math.min(count, MAX);
        if (end - from < length) {
            return false;
        }
        if (count > MAX) {
            truncated++;
            skip = count - MAX;
        }
        give(from, length, taker);
        start = from + length;
        return true;
    }

    private boolean line(Taker taker) {
        int feed = feed(Math.min(end, start + MAX + 1));
        if (feed >= 0) {
            give(start, feed - start, taker);
            start = feed + 1;
            return true;
        }
        if (end - start <= MAX) {
            return false;
        }
        truncated++;
        give(start, MAX, taker);
        start += MAX;
        skipLine = true;
        return true;
    }

    private int feed(int to) {
        for (int i = start; i < to; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void give(int from, int length, Taker taker) {
        int n = trimmed(buffer, from, length);
        if (n > 0) {
            taker.message(buffer, from, n);
        }
    }

    /** The length without line ends and zeros at the end. */
    static int trimmed(byte[] bytes, int from, int length) {
        int n = length;
        while (n > 0 && (bytes[from + n - 1] == '\n' || bytes[from + n - 1] == '\r' || bytes[from + n - 1] == 0)) {
            n--;
        }
        return n;
    }
}
