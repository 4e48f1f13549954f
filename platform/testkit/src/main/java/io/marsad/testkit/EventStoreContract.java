package io.marsad.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.store.EventSearch;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.store.Removal;
import io.marsad.kernel.store.Retention;
import io.marsad.kernel.store.RetentionPolicy;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every event store does. An implementation's test extends this and says how one is opened. */
@SuppressWarnings("resource") // the subclass closes what it opened
public abstract class EventStoreContract {
    protected static final TenantId A = new TenantId("tenant-a");
    protected static final TenantId B = new TenantId("tenant-b");
    protected static final long START = 1_790_000_000_000L;
    protected static final long DAY = 86_400_000;
    protected static final int PROCESS = 1007;
    protected static final int NETWORK = 4001;

    /** An empty store. */
    protected abstract EventStore open() throws Exception;

    /** The same store again; what was open is closed. */
    protected abstract EventStore reopen() throws Exception;

    /** A batch of rows with log offsets from the first on, a second apart, of a class. */
    protected static EventBatch rows(TenantId tenant, long firstOffset, int count, long received, int eventClass) {
        var batch = new EventBatch(tenant);
        for (int i = 0; i < count; i++) {
            long offset = firstOffset + i;
            var raw = ("event " + offset + " of " + tenant).getBytes(StandardCharsets.UTF_8);
            batch.beginRow(new EventId(offset, tenant.value().hashCode()), received + i * 1000L, offset, "test");
            batch.raw(raw, 0, raw.length);
            batch.time(received + i * 1000L - 500);
            batch.add(Field.of("class_uid"), eventClass);
            batch.endRow();
        }
        return batch;
    }

    /** The log offsets of all of a tenant's rows, newest event first. */
    protected static List<Long> offsets(EventStore store, TenantId tenant) throws IOException {
        var found = new ArrayList<Long>();
        EventSearch.Position at = null;
        do {
            var page = store.search(
                    new EventSearch(tenant, 0, Long.MAX_VALUE, Predicate.EVERYTHING, 1000, at, Duration.ofMinutes(5)));
            for (int r = 0; r < page.events().rows(); r++) {
                long offset = page.events().logOffset(r);
                assertThat(new String(page.events().raw(r), StandardCharsets.UTF_8))
                        .isEqualTo("event " + offset + " of " + tenant);
                found.add(offset);
            }
            at = page.next();
        } while (at != null);
        return found;
    }

    protected static List<Removal> maintain(EventStore store, RetentionPolicy policy, long now) throws IOException {
        return store.maintain(policy, now, () -> true);
    }

    @Test
    void whatIsAppendedIsFoundAtOnceNewestFirst() throws Exception {
        var store = open();
        store.append(0, rows(A, 0, 3, START, PROCESS));
        store.append(0, rows(A, 3, 2, START - DAY, PROCESS));
        assertThat(offsets(store, A)).containsExactly(2L, 1L, 0L, 4L, 3L);
        assertThat(store.usage(A).events()).isEqualTo(5);
        assertThat(store.damage()).isEmpty();
        assertThat(store.lost(0)).isEmpty();
    }

    @Test
    void noTenantSeesAnothers() throws Exception {
        var store = open();
        store.append(0, rows(A, 0, 3, START, PROCESS));
        store.append(0, rows(B, 3, 1, START, PROCESS));
        assertThat(offsets(store, B)).containsExactly(3L);
        assertThat(store.find(B, new EventId(1, A.value().hashCode()))).isNull();
        assertThat(store.find(A, new EventId(1, A.value().hashCode()))).isNotNull();
        assertThat(store.usage(B).events()).isEqualTo(1);
    }

    @Test
    void rowsThatComeAgainAreStoredOnce() throws Exception {
        var store = open();
        store.append(0, rows(A, 0, 3, START, PROCESS));
        store.append(0, rows(A, 0, 3, START, PROCESS));
        store.append(0, rows(A, 2, 3, START + 2000, PROCESS));
        assertThat(offsets(store, A)).containsExactly(4L, 3L, 2L, 1L, 0L);
    }

