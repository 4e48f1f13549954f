package io.marsad.api.cases;

import io.marsad.api.http.Json;
import io.marsad.soc.alert.AlertJson;
import io.marsad.soc.alert.ConfidenceRows;
import io.marsad.soc.cases.Case;
import io.marsad.soc.cases.CaseEvidence.Kept;
import io.marsad.soc.cases.CasePage;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Cases as the API has them. */
final class CaseOut {
    private CaseOut() {}

    static void page(JsonGenerator to, CasePage page, Instant now) {
        to.writeStartObject();
        to.writeArrayPropertyStart("cases");
        page.cases().forEach(kase -> one(to, kase, now));
        to.writeEndArray();
        to.writeNumberProperty("total", page.total());
        to.writeObjectPropertyStart("counts");
        to.writeNumberProperty("mine", page.mine());
        to.writeNumberProperty("unassigned", page.unassigned());
        to.writeNumberProperty("active", page.active());
        to.writeNumberProperty("breached", page.breached());
        to.writeEndObject();
        Json.time(to, "now", now);
        to.writeEndObject();
    }

    static void one(JsonGenerator to, Case kase, Instant now) {
        to.writeStartObject();
        properties(to, kase, now);
        to.writeEndObject();
    }

    private static void properties(JsonGenerator to, Case kase, Instant now) {
        to.writeStringProperty("id", kase.id().toString());
        to.writeNumberProperty("number", kase.number());
        to.writeStringProperty("title", kase.title());
        to.writeStringProperty("severity", kase.severity().word());
        to.writeStringProperty("status", kase.status().word());
        var into = kase.mergedInto();
        if (into == null) {
            to.writeNullProperty("merged_into");
        } else {
            to.writeNumberProperty("merged_into", into);
        }
        Json.text(to, "assignee", kase.assignee());
        to.writeStringProperty("opened_by", kase.openedBy());
        Json.time(to, "created_at", kase.createdAt());
        Json.time(to, "updated_at", kase.updatedAt());
        Json.time(to, "first_time", kase.firstTime());
        Json.time(to, "last_time", kase.lastTime());
        to.writeNumberProperty("alert_count", kase.alertCount());
        Json.texts(to, "attack", kase.attack());
        Json.texts(to, "tactics", kase.tactics());
        to.writeNumberProperty("version", kase.version());
        to.writeNumberProperty("open_tasks", kase.openTasks());
        to.writeStringProperty("sla", kase.sla(now).word());
        Json.time(to, "due", kase.due());
        to.writeArrayPropertyStart("clocks");
        kase.clocks().forEach(clock -> {
            to.writeStartObject();
            to.writeStringProperty("goal", clock.goal().word());
            Json.time(to, "due", clock.due());
            Json.time(to, "met_at", clock.met());
            Json.time(to, "breached_at", clock.breached());
            to.writeEndObject();
        });
        to.writeEndArray();
    }

