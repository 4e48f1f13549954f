package io.marsad.normalize.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads Windows event log files (EVTX, minor versions 1 and 2), 64 KiB at a time. The file's own counts, flags and checksums
 * are not relied on: files copied from a running system are always a little wrong. Chunks are found by their place or, where
 * bytes were lost, by their mark; records by their sizes or, where those are damaged, by theirs. What cannot be read is
 * counted with its reason, and the rest is given.
 *
 * <p>Each record becomes {@code {"Event":{"System":{…},"EventData":{…}}}} in UTF-8, which {@link RecordFormat#WINDOWS}
 * reads: attributes as {@code #attributes}, data under its names, data without names as the list {@code Data}; GUIDs in
 * braces, hexadecimal numbers as 0x…, times with seven digits and Z.
 *
 * <p>Not thread-safe; one reader for one file at a time.
 */
public final class EvtxReader {
    static final int HEADER = 4096;
    static final int CHUNK = 65536;
    private static final int CHUNK_HEADER = 512;
    private static final int RECORD_HEADER = 24;
    private static final int RECORD_MAGIC = 0x2A2A;
    private static final int LEAST_RECORD = 28;
    private static final byte[] FILE_MARK = "ElfFile\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHUNK_MARK = "ElfChnk\0".getBytes(StandardCharsets.US_ASCII);

    private final byte[] chunk = new byte[CHUNK];
    private final EvtxBytes in = new EvtxBytes(chunk);
    private final BinaryXml xml = new BinaryXml(in);
    private final EventJson json = new EventJson();
    private final Map<String, Long> reasons = new TreeMap<>();
    private long records;
    private long skippedRecords;
    private long skippedChunks;

    /** Takes records as they are read. */
    public interface RecordSink {
        /**
         * @param recordId the record's number in its log
         * @param written epoch milliseconds
         * @param bytes changed by the next record
         */
        void record(long recordId, long written, byte[] bytes, int offset, int length) throws IOException;
    }

    /**
     * What was read.
     *
     * @param skippedChunks damaged chunks; records that were found in them all the same are among the records
     * @param reasons why records and chunks were skipped, and how many for each reason
     */
    public record Summary(long records, long skippedRecords, long skippedChunks, Map<String, Long> reasons) {
        public Summary {
            reasons = Map.copyOf(reasons);
        }
    }

    /** Whether a file that starts so is one of these. */
    public static boolean isEvtx(byte[] start, int length) {
        return length >= FILE_MARK.length && starts(start, 0, FILE_MARK);
    }

    /** Whether a file is one of these, be its header damaged. */
    public static boolean isEvtx(FileChannel file) throws IOException {
        var start = ByteBuffer.allocate(FILE_MARK.length);
        if (file.read(start, 0) == FILE_MARK.length && starts(start.array(), 0, FILE_MARK)) {
            return true;
        }
        start.clear();
        return file.read(start, HEADER) == CHUNK_MARK.length && starts(start.array(), 0, CHUNK_MARK);
    }

    private static boolean starts(byte[] bytes, int at, byte[] mark) {
        return Arrays.equals(bytes, at, at + mark.length, mark, 0, mark.length);
    }

    /** @throws IOException when the file cannot be read or is no EVTX file, or the sink says so */
    public static Summary read(Path file, RecordSink sink) throws IOException {
        try (var channel = FileChannel.open(file)) {
            if (!isEvtx(channel)) {
                throw new UnreadableException("not a Windows event log file");
            }
            return new EvtxReader().read(channel, 0, chunks(Files.size(file)), sink);
        }
    }

    /**
     * As {@link #read(Path, RecordSink)}, from a stream, which stays open; where bytes were lost, one chunk more than there
     * may be.
     */
    public Summary read(InputStream stream, RecordSink sink) throws IOException {
        begin();
        if (!isEvtx(chunk, stream.readNBytes(chunk, 0, HEADER))) {
            throw new UnreadableException("not a Windows event log file");
        }
        int got = stream.readNBytes(chunk, 0, CHUNK);
        while (got >= CHUNK_HEADER) {
            Arrays.fill(chunk, got, CHUNK, (byte) 0);
            int lost = starts(chunk, 0, CHUNK_MARK) ? 0 : misplaced();
            if (lost > 0) {
                damaged("a chunk that is not at its place");
                System.arraycopy(chunk, lost, chunk, 0, got - lost);
                got = got - lost + Math.max(0, stream.readNBytes(chunk, got - lost, CHUNK - got + lost));
                Arrays.fill(chunk, got, CHUNK, (byte) 0);
            }
            chunk(got, sink);
            got = stream.readNBytes(chunk, 0, CHUNK);
        }
        return summary();
    }

    /**
     * Reads a part of a file that {@linkplain #isEvtx(FileChannel) is} a log, so that several threads can read one file. The
     * parts together are the whole.
     *
     * @param first the first chunk's number, from 0
     */
    public Summary read(FileChannel file, int first, int count, RecordSink sink) throws IOException {
        begin();
        for (int i = 0; i < count; i++) {
            long at = HEADER + (long) (first + i) * CHUNK;
            int got = fill(file, at);
            if (got < CHUNK_HEADER) {
                break;
            }
            boolean inPlace = starts(chunk, 0, CHUNK_MARK);
            int other = inPlace && nextInPlace(file, at + CHUNK) ? 0 : misplaced(file, at);
            if (inPlace || other == 0) {
                chunk(got, sink);
            }
            if (other > 0) {
                damaged("a chunk that is not at its place");
                chunk(fill(file, at + other), sink);
            }
        }
        return summary();
    }

    /** Whether what starts there is a chunk or the end: nothing between here and there was lost. */
    private static boolean nextInPlace(FileChannel file, long at) throws IOException {
        var start = ByteBuffer.allocate(CHUNK_MARK.length);
        int got = file.read(start, at);
        return got < CHUNK_MARK.length || starts(start.array(), 0, CHUNK_MARK);
    }

    /** As {@link #misplaced()}; the mark may be on both sides of where the next chunk should start. */
    private int misplaced(FileChannel file, long at) throws IOException {
        int within = misplaced();
        var edge = ByteBuffer.allocate(2 * CHUNK_MARK.length - 2);
        int from = CHUNK - CHUNK_MARK.length + 1;
        if (within > 0 || file.read(edge, at + from) < edge.capacity()) {
            return within;
        }
        for (int i = 0; i < CHUNK_MARK.length - 1; i++) {
            if (starts(edge.array(), i, CHUNK_MARK)) {
                return from + i;
            }
        }
        return 0;
    }

    private int fill(FileChannel file, long at) throws IOException {
        var into = ByteBuffer.wrap(chunk);
        while (into.hasRemaining() && file.read(into, at + into.position()) > 0) {}
        Arrays.fill(chunk, into.position(), CHUNK, (byte) 0);
        return into.position();
    }

    /** How many chunks a file of so many bytes has, a last one that is cut off too. */
    public static int chunks(long fileBytes) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(0, fileBytes - HEADER + CHUNK - 1) / CHUNK);
    }

    private void begin() {
        records = 0;
        skippedRecords = 0;
        skippedChunks = 0;
        reasons.clear();
    }

    private Summary summary() {
        return new Summary(records, skippedRecords, skippedChunks, reasons);
    }

    /** How far into what was read, but not at its beginning, a chunk starts; 0 when none does. */
    private int misplaced() {
        for (int at = 1; at <= CHUNK - CHUNK_MARK.length; at++) {
            if (chunk[at] == 'E' && starts(chunk, at, CHUNK_MARK)) {
                return at;
            }
        }
        return 0;
    }

    private void damaged(String reason) {
        skippedChunks++;
        reasons.merge(reason, 1L, Long::sum);
    }

    private void chunk(int length, RecordSink sink) throws IOException {
        xml.newChunk();
        try {
            if (starts(chunk, 0, CHUNK_MARK)) {
                int free = in.i32(48);
                records(CHUNK_HEADER, free < CHUNK_HEADER || free > CHUNK ? CHUNK : free, sink);
            } else {
                long before = records + skippedRecords;
                int at = nextRecord(0, CHUNK);
                if (at >= 0) {
                    records(at, CHUNK, sink);
                }
                // Space not used yet is zeros or left over, and no loss.
                if (records + skippedRecords > before || chunk[0] != 0) {
                    damaged("a chunk without its mark");
                }
            }
        } catch (MalformedRecordException e) {
            damaged(e.reason());
        }
        if (length < CHUNK && length > CHUNK_HEADER && starts(chunk, 0, CHUNK_MARK) && in.i32OrZero(48) > length) {
            damaged("the file ends in the middle of a chunk");
        }
    }

    private void records(int from, int free, RecordSink sink) throws IOException, MalformedRecordException {
        int at = from;
        long last = -1;
        while (at + LEAST_RECORD <= CHUNK) {
            if (!isRecord(at)) {
                int next = at < free ? nextRecord(at + 1, free) : -1;
                if (next < 0) {
                    if (at < free && in.i32(at) != 0) {
                        skip("a record without its mark or size");
                    }
                    return;
                }
                skip("a record without its mark or size");
                at = next;
            }
            long id = in.i64(at + 8);
            // Behind the end that the header tells, only what goes on counting is not left over from before.
            if (at >= free && last >= 0 && id != last + 1) {
                return;
            }
            int end = end(at);
            record(at, end, id, sink);
            last = id;
            at = end;
        }
    }

    /** Where the record ends: by its size or, when its second size is another, where the next record starts. */
    private int end(int at) throws MalformedRecordException {
        int end = at + in.i32(at + 4);
        if (isWhole(at)) {
            return end;
        }
        int next = nextRecord(at + RECORD_HEADER, end);
        return next < 0 ? end : next;
    }

    private boolean isRecord(int at) throws MalformedRecordException {
        if (in.i32(at) != RECORD_MAGIC) {
            return false;
        }
        int size = in.i32(at + 4);
        return size >= LEAST_RECORD && size <= CHUNK - at;
    }

    private boolean isWhole(int at) throws MalformedRecordException {
        int size = in.i32(at + 4);
        return in.i32(at + size - 4) == size;
    }

    private int nextRecord(int from, int end) throws MalformedRecordException {
        for (int at = from; at + LEAST_RECORD <= end; at++) {
            if (chunk[at] == 0x2A && isRecord(at) && isWhole(at)) {
                return at;
            }
        }
        return -1;
    }

    private void record(int at, int end, long id, RecordSink sink) throws IOException {
        long written;
        try {
            var document = xml.read(at + RECORD_HEADER, end - 4);
            if (document.children.isEmpty()) {
                skip("a record without an event");
                return;
            }
            json.write(document.children.getFirst());
            written = EvtxValue.epochMillis(in.i64(at + 16));
        } catch (MalformedRecordException e) {
            skip(e.reason());
            return;
        }
        records++;
        sink.record(id, written, json.bytes(), 0, json.length());
    }

    private void skip(String reason) {
        skippedRecords++;
        reasons.merge(reason, 1L, Long::sum);
    }
}
