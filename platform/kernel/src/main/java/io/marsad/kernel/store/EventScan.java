package io.marsad.kernel.store;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.tenant.TenantId;
import java.util.Set;

/**
 * All events that fit, in no promised order: what exports, retro-hunts and long evaluations read.
 *
 * @param from event time, epoch milliseconds, inclusive
 * @param to event time, exclusive
 * @param fields only these are wanted, each row with its id, time and log source beside (no raw record, received at its
 *     time, no origin); empty: whole events with their raw records
 * @param came from where in the event log
 */
public record EventScan(TenantId tenant, long from, long to, Predicate where, Set<Field> fields, LogRange came) {
    public EventScan {
        fields = Set.copyOf(fields);
    }

    /** Wherever in the event log they came from. */
    public EventScan(TenantId tenant, long from, long to, Predicate where, Set<Field> fields) {
        this(tenant, from, to, where, fields, LogRange.ALL);
    }

    /** Takes the rows, some at a time. */
    @FunctionalInterface
    public interface Sink {
        /**
         * The batch is used again after the call; it may be empty where little fits, so that the scan can be followed and
         * ended. Returns false to end the scan.
         */
        boolean take(EventBatch rows, SearchProgress progress);
    }
}