    static void detail(JsonGenerator to, Case.Detail detail, Instant now) {
        to.writeStartObject();
        properties(to, detail.kase(), now);
        Json.text(to, "undoable", detail.undoable());
        to.writeStringProperty("narrative", detail.narrative());
        to.writeNumberProperty("narrative_version", Case.Detail.NARRATIVE_VERSION);
        confidence(to, detail.surest());
        to.writeArrayPropertyStart("alerts");
        for (var linked : detail.alerts()) {
            to.writeStartObject();
            to.writeName("alert");
            AlertJson.write(to, linked.alert());
            Json.time(to, "linked_at", linked.at());
            to.writeStringProperty("linked_by", linked.by());
            to.writeStringProperty("why", linked.why());
            to.writeEndObject();
        }
        to.writeEndArray();
        links(to, detail.links());
        to.writeArrayPropertyStart("history");
        for (var entry : detail.history()) {
            to.writeStartObject();
            to.writeNumberProperty("seq", entry.seq());
            Json.time(to, "at", entry.at());
            to.writeStringProperty("actor", entry.actor());
            to.writeStringProperty("action", entry.action());
            to.writeStringProperty("detail", entry.detail());
            to.writeEndObject();
        }
        to.writeEndArray();
        tasks(to, detail.tasks());
        to.writeArrayPropertyStart("observables");
        for (var one : detail.observables()) {
            to.writeStartObject();
            to.writeStringProperty("type", one.type());
            to.writeStringProperty("value", one.value());
            to.writeStringProperty("note", one.note());
            Json.time(to, "at", one.at());
            to.writeStringProperty("by", one.by());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeEndObject();
    }

    private static void confidence(JsonGenerator to, ConfidenceRows.@Nullable Surest surest) {
        if (surest == null) {
            to.writeNullProperty("confidence");
            return;
        }
        to.writeObjectPropertyStart("confidence");
        AlertJson.confidence(to, surest.confidence());
        to.writeStringProperty("alert", surest.alert().toString());
        to.writeNumberProperty("decided", surest.decided());
        to.writeEndObject();
    }

    private static void links(JsonGenerator to, List<Case.Link> links) {
        to.writeArrayPropertyStart("links");
        for (var link : links) {
            to.writeStartObject();
            to.writeStringProperty("earlier", link.earlier().toString());
            to.writeStringProperty("later", link.later().toString());
            to.writeNumberProperty("weight", link.weight());
            to.writeBooleanProperty("joins", link.joins());
            to.writeStringProperty("why", link.why());
            to.writeArrayPropertyStart("shared");
            for (var shared : link.shared()) {
                to.writeStartObject();
                to.writeStringProperty("type", shared.type());
                to.writeStringProperty("name", shared.name());
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    private static void tasks(JsonGenerator to, List<Case.Task> tasks) {
        to.writeArrayPropertyStart("tasks");
        for (var task : tasks) {
            to.writeStartObject();
            to.writeStringProperty("id", task.id().toString());
            to.writeStringProperty("title", task.title());
            Json.text(to, "assignee", task.assignee());
            Json.time(to, "created_at", task.createdAt());
            to.writeStringProperty("created_by", task.createdBy());
            Json.time(to, "done_at", task.doneAt());
            Json.text(to, "done_by", task.doneBy());
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    static void related(JsonGenerator to, List<Case.Related> related, Instant now) {
        to.writeStartObject();
        to.writeArrayPropertyStart("related");
        for (var one : related) {
            to.writeStartObject();
            to.writeName("case");
            one(to, one.kase(), now);
            to.writeNumberProperty("score", Math.round(one.score() * 1_000) / 1_000.0);
            Json.texts(to, "shared", one.shared());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeEndObject();
    }

    /** @param whole with what was taken in */
    static void evidence(JsonGenerator to, List<Kept> entries, boolean whole) {
        to.writeArrayPropertyStart("entries");
        for (var kept : entries) {
            entry(to, kept, whole);
        }
        to.writeEndArray();
    }

    static void entry(JsonGenerator to, Kept kept, boolean whole) {
        var entry = kept.entry();
        to.writeStartObject();
        to.writeNumberProperty("version", entry.version());
        to.writeNumberProperty("seq", entry.seq());
        Json.time(to, "at", entry.at());
        to.writeStringProperty("actor", entry.actor());
        to.writeStringProperty("actor_name", entry.actorName());
        to.writeStringProperty("action", entry.action());
        to.writeNumberProperty("item", entry.item());
        to.writeStringProperty("name", entry.name());
        to.writeStringProperty("media_type", entry.mediaType());
        to.writeStringProperty("note", entry.note());
        to.writeNumberProperty("size", entry.content().length);
        to.writeStringProperty("sha256", HexFormat.of().formatHex(entry.contentHash()));
        to.writeStringProperty("previous", HexFormat.of().formatHex(entry.previous()));
        to.writeStringProperty("hash", kept.hashWord());
        if (whole) {
            to.writeStringProperty("content", Base64.getEncoder().encodeToString(entry.content()));
        }
        to.writeEndObject();
    }
}
