package io.marsad.normalize.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Puts the lines of Linux' audit together to events: lines with the same node, time and serial, even when lines of other
 * events come in between. An event is given when its last line came (EOE or PROCTITLE), at once when a program reported
 * it (those are single lines), when too many others are open, or at {@link #flush()}.
 *
 * <p>Not thread-safe.
 */
public final class AuditdFramer {
    private static final int MAX_OPEN = 16;
    private static final int MAX_BYTES = 1 << 20;

    private final Map<String, Lines> open = new LinkedHashMap<>();
    private final RecordSink sink;

    /** Takes an event: its lines joined by newlines. */
    public interface RecordSink {
        /** @param bytes not to be kept */
        void record(byte[] bytes, int offset, int length) throws IOException;
    }

    private static final class Lines {
        private byte[] bytes = new byte[1024];
        private int used;

        private void add(byte[] from, int offset, int length) {
            int separator = used == 0 ? 0 : 1;
            if (used + separator + length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + separator + length));
            }
            if (separator == 1) {
                bytes[used++] = '\n';
            }
            System.arraycopy(from, offset, bytes, used, length);
            used += length;
        }
    }

    public AuditdFramer(RecordSink sink) {
        this.sink = sink;
    }

    /** Takes one line, without its line end. What is no audit line is given as it is. */
    public void line(byte[] bytes, int offset, int length) throws IOException {
        var line = new String(bytes, offset, Math.min(length, 512), StandardCharsets.ISO_8859_1);
        int stamp = line.indexOf(" msg=audit(");
        int close = stamp < 0 ? -1 : line.indexOf(')', stamp);
        int type = line.startsWith("type=") ? 0 : line.indexOf(" type=") + 1;
        if (close < 0 || type > stamp || !line.startsWith("type=", type)) {
            sink.record(bytes, offset, length);
            return;
        }
        var key = line.substring(0, type) + line.substring(stamp, close);
        var name = line.substring(type + 5, stamp);
        boolean end = name.equals("EOE");
        var lines = open.get(key);
        if (end && lines == null) {
            // All was said with the PROCTITLE.
            return;
        }
        if (lines != null && lines.used + length > MAX_BYTES) {
            close(key);
            lines = null;
        }
        if (lines == null) {
            lines = new Lines();
            open.put(key, lines);
        }
        if (!end) {
            lines.add(bytes, offset, length);
        }
        if (end || name.equals("PROCTITLE") || line.startsWith(" msg='", line.indexOf(" msg=", close))) {
            close(key);
        } else if (open.size() > MAX_OPEN) {
            close(open.keySet().iterator().next());
        }
    }

    private void close(String key) throws IOException {
        var lines = open.remove(key);
        if (lines != null) {
            sink.record(lines.bytes, 0, lines.used);
        }
    }

    /** Gives what is still open: at the end of a file, or when no line came for two seconds. */
    public void flush() throws IOException {
        while (!open.isEmpty()) {
            close(open.keySet().iterator().next());
        }
    }
}
