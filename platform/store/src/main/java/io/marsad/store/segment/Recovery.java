package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Brings a partition back to its last checkpoint: what the manifest and the journal do not vouch for is cut off. */
final class Recovery {
    private final Partition partition;
    private final OpenFiles files;
    private final Damage damage;

    Recovery(Partition partition, OpenFiles files, Damage damage) {
        this.partition = partition;
        this.files = files;
        this.damage = damage;
    }

    void run() throws IOException {
        var manifest = Manifest.read(partition.directory.resolve(partition.manifestName()), damage);
        partition.generation = manifest.generation();
        partition.journal = manifest.journal();
        Set<Path> wanted = new HashSet<>();
        for (var entry : manifest.tenants()) {
            var tenant = restore(entry);
            partition.tenants.put(tenant.tenant, tenant);
            tenant.view.segments().forEach(s -> wanted.add(s.file));
        }
        removeOthers(wanted);
        if (manifest.journal() != 0) {
            replay(manifest);
        }
    }

    private TenantRows restore(Manifest.Tenant entry) throws IOException {
        var directory = Partition.tenantDirectory(partition.directory, entry.name());
        var segments = new ArrayList<Segment>();
        for (var file : entry.segments()) {
            var path = partition.segmentFile(directory, file.number());
            long size = Files.exists(path) ? Files.size(path) : 0;
            if (size > file.length()) {
                truncate(path, file.length());
            }
            if (size < file.length()) {
                damage.report(
                        entry.name() + "/" + path.getFileName() + " has " + size + " of " + file.length() + " bytes");
            }
            segments.add(new Segment(
                    path, file.number(), Math.min(size, file.length()), file.rows(), file.minTime(), file.maxTime()));
        }
        var id = new TenantId(entry.name());
        return new TenantRows(id, directory, segments, entry.sealedRows(), entry.sealedOffset());
    }

    private static void truncate(Path file, long length) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    /** Segments that no manifest came to name, and journals that were followed by others. */
    private void removeOthers(Set<Path> wanted) throws IOException {
        var prefix = String.format(Locale.ROOT, "%03d-", partition.number);
        var journal = Journal.file(partition.directory, partition.number, partition.journal);
        var all = new ArrayList<Path>();
        try (var list = Files.list(partition.directory)) {
            list.filter(p -> p.getFileName().toString().startsWith("journal-" + prefix) && !p.equals(journal))
                    .forEach(all::add);
        }
        var tenants = partition.directory.resolve("tenants");
        if (Files.isDirectory(tenants)) {
            try (var list = Files.walk(tenants, 2)) {
                list.filter(p -> p.getFileName().toString().matches(prefix + "\\d+\\.seg") && !wanted.contains(p))
                        .forEach(all::add);
            }
        }
        for (var path : all) {
            Files.delete(path);
        }
    }

    private void replay(Manifest manifest) throws IOException {
        var file = Journal.file(partition.directory, partition.number, manifest.journal());
        long position = 0;
        long durable = Math.min(manifest.oldestOpen(), manifest.durableOffset());
        while (true) {
            var frame = Journal.read(files, file, position);
            boolean counts = frame != null
                    && (position < manifest.journalLength()
                            ? frame.generation() <= manifest.generation()
                            : frame.generation() == manifest.generation());
            if (frame == null || !counts) {
                break;
            }
            rows(frame, file, position);
            durable = frame.nextOffset();
            position += frame.bytes().length;
        }
        if (position < manifest.journalLength()) {
            damage.report(file.getFileName() + " is damaged at " + position
                    + ": events are read again from the event log, offset " + durable
                    + " on; what the log no longer holds of them is lost");
        }
        if (Files.exists(file) && Files.size(file) > position) {
            truncate(file, position);
        }
        partition.journalLength = position;
        partition.durable = durable;
    }

    private void rows(Journal.Frame frame, Path file, long position) throws IOException {
        var in = new Source(frame.bytes(), Journal.HEADER, frame.bytes().length);
        while (in.left() > 0) {
            var tenant = partition.tenant(new TenantId(in.getText()));
            int length = in.getCount(in.left());
            int at = in.skip(length);
            var block = Block.parse(frame.bytes(), at, file, position + at);
            long known = tenant.nextRow();
            if (block.firstSeq + block.rows <= known) {
                continue; // sealed meanwhile
            }
            if (block.firstSeq > known) {
                throw new IOException(file + " has rows from " + block.firstSeq + " where " + known + " comes next");
            }
            var wanted = new BitSet();
            wanted.set((int) (known - block.firstSeq), block.rows);
            var chunk = new EventBatch(tenant.tenant);
            var reader = new BlockReader(block.readDirectory(files), files);
            reader.fetch(reader.cursor(), wanted, chunk);
            partition.opened(tenant.add(chunk));
            tenant.journaled = tenant.nextRow();
        }
    }

    /** The partitions that a directory has manifests of. */
    static List<Integer> partitions(Path directory) throws IOException {
        try (var list = Files.list(directory)) {
            return list.map(p -> p.getFileName().toString())
                    .filter(name -> name.matches("manifest-\\d{3}"))
                    .map(name -> Integer.parseInt(name.substring(9)))
                    .sorted()
                    .toList();
        }
    }
}
