package io.marsad.sigma.correlation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what {@link SnapshotWriter} wrote; whatever the bytes are, the worst is an {@link IOException}. */
final class SnapshotReader {
    private static final int MAX_TEXT = 64 << 10;
    private static final int MAX_TEXTS = 256;

    private final byte[] bytes;
    private final int end;
    private int at;

    SnapshotReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    private byte next() throws IOException {
        if (at >= end) {
            throw new IOException("a correlation snapshot ends too early");
        }
        return bytes[at++];
    }

    long number() throws IOException {
        long left = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte b = next();
            left |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return left >>> 1 ^ -(left & 1);
            }
        }
        throw new IOException("a number in a correlation snapshot is too long");
    }

    /** A number from 0 to a bound. */
    int count(int most) throws IOException {
        long n = number();
        if (n < 0 || n > most) {
            throw new IOException(n + " things where a correlation snapshot has at most " + most);
        }
        return (int) n;
    }

    long fixed() throws IOException {
        long number = 0;
        for (int i = 0; i < 8; i++) {
            number = number << 8 | next() & 0xFF;
        }
        return number;
    }

    long fixedUnlessZero() throws IOException {
        return flag() ? fixed() : 0;
    }

    boolean flag() throws IOException {
        return next() != 0;
    }

    String text() throws IOException {
        int length = count(MAX_TEXT);
        if (end - at < length) {
            throw new IOException("a correlation snapshot ends too early");
        }
        at += length;
        return new String(bytes, at - length, length, StandardCharsets.UTF_8);
    }

    List<String> texts() throws IOException {
        var texts = new ArrayList<String>();
        for (int n = count(MAX_TEXTS); n > 0; n--) {
            texts.add(text());
        }
        return List.copyOf(texts);
    }

    @Nullable
    String @Nullable [] optionalTexts() throws IOException {
        if (!flag()) {
            return null;
        }
        var texts = new @Nullable String[count(MAX_TEXTS)];
        for (int i = 0; i < texts.length; i++) {
            if (flag()) {
                texts[i] = text();
            }
        }
        return texts;
    }

    /** Passes bytes over, which another reader gets. */
    SnapshotReader part() throws IOException {
        long length = fixed();
        if (length < 0 || length > end - at) {
            throw new IOException("a correlation snapshot ends too early");
        }
        at += (int) length;
        return new SnapshotReader(bytes, at - (int) length, at);
    }
}
