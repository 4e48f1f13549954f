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
 * Reads Windows event log files (EVTX, minor versions 1 and 2), 64 KiB at a time. The file's own counts and checksums are
 * not relied on: files copied from a running system are always a little wrong. What cannot be read is counted with its
 * reason, and the rest is given.
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
    private static final int RECORD_MAGIC = 0x2A2A;
    private static final int LEAST_RECORD = 28;

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
     * @param reasons why records and chunks were skipped, and how many for each reason
     */
    public record Summary(long records, long skippedRecords, long skippedChunks, Map<String, Long> reasons) {
        public Summary {
            reasons = Map.copyOf(reasons);
        }
    }

    /** Whether a file that starts so is one of these. */
    public static boolean isEvtx(byte[] start, int length) {
        return length >= 8 && new String(start, 0, 8, StandardCharsets.ISO_8859_1).equals("ElfFile\0");
    }

    /** @throws IOException when the file cannot be read or is no EVTX file, or the sink says so */
    public static Summary read(Path file, RecordSink sink) throws IOException {
        try (var stream = Files.newInputStream(file)) {
            return new EvtxReader().read(stream, sink);
        }
    }

    /** As {@link #read(Path, RecordSink)}, from a stream, which stays open. */
    public Summary read(InputStream stream, RecordSink sink) throws IOException {
        begin();
        if (!isEvtx(chunk, stream.readNBytes(chunk, 0, HEADER))) {
            throw new UnreadableException("not a Windows event log file");
        }
        for (int got = stream.readNBytes(chunk, 0, CHUNK); got > 0; got = stream.readNBytes(chunk, 0, CHUNK)) {
            if (!chunk(got, sink)) {
                break;
            }
        }
        return summary();
    }

    /**
     * Reads a part of a file that {@linkplain #isEvtx is} a log, so that several threads can read one file. The parts
     * together are the whole.
     *
     * @param first the first chunk's number, from 0
     */
    public Summary read(FileChannel file, int first, int count, RecordSink sink) throws IOException {
        begin();
        for (int i = 0; i < count; i++) {
            var into = ByteBuffer.wrap(chunk);
            long at = HEADER + (long) (first + i) * CHUNK;
            while (into.hasRemaining() && file.read(into, at + into.position()) > 0) {}
            if (!chunk(into.position(), sink)) {
                break;
            }
        }
        return summary();
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

    private boolean chunk(int got, RecordSink sink) throws IOException {
        if (got < CHUNK_HEADER) {
            return false;
        }
        Arrays.fill(chunk, got, CHUNK, (byte) 0);
        chunk(sink);
        return true;
    }

    private void chunk(RecordSink sink) throws IOException {
        if (!new String(chunk, 0, 8, StandardCharsets.ISO_8859_1).equals("ElfChnk\0")) {
            // Space not used yet is zeros or left over, and no loss.
            if (chunk[0] != 0) {
                skippedChunks++;
                reasons.merge("a chunk without its mark", 1L, Long::sum);
            }
            return;
        }
        xml.newChunk();
        try {
            records(sink);
        } catch (MalformedRecordException e) {
            skippedChunks++;
            reasons.merge(e.reason(), 1L, Long::sum);
        }
    }

    private void records(RecordSink sink) throws IOException, MalformedRecordException {
        int free = in.i32(48);
        int at = CHUNK_HEADER;
        long last = -1;
        while (at + LEAST_RECORD <= CHUNK) {
            if (!isRecord(at)) {
                int next = at < free && free <= CHUNK ? nextRecord(at + 8, free) : -1;
                if (next < 0) {
                    return;
                }
                skip("a record without its mark or size");
                at = next;
            }
            int size = in.i32(at + 4);
            long id = in.i64(at + 8);
            // Behind the end that the header tells, only what goes on counting is not left over from before.
            if (at >= free && last >= 0 && id != last + 1) {
                return;
            }
            record(at, size, id, sink);
            last = id;
            at += size;
        }
    }

    private boolean isRecord(int at) throws MalformedRecordException {
        if (in.i32(at) != RECORD_MAGIC) {
            return false;
        }
        int size = in.i32(at + 4);
        return size >= LEAST_RECORD && size <= CHUNK - at;
    }

    private int nextRecord(int from, int end) throws MalformedRecordException {
        for (int at = from; at + LEAST_RECORD <= end; at += 8) {
            if (isRecord(at) && in.i32(at + in.i32(at + 4) - 4) == in.i32(at + 4)) {
                return at;
            }
        }
        return -1;
    }

    private void record(int at, int size, long id, RecordSink sink) throws IOException {
        long written;
        try {
            var document = xml.read(at + 24, at + size - 4);
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
