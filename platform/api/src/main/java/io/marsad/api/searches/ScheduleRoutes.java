package io.marsad.api.searches;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.schedule.Schedule;
import io.marsad.soc.schedule.ScheduleRun;
import io.marsad.soc.schedule.Schedules;
import io.marsad.soc.search.SavedViews;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Scheduled searches of the caller's tenant, and what their runs found. */
public final class ScheduleRoutes {
    private static final int MAX_HITS = 100;

    private final Schedules schedules;
    private final SavedViews views;
    private final KeptQueries queries;

    public ScheduleRoutes(Schedules schedules, SavedViews views, KeptQueries queries) {
        this.schedules = schedules;
        this.views = views;
        this.queries = queries;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listSchedules", this::list),
                new Route("createSchedule", this::create),
                new Route("getSchedule", exchange -> answer(exchange, 200, schedules.find(exchange.id()))),
                new Route("updateSchedule", this::update),
                new Route("deleteSchedule", this::delete),
                new Route("enableSchedule", exchange -> answer(exchange, 200, schedules.enable(exchange.id(), true))),
                new Route("disableSchedule", exchange -> answer(exchange, 200, schedules.enable(exchange.id(), false))),
                new Route("runSchedule", exchange -> answer(exchange, 202, schedules.runNow(exchange.id()))),
                new Route("listScheduleRuns", this::runs),
                new Route("getScheduleRun", this::run));
    }

    private static void answer(Exchange exchange, int status, Schedule schedule) {
        exchange.json(status, to -> write(to, schedule));
    }

    private void list(Exchange exchange) {
        var all = schedules.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("schedules");
            all.forEach(schedule -> write(to, schedule));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void create(Exchange exchange) {
        var body = exchange.json();
        answer(
                exchange,
                201,
                schedules.create(content(body, null), body.path("enabled").asBoolean(true)));
    }

    private void update(Exchange exchange) {
        var body = exchange.json();
        var before = schedules.find(exchange.id()).content().view();
        answer(
                exchange,
                200,
                schedules.update(
                        exchange.id(),
                        content(body, before),
                        body.get("version").intValue()));
    }

    private void delete(Exchange exchange) {
        schedules.delete(exchange.id());
        exchange.noContent();
    }

    /** @param before the view that it was made of until now, which may be gone */
    private Schedule.Content content(JsonNode body, @Nullable EventId before) {
        var name = body.get("name").stringValue().strip();
        if (name.isEmpty()) {
            throw Problem.badRequest("invalid-body", "A schedule has a name.").asException();
        }
        var view = Json.text(body, "view");
        var id = view == null ? null : EventId.parse(view);
        var query = Json.text(body, "query");
        var rule = Json.text(body, "rule");
        if (id != null && (query == null || !id.equals(before))) {
            var saved = views.find(id).content();
            if (query == null) {
                query = saved.query();
                rule = saved.ruleId();
            }
        }
        if (query == null) {
            throw Problem.badRequest("invalid-body", "Give a `query`, or the `view` that has one.")
                    .asException();
        }
        queries.check(query, rule);
        var zone = Json.text(body, "time_zone");
        var most = body.get("max_hits");
        return new Schedule.Content(
                name,
                KeptQueries.text(body, "description"),
                query,
                rule,
                id,
                body.get("cron").stringValue().strip(),
                zone == null ? "UTC" : zone,
                most == null ? MAX_HITS : most.intValue(),
                raising(body.get("alert")));
    }

    private static Schedule.@Nullable Raising raising(@Nullable JsonNode alert) {
        if (alert == null || alert.isNull()) {
            return null;
        }
        var threshold = alert.get("threshold");
        return new Schedule.Raising(
                Severity.ofWord(alert.get("severity").stringValue()), threshold == null ? 1 : threshold.longValue());
    }

    private static void write(JsonGenerator to, Schedule schedule) {
        var content = schedule.content();
        to.writeStartObject();
        to.writeStringProperty("id", schedule.id().toString());
        to.writeStringProperty("name", content.name());
        to.writeStringProperty("description", content.description());
        to.writeStringProperty("query", content.query());
        Json.text(to, "rule", content.ruleId());
        var view = content.view();
        Json.text(to, "view", view == null ? null : view.toString());
        to.writeStringProperty("cron", content.cron());
        to.writeStringProperty("time_zone", content.zone());
        to.writeNumberProperty("max_hits", content.maxHits());
        var raising = content.raising();
        if (raising == null) {
            to.writeNullProperty("alert");
        } else {
            to.writeObjectPropertyStart("alert");
            to.writeStringProperty("severity", raising.severity().word());
            to.writeNumberProperty("threshold", raising.threshold());
            to.writeEndObject();
        }
        to.writeBooleanProperty("enabled", schedule.enabled());
        Json.time(to, "next_at", schedule.next());
        to.writeStringProperty("looked_until", Json.time(schedule.position().lookedUntil()));
        to.writeStringProperty("owner", schedule.ownerName());
        to.writeBooleanProperty(
                "mine", schedule.owner().equals(CallerScope.current().subject()));
        to.writeBooleanProperty("editable", Schedules.mayChange(schedule));
        to.writeStringProperty("created_at", Json.time(schedule.createdAt()));
        to.writeStringProperty("updated_at", Json.time(schedule.updatedAt()));
        to.writeNumberProperty("version", schedule.version());
        to.writeEndObject();
    }

    private void runs(Exchange exchange) {
        var all = schedules.runs(exchange.id());
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("runs");
            for (var run : all) {
                to.writeStartObject();
                properties(to, run);
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void run(Exchange exchange) {
        var kept = schedules.run(exchange.id());
        exchange.json(200, to -> {
            to.writeStartObject();
            properties(to, kept.run());
            var answer = kept.answer();
            to.writeName("answer");
            if (answer == null) {
                to.writeNull();
            } else {
                to.writeRawValue(answer);
            }
            to.writeEndObject();
        });
    }

    private static void properties(JsonGenerator to, ScheduleRun run) {
        to.writeStringProperty("id", run.id().toString());
        to.writeStringProperty("schedule_id", run.schedule().toString());
        to.writeStringProperty("state", run.state().word());
        to.writeStringProperty("started_at", Json.time(run.startedAt()));
        Json.time(to, "ended_at", run.endedAt());
        to.writeStringProperty("from", Json.time(run.from()));
        to.writeStringProperty("to", Json.time(run.to()));
        to.writeNumberProperty("hits", run.outcome().hits());
        to.writeBooleanProperty("exact", run.outcome().exact());
        to.writeNumberProperty("kept", run.outcome().kept());
        to.writeNumberProperty("missed", run.missed());
        Json.text(to, "error", run.error());
        to.writeNumberProperty("scanned", run.outcome().scannedEvents());
        to.writeNumberProperty("took_ms", run.outcome().tookMillis());
        var alert = run.alert();
        Json.text(to, "alert_id", alert == null ? null : alert.toString());
    }
}
