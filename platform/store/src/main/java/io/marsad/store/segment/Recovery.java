package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Brings a partition back to its last checkpoint: what the manifest and the journal do not vouch for is cut off. */
final class Recovery {
    private static final Pattern OF_A_PARTITION = Pattern.compile("(?:manifest|journal)-(\\d{3})(?:-\\d+)?");

    private final Partition partition;
    private final Path directory;
    private final Durable out;
    private final OpenFiles files;
    private final Damage damage;

    Recovery(Partition partition) {
        this.partition = partition;
        this.directory = partition.shared.directory();
        this.out = partition.shared.out();
        this.files = partition.shared.files();
        this.damage = partition.shared.damage();
    }

    void run() throws IOException {
        var name = Commit.manifestName(partition.number);
        var manifest = Manifest.read(out.disk(), directory.resolve(name), damage);
        if (manifest == Manifest.NONE) {
            if (!others(Set.of(), 0).isEmpty()) {
                throw new IOException(
                        "the event store's " + name + " is not there, but files that it should name"
                                + " are: restore it, or remove the event store's directory to fill it again from the event log");
            }
            partition.commit.first();
            return;
        }
        Set<Path> wanted = new HashSet<>();
        for (var entry : manifest.tenants()) {
            var tenant = restore(entry);
            partition.tenants.put(tenant.tenant, tenant);
            tenant.view.segments().forEach(s -> wanted.add(s.file));
        }
        for (var path : others(wanted, manifest.journal())) {
            out.disk().delete(path);
        }
        if (manifest.journal() != 0) {
            replay(manifest);
        } else {
            partition.commit.recovered(manifest, 0, manifest.durableOffset(), false);
        }
    }

    private TenantRows restore(Manifest.Tenant entry) throws IOException {
        var folder = partition.tenantDirectory(entry.name());
        var segments = new ArrayList<Segment>();
        for (var facts : entry.segments()) {
            var path = partition.segmentFile(folder, facts.number());
            long size = Math.max(0, out.disk().size(path));
            if (size > facts.length()) {
                out.truncate(path, facts.length());
            }
            if (size < facts.length()) {
                damage.report(
                        entry.name() + "/" + path.getFileName() + " has " + size + " of " + facts.length() + " bytes");
            }
            segments.add(new Segment(path, facts, size));
        }
        var id = new TenantId(entry.name());
        var tenant = new TenantRows(id, folder, segments, entry.sealedRows(), entry.sealedOffset());
        tenant.closed = !segments.isEmpty()
                && segments.getLast().length < segments.getLast().facts.length();
        return tenant;
    }

    /** Segments that no manifest came to name, and journals that were followed by others. */
    private List<Path> others(Set<Path> wanted, long journal) throws IOException {
        var prefix = String.format(Locale.ROOT, "%03d-", partition.number);
        var current = Journal.file(directory, partition.number, journal);
        var all = new ArrayList<Path>();
        for (var name : out.disk().list(directory)) {
            if (name.startsWith("journal-" + prefix) && !directory.resolve(name).equals(current)) {
                all.add(directory.resolve(name));
            }
        }
        var tenants = directory.resolve("tenants");
        for (var tenant : out.disk().list(tenants)) {
            var folder = tenants.resolve(tenant);
            for (var name : out.disk().list(folder)) {
                if (name.startsWith(prefix) && name.endsWith(".seg") && !wanted.contains(folder.resolve(name))) {
                    all.add(folder.resolve(name));
                }
            }
        }
        return all;
    }

    private void replay(Manifest manifest) throws IOException {
        var file = Journal.file(directory, partition.number, manifest.journal());
        long size = Math.max(0, out.disk().size(file));
        long position = 0;
        long durable = Math.min(manifest.oldestOpen(), manifest.durableOffset());
        while (true) {
            var frame = Journal.read(files, file, size, position);
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
        boolean damaged = position < manifest.journalLength()
                || Journal.goesOn(files, file, size, position, manifest.generation());
        if (damaged) {
            damage.report(file.getFileName() + " is damaged at " + position
                    + ": events are read again from the event log, offset " + durable
                    + " on; what the log no longer holds of them is lost");
        }
        if (size > position && !damaged) {
            out.truncate(file, position);
        }
        partition.commit.recovered(manifest, position, durable, damaged);
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
            var chunk = new EventBatch(tenant.tenant, block.rows, 8 * block.rows, 256 * block.rows);
            var reader = new BlockReader(block.readDirectory(files), files);
            reader.fetch(reader.cursor(), wanted, chunk);
            partition.opened(tenant.add(chunk));
            tenant.journaled(length, false);
        }
    }

    /** The partitions that a directory has files of. */
    static List<Integer> partitions(Disk disk, Path directory) throws IOException {
        return disk.list(directory).stream()
                .map(OF_A_PARTITION::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(m -> Integer.parseInt(m.group(1)))
                .distinct()
                .sorted()
                .toList();
    }
}
