package io.marsad.respond.service;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An action that was asked for, as whoever asks now sees it.
 *
 * @param run null: a person asked for it
 * @param action of the catalogue, or {@code task}: a person does it by hand
 * @param title of the action, for people
 * @param aboutTitle of the alert or case
 * @param permission that is needed to agree to it
 * @param requestedBy by name
 * @param outputs null: it was not done
 * @param reverse name of the action that takes it back
 * @param reverses the action that it takes back
 * @param reversedBy the action that takes it back
 * @param task what a person is to do; null: it is none
 * @param whyNot why whoever asks now cannot agree to what waits; null: they can, or it does not wait
 */
public record ActionView(
        UUID id,
        @Nullable UUID run,
        @Nullable UUID playbook,
        @Nullable String playbookName,
        @Nullable String step,
        @Nullable String stepName,
        @Nullable Integer visit,
        @Nullable Integer attempt,
        String action,
        String title,
        @Nullable String about,
        @Nullable String aboutTitle,
        JsonNode parameters,
        String hash,
        String target,
        String radius,
        String consent,
        String permission,
        List<String> reasons,
        String status,
        @Nullable String reason,
        String requestedBy,
        Times times,
        @Nullable JsonNode outputs,
        Carried carried,
        @Nullable String reverse,
        @Nullable UUID reverses,
        @Nullable UUID reversedBy,
        List<Approval> approvals,
        @Nullable Task task,
        May may,
        @Nullable String whyNot) {
    public ActionView {
        reasons = List.copyOf(reasons);
        approvals = List.copyOf(approvals);
    }

    /** When what happened to it. */
    public record Times(
            Instant requested,
            @Nullable Instant expires,
            @Nullable Instant dispatched,
            @Nullable Instant ended) {}

    /**
     * Who carried it out, whether it is so, and what it was signed with.
     *
     * @param by null: nobody has
     * @param verification pending, confirmed, not_so or unable; null: it is not looked at
     */
    public record Carried(
            @Nullable String by,
            @Nullable String verification,
            @Nullable String detail,
            @Nullable Instant verifiedAt,
            @Nullable String key,
            @Nullable String sha256) {}

    /** What somebody said. */
    public record Approval(
            String person, boolean agrees, @Nullable String comment, Instant at) {}

    /** @param asksFor names of what whoever does it is to say */
    public record Task(String text, List<String> asksFor) {
        public Task {
            asksFor = List.copyOf(asksFor);
        }
    }

    /** What whoever asks now may do about it. */
    public record May(boolean approve, boolean refuse, boolean answer, boolean rollBack) {}

    /** @param next where the next page begins; null: this is the last */
    public record Page(List<ActionView> actions, @Nullable String next) {
        public Page {
            actions = List.copyOf(actions);
        }
    }

    /**
     * What is looked for; null: all.
     *
     * @param waiting only what waits for a person, the oldest first
     */
    public record Filter(
            @Nullable String status,
            @Nullable String action,
            @Nullable UUID run,
            @Nullable String target,
            @Nullable Instant since,
            boolean waiting) {
        static Filter ofRun(UUID run) {
            return new Filter(null, null, run, null, null, false);
        }
    }
}
