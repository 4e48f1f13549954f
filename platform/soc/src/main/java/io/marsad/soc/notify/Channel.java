package io.marsad.soc.notify;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Severity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a tenant has people told, and how that goes.
 *
 * @param target what is shown of it: an address, recipients by commas, or of a secret address its host
 * @param hasSecret whether the vault has something for it; nobody is ever told what
 * @param version grows by one with every change of the content
 * @param failure of the last time that it was not taken; null when it was taken since
 */
public record Channel(
        EventId id,
        Content content,
        String target,
        boolean hasSecret,
        int version,
        @Nullable Instant sent,
        @Nullable Instant failed,
        @Nullable String failure) {
    /** What it is. */
    public enum Kind {
        /** JSON by POST to any server, signed when it has a secret. */
        WEBHOOK,
        /** An incoming webhook as Slack, Mattermost and Rocket.Chat have it; its address is the secret. */
        SLACK,
        /** PagerDuty's Events API, version 2; the routing key is the secret. */
        PAGERDUTY,
        /** By the installation's mail server. */
        EMAIL;

        /** As the API writes it. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** @throws IllegalArgumentException for any other word */
        public static Kind ofWord(String word) {
            return valueOf(word.toUpperCase(java.util.Locale.ROOT));
        }
    }

    /**
     * What a person says of it.
     *
     * @param target address or recipients; of no meaning where the address is the secret
     * @param least alerts that are less severe are not told
     * @param perHour more are held back and counted in the next message
     */
    public record Content(String name, Kind kind, String target, Severity least, int perHour, boolean enabled) {}
}
