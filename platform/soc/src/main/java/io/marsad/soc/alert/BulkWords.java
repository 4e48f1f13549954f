package io.marsad.soc.alert;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Acts on many alerts as JSON: for the audit log, and as they are remembered. */
final class BulkWords {
    private BulkWords() {}

    static String audit(BulkActs.Which which, Act act, @Nullable String comment, int matched, int changed) {
        return AlertJson.build(to -> {
            to.writeStartObject();
            switch (which) {
                case BulkActs.Which.Named(var ids) -> to.writeNumberProperty("named", ids.size());
                case BulkActs.Which.Fitting(var filter, var createdUntil) -> {
                    to.writeName("filter");
                    filter(to, filter);
                    AlertJson.optional(to, "created_until", createdUntil == null ? null : AlertJson.time(createdUntil));
                }
            }
            act(to, act);
            AlertJson.optional(to, "comment", comment == null ? null : Text.clean(comment, 4_000));
            to.writeNumberProperty("matched", matched);
            to.writeNumberProperty("changed", changed);
            to.writeEndObject();
        });
    }

    private static void filter(JsonGenerator to, AlertFilter filter) {
        to.writeStartObject();
        AlertJson.texts(
                to,
                "status",
                filter.status().stream().map(AlertStatus::word).sorted().toList());
        AlertJson.texts(
                to,
                "severity",
                filter.severity().stream().map(Severity::word).sorted().toList());
        AlertJson.optional(to, "rule_id", filter.ruleId());
        AlertJson.optional(to, "entity", filter.entity());
        AlertJson.optional(to, "tag", filter.tag());
        AlertJson.optional(to, "q", filter.words());
        var from = filter.from();
        var until = filter.to();
        AlertJson.optional(to, "from", from == null ? null : AlertJson.time(from));
        AlertJson.optional(to, "to", until == null ? null : AlertJson.time(until));
        to.writeEndObject();
    }

    private static void act(JsonGenerator to, Act act) {
        switch (act) {
            case Act.Move move -> {
                to.writeStringProperty("to", move.to().word());
                var verdict = move.verdict();
                AlertJson.optional(to, "verdict", verdict == null ? null : verdict.word());
                AlertJson.optional(to, "assignee", move.assignee());
                var until = move.until();
                AlertJson.optional(to, "until", until == null ? null : AlertJson.time(until));
            }
            case Act.Judge(var verdict) -> to.writeStringProperty("judge", verdict.word());
            case Act.Escalate(boolean wanted) -> to.writeBooleanProperty("escalated", wanted);
            case Act.Tag(var add, var remove) -> {
                AlertJson.texts(to, "add_tags", add.stream().sorted().toList());
                AlertJson.texts(to, "remove_tags", remove.stream().sorted().toList());
            }
        }
    }

    static String auditUndo(int restored, int changed) {
        return AlertJson.build(to -> {
            to.writeStartObject();
            to.writeNumberProperty("restored", restored);
            to.writeNumberProperty("changed_since", changed);
            to.writeEndObject();
        });
    }

    /** The properties of what is remembered of one alert, as it was, into the open object. */
    static void item(JsonGenerator to, ActRows.Change change) {
        var state = change.before().state();
        to.writeStringProperty("id", change.before().id().toString());
        to.writeNumberProperty("version", change.before().version() + 1);
        to.writeStringProperty("status", state.status().word());
        var verdict = state.verdict();
        AlertJson.optional(to, "verdict", verdict == null ? null : verdict.word());
        AlertJson.optional(to, "assignee", state.assignee());
        var until = state.until();
        AlertJson.optional(to, "until", until == null ? null : AlertJson.time(until));
        to.writeBooleanProperty("escalated", state.escalated());
        AlertJson.texts(to, "tags", state.tags());
    }
}
