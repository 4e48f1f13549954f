package io.marsad.testkit.store;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What senders were told, and what has to be found for it. */
final class Ledger {
    private static final Duration LONG = Duration.ofMinutes(10);

    private static final long GRACE = Duration.ofDays(1).toMillis() + 1;

    record Sent(TenantId tenant, String text, long received, int eventClass) {}

    /** What was received before may be gone; a day before, has to be gone. */
    @FunctionalInterface
    interface Cutoff {
        long of(Sent sent);
    }

    private final List<TenantId> tenants;
    /** All that was ever tried. */
    private final Map<EventId, Sent> tried = new HashMap<>();

    private final Set<EventId> acknowledged = new HashSet<>();
    /** Appended to the store, with the log offset. */
    private final Map<EventId, Long> stored = new HashMap<>();
    /** Of a deleted tenant: never to be seen again. */
    private final Set<EventId> deleted = new HashSet<>();
    /** Gone, which was told. */
    private final Set<EventId> lost = new HashSet<>();

    Ledger(List<TenantId> tenants) {
        this.tenants = tenants;
    }

    void tries(EventId id, Sent sent) {
        tried.put(id, sent);
    }

    void acknowledges(RecordBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            acknowledged.add(batch.id(i));
        }
    }

    void stores(EventBatch rows) {
        for (int r = 0; r < rows.rows(); r++) {
            stored.put(rows.id(r), rows.logOffset(r));
        }
    }

    /** After a restart the log gives the rows from the offset on again. */
    void readsAgainFrom(long offset) {
        stored.values().removeIf(at -> at >= offset);
    }

    /** What the store has of the tenant is to go, or may be gone; what it gets later from the log may come. */
    void deletes(TenantId tenant, boolean certainly) {
        tried.forEach((id, sent) -> {
            if (sent.tenant.equals(tenant) && acknowledged.remove(id) && certainly && stored.containsKey(id)) {
                deleted.add(id);
            }
        });
    }

    int acknowledged() {
        return acknowledged.size();
    }

    int lost() {
        return lost.size();
    }

    /** Makes a row of a record, as a mapping would. */
    void normalize(RecordBatch batch, int index, EventBatch into) {
        var sent = tried.get(batch.id(index));
        if (sent == null) {
            throw new AssertionError("the log has a record that nobody sent: " + batch.id(index));
        }
        into.beginRow(batch.id(index), batch.received(), batch.baseOffset() + index, "test");
        int raw = into.raw(batch.bytes(), batch.offset(index), batch.length(index));
        into.time(sent.received - Math.floorMod(batch.id(index).low(), 5_000));
        into.add(Field.of("class_uid"), sent.eventClass);
        int word = Math.min(12, batch.length(index));
        into.add(Field.of("message").id(), raw, word, EventBatch.TEXT);
        into.endRow();
    }

    /**
     * Everything acknowledged is there once, and nothing that nobody sent.
     *
     * @param mayMiss whether something is known to be damaged and was told; what is not found then counts as lost
     * @param kept received before this, by tenant and class, is not kept
     */
    void check(EventStore store, boolean mayMiss, Cutoff kept, String when) throws IOException {
        var found = new HashSet<EventId>();
        each(store, (events, r) -> check(events, r, found, mayMiss, kept, when));
        for (var id : acknowledged) {
            if (found.contains(id) || lost.contains(id) || expired(tried.get(id), kept, 0)) {
                continue;
            }
            if (!mayMiss) {
                throw new AssertionError(when + ": acknowledged and gone, and nothing was told: " + tried.get(id));
            }
            lost.add(id);
        }
    }

    /** Reads every row, so that damage is found. */
    void readAll(EventStore store) throws IOException {
        each(store, (_, _) -> {});
    }

    private interface Row {
        void at(EventBatch events, int row);
    }

    private void each(EventStore store, Row visitor) throws IOException {
        for (var tenant : tenants) {
            var search = new EventSearch(tenant, 0, Long.MAX_VALUE, Predicate.EVERYTHING, 1000, null, LONG);
            while (true) {
                var page = store.search(search);
                for (int r = 0; r < page.events().rows(); r++) {
                    visitor.at(page.events(), r);
                }
                if (page.next() == null) {
                    break;
                }
                search = new EventSearch(tenant, 0, Long.MAX_VALUE, Predicate.EVERYTHING, 1000, page.next(), LONG);
            }
        }
    }

    private static boolean expired(@Nullable Sent sent, Cutoff kept, long grace) {
        return sent != null && sent.received + grace < kept.of(sent);
    }

    private void check(EventBatch events, int row, Set<EventId> found, boolean mayMiss, Cutoff kept, String when) {
        var sent = tried.get(events.id(row));
        var text = new String(events.raw(row), StandardCharsets.UTF_8);
        if (sent == null || !sent.text.equals(text) || !sent.tenant.equals(events.tenant())) {
            throw new AssertionError(when + ": found what nobody sent: " + events.id(row) + " " + text);
        }
        if (!mayMiss && (deleted.contains(events.id(row)) || expired(sent, kept, GRACE))) {
            throw new AssertionError(when + ": should be gone: " + sent);
        }
        if (!found.add(events.id(row))) {
            throw new AssertionError(when + ": found twice: " + events.id(row));
        }
    }
}
