package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.store.LostRows;
import io.marsad.kernel.store.Repair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A segment with damaged blocks being made whole: its other blocks are copied as they are, and what the log still has of
 * the rest is put beside them. Rows are told by their log offsets, and by their ids: a record that was sent twice has two
 * offsets and is stored once.
 */
final class Mending implements Repair {
    /** Whether any event of the tenant has the id. */
    @FunctionalInterface
    interface Stored {
        boolean has(EventId id) throws IOException;
    }

    private final Partition partition;
    private final TenantRows tenant;
    private final Segment segment;
    private final LostRows lost;
    private final Upkeep upkeep;
    private final Stored stored;
    /** Log offsets, counted from the first that may be lost, that need nothing. */
    private final BitSet present;

    private final List<EventBatch> found = new ArrayList<>();
    private final Set<EventId> ids = new HashSet<>();
    private int rows;

    private Mending(
            Partition partition, TenantRows tenant, Segment segment, LostRows lost, Upkeep upkeep, Stored stored)
            throws IOException {
        this.partition = partition;
        this.tenant = tenant;
        this.segment = segment;
        this.lost = lost;
        this.upkeep = upkeep;
        this.stored = stored;
        this.present = present(partition, tenant, lost);
    }

    /** What of the tenant is damaged and was not tried yet. */
    static List<LostRows> lost(Partition partition, TenantRows tenant) {
        var all = new ArrayList<LostRows>();
        for (var segment : tenant.view.segments()) {
            if (!tenant.hopeless.contains(segment) && segment.lost() > 0) {
                all.add(new LostRows(
                        tenant.tenant,
                        partition.number,
                        segment.facts.minOffset(),
                        segment.facts.maxOffset() + 1,
                        Damage.name(segment.file)));
            }
        }
        return all;
    }

    private static long missing(Partition partition, Segment segment) throws IOException {
        return segment.rows
                - whole(partition, segment).stream().mapToLong(b -> b.rows).sum();
    }

    private static List<Block> whole(Partition partition, Segment segment) throws IOException {
        return segment.blocks(partition.shared.files(), partition.shared.damage()).stream()
                .filter(block -> !block.damaged)
                .toList();
    }

    static Mending begin(
            Partition partition, TenantRows tenant, Segment segment, LostRows lost, Upkeep upkeep, Stored stored)
            throws IOException {
        synchronized (partition) {
            tenant.closed |= segment == tenant.growing();
        }
        return new Mending(partition, tenant, segment, lost, upkeep, stored);
    }

    private static BitSet present(Partition partition, TenantRows tenant, LostRows lost) throws IOException {
        var present = new BitSet();
        var view = tenant.view;
        view.open().forEach(batch -> mark(batch, lost, present));
        for (var other : view.segments()) {
            if (other.facts.minOffset() >= lost.toOffset() || other.facts.maxOffset() < lost.fromOffset()) {
                continue;
            }
            for (var block : whole(partition, other)) {
                var batch = new EventBatch(tenant.tenant, block.rows, block.rows * 16, block.rows * 256);
                try {
                    Tidying.fetch(block, batch, partition.shared.files());
                    mark(batch, lost, present);
                } catch (Search.DamagedBlock e) {
                    partition.shared.damage().isolate(block, e);
                }
            }
        }
        return present;
    }

    private static void mark(EventBatch batch, LostRows lost, BitSet present) {
        for (int r = 0; r < batch.rows(); r++) {
            long offset = batch.logOffset(r);
            if (offset >= lost.fromOffset() && offset < lost.toOffset()) {
                present.set(Math.toIntExact(offset - lost.fromOffset()));
            }
        }
    }

    @Override
    public void offer(EventBatch batch) throws IOException {
        for (int r = 0; r < batch.rows(); r++) {
            long offset = batch.logOffset(r);
            if (offset < lost.fromOffset() || offset >= lost.toOffset()) {
                continue;
            }
            int at = Math.toIntExact(offset - lost.fromOffset());
            if (present.get(at) || stored.has(batch.id(r)) || !ids.add(batch.id(r))) {
                continue;
            }
            present.set(at);
            if (found.isEmpty()
                    || found.getLast().rows() >= Partition.BLOCK_ROWS
                    || found.getLast().bytes() >= Partition.BLOCK_BYTES) {
                found.add(new EventBatch(tenant.tenant));
            }
            found.getLast().copyRow(batch, r);
            rows++;
        }
    }

    @Override
    public long finish() throws IOException {
        return upkeep.alone(() -> {
            synchronized (partition) {
                if (partition.tenants.get(tenant.tenant) != tenant
                        || !tenant.view.segments().contains(segment)) {
                    return 0L; // went meanwhile, and its damage with it
                }
                long missing = segment.lost() - rows;
                var mended = write();
                partition.replace(tenant, List.of(segment), mended);
                partition.shared.damage().mended(Damage.name(segment.file));
                if (missing > 0) {
                    partition
                            .shared
                            .damage()
                            .report(Damage.name(segment.file) + ": " + missing + " of " + segment.rows
                                    + " events are lost: the event log has them no longer");
                }
                return Math.max(0, missing);
            }
        });
    }

    /** One new segment in the old one's place, durable. */
    private List<Segment> write() throws IOException {
        var shared = partition.shared;
        long number = tenant.takeNumber();
        var fresh = Segment.empty(partition.segmentFile(tenant.directory, number), number);
        var span = new SegmentFacts.Rows(
                segment.facts.minReceived(),
                segment.facts.maxReceived(),
                segment.facts.minOffset(),
                segment.facts.maxOffset());
        for (var block : whole(partition, segment)) {
            var bytes = shared.files().read(block.file, block.offset, block.length, 0);
            shared.out().write(fresh.file, fresh.length, bytes, bytes.length);
            fresh = fresh.plus(Block.parse(bytes, 0, fresh.file, fresh.length), span, shared.files(), shared.damage());
        }
        try (var encoder = new BlockEncoder()) {
            for (var batch : found) {
                var block = encoder.encode(List.of(sorted(batch)), 0, true);
                shared.out().write(fresh.file, fresh.length, block.bytes, block.size);
                var parsed = Block.parse(block.bytes, 0, fresh.file, fresh.length);
                fresh = fresh.plus(parsed, span, shared.files(), shared.damage());
            }
        }
        if (fresh.rows == 0) {
            return List.of();
        }
        shared.out().sync(fresh.file);
        shared.out().disk().syncFolder(tenant.directory);
        return List.of(segment.facts.tidy() ? fresh.tidied(segment.facts.classes()) : fresh);
    }

    private static EventBatch sorted(EventBatch batch) {
        var rows = new ArrayList<Integer>();
        for (int r = 0; r < batch.rows(); r++) {
            rows.add(r);
        }
        rows.sort(Comparator.comparingLong(batch::time));
        var sorted = new EventBatch(batch.tenant());
        rows.forEach(r -> sorted.copyRow(batch, r));
        return sorted;
    }

    /** Nothing was changed before {@link #finish}. */
    @Override
    public void close() {
        found.clear();
    }
}
