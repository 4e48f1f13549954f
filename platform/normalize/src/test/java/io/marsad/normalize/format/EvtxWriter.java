package io.marsad.normalize.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Writes event log files as Windows does: chunks with checksums, records with templates that are defined at their first use
 * in a chunk and referred to after that, names likewise.
 */
final class EvtxWriter {
    private static final int FREE_OFFSET = 48;
    private static final long EPOCH_MILLIS = 11_644_473_600_000L;

    private final List<byte[]> chunks = new ArrayList<>();
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<List<String>, Integer> templates = new HashMap<>();
    private ByteBuffer chunk = ByteBuffer.allocate(0);
    private long firstId;
    private long lastId;
    private int lastRecord;

    /** An event with named text data. */
    record Event(
            long id,
            long epochMillis,
            String provider,
            String channel,
            int eventId,
            String computer,
            Map<String, String> data) {
        Event {
            data = new LinkedHashMap<>(data);
        }
    }

    /** A file with these events in this order. */
    static byte[] file(List<Event> events) {
        var writer = new EvtxWriter();
        writer.begin(events.isEmpty() ? 1 : events.getFirst().id);
        for (Event event : events) {
            int before = writer.chunk.position();
            if (before > EvtxReader.CHUNK - 8192) {
                writer.end();
                writer.begin(event.id);
            }
            writer.record(event);
        }
        writer.end();
        return writer.withHeader();
    }

    private byte[] withHeader() {
        var file = ByteBuffer.allocate(EvtxReader.HEADER + chunks.size() * EvtxReader.CHUNK)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.put("ElfFile\0".getBytes(StandardCharsets.US_ASCII));
        file.putLong(0).putLong(chunks.size() - 1).putLong(lastId + 1);
        file.putInt(128)
                .putShort((short) 1)
                .putShort((short) 3)
                .putShort((short) 4096)
                .putShort((short) chunks.size());
        file.putInt(120, 0).putInt(124, crc(file.array(), 0, 120));
        file.position(EvtxReader.HEADER);
        chunks.forEach(file::put);
        return file.array();
    }

