package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Alert;
import io.marsad.soc.alert.ConfidenceRows;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.cases.CaseClocks.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A case as it is in the queue.
 *
 * @param number what people call it, from 1 in each tenant
 * @param mergedInto the number of the case that has its alerts now
 * @param assignee the name of whoever has it
 * @param openedBy the name of whoever opened it
 * @param firstTime of the oldest evidence of its alerts; null without alerts
 * @param attack ATT&CK ids of its alerts
 * @param tactics in the order in which an attack usually comes to them
 * @param version grows by one with every change
 * @param openTasks that are not done
 */
public record Case(
        EventId id,
        long number,
        String title,
        Severity severity,
        CaseStatus status,
        @Nullable Long mergedInto,
        @Nullable String assignee,
        String openedBy,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant firstTime,
        @Nullable Instant lastTime,
        int alertCount,
        List<String> attack,
        List<String> tactics,
        int version,
        int openTasks,
        List<Clock> clocks) {
    /** With less than this left a clock warns. */
    public static final Duration WARNING = Duration.ofMinutes(10);

    public Case {
        attack = List.copyOf(attack);
        tactics = List.copyOf(tactics);
        clocks = List.copyOf(clocks);
    }

    /** How its clocks stand. */
    public enum Sla {
        /** None runs. */
        NONE,
        OK,
        WARNING,
        BREACHED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The worst of its running clocks. */
    public Sla sla(Instant now) {
        var due = due();
        if (due == null) {
            return Sla.NONE;
        }
        return !due.isAfter(now) ? Sla.BREACHED : due.isAfter(now.plus(WARNING)) ? Sla.OK : Sla.WARNING;
    }

    /** When the next thing has to be done; null when no clock runs. */
    public @Nullable Instant due() {
        return clocks.stream()
                .filter(clock -> clock.met() == null)
                .map(Clock::due)
                .min(Instant::compareTo)
                .orElse(null);
    }

    /** An alert in a case, with who put it there and why. */
    public record Linked(Alert alert, Instant at, String by, String why) {}

    /** Why two of its alerts belong together. */
    public record Link(EventId earlier, EventId later, double weight, boolean joins, String why, List<Shared> shared) {
        public Link {
            shared = List.copyOf(shared);
        }
    }

    /** Something that two alerts name. */
    public record Shared(String type, String name) {}

    /** @param act whether it changed which alerts are in the case */
    public record Entry(int seq, Instant at, String actor, String action, String detail, boolean act) {}

    /** Something that has to be done. */
    public record Task(
            EventId id,
            String title,
            @Nullable String assignee,
            Instant createdAt,
            String createdBy,
            @Nullable Instant doneAt,
            @Nullable String doneBy) {}

    /** Something that a person has added to what the alerts name. */
    public record Noted(String type, String value, String note, Instant at, String by) {}

    /**
     * One with all there is to it.
     *
     * @param undoable what can be undone, in words; null when there is nothing
     * @param history oldest first
     * @param surest the alert that most surely is an attack: a case is as sure as that one, however many unsure ones are in
     *     it; null while nothing has been decided about any
     */
    public record Detail(
            Case kase,
            List<Linked> alerts,
            List<Link> links,
            List<Entry> history,
            List<Task> tasks,
            List<Noted> observables,
            @Nullable String undoable,
            ConfidenceRows.@Nullable Surest surest) {
        /** Of the narrative: changes with anything that changes what is told of the same case. */
        public static final int NARRATIVE_VERSION = CaseNarrative.VERSION;

        public Detail {
            alerts = List.copyOf(alerts);
            links = List.copyOf(links);
            history = List.copyOf(history);
            tasks = List.copyOf(tasks);
            observables = List.copyOf(observables);
        }

        /** What it is about, in words; the same for the same alerts and links. */
        public String narrative() {
            return CaseNarrative.of(alerts, links);
        }
    }

    /**
     * Another case that names the same.
     *
     * @param score the rarer what they share, the more it counts
     * @param shared the rarest first
     */
    public record Related(Case kase, double score, List<String> shared) {
        public Related {
            shared = List.copyOf(shared);
        }
    }
}
