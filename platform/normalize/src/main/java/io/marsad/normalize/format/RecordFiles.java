package io.marsad.normalize.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;

/**
 * Reads log files of any kind record by record, deciding by what is in them: Windows event logs (EVTX), JSON (one object
 * a line, one after the other, in an array, or as CloudTrail's {@code {"Records":[…]}}), lines of syslog, Linux audit
 * logs (lines of one event together), Zeek's tables; each also compressed with gzip, or several in a zip.
 *
 * <p>Holds one record at a time. What cannot be a record is counted with its reason and passed over; so is a packed file
 * that is damaged or of no known kind, or that grows beyond reason while it is unpacked ({@value UnpackBudget#RATIO}
 * times its size, the first {@value UnpackBudget#FREE} bytes aside).
 */
public final class RecordFiles {
    /** Longer records are refused. */
    public static final int MAX_RECORD_BYTES = 1 << 20;

    private static final int LOOK = 16 << 10;
    private static final int MAX_NESTING = 3;
    private static final Pattern WRAPPED = Pattern.compile("\\s*\\{\\s*\"Records\"\\s*:\\s*\\[.*", Pattern.DOTALL);

    /** A syslog priority or header, an audit line, or a time somewhere in the first line. */
    private static final Pattern LOG_LINE = Pattern.compile(
            "<\\d{1,3}>|(node=\\S+ )?type=\\S+ msg=audit\\(|[A-Z][a-z]{2} [ 0-3]\\d |[^\\r\\n]{0,300}\\d{1,2}:\\d{2}:\\d{2}");

    private final Sink sink;
    private final UnpackBudget budget;
    private final Counts counts = new Counts();

    /** Takes records. */
    public interface Sink {
        /**
         * @param format what the record most probably is
         * @param bytes not to be kept or changed: the next record is read into them
         */
        void record(RecordFormat format, byte[] bytes, int offset, int length) throws IOException;

        /** The records that follow are of this file in an archive; its name is as the archive has it. */
        default void entry(String name) throws IOException {}
    }

    /**
     * What was read.
     *
     * @param refused what could not be a record
     * @param reasons why, and how often
     */
    public record Summary(long records, long refused, Map<String, Long> reasons) {
        public Summary {
            reasons = Map.copyOf(reasons);
        }
    }

    /** Counts as it goes. */
    static final class Counts {
        private long records;
        private long refused;
        private final Map<String, Long> reasons = new TreeMap<>();
        /** The file in the archive that is being read. */
        private String entry = "";

        void record() {
            records++;
        }

        void refuse(String reason) {
            refuse(reason, 1);
        }

        void refuse(String reason, long times) {
            refused += times;
            reasons.merge(entry.isEmpty() ? reason : entry + ": " + reason, times, Long::sum);
        }
    }

    private RecordFiles(Sink sink, UnpackBudget budget) {
        this.sink = sink;
        this.budget = budget;
    }

    /**
     * Gives each record of a file to the sink.
     *
     * @throws IOException when the file cannot be read, is of no known kind, or the sink says so
     */
    public static Summary read(Path file, Sink sink) throws IOException {
        try (var stream = Files.newInputStream(file)) {
            return read(stream, sink);
        }
    }

    /** As {@link #read(Path, Sink)}, from a stream, which stays open. */
    public static Summary read(InputStream stream, Sink sink) throws IOException {
        var budget = new UnpackBudget(stream);
        var files = new RecordFiles(sink, budget);
        files.read(budget, 0);
        return new Summary(files.counts.records, files.counts.refused, files.counts.reasons);
    }

    /** Whether the file looks like a log by its first bytes: a kind that {@link #read} knows, text only with times. */
    public static boolean isLog(Path file) throws IOException {
        byte[] head;
        try (var stream = Files.newInputStream(file)) {
            head = stream.readNBytes(LOOK);
        }
        if (EvtxReader.isEvtx(head, head.length) || isPacked(head)) {
            return true;
        }
        var text = new String(head, StandardCharsets.ISO_8859_1);
        if (text.indexOf('\0') >= 0) {
            return false;
        }
        int start = text.startsWith("\u00EF\u00BB\u00BF") ? 3 : 0;
        var first = text.substring(start).stripLeading();
        return first.startsWith("{")
                || isArray(first)
                || ZeekTable.isOne(first)
                || LOG_LINE.matcher(first).lookingAt();
    }

