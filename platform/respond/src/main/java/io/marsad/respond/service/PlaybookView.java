package io.marsad.respond.service;

import io.marsad.respond.cacao.Finding;
import io.marsad.respond.cacao.Trigger;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A playbook as it is listed.
 *
 * @param shipped it comes with the platform
 * @param changed it is another than the one that is shipped
 * @param newerShipped version of the text that is shipped, where that is newer than what is run; null: it is not
 * @param version that is run; null: none can be
 * @param modified as its document says
 * @param updatedAt when the tenant changed it last; null: never
 * @param steps so many it has
 * @param actions names of the catalogue, each once
 * @param lastRun when one began last; null: none has
 * @param left what its triggers should have started and did not; null: nothing ever
 */
public record PlaybookView(
        UUID id,
        String name,
        @Nullable String description,
        List<String> labels,
        List<String> types,
        boolean enabled,
        boolean shipped,
        boolean changed,
        @Nullable String newerShipped,
        @Nullable String version,
        @Nullable Instant modified,
        @Nullable Instant updatedAt,
        List<Trigger> triggers,
        int steps,
        List<String> actions,
        Counts runs,
        @Nullable Instant lastRun,
        @Nullable Left left) {
    public PlaybookView {
        labels = List.copyOf(labels);
        types = List.copyOf(types);
        triggers = List.copyOf(triggers);
        actions = List.copyOf(actions);
    }

    /** @param at the last time @param reason of the last time */
    public record Left(long count, Instant at, String reason) {}

    /** Runs of the last 30 days. */
    public record Counts(int started, int succeeded, int failed, int running) {
        static final Counts NONE = new Counts(0, 0, 0, 0);
    }

    /**
     * With its newest text, which may be a draft.
     *
     * @param document null when the text cannot be read
     * @param newest version of that text
     */
    public record Detail(
            PlaybookView playbook, String source, @Nullable JsonNode document, String newest, List<Finding> findings) {
        public Detail {
            findings = List.copyOf(findings);
        }
    }

    /** A text that was kept. @param current it is the one that is run */
    public record Kept(
            String version,
            @Nullable Instant modified,
            String madeBy,
            Instant madeAt,
            boolean runnable,
            boolean current) {}
}
