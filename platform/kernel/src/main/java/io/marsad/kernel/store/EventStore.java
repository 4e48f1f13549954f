package io.marsad.kernel.store;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where events are kept and searched. Every method names its tenant (in the batch or the search) and touches no other's
 * data.
 *
 * <p>Appended rows are searchable when {@link #append} returns, but durable only after {@link #checkpoint}: after a crash
 * the owner of the log partition appends again from {@link #durableOffset}, and rows that are there already are passed
 * over, so that each is stored once.
 *
 * <p>Questions that cannot be compiled (a wrong regular expression) end with a {@code Problem} of type {@code invalid-query};
 * one whose tenant has too much running waits its turn. A question by an interrupted thread ends with
 * {@link java.io.InterruptedIOException}.
 *
 * <p>Thread-safe; one thread at a time appends for a partition.
 */
public interface EventStore extends AutoCloseable {
    /** Adds the rows, all of one log partition, in log order. */
    void append(int partition, EventBatch batch) throws IOException;

    /** Makes everything appended so far durable. Returns the partition's {@link #durableOffset} after it. */
    long checkpoint(int partition, long nextOffset) throws IOException;

    /** Rows from log offsets below this are stored for good. */
    long durableOffset(int partition);

    /** Newest first. The watch follows it, and may end it. */
    EventPage search(EventSearch search, SearchWatch watch) throws IOException;

    /** Newest first. */
    default EventPage search(EventSearch search) throws IOException {
        return search(search, SearchWatch.NONE);
    }

    /** Groups and measures what fits. */
    SummaryTable summarize(EventSummary summary, SearchWatch watch) throws IOException;

    /** Gives everything that fits to the sink, until the sink has enough. */
    void scan(EventScan scan, EventScan.Sink sink) throws IOException;

    /**
     * Which fields the events that fit have.
     *
     * @param scan its {@link EventScan#fields} are those of interest; empty: all
     * @param timeout after which what was counted so far is given, marked partial
     */
    FieldCounts fields(EventScan scan, Duration timeout, SearchWatch watch) throws IOException;

    /**
     * Events that fit the search, counted over time.
     *
     * @param buckets how many equal parts of [from, to) are wanted, 1 to 1000
     */
    long[] histogram(EventSearch search, int buckets) throws IOException;

    /** The event with this id, as a batch of one row, or null. */
    @Nullable
    EventBatch find(TenantId tenant, EventId id) throws IOException;

    /** What the tenant has stored, also what is not durable yet. */
    Usage usage(TenantId tenant);

    /** Damage seen since the start that was not mended; empty when all is well. */
    List<String> damage();

    /**
     * Takes away what its tenants' policies no longer keep, and puts small files together: everything that is due, with
     * pauses that leave the machine to others. Rows are gone a day after they have expired at the latest. A full disk
     * ends it early; called again, it goes on.
     *
     * @param now epoch milliseconds
     * @param goOn asked now and then: false ends it soon, with nothing half done. Better than an interrupt, which may
     *     end the store's writing until the next start
     * @return what expired and went, for each tenant that had any
     */
    List<Removal> maintain(RetentionPolicy policy, long now, BooleanSupplier goOn) throws IOException;

    /**
     * Removes everything of the tenant for good, from memory and disk, and looks whether anything is left. Rows of it that
     * come again from the log are passed over.
     */
    Removal delete(TenantId tenant) throws IOException;

    /** Rows that were found damaged since the start: the partition's owner is to read them from the log again while it has them. */
    List<LostRows> lost(int partition);

    /** Begins to put back what is missing; each of {@link #lost} is tried once until the store is opened again. */
    Repair repair(LostRows lost) throws IOException;

    @Override
    void close() throws IOException;

    /** Events, bytes that they have on disk (estimated for those of the last moments), and the oldest and newest event's time (epoch milliseconds; 0 when there is none). */
    record Usage(long events, long bytes, long oldest, long newest) {}
}
