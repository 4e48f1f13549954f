package io.marsad.store.log;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.tenant.TenantId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * One record batch as it stands in a segment, big-endian, starting at a multiple of 8:
 *
 * <pre>
 *  0 long  the segment's marker
 *  8 int   payload length
 * 12 int   records
 * 16 long  offset of the first record
 * 24 long  the end of what was durable when this was written
 * 32 int   CRC32C of the payload
 * 36 int   CRC32C of bytes 0-35
 * 40       payload: received, tenant, origin, format, then (id, flags, length) of each record, then their bytes
 *          zeros up to a multiple of 8
 * </pre>
 *
 * The marker is random for each segment, so that bytes that a sender chose can never pass for a frame when a damaged
 * one is skipped.
 */
final class Frame {
    static final int HEADER = 40;
    /** No batch is longer than this on disk. */
    static final int MAX = 64 << 20;

    private static final int RECORD = 21;

    private Frame() {}

    /** The frame without what only the writer knows: see {@link #seal}. */
    static byte[] encode(RecordBatch batch) {
        var tenant = batch.tenant().value().getBytes(StandardCharsets.UTF_8);
        var origin = batch.origin().getBytes(StandardCharsets.UTF_8);
        var format = batch.format().getBytes(StandardCharsets.UTF_8);
        if (batch.size() == 0 || origin.length > 1024 || format.length > 255) {
            throw new IllegalArgumentException("a batch has a record, and short names of origin and format");
        }
        long payload = 8
                + 1
                + tenant.length
                + 2
                + origin.length
                + 1
                + format.length
                + (long) RECORD * batch.size()
                + batch.byteCount();
        if (payload > MAX - HEADER - 8) {
            throw new IllegalArgumentException("a batch is at most 64 MiB");
        }
        var bytes = new byte[align(HEADER + (int) payload)];
        var out = ByteBuffer.wrap(bytes).position(HEADER);
        out.putLong(batch.received());
        out.put((byte) tenant.length).put(tenant);
        out.putShort((short) origin.length).put(origin);
        out.put((byte) format.length).put(format);
        for (int i = 0; i < batch.size(); i++) {
            var id = batch.id(i);
            out.putLong(id.high()).putLong(id.low()).put(batch.flags(i)).putInt(batch.length(i));
        }
        out.put(batch.bytes(), 0, batch.byteCount());
        out.putInt(8, (int) payload).putInt(12, batch.size()).putInt(32, crc(bytes, HEADER, (int) payload));
        return bytes;
    }

    /** Completes an encoded frame. */
    static void seal(byte[] frame, long marker, long offset, long durable) {
        var out = ByteBuffer.wrap(frame);
        out.putLong(0, marker).putLong(16, offset).putLong(24, durable);
        out.putInt(36, crc(frame, 0, 36));
    }

    static int records(byte[] frame) {
        return ByteBuffer.wrap(frame).getInt(12);
    }

    /** The batch of a frame that was checked; the frame starts at {@code at}. */
    static RecordBatch decode(byte[] bytes, int at) {
        var in = ByteBuffer.wrap(bytes);
        int payload = in.getInt(at + 8);
        int records = in.getInt(at + 12);
        in.position(at + HEADER).limit(at + HEADER + payload);
        long received = in.getLong();
        var tenant = new TenantId(text(in, in.get() & 0xFF));
        var origin = text(in, in.getShort() & 0xFFFF);
        var format = text(in, in.get() & 0xFF);
        int from = in.position() + RECORD * records;
        var batch = new RecordBatch(tenant, origin, format, received, at + HEADER + payload - from);
        for (int i = 0; i < records; i++) {
            var id = new EventId(in.getLong(), in.getLong());
            byte flags = in.get();
            int length = in.getInt();
            batch.add(id, flags, bytes, from, length);
            from += length;
        }
        batch.appendedAt(in.getLong(at + 16));
        return batch;
    }

    private static String text(ByteBuffer in, int length) {
        var text = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }

    static int align(int length) {
        return (length + 7) & ~7;
    }

    static int crc(byte[] bytes, int from, int length) {
        var crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
