package io.marsad.agent.collect;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.BiConsumer;

/** Makes lines of bytes as they come; a line that is too long is given once, cut, and its rest is skipped. */
final class Lines {
    private final int limit;
    private final BiConsumer<byte[], Boolean> to;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean skipping;
    private long consumed;

    /** @param to takes each line without its end, and whether it was cut */
    Lines(int limit, BiConsumer<byte[], Boolean> to) {
        this.limit = limit;
        this.to = to;
    }

    void add(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                if (!skipping) {
                    give(false);
                }
                consumed += line.size() + 1L;
                line.reset();
                skipping = false;
            } else if (skipping) {
                consumed++;
            } else {
                line.write(bytes[i]);
                if (line.size() == limit) {
                    give(true);
                    skipping = true;
                    consumed += limit;
                    line.reset();
                }
            }
        }
    }

    private void give(boolean cut) {
        var bytes = line.toByteArray();
        int end = bytes.length;
        if (!cut && end > 0 && bytes[end - 1] == '\r') {
            end--;
        }
        if (end > 0) {
            to.accept(end == bytes.length ? bytes : Arrays.copyOf(bytes, end), cut);
        }
    }

    /** How many bytes were given as lines or skipped: without the beginning of a line that has no end yet. */
    long consumed() {
        return consumed;
    }

    boolean skipping() {
        return skipping;
    }

    /** What follows is the rest of a line that was cut. */
    void skip() {
        skipping = true;
    }
}