    private void begin(long id) {
        chunk = ByteBuffer.allocate(EvtxReader.CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        chunk.put("ElfChnk\0".getBytes(StandardCharsets.US_ASCII));
        chunk.position(512);
        names.clear();
        templates.clear();
        firstId = id;
    }

    private void end() {
        int free = chunk.position();
        chunk.putLong(8, firstId).putLong(16, lastId).putLong(24, firstId).putLong(32, lastId);
        chunk.putInt(40, 128).putInt(44, lastRecord).putInt(FREE_OFFSET, free);
        chunk.putInt(52, crc(chunk.array(), 512, free - 512));
        var head = new CRC32();
        head.update(chunk.array(), 0, 120);
        head.update(chunk.array(), 128, 384);
        chunk.putInt(124, (int) head.getValue());
        chunks.add(chunk.array());
    }

    private static int crc(byte[] bytes, int offset, int length) {
        var crc = new CRC32();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private void record(Event event) {
        int start = chunk.position();
        lastRecord = start;
        lastId = event.id;
        chunk.putInt(0x2A2A).putInt(0).putLong(event.id).putLong(filetime(event.epochMillis));
        chunk.putInt(0x0001010F);
        chunk.put((byte) 0x0C).put((byte) 1).putInt(0x1234);
        var shape = new ArrayList<>(event.data.keySet());
        shape.addFirst(event.provider);
        var known = templates.get(shape);
        if (known == null) {
            int definition = chunk.position() + 4;
            templates.put(shape, definition);
            chunk.putInt(definition);
            chunk.putInt(0).putLong(0x1234).putLong(0);
            int size = chunk.position();
            chunk.putInt(0);
            template(event);
            chunk.putInt(size, chunk.position() - size - 4);
        } else {
            chunk.putInt(known);
        }
        values(event);
        chunk.put((byte) 0);
        while ((chunk.position() - start + 4) % 8 != 0) {
            chunk.put((byte) 0);
        }
        int size = chunk.position() - start + 4;
        chunk.putInt(size).putInt(start + 4, size);
    }

    private void template(Event event) {
        chunk.putInt(0x0001010F);
        open("Event");
        close();
        open("System");
        close();
        int provider = openWith("Provider");
        attribute("Name");
        text(event.provider);
        closeEmpty(provider);
        leaf("EventID", 0, 0x06);
        int time = openWith("TimeCreated");
        attribute("SystemTime");
        hole(1, 0x11);
        closeEmpty(time);
        leaf("EventRecordID", 2, 0x0A);
        leaf("Channel", 3, 0x01);
        leaf("Computer", 4, 0x01);
        chunk.put((byte) 4);
        open("EventData");
        close();
        int hole = 5;
        for (String name : event.data.keySet()) {
            int data = openWith("Data");
            attribute("Name");
            text(name);
            chunk.putInt(data, chunk.position() - data - 4);
            close();
            hole(hole++, 0x01);
            chunk.put((byte) 4);
        }
        chunk.put((byte) 4).put((byte) 4).put((byte) 0);
    }

    private void values(Event event) {
        var texts = new ArrayList<byte[]>();
        texts.add(event.channel.getBytes(StandardCharsets.UTF_16LE));
        texts.add(event.computer.getBytes(StandardCharsets.UTF_16LE));
        event.data.values().forEach(value -> texts.add(value.getBytes(StandardCharsets.UTF_16LE)));
        chunk.putInt(3 + texts.size());
        chunk.putShort((short) 2).putShort((short) 0x06);
        chunk.putShort((short) 8).putShort((short) 0x11);
        chunk.putShort((short) 8).putShort((short) 0x0A);
        texts.forEach(text -> chunk.putShort((short) text.length).putShort((short) 0x01));
        chunk.putShort((short) event.eventId)
                .putLong(filetime(event.epochMillis))
                .putLong(event.id);
        texts.forEach(chunk::put);
    }

    private static long filetime(long epochMillis) {
        return (epochMillis + EPOCH_MILLIS) * 10_000;
    }

    private void open(String name) {
        chunk.put((byte) 0x01).putShort((short) -1).putInt(0);
        name(name);
    }

    /** Opens an element with attributes; returns where the size of those goes. */
    private int openWith(String name) {
        chunk.put((byte) 0x41).putShort((short) -1).putInt(0);
        name(name);
        chunk.putInt(0);
        return chunk.position() - 4;
    }

    private void attribute(String name) {
        chunk.put((byte) 0x06);
        name(name);
    }

    private void close() {
        chunk.put((byte) 0x02);
    }

    private void closeEmpty(int attributes) {
        chunk.putInt(attributes, chunk.position() - attributes - 4);
        chunk.put((byte) 0x03);
    }

    private void leaf(String name, int hole, int type) {
        open(name);
        close();
        hole(hole, type);
        chunk.put((byte) 4);
    }

    private void hole(int index, int type) {
        chunk.put((byte) 0x0E).putShort((short) index).put((byte) type);
    }

    private void text(String text) {
        chunk.put((byte) 0x05).put((byte) 0x01).putShort((short) text.length());
        chunk.put(text.getBytes(StandardCharsets.UTF_16LE));
    }

    private void name(String name) {
        var known = names.get(name);
        if (known != null) {
            chunk.putInt(known);
            return;
        }
        int at = chunk.position() + 4;
        names.put(name, at);
        int hash = 0;
        for (int i = 0; i < name.length(); i++) {
            hash = hash * 65599 + name.charAt(i);
        }
        chunk.putInt(at).putInt(0).putShort((short) hash).putShort((short) name.length());
        chunk.put(name.getBytes(StandardCharsets.UTF_16LE)).putShort((short) 0);
    }
}