    @Test
    void whatACheckpointHasSeenIsThereForGood() throws Exception {
        var store = open();
        store.append(0, rows(A, 0, 3, START, PROCESS));
        assertThat(store.checkpoint(0, 3)).isEqualTo(3);
        store.append(0, rows(A, 3, 2, START + 3000, PROCESS));
        store = reopen();
        assertThat(store.durableOffset(0)).isEqualTo(3);
        store.append(0, rows(A, 0, 5, START, PROCESS));
        assertThat(offsets(store, A)).containsExactly(4L, 3L, 2L, 1L, 0L);
    }

    @Test
    void eachTenantsAndClassesEventsAreKeptAsLongAsItsPolicySays() throws Exception {
        var store = open();
        for (int day = 0; day < 10; day++) {
            store.append(0, rows(A, 30L * day, 10, START + day * DAY, PROCESS));
            store.append(0, rows(A, 30L * day + 10, 10, START + day * DAY, NETWORK));
            store.append(0, rows(B, 30L * day + 20, 10, START + day * DAY, PROCESS));
        }
        store.checkpoint(0, 300);
        RetentionPolicy policy = tenant -> tenant.equals(A) ? new Retention(7, Map.of(4, 2)) : Retention.FOREVER;
        long now = START + 10 * DAY;
        var gone = maintain(store, policy, now);

        assertThat(gone).extracting(Removal::tenant).containsExactly(A);
        long events = gone.getFirst().events();
        assertThat(store.usage(A).events()).isEqualTo(200 - events);
        assertKept(store, now);
        assertThat(maintain(store, policy, now)).isEmpty();
        store = reopen();
        assertKept(store, now);
        assertThat(offsets(store, B)).hasSize(100);
    }

    /** Seven days of one class and two of the other; a day more may still be there. */
    private static void assertKept(EventStore store, long now) throws IOException {
        var kept = offsets(store, A);
        for (int day = 0; day < 10; day++) {
            long age = now - (START + day * DAY);
            for (long offset = 30L * day; offset < 30L * day + 20; offset++) {
                boolean network = offset % 30 >= 10;
                long days = network ? 2 : 7;
                if (age < days * DAY) {
                    assertThat(kept).contains(offset);
                } else if (age > (days + 1) * DAY + 10_000) {
                    assertThat(kept).doesNotContain(offset);
                }
            }
        }
    }

    @Test
    void oldTimesInEventsAreNoReasonToDropThem() throws Exception {
        var store = open();
        var batch = rows(A, 0, 1, START, PROCESS);
        var old = new EventBatch(A);
        old.beginRow(new EventId(9, 9), START, 1, "test");
        old.time(1000L);
        old.raw("event 1 of tenant-a".getBytes(StandardCharsets.UTF_8), 0, 19);
        old.endRow();
        store.append(0, batch);
        store.append(0, old);
        maintain(store, _ -> new Retention(7, Map.of()), START + 6 * DAY);
        assertThat(offsets(store, A)).containsExactly(0L, 1L);
    }

    @Test
    void aDeletedTenantIsGoneForGood() throws Exception {
        var store = open();
        store.append(0, rows(A, 0, 100, START, PROCESS));
        store.append(0, rows(B, 100, 50, START, PROCESS));
        store.checkpoint(0, 150);
        store.append(0, rows(A, 150, 5, START + DAY, PROCESS));
        var gone = store.delete(A);
        assertThat(gone.events()).isEqualTo(105);
        assertThat(gone.left()).isZero();
        assertThat(offsets(store, A)).isEmpty();
        assertThat(store.usage(A).events()).isZero();
        assertThat(store.find(A, new EventId(7, A.value().hashCode()))).isNull();
        assertThat(offsets(store, B)).hasSize(50);

        store = reopen();
        assertThat(offsets(store, A)).isEmpty();
        store.append(0, rows(A, 150, 5, START + DAY, PROCESS)); // the log gives them again
        assertThat(offsets(store, A)).isEmpty();
        store.append(0, rows(A, 155, 2, START + DAY, PROCESS));
        assertThat(offsets(store, A)).containsExactly(156L, 155L);
        assertThat(offsets(store, B)).hasSize(50);
        assertThat(store.delete(new TenantId("nobody")).events()).isZero();
    }
}
