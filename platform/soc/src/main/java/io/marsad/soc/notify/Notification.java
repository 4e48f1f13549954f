package io.marsad.soc.notify;

import io.marsad.kernel.event.EventId;
import java.time.Instant;
import java.util.Locale;

/**
 * That a channel was told of an alert.
 *
 * @param title of the alert
 * @param channel its name
 */
public record Notification(EventId alert, String title, String channel, State state, Instant at) {
    /** What became of it. */
    public enum State {
        /** The receiver has taken it. */
        SENT,
        /** The channel had no more this hour; the next message counts it. */
        HELD;

        /** As the API writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State ofWord(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
