package io.marsad.soc.identity;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** How changing one's own password went. */
public sealed interface PasswordChange {
    /**
     * Changed.
     *
     * @param ended the person's other sessions, which are over
     */
    record Done(List<UUID> ended) implements PasswordChange {
        public Done {
            ended = List.copyOf(ended);
        }
    }

    /** The old password is not right. */
    record Wrong() implements PasswordChange {}

    /** Too many failures for this name: nothing is looked at before the wait is over. */
    record TooMany(Duration retryAfter) implements PasswordChange {}
}
