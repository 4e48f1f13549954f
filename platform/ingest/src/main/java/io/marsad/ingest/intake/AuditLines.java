package io.marsad.ingest.intake;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Joins the lines of Linux audit events: those with the same node, time and serial ({@code audit(TIME:SERIAL)}) are one
 * record, lines joined by newlines, in the order of their first line. An event whose lines come in several batches is
 * several records: senders keep them together. Used by one thread.
 */
final class AuditLines {
    private static final byte[] MARK = "msg=audit(".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD = 400;

    /** A whole event: its record, and the index of its first line. */
    interface Taker {
        void take(byte[] record, int first);
    }

    private record Event(int first, ByteArrayOutputStream lines) {}

    private final Map<String, Event> events = new LinkedHashMap<>();

    /** Keeps a copy of the line when it is one of an audit event; else returns false. */
    boolean take(byte[] b, int offset, int length, int index) {
        int end = offset + length;
        boolean type = startsWith(b, offset, end, "type=");
        if (!type && !startsWith(b, offset, end, "node=")) {
            return false;
        }
        int mark = find(b, offset, Math.min(end, offset + HEAD));
        int close = mark;
        while (close >= 0 && close < end && b[close] != ')') {
            close++;
        }
        if (mark < 0 || close == end || close - mark > 64) {
            return false;
        }
        var id = new String(b, mark, close - mark, StandardCharsets.ISO_8859_1);
        if (!type) {
            id = new String(b, offset, find(b, offset, end) - offset, StandardCharsets.ISO_8859_1).split(" ", 2)[0]
                    + id;
        }
        var event = events.computeIfAbsent(id, i -> new Event(index, new ByteArrayOutputStream(length + 256)));
        if (event.lines.size() + length >= Intake.MAX_RECORD) {
            return false; // a record of its own rather than one that is too long
        }
        if (event.lines.size() > 0) {
            event.lines.write('\n');
        }
        event.lines.write(b, offset, length);
        return true;
    }

    void events(Taker taker) {
        events.values().forEach(e -> taker.take(e.lines.toByteArray(), e.first));
        events.clear();
    }

    private static boolean startsWith(byte[] b, int from, int end, String text) {
        if (end - from < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (b[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Index after {@code msg=audit(}, or -1. */
    private static int find(byte[] b, int from, int end) {
        for (int i = from; i + MARK.length <= end; i++) {
            int k = 0;
            while (k < MARK.length && b[i + k] == MARK[k]) {
                k++;
            }
            if (k == MARK.length) {
                return i + k;
            }
        }
        return -1;
    }
}
