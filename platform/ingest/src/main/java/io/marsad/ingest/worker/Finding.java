package io.marsad.ingest.worker;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.sigma.SigmaRule;
import io.marsad.sigma.correlation.CorrelationMatch;
import org.jspecify.annotations.Nullable;

/**
 * Something that was detected. An event batch in it is the one that the worker has in hand: to be read before the call that
 * it was given to returns.
 */
public sealed interface Finding {
    /** The event that it was found on, for messages. */
    EventId event();

    /** The row fits a rule. */
    record OnEvent(SigmaRule rule, EventBatch events, int row) implements Finding {
        @Override
        public EventId event() {
            return events.id(row);
        }
    }

    /**
     * A value of the row is listed.
     *
     * @param entry of the row
     * @param indicator its number in the tenant's lists
     */
    record OnListed(EventBatch events, int row, int entry, int indicator) implements Finding {
        @Override
        public EventId event() {
            return events.id(row);
        }
    }

    /**
     * A correlation fired, with the row or as time went by; all events that it names are in the store already.
     *
     * @param events the batch in which some of its events may be; null when there is none in hand
     */
    record OnEvents(CorrelationMatch match, @Nullable EventBatch events) implements Finding {
        @Override
        public EventId event() {
            return match.events().getLast();
        }
    }
}
