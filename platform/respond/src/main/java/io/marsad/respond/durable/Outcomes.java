package io.marsad.respond.durable;

import io.marsad.respond.durable.ActionProvider.Result;
import io.marsad.respond.run.RunEvent;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** What became of an action, for its row, its run and the audit log. */
final class Outcomes {
    private Outcomes() {}

    static ActionRows.Settled of(Effects effects, ActionRows.Row row, Result.Known result) {
        return switch (result) {
            case Result.Completed completed ->
                ended(effects, row, ActionStatus.COMPLETED, completed.note(), completed.outputs());
            case Result.Simulated simulated -> ended(effects, row, ActionStatus.SIMULATED, simulated.would(), Map.of());
            case Result.Failed failed -> {
                tell(effects, row, failed(row, failed.reason(), failed.again()));
                yield settled(effects, row, ActionStatus.FAILED, failed.reason(), null);
            }
            // The run waits until a person has said what came of it.
            case Result.Unknown unknown -> settled(effects, row, ActionStatus.UNKNOWN, unknown.reason(), null);
        };
    }

    /** Of what was done at once: its run hears of it from whoever asked. */
    static ActionRows.Settled answered(ActionRows.Row row, Result.Completed completed) {
        return new ActionRows.Settled(row.id(), ActionStatus.COMPLETED, completed.note(), outcome(completed.outputs()));
    }

    /** @param outputs null: it was not done */
    static ActionRows.Settled ended(
            Effects effects,
            ActionRows.Row row,
            ActionStatus status,
            @Nullable String reason,
            @Nullable Map<String, @Nullable String> outputs) {
        tell(effects, row, outputs == null ? failed(row, status.word() + ": " + reason, false) : done(row, outputs));
        return settled(effects, row, status, reason, outputs == null ? null : outcome(outputs));
    }

    private static String outcome(Map<String, @Nullable String> outputs) {
        return JsonNodeFactory.instance
                .objectNode()
                .set("outputs", EventJson.outputs(outputs))
                .toString();
    }

    private static @Nullable RunEvent failed(ActionRows.Row row, String reason, boolean again) {
        var of = row.of();
        return of == null ? null : new RunEvent.Failed(of.visit(), of.attempt(), reason, again);
    }

    private static @Nullable RunEvent done(ActionRows.Row row, Map<String, @Nullable String> outputs) {
        var of = row.of();
        return of == null ? null : new RunEvent.Done(of.visit(), of.attempt(), outputs);
    }

    private static void tell(Effects effects, ActionRows.Row row, @Nullable RunEvent event) {
        var of = row.of();
        if (of != null && event != null) {
            effects.tell(of.run(), event);
        }
    }

    private static ActionRows.Settled settled(
            Effects effects,
            ActionRows.Row row,
            ActionStatus status,
            @Nullable String reason,
            @Nullable String outcome) {
        var settled = new ActionRows.Settled(row.id(), status, reason, outcome);
        say(effects, row, settled);
        return settled;
    }

    /** To the audit log, and to those who look on. */
    static void say(Effects effects, ActionRows.Row row, ActionRows.Settled settled) {
        effects.audit(
                row.requestedBy(),
                "action." + settled.status().word(),
                "action:" + row.id(),
                "action",
                row.action(),
                "status",
                settled.status().word(),
                "reason",
                settled.reason(),
                "parameters_hash",
                row.hash());
        effects.actionChanged(row.id());
    }
}