    private static boolean isPacked(byte[] head) {
        boolean gzip = head.length >= 2 && head[0] == 0x1F && head[1] == (byte) 0x8B;
        return gzip || head.length >= 4 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4;
    }

    private void read(InputStream raw, int nesting) throws IOException {
        var stream = new PushbackInputStream(raw, 8);
        var start = stream.readNBytes(8);
        stream.unread(start);
        if (EvtxReader.isEvtx(start, start.length)) {
            evtx(stream);
        } else if (isPacked(start)) {
            if (nesting == MAX_NESTING) {
                throw new UnreadableException("packed more than " + MAX_NESTING + " times");
            }
            try {
                if (start[0] == 0x1F) {
                    read(new UnpackedStream(UnpackedStream.gunzip(stream), budget), nesting + 1);
                } else {
                    zip(new ZipInputStream(stream), nesting);
                }
            } catch (UnreadableException e) {
                counts.refuse(e.reason());
            }
        } else {
            text(new RecordSource(stream));
        }
    }

    private void zip(ZipInputStream zip, int nesting) throws IOException {
        for (var entry = UnpackedStream.next(zip); entry != null; entry = UnpackedStream.next(zip)) {
            if (entry.isDirectory()) {
                continue;
            }
            var around = counts.entry;
            counts.entry = around.isEmpty() ? entry.getName() : around + '!' + entry.getName();
            sink.entry(counts.entry);
            try {
                read(new UnpackedStream(zip, budget), nesting + 1);
            } catch (UnreadableException e) {
                counts.refuse(e.reason());
                if (e.ends()) {
                    return;
                }
            } finally {
                counts.entry = around;
            }
        }
    }

    private void evtx(InputStream stream) throws IOException {
        var summary = new EvtxReader().read(stream, (id, written, bytes, offset, length) -> {
            counts.record();
            sink.record(RecordFormat.WINDOWS, bytes, offset, length);
        });
        summary.reasons().forEach(counts::refuse);
    }

    private void text(RecordSource in) throws IOException {
        int length = in.peek(LOOK);
        var head = new String(in.bytes(), in.position(), Math.min(length, LOOK), StandardCharsets.ISO_8859_1);
        if (head.indexOf('\0') >= 0) {
            throw new UnreadableException("a binary file of no known kind");
        }
        head = head.startsWith("\u00EF\u00BB\u00BF") ? head.substring(3) : head;
        var first = head.stripLeading();
        if (ZeekTable.isOne(first)) {
            new ZeekTable(in, sink, counts).read();
        } else if (WRAPPED.matcher(head).matches()) {
            new JsonSplitter(in, sink, counts).split(true);
        } else if (first.startsWith("[{") || isArray(first) || (first.startsWith("{") && !isLine(first))) {
            new JsonSplitter(in, sink, counts).split(false);
        } else {
            lines(in);
        }
    }

    private static boolean isArray(String text) {
        return text.startsWith("[") && text.substring(1).stripLeading().startsWith("{");
    }

    /** Whether the first line is an object by itself; one longer than what is looked at is taken to be. */
    private static boolean isLine(String text) {
        int end = text.indexOf('\n');
        var line = (end < 0 ? text : text.substring(0, end)).stripTrailing();
        int depth = 0;
        boolean string = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (string) {
                i += c == '\\' ? 1 : 0;
                string = c != '"';
            } else if (c == '"') {
                string = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return i == line.length() - 1;
            }
        }
        return end < 0 && text.length() >= LOOK / 2;
    }

    private void lines(RecordSource in) throws IOException {
        var audit = new AuditdFramer((bytes, offset, length) -> {
            counts.record();
            sink.record(RecordFormat.AUDITD, bytes, offset, length);
        });
        for (int length = in.line(); length != -2; length = in.line()) {
            if (length < 0) {
                counts.refuse("a record longer than " + MAX_RECORD_BYTES + " bytes");
                continue;
            }
            if (isBlank(in.bytes(), in.start(), length)) {
                continue;
            }
            var format = RecordFormat.detect(in.bytes(), in.start(), length);
            if (format == RecordFormat.AUDITD) {
                audit.line(in.bytes(), in.start(), length);
            } else {
                counts.record();
                sink.record(format, in.bytes(), in.start(), length);
            }
        }
        audit.flush();
    }

    private static boolean isBlank(byte[] b, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (b[i] != ' ' && b[i] != '\t' && b[i] != '\r') {
                return false;
            }
        }
        return true;
    }
}
