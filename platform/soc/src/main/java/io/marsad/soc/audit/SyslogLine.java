package io.marsad.soc.audit;

import io.marsad.db.audit.AuditQuery;
import io.marsad.kernel.tenant.TenantId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Entries of an audit log as syslog (RFC 5424), framed by their length (RFC 5425, 4.3). */
final class SyslogLine {
    /** Facility 13 (log audit), severity 6 (informational). */
    private static final int PRIORITY = 13 * 8 + 6;

    private static final int MOST_OF_ACTION = 32;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private SyslogLine() {}

    static byte[] framed(TenantId tenant, List<AuditQuery.Found> entries) {
        var all = new ByteArrayOutputStream();
        for (var entry : entries) {
            var line = line(tenant, entry).getBytes(StandardCharsets.UTF_8);
            all.writeBytes((line.length + " ").getBytes(StandardCharsets.US_ASCII));
            all.writeBytes(line);
        }
        return all.toByteArray();
    }

    /** The hash lets a receiver find two of the same, and prove later what it had. */
    static String line(TenantId tenant, AuditQuery.Found entry) {
        var line = new StringBuilder(400)
                .append('<')
                .append(PRIORITY)
                .append(">1 ")
                .append(TIME.format(entry.at()))
                .append(" - marsad - ")
                .append(id(entry.action()))
                .append(" [audit@32473");
        value(line, "tenant", tenant.value());
        value(line, "seq", Long.toString(entry.seq()));
        value(line, "actor", entry.actor());
        value(line, "action", entry.action());
        value(line, "object", entry.object());
        value(line, "request_id", entry.requestId());
        value(line, "address", entry.address());
        value(line, "hash", HexFormat.of().formatHex(entry.hash()));
        return line.append("] \ufeff").append(entry.detail()).toString();
    }

    /** A MSGID: printable ASCII without spaces. */
    private static String id(String action) {
        var id = action.replaceAll("[^!-~]", "_");
        return id.isEmpty() ? "-" : id.substring(0, Math.min(id.length(), MOST_OF_ACTION));
    }

    private static void value(StringBuilder to, String name, String value) {
        to.append(' ').append(name).append("=\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\' || c == ']') {
                to.append('\\');
            }
            to.append(c);
        }
        to.append('"');
    }
}
