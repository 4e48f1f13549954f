package io.marsad.soc.alert;

import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Acts in words, for history and audit log. */
final class ActWords {
    private static final int MAX_COMMENT = 4_000;

    private ActWords() {}

    static ActRows.Change change(ActRows.Row before, AlertState after, Act act, @Nullable String comment) {
        var action = switch (act) {
            case Act.Move move -> move.to().word();
            case Act.Judge _ -> AlertStatus.RESOLVED.word();
            case Act.Escalate(boolean wanted) -> wanted ? "escalated" : "not_escalated";
            case Act.Tag _ -> "tagged";
        };
        return new ActRows.Change(before, after, action, with(comment, detail(before.state(), after, act)));
    }

    private static String detail(AlertState before, AlertState after, Act act) {
        var verdict = after.verdict();
        return switch (act) {
            case Act.Move move ->
                "was " + before.status().word()
                        + (verdict == null ? "" : "; verdict " + verdict.word())
                        + (move.assignee() == null || Objects.equals(before.assignee(), after.assignee())
                                ? ""
                                : "; given to " + after.assignee())
                        + (after.until() == null ? "" : "; until " + AlertJson.time(after.until()));
            case Act.Judge(var judged) -> {
                var was = before.verdict();
                yield "was " + before.status().word() + (was == null ? "" : " as " + was.word()) + "; verdict "
                        + judged.word();
            }
            case Act.Escalate _ -> "";
            case Act.Tag _ -> {
                var words = new ArrayList<String>();
                after.tags().stream()
                        .filter(tag -> !before.tags().contains(tag))
                        .forEach(tag -> words.add("+" + tag));
                before.tags().stream()
                        .filter(tag -> !after.tags().contains(tag))
                        .forEach(tag -> words.add("-" + tag));
                yield String.join(", ", words);
            }
        };
    }

    private static String with(@Nullable String comment, String detail) {
        if (comment == null || comment.isBlank()) {
            return detail;
        }
        return (detail.isEmpty() ? "" : detail + "; ") + Text.clean(comment, MAX_COMMENT);
    }

    /** {@code object.verb} of the audit log. */
    static String audited(Act act) {
        return switch (act) {
            case Act.Move _, Act.Judge _ -> "alert.transition";
            case Act.Escalate _ -> "alert.escalate";
            case Act.Tag _ -> "alert.tag";
        };
    }

    static String audit(AlertState before, Alert after, @Nullable String comment) {
        return AlertJson.build(to -> {
            to.writeStartObject();
            to.writeStringProperty("from", before.status().word());
            to.writeStringProperty("to", after.status().word());
            var verdict = after.verdict();
            AlertJson.optional(to, "verdict", verdict == null ? null : verdict.word());
            AlertJson.optional(to, "comment", comment == null ? null : Text.clean(comment, MAX_COMMENT));
            to.writeNumberProperty("version", after.version());
            if (!Objects.equals(before.assignee(), after.assignee())) {
                AlertJson.optional(to, "assignee_before", before.assignee());
                AlertJson.optional(to, "assignee", after.assignee());
            }
            if (after.snoozedUntil() != null) {
                to.writeStringProperty("until", AlertJson.time(after.snoozedUntil()));
            }
            if (before.escalated() != after.escalated()) {
                to.writeBooleanProperty("escalated", after.escalated());
            }
            if (!before.tags().equals(after.tags())) {
                AlertJson.texts(to, "tags_before", before.tags());
                AlertJson.texts(to, "tags", after.tags());
            }
            to.writeEndObject();
        });
    }
}
