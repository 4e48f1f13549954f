package io.marsad.respond.service;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A run as it is listed.
 *
 * @param name of the playbook
 * @param startedBy by name
 * @param waiting for what: approval, person, time, action; null: it has ended, or goes on by itself now
 * @param stepsDone so many steps have ended
 */
public record RunView(
        UUID id,
        UUID playbook,
        String name,
        String version,
        String status,
        @Nullable String reason,
        String startedBy,
        @Nullable String about,
        @Nullable String aboutTitle,
        @Nullable UUID parent,
        @Nullable String waiting,
        int stepsDone,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable UUID retriedFrom) {
    /** @param next where the next page begins; null: this is the last */
    public record Page(List<RunView> runs, @Nullable String next) {
        public Page {
            runs = List.copyOf(runs);
        }
    }

    /**
     * What is looked for; null: all.
     *
     * @param status of a run, or waiting: it waits for a person
     */
    public record Filter(
            @Nullable UUID playbook,
            @Nullable String status,
            @Nullable String about,
            @Nullable Instant since) {}

    /** @param name of the step; null: the version cannot be read any more */
    public record StepLine(
            int seq,
            int visit,
            int parent,
            String step,
            @Nullable String name,
            @Nullable String type,
            String status,
            @Nullable String detail,
            JsonNode values,
            Instant at) {}

    /**
     * All of a run.
     *
     * @param document of the version; null: it cannot be read any more
     */
    public record Detail(
            RunView run,
            @Nullable JsonNode document,
            Map<String, @Nullable String> values,
            List<StepLine> steps,
            List<ActionView> actions,
            List<RunView> children) {
        public Detail {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
            steps = List.copyOf(steps);
            actions = List.copyOf(actions);
            children = List.copyOf(children);
        }
    }
}
