package io.marsad.soc.indicator.feed;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.indicator.Tlp;
import io.marsad.soc.intel.IntelFiles;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A feed that is fetched, and how that goes. */
public record Feed(EventId id, Content content, Health health, Made made) {

    /**
     * What somebody wants fetched.
     *
     * @param name the source of its indicators
     * @param every from one fetch to the next
     * @param confidence of those that come without one, 0 to 100
     */
    public record Content(
            String name, URI url, IntelFiles.Format format, Duration every, Tlp tlp, int confidence, boolean enabled) {}

    /**
     * How it goes.
     *
     * @param fetched last success, also of nothing new
     * @param failed last failure since then
     * @param failures in a row
     * @param indicators how many what was taken last has
     * @param faults lines of it that are none, the first of them
     * @param due when it is fetched next
     */
    public record Health(
            @Nullable Instant fetched,
            @Nullable Instant failed,
            @Nullable String failure,
            int failures,
            int indicators,
            List<String> faults,
            Instant due) {
        public Health {
            faults = List.copyOf(faults);
        }
    }

    /** Who made it and when, and how often it was changed. */
    public record Made(String by, Instant at, Instant changed, int version) {}

    /**
     * What a server said of what was taken last: told to it, it sends only what is not that.
     *
     * @param etag null when it said none
     */
    record Stamp(@Nullable String etag, @Nullable String modified) {
        static final Stamp NONE = new Stamp(null, null);
    }

    /** {@code off}, {@code failing}, {@code waiting} before its first fetch, or {@code ok}. */
    public String state() {
        if (!content.enabled()) {
            return "off";
        }
        return health.failed() != null ? "failing" : health.fetched() == null ? "waiting" : "ok";
    }
}
