package io.marsad.store.segment;

import io.marsad.kernel.store.Retention;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant's segments need next, told from the manifest's facts alone. Segments that are well as they are, with full
 * blocks that hardly overlap, are never written again.
 */
final class Plan {
    /** Where an instant is spread over more blocks than this, a search by time reads too much. */
    private static final double TANGLED = 8;
    /** So many small pieces are put together at once, which bounds how often a row is written again. */
    private static final int PIECES = 4;
    /** A segment that grows is only taken when it has so many blocks that are small, or is from an earlier day. */
    private static final int GROWING_BLOCKS = 32;

    private final Retention retention;
    private final long now;
    private final long segmentBytes;

    /** @param drop the segments go; otherwise they are written anew */
    record Job(List<Segment> inputs, boolean drop) {}

    Plan(Retention retention, long now, long segmentBytes) {
        this.retention = retention;
        this.now = now;
        this.segmentBytes = segmentBytes;
    }

    @Nullable
    Job next(TenantRows tenant) {
        var segments = tenant.view.segments();
        var growing = tenant.growing();
        for (var segment : segments) {
            if (segment.facts.maxReceived() < Retention.cutoff(most(segment), now)) {
                return new Job(List.of(segment), true);
            }
        }
        for (var segment : segments) {
            long expired = Retention.cutoff(least(segment), now);
            if (!tenant.unfit.contains(segment)
                    && expired != Long.MIN_VALUE
                    && segment.facts.minReceived() < expired - Partition.DAY_MILLIS) {
                return new Job(List.of(segment), false);
            }
        }
        var untidy = new ArrayList<Segment>();
        long bytes = 0;
        for (var segment : segments) {
            if (!tenant.unfit.contains(segment) && untidy(segment, segment == growing)) {
                if (!untidy.isEmpty() && bytes + segment.length > segmentBytes) {
                    break;
                }
                untidy.add(segment);
                bytes += segment.length;
            }
        }
        return untidy.isEmpty() ? pieces(tenant) : new Job(untidy, false);
    }

    private int most(Segment segment) {
        return segment.facts.classes().stream()
                .mapToInt(retention::daysOf)
                .max()
                .orElse(retention.most());
    }

    private int least(Segment segment) {
        return segment.facts.classes().stream()
                .mapToInt(retention::daysOf)
                .min()
                .orElse(retention.least());
    }

    private boolean untidy(Segment segment, boolean grows) {
        var facts = segment.facts;
        if (facts.tidy()) {
            return false;
        }
        boolean scattered = facts.blocks() > 1 && facts.rows() < facts.blocks() * (Partition.BLOCK_ROWS / 2L);
        boolean tangled = facts.blocks() > TANGLED && facts.depth() > TANGLED;
        boolean ofSeveralDays = facts.maxReceived() - facts.minReceived() > 2 * Partition.DAY_MILLIS;
        boolean mixed = retention.least() != retention.most();
        if (grows && facts.maxReceived() > now - Partition.DAY_MILLIS) {
            return scattered && facts.blocks() >= GROWING_BLOCKS;
        }
        return scattered || tangled || ofSeveralDays || mixed;
    }

    /** Small tidy segments of one day, to be one. */
    private @Nullable Job pieces(TenantRows tenant) {
        Map<List<Long>, List<Segment>> alike = new HashMap<>();
        for (var segment : tenant.view.segments()) {
            var facts = segment.facts;
            if (facts.tidy() && segment.length < segmentBytes / PIECES && !tenant.unfit.contains(segment)) {
                var key = List.of(Partition.day(facts.minReceived()), (long) most(segment));
                var pieces = alike.computeIfAbsent(key, _ -> new ArrayList<>());
                pieces.add(segment);
                if (pieces.size() == PIECES) {
                    return new Job(List.copyOf(pieces), false);
                }
            }
        }
        return null;
    }
}
