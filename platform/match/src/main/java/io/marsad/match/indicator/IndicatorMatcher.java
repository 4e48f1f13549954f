package io.marsad.match.indicator;

import io.marsad.kernel.event.EventBatch;
import java.util.Arrays;

/**
 * Looks up an event's addresses, names, links, hashes and mailboxes. A link's and a mailbox's host is looked up, too; a name
 * is found under its own listing or that of a name above it, of two labels at least, and an address by itself or by its
 * smallest network: what is most exact counts. Allocates nothing but for names that are not ASCII. One thread uses it.
 */
public final class IndicatorMatcher {
    /** Hashes that are asked for together; one value has {@link HostNames#MOST_LABELS} and one more at most. */
    private static final int TOGETHER = 512;

    private final IndicatorFields fields = new IndicatorFields();
    private final ValueForm form = new ValueForm();
    private final long[] hashes = new long[TOGETHER];
    private final int[] rows = new int[TOGETHER];
    private final int[] entries = new int[TOGETHER];
    private final int[] candidates = new int[TOGETHER];
    private int asked;

    /** Takes what is found. */
    @FunctionalInterface
    public interface Found {
        /**
         * @param row of the batch
         * @param entry of the row, whose value, or the host in it, is listed
         * @param indicator the listed indicator's number
         */
        void found(int row, int entry, int indicator);
    }

    /**
     * Looks up all of a batch's events; returns how many finds it told of, in no particular order. In two steps: hashes of
     * many values first, then the filter's answers to all of them, because each alone would wait for memory.
     */
    public int match(IndicatorSet set, EventBatch batch, Found sink) {
        return match(set, batch, 0, sink);
    }

    /** @param from the first row that is looked at */
    public int match(IndicatorSet set, EventBatch batch, int from, Found sink) {
        int found = 0;
        asked = 0;
        for (int row = from, all = batch.rows(); row < all; row++) {
            for (int e = batch.first(row), end = batch.end(row); e < end; e++) {
                byte kind = fields.kind(batch.field(e));
                if (kind == IndicatorFields.NO || batch.type(e) != EventBatch.TEXT) {
                    continue;
                }
                int before = asked;
                if (ask(set, kind, batch, e)) {
                    Arrays.fill(rows, before, asked, row);
                    Arrays.fill(entries, before, asked, e);
                } else {
                    asked = before;
                    found += value(set, kind, batch, row, e, sink);
                }
                if (asked > TOGETHER - 2 * HostNames.MOST_LABELS) {
                    found += answer(set, batch, sink);
                }
            }
        }
        return found + answer(set, batch, sink);
    }

    /** Looks up the values of which the filter says that they may be listed. */
    private int answer(IndicatorSet set, EventBatch batch, Found sink) {
        int found = 0;
        int last = -1;
        int count = set.candidates(hashes, asked, candidates);
        asked = 0;
        for (int i = 0; i < count; i++) {
            int entry = entries[candidates[i]];
            if (entry != last) {
                found += value(set, fields.kind(batch.field(entry)), batch, rows[candidates[i]], entry, sink);
                last = entry;
            }
        }
        return found;
    }

    /** Adds the hashes that a value is looked up with; false when it may be in a network, which no hash tells. */
    private boolean ask(IndicatorSet set, byte kind, EventBatch batch, int entry) {
        var arena = batch.arena();
        int offset = batch.offset(entry);
        int length = batch.length(entry);
        return switch (kind) {
            case IndicatorFields.HOST -> askHost(set, arena, offset, length);
            case IndicatorFields.HASH -> {
                if (form.read(IndicatorType.HASH, arena, offset, length)) {
                    hashes[asked++] = set.hash(IndicatorType.HASH, form.bytes(), 0, form.length());
                }
                yield true;
            }
            case IndicatorFields.URL, IndicatorFields.EMAIL -> {
                var type = kind == IndicatorFields.URL ? IndicatorType.URL : IndicatorType.EMAIL;
                if (!form.read(type, arena, offset, length)) {
                    yield true;
                }
                hashes[asked++] = set.hash(type, form.bytes(), 0, form.length());
                int from = form.hostFrom();
                yield askHost(set, arena, from, form.hostEnd() - from);
            }
            default -> throw new IllegalStateException("no kind of field: " + kind);
        };
    }

    private boolean askHost(IndicatorSet set, byte[] value, int offset, int length) {
        if (form.read(IndicatorType.IP, value, offset, length)) {
            hashes[asked++] = set.hash(IndicatorType.IP, form.bytes(), 0, form.length());
            return !set.mayHaveNetwork(form.address());
        }
        if (form.read(IndicatorType.DOMAIN, value, offset, length)) {
            asked = HostNames.hashes(set, form.bytes(), form.length(), hashes, asked);
        }
        return true;
    }

    private int value(IndicatorSet set, byte kind, EventBatch batch, int row, int entry, Found sink) {
        var arena = batch.arena();
        int offset = batch.offset(entry);
        int length = batch.length(entry);
        return switch (kind) {
            case IndicatorFields.HOST -> tell(host(set, arena, offset, length), row, entry, sink);
            case IndicatorFields.HASH -> tell(find(set, IndicatorType.HASH, arena, offset, length), row, entry, sink);
            case IndicatorFields.URL, IndicatorFields.EMAIL -> {
                var type = kind == IndicatorFields.URL ? IndicatorType.URL : IndicatorType.EMAIL;
                if (!form.read(type, arena, offset, length)) {
                    yield 0;
                }
                int found = tell(set.find(type, form.bytes(), 0, form.length()), row, entry, sink);
                int from = form.hostFrom();
                yield found + tell(host(set, arena, from, form.hostEnd() - from), row, entry, sink);
            }
            default -> throw new IllegalStateException("no kind of field: " + kind);
        };
    }

    private static int tell(int indicator, int row, int entry, Found sink) {
        if (indicator == IndicatorSet.NONE) {
            return 0;
        }
        sink.found(row, entry, indicator);
        return 1;
    }

    /**
     * The indicator that a value is listed as, the most exact of several, or {@link IndicatorSet#NONE}. A URL's or an e-mail
     * address's host is not looked up.
     */
    public int find(IndicatorSet set, IndicatorType type, byte[] value, int offset, int length) {
        if (!form.read(type, value, offset, length)) {
            return IndicatorSet.NONE;
        }
        return switch (type) {
            case IP -> address(set);
            case DOMAIN -> HostNames.find(set, form.bytes(), form.length());
            case HASH, URL, EMAIL -> set.find(type, form.bytes(), 0, form.length());
        };
    }

    /** As {@link #find}, but a name is not found under the names above it. */
    public int exact(IndicatorSet set, IndicatorType type, byte[] value) {
        if (type != IndicatorType.DOMAIN) {
            return find(set, type, value, 0, value.length);
        }
        return form.read(type, value, 0, value.length)
                ? set.find(type, form.bytes(), 0, form.length())
                : IndicatorSet.NONE;
    }

    private int host(IndicatorSet set, byte[] value, int offset, int length) {
        return form.read(IndicatorType.IP, value, offset, length)
                ? address(set)
                : find(set, IndicatorType.DOMAIN, value, offset, length);
    }

    private int address(IndicatorSet set) {
        int found = set.find(IndicatorType.IP, form.bytes(), 0, form.length());
        return found == IndicatorSet.NONE ? set.network(form.address()) : found;
    }
}
