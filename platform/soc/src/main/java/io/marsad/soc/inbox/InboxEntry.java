package io.marsad.soc.inbox;

import io.marsad.kernel.event.EventId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that one person should see.
 *
 * @param subject the alert or case; of several alerts the first
 * @param number of the case, or null
 * @param count how many alerts it is about
 * @param title of the alert or case
 * @param by who did it
 * @param read when it was marked as read, or null
 */
public record InboxEntry(
        EventId id,
        Instant at,
        Kind kind,
        About about,
        EventId subject,
        @Nullable Long number,
        int count,
        String title,
        String by,
        @Nullable Instant read) {
    /** Why. */
    public enum Kind {
        /** It is theirs now. */
        ASSIGNED,
        /** A task of it is theirs now. */
        TASK,
        /** A comment names them with an @. */
        MENTIONED,
        /** It is theirs, and something was not done in time. */
        LATE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind ofWord(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /** Of what. */
    public enum About {
        ALERT,
        CASE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static About ofWord(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }

        /** What somebody needs to see it. */
        String permission() {
            return this == ALERT ? "alerts:read" : "cases:read";
        }
    }
}
