package io.marsad.normalize.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/** Builds event log files of one chunk, whose records have no templates (as forwarded events). */
final class EvtxFile {
    private static final int CHUNK_HEADER = 512;

    private EvtxFile() {}

    /** A record's binary XML; offsets of names are put right by {@link #of}. */
    static byte[] event(String id, String name, String value) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x0F, 1, 1, 0});
        open(out, "Event");
        open(out, "System");
        open(out, "EventID");
        text(out, id);
        out.write(4);
        out.write(4);
        open(out, "EventData");
        out.write(0x41);
        out.writeBytes(new byte[4]);
        name(out, "Data");
        out.writeBytes(new byte[4]);
        out.write(0x06);
        name(out, "Name");
        text(out, name);
        out.write(2);
        text(out, value);
        out.write(4);
        out.write(4);
        out.write(4);
        out.write(0);
        return out.toByteArray();
    }

    private static void open(ByteArrayOutputStream out, String name) {
        out.write(1);
        out.writeBytes(new byte[4]);
        name(out, name);
        out.write(2);
    }

    /** An offset that says "right here": marked, as the place in the chunk is not known yet. */
    private static void name(ByteArrayOutputStream out, String name) {
        out.writeBytes(new byte[] {(byte) 0xEE, (byte) 0xEE, (byte) 0xEE, (byte) 0xEE, 0, 0, 0, 0, 0, 0});
        out.write(name.length());
        out.write(0);
        out.writeBytes(name.getBytes(StandardCharsets.UTF_16LE));
        out.writeBytes(new byte[2]);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(new byte[] {5, 1, (byte) text.length(), 0});
        out.writeBytes(text.getBytes(StandardCharsets.UTF_16LE));
    }

    static byte[] of(byte[]... records) {
        var file = ByteBuffer.allocate(EvtxReader.HEADER + EvtxReader.CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        file.put("ElfFile\0".getBytes(StandardCharsets.US_ASCII));
        var chunk = ByteBuffer.allocate(EvtxReader.CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        chunk.put("ElfChnk\0".getBytes(StandardCharsets.US_ASCII));
        int at = CHUNK_HEADER;
        var ids = new ArrayList<byte[]>(java.util.List.of(records));
        for (int id = 1; id <= ids.size(); id++) {
            var body = ids.get(id - 1);
            int size = (24 + body.length + 4 + 7) / 8 * 8;
            chunk.position(at);
            chunk.putInt(0x2A2A).putInt(size).putLong(id).putLong((1_600_000_000_000L + 11_644_473_600_000L) * 10_000);
            chunk.put(body);
            for (int i = at + 24; i < at + 24 + body.length - 4; i++) {
                if (chunk.getInt(i) == 0xEEEEEEEE) {
                    chunk.putInt(i, i + 4);
                }
            }
            chunk.putInt(at + size - 4, size);
            at += size;
        }
        chunk.putInt(48, at);
        file.position(EvtxReader.HEADER).put(chunk.array());
        return file.array();
    }
}
