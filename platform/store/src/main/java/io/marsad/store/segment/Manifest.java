package io.marsad.store.segment;

import io.marsad.store.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a partition's files hold that counts; replaced as a whole. Its content stands in the file twice, each with a
 * checksum, because without it nothing else can be trusted.
 *
 * @param generation counts the manifests; journal frames name the one that they follow
 * @param durableOffset rows from log offsets below are stored
 * @param journal number of the journal file
 * @param journalLength bytes of it that belong to this manifest; frames may follow
 * @param oldestOpen log offset of the oldest row that only the journal has, or {@code durableOffset}
 */
record Manifest(
        long generation, long durableOffset, long journal, long journalLength, long oldestOpen, List<Tenant> tenants) {
    private static final int MAGIC = 0x4E414D4D; // "MMAN"
    private static final int VERSION = 2;

    static final Manifest NONE = new Manifest(0, 0, 0, 0, 0, List.of());

    /**
     * A tenant's part.
     *
     * @param sealedRows how many rows were ever put into segments; the number of the first row that is not
     * @param sealedOffset rows from log offsets below are in segments
     */
    record Tenant(String name, long sealedRows, long sealedOffset, List<SegmentFacts> segments) {}

    byte[] bytes() {
        var body = new Sink(1024);
        body.putInt(MAGIC);
        body.putInt(VERSION);
        body.putVar(generation);
        body.putVar(durableOffset);
        body.putVar(journal);
        body.putVar(journalLength);
        body.putVar(oldestOpen);
        body.putVar(tenants.size());
        for (var tenant : tenants) {
            body.putText(tenant.name);
            body.putVar(tenant.sealedRows);
            body.putVar(tenant.sealedOffset);
            body.putVar(tenant.segments.size());
            for (var file : tenant.segments) {
                file.write(body);
            }
        }
        var all = new Sink(body.size * 2 + 16);
        for (int copy = 0; copy < 2; copy++) {
            all.putInt(Block.crc(body.bytes, 0, body.size));
            all.put(body.bytes, 0, body.size);
        }
        return all.toArray();
    }

    /** The manifest in the file, or {@link #NONE} where there is no file. */
    static Manifest read(Disk disk, Path file, Damage damage) throws IOException {
        long size = disk.size(file);
        if (size < 0) {
            return NONE;
        }
        var bytes = new byte[Math.toIntExact(size)];
        try (var in = disk.open(file)) {
            in.read(ByteBuffer.wrap(bytes), 0);
        }
        int half = bytes.length / 2;
        for (int copy = 0; copy < 2; copy++) {
            int from = copy * half;
            if (half > 12 && new Source(bytes, from, bytes.length).getInt() == Block.crc(bytes, from + 4, half - 4)) {
                if (copy == 1) {
                    damage.report(file.getFileName() + ": the first copy is damaged, the second is used");
                }
                return parse(new Source(bytes, from + 4, from + half), file);
            }
        }
        throw new IOException(file
                + " is damaged in both copies: restore it, or remove the event store's directory to fill it again from"
                + " the event log");
    }

    private static Manifest parse(Source in, Path file) throws IOException {
        boolean magic = in.getInt() == MAGIC;
        int version = in.getInt();
        if (!magic || version < 1 || version > VERSION) {
            throw new IOException(file + " is not a manifest that this version understands");
        }
        long generation = in.getVar();
        long durable = in.getVar();
        long journal = in.getVar();
        long journalLength = in.getVar();
        long oldestOpen = in.getVar();
        var tenants = new ArrayList<Tenant>();
        for (int n = in.getCount(Integer.MAX_VALUE); n > 0; n--) {
            var name = in.getText();
            long sealedRows = in.getVar();
            long sealedOffset = in.getVar();
            var files = new ArrayList<SegmentFacts>();
            for (int m = in.getCount(Integer.MAX_VALUE); m > 0; m--) {
                files.add(version == 1 ? SegmentFacts.readFirst(in, sealedOffset) : SegmentFacts.read(in));
            }
            tenants.add(new Tenant(name, sealedRows, sealedOffset, List.copyOf(files)));
        }
        return new Manifest(generation, durable, journal, journalLength, oldestOpen, List.copyOf(tenants));
    }
}
