package io.marsad.normalize.format;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The formats in which records come. */
public enum RecordFormat {
    /** Marsad's own flat event (JSON). */
    CANONICAL,
    /** Any JSON object; the paths are its own. */
    JSON,
    /** A Windows event as JSON, in any of the shapes that {@link WindowsEvent} knows. */
    WINDOWS,
    /** A line of RFC 5424, RFC 3164 or what is sent in their name. */
    SYSLOG,
    /** All lines of one Linux audit event, joined by newlines. */
    AUDITD,
    /** A Falco alert (JSON). */
    FALCO,
    /** One record of AWS CloudTrail (JSON). */
    CLOUDTRAIL;

    /** What stands in the API for "look at the record". */
    public static final String AUTO = "auto";

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As the API and content name it, e.g. {@code windows}. */
    public String label() {
        return label;
    }

    /** The format with this label, or null. */
    public static @Nullable RecordFormat of(String label) {
        for (var format : values()) {
            if (format.label.equals(label)) {
                return format;
            }
        }
        return null;
    }

    /** Which format a record most probably has; {@link #SYSLOG} when nothing else fits. */
    public static RecordFormat detect(byte[] bytes, int offset, int length) {
        return FormatDetection.detect(bytes, offset, length);
    }

    /** A new parser, for one thread; times without a zone are UTC. */
    public RecordParser newParser() {
        return newParser(ZoneOffset.UTC);
    }

    /** @param zone of times that come without (old syslog) */
    public RecordParser newParser(ZoneId zone) {
        return switch (this) {
            case CANONICAL, JSON, FALCO, CLOUDTRAIL -> new JsonParser();
            case WINDOWS -> new WindowsEvent();
            case SYSLOG -> new SyslogParser(zone);
            case AUDITD -> new AuditdParser();
        };
    }
}
