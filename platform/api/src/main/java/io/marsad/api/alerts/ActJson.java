package io.marsad.api.alerts;

import io.marsad.api.http.Json;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.soc.alert.Act;
import io.marsad.soc.alert.AlertFilter;
import io.marsad.soc.alert.AlertStatus;
import io.marsad.soc.alert.BulkActs;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.alert.Verdict;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Acts on alerts as the contract has them. */
final class ActJson {
    private ActJson() {}

    static Act.Move move(JsonNode body) {
        var verdict = Json.text(body, "verdict");
        return new Act.Move(
                AlertStatus.ofWord(body.get("to").stringValue()),
                verdict == null ? null : Verdict.ofWord(verdict),
                Json.text(body, "assignee"),
                time(body, "until"));
    }

    /** The one that is given. */
    static Act act(JsonNode body) {
        var acts = new ArrayList<Act>();
        if (body.has("to")) {
            acts.add(move(body));
        }
        if (body.has("judge")) {
            acts.add(new Act.Judge(Verdict.ofWord(body.get("judge").stringValue())));
        }
        if (body.has("escalated")) {
            acts.add(new Act.Escalate(body.get("escalated").booleanValue()));
        }
        if (body.has("add_tags") || body.has("remove_tags")) {
            acts.add(new Act.Tag(texts(body, "add_tags"), texts(body, "remove_tags")));
        }
        if (acts.size() != 1) {
            throw Problem.badRequest("one-act", "Give one of: to, judge, escalated, tags.")
                    .asException();
        }
        return acts.getFirst();
    }

    static BulkActs.Which which(JsonNode body) {
        if (body.has("ids") == body.has("filter")) {
            throw Problem.badRequest("ids-or-filter", "Give either ids or a filter.")
                    .asException();
        }
        if (body.has("ids")) {
            return new BulkActs.Which.Named(list(body, "ids", EventId::parse));
        }
        var filter = body.get("filter");
        return new BulkActs.Which.Fitting(
                new AlertFilter(
                        Set.copyOf(list(filter, "status", AlertStatus::ofWord)),
                        Set.copyOf(list(filter, "severity", Severity::ofWord)),
                        Json.text(filter, "rule_id"),
                        Json.text(filter, "entity"),
                        Json.text(filter, "tag"),
                        Json.text(filter, "q"),
                        time(filter, "from"),
                        time(filter, "to")),
                time(filter, "created_until"));
    }

    static void write(JsonGenerator to, BulkActs.Result result) {
        to.writeStartObject();
        to.writeNumberProperty("matched", result.matched());
        to.writeNumberProperty("changed", result.changed());
        to.writeObjectPropertyStart("skipped");
        new TreeMap<>(result.skipped()).forEach(to::writeNumberProperty);
        to.writeEndObject();
        to.writeStringProperty("as_of", Json.time(result.at()));
        var undo = result.undo();
        Json.text(to, "undo", undo == null ? null : undo.toString());
        Json.time(to, "undo_until", undo == null ? null : result.at().plus(BulkActs.UNDOABLE));
        to.writeEndObject();
    }

    static void write(JsonGenerator to, BulkActs.Undone undone) {
        to.writeStartObject();
        to.writeNumberProperty("restored", undone.restored());
        to.writeNumberProperty("changed_since", undone.changed());
        Json.texts(to, "ids", undone.ids().stream().map(EventId::toString).toList());
        to.writeEndObject();
    }

    static Set<String> texts(JsonNode body, String name) {
        return new LinkedHashSet<>(list(body, name, text -> text));
    }

    private static <T> List<T> list(JsonNode body, String name, Function<String, T> read) {
        var all = new ArrayList<T>();
        var array = body.get(name);
        if (array != null) {
            array.forEach(one -> all.add(read.apply(one.stringValue())));
        }
        return all;
    }

    private static @Nullable Instant time(JsonNode body, String name) {
        var text = Json.text(body, name);
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }
}
