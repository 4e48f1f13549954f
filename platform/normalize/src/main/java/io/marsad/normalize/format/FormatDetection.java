package io.marsad.normalize.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Tells formats apart by a record's first bytes and, for JSON, by the keys of its outermost object. */
final class FormatDetection {
    private static final int WINDOWS_WRAPPED = 1;
    private static final int EVENT_ID = 2;
    private static final int WINDOWS_CHANNEL = 4;
    private static final int FALCO_FIELDS = 8;
    private static final int RULE = 16;
    private static final int PRIORITY = 32;
    private static final int EVENT_SOURCE = 64;
    private static final int EVENT_NAME = 128;
    private static final int CATEGORY = 256;
    private static final int CANONICAL_MORE = 512;

    private FormatDetection() {}

    static RecordFormat detect(byte[] bytes, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end && (bytes[at] <= ' ' && bytes[at] >= 0 || isBom(bytes, at, end))) {
            at += bytes[at] < 0 ? 3 : 1;
        }
        if (at < end && bytes[at] == '{') {
            return json(topLevel(bytes, at + 1, end));
        }
        return isAudit(bytes, at, end) ? RecordFormat.AUDITD : RecordFormat.SYSLOG;
    }

    private static boolean isBom(byte[] b, int at, int end) {
        return end - at >= 3 && b[at] == (byte) 0xEF && b[at + 1] == (byte) 0xBB && b[at + 2] == (byte) 0xBF;
    }

    private static RecordFormat json(int keys) {
        if ((keys & WINDOWS_WRAPPED) != 0 || has(keys, EVENT_ID | WINDOWS_CHANNEL)) {
            return RecordFormat.WINDOWS;
        }
        if (has(keys, FALCO_FIELDS | RULE) || has(keys, FALCO_FIELDS | PRIORITY)) {
            return RecordFormat.FALCO;
        }
        if (has(keys, EVENT_SOURCE | EVENT_NAME)) {
            return RecordFormat.CLOUDTRAIL;
        }
        return has(keys, CATEGORY | CANONICAL_MORE) ? RecordFormat.CANONICAL : RecordFormat.JSON;
    }

    private static boolean has(int keys, int all) {
        return (keys & all) == all;
    }

    /** The known keys of the object that starts here; lenient, as the parser judges later. */
    private static int topLevel(byte[] b, int from, int end) {
        int found = 0;
        int depth = 0;
        boolean key = true;
        for (int i = from; i < end; i++) {
            switch (b[i]) {
                case '"' -> {
                    int start = i + 1;
                    for (i = start; i < end && b[i] != '"'; i++) {
                        if (b[i] == '\\') {
                            i++;
                        }
                    }
                    if (key && depth == 0 && i < end) {
                        found |= known(new String(b, start, Math.min(i - start, 32), StandardCharsets.UTF_8));
                        key = false;
                    }
                }
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (--depth < 0) {
                        return found;
                    }
                }
                case ',' -> key |= depth == 0;
                default -> {}
            }
        }
        return found;
    }

    private static int known(String key) {
        return switch (key) {
            case "Event", "winlog" -> WINDOWS_WRAPPED;
            case "EventID", "Id" -> EVENT_ID;
            case "Channel", "LogName", "Provider_Name", "ProviderName", "SourceName", "System" -> WINDOWS_CHANNEL;
            case "output_fields" -> FALCO_FIELDS;
            case "rule" -> RULE;
            case "priority" -> PRIORITY;
            case "eventSource" -> EVENT_SOURCE;
            case "eventName" -> EVENT_NAME;
            case "category" -> CATEGORY;
            case "actor", "target", "action", "outcome", "attributes" -> CANONICAL_MORE;
            default -> 0;
        };
    }

    /** {@code [node=NAME ]type=TYPE msg=audit(}. */
    private static boolean isAudit(byte[] b, int at, int end) {
        var head = new String(Arrays.copyOfRange(b, at, Math.min(end, at + 400)), StandardCharsets.ISO_8859_1);
        int type = head.startsWith("type=") ? 0 : head.startsWith("node=") ? head.indexOf(" type=") + 1 : -1;
        int space = type < 0 ? -1 : head.indexOf(' ', type);
        return space > 0 && head.startsWith("msg=audit(", space + 1);
    }
}
