package io.marsad.store.segment;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.disk.DiskFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a partition's rows durable: segments first, then a frame of the journal, then the manifest. A full disk leaves
 * everything as it was, to be tried again. After any other failure nothing is known about what is on the disk, so that
 * nothing more is taken until the store is opened again. Used under the partition's lock.
 */
final class Commit {
    private static final long JOURNAL_BYTES = 16L << 20;

    private final int number;
    private final Path directory;
    private final Durable out;
    private final Readers readers;
    private final BlockEncoder encoder;
    private final Map<TenantId, TenantRows> tenants;

    private final Set<Path> dirty = new LinkedHashSet<>();
    private final List<Path> obsolete = new ArrayList<>();
    private @Nullable IOException failure;
    private boolean renew;
    private long generation;
    private long journal;
    private long journalLength;
    private volatile long durable;

    Commit(
            int number,
            Path directory,
            Durable out,
            Readers readers,
            BlockEncoder encoder,
            Map<TenantId, TenantRows> tenants) {
        this.number = number;
        this.directory = directory;
        this.out = out;
        this.readers = readers;
        this.encoder = encoder;
        this.tenants = tenants;
    }

    static String manifestName(int number) {
        return String.format(Locale.ROOT, "manifest-%03d", number);
    }

    long durable() {
        return durable;
    }

    /**
     * Goes on where recovery found the end.
     *
     * @param damaged whether the journal is, so that nothing more is trusted to its file
     */
    void recovered(Manifest manifest, long length, long durableOffset, boolean damaged) {
        renew = damaged;
        generation = manifest.generation();
        journal = manifest.journal();
        journalLength = length;
        durable = durableOffset;
    }

    void check() throws IOException {
        if (failure != null) {
            throw new IOException("the event store takes nothing more until the next start: " + failure, failure);
        }
    }

    /** The file was written to and has to be synced. */
    void dirty(Path file) {
        dirty.add(file);
    }

    /** The files go once no manifest names them and nobody reads them. */
    void obsolete(Collection<Path> files) {
        obsolete.addAll(files);
    }

    long checkpoint(long nextOffset, boolean anew) throws IOException {
        check();
        long next = Math.max(nextOffset, durable);
        boolean changed = !obsolete.isEmpty() || tenants.values().stream().anyMatch(t -> t.changed);
        boolean fresh = tenants.values().stream().anyMatch(t -> t.journaled < t.nextRow());
        long open = tenants.values().stream().mapToLong(t -> t.openBytes).sum();
        boolean rotate = anew || renew || journal == 0 || journalLength > Math.max(JOURNAL_BYTES, open * 2);
        if (!changed && !fresh && !rotate && next == durable) {
            return durable;
        }
        try {
            write(next, changed || rotate, rotate);
        } catch (DiskFullException e) {
            throw e;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
        return next;
    }

    private void write(long next, boolean replace, boolean rotate) throws IOException {
        syncSegments();
        long file = rotate ? journal + 1 : journal;
        long position = rotate ? 0 : journalLength;
        long follows = replace ? generation + 1 : generation;
        var sizes = new IdentityHashMap<TenantRows, Integer>();
        var frame = frame(rotate, sizes);
        Journal.seal(frame, follows, next, position);
        var path = Journal.file(directory, number, file);
        out.write(path, position, frame.bytes, frame.size);
        out.sync(path);
        var gone = rotate ? forgotten(next) : List.<TenantRows>of();
        if (replace) {
            out.disk().syncFolder(directory);
            var manifest = manifest(follows, next, file, position + frame.size, gone);
            out.prepare(directory, manifestName(number), manifest.bytes());
            out.replace(directory, manifestName(number));
        }
        long old = journal;
        renew &= !rotate;
        generation = follows;
        journal = file;
        journalLength = position + frame.size;
        durable = next;
        for (var tenant : tenants.values()) {
            tenant.journaled(sizes.getOrDefault(tenant, 0), rotate);
            tenant.changed = false;
        }
        gone.forEach(tenant -> tenants.remove(tenant.tenant, tenant));
        if (rotate && old != 0) {
            obsolete.add(Journal.file(directory, number, old));
        }
        if (replace) {
            readers.retire(List.copyOf(obsolete));
            obsolete.clear();
        }
    }

    private void syncSegments() throws IOException {
        for (var file : dirty) {
            out.sync(file);
        }
        for (var tenant : tenants.values()) {
            if (tenant.newFile) {
                out.disk().syncFolder(tenant.directory);
                tenant.newFile = false;
            }
        }
        dirty.clear();
    }

    /** The open rows that are not in the journal yet, or all of them for a new journal; and the bytes of each tenant's. */
    private Sink frame(boolean all, Map<TenantRows, Integer> sizes) {
        var frame = Journal.frame();
        for (var tenant : tenants.values()) {
            long first = all ? tenant.view.sealedRows() : Math.max(tenant.journaled, tenant.view.sealedRows());
            var rows = tenant.openFrom(first);
            if (!rows.isEmpty()) {
                var block = encoder.encode(rows, first, false);
                frame.putText(tenant.tenant.value());
                frame.putVar(block.size);
                sizes.put(tenant, block.size);
                frame.put(block.bytes, 0, block.size);
            }
        }
        return frame;
    }

    /** Tenants of which there is nothing left, and whose rows no log will give again. */
    private List<TenantRows> forgotten(long next) {
        long oldest = oldestOpen(next);
        return tenants.values().stream()
                .filter(t -> t.openRows == 0 && t.view.segments().isEmpty() && t.nextOffset <= oldest)
                .toList();
    }

    private long oldestOpen(long next) {
        return tenants.values().stream()
                .mapToLong(t -> t.oldestOpen(next))
                .min()
                .orElse(next);
    }

    private Manifest manifest(long follows, long next, long file, long length, List<TenantRows> gone) {
        var list = new ArrayList<Manifest.Tenant>();
        for (var tenant : tenants.values()) {
            if (!gone.contains(tenant)) {
                var segments = tenant.view.segments().stream().map(s -> s.facts).toList();
                list.add(new Manifest.Tenant(
                        tenant.tenant.value(), tenant.view.sealedRows(), tenant.sealedOffset, segments));
            }
        }
        return new Manifest(follows, next, file, length, Math.min(next, oldestOpen(next)), list);
    }

    /** Before anything else is written: files without any manifest are then always a loss to be told. */
    void first() throws IOException {
        out.prepare(directory, manifestName(number), Manifest.NONE.bytes());
        out.replace(directory, manifestName(number));
    }
}
