package io.marsad.api.cases;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.event.EventId;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.cases.CaseFilter;
import io.marsad.soc.cases.CaseFilter.View;
import io.marsad.soc.cases.CaseStatus;
import io.marsad.soc.cases.CaseWork;
import io.marsad.soc.cases.Cases;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The queue of cases, one case, and what people do to it; always of the caller's tenant. */
public final class CaseRoutes {
    private final Cases cases;
    private final CaseWork work;
    private final InstantSource clock;

    private CaseRoutes(CaseServices services) {
        this.cases = services.cases();
        this.work = services.work();
        this.clock = services.clock();
    }

    /** These, those of evidence, of targets and of what is measured. */
    public static List<Route> all(CaseServices services) {
        var all = new ArrayList<Route>(new CaseRoutes(services).routes());
        all.addAll(new EvidenceRoutes(services).routes());
        all.addAll(new TargetRoutes(services).routes());
        all.addAll(new MetricRoutes(services).routes());
        return all;
    }

    List<Route> routes() {
        return List.of(
                new Route("listCases", this::list),
                new Route("openCase", this::open),
                new Route("caseAssignees", this::people),
                new Route("getCase", this::one),
                new Route("updateCase", this::update),
                new Route("transitionCase", this::transition),
                new Route("commentCase", this::comment),
                new Route("addCaseTask", this::addTask),
                new Route("finishCaseTask", this::finishTask),
                new Route("addCaseObservable", this::addObservable),
                new Route("linkCaseAlerts", this::link),
                new Route("mergeCases", this::merge),
                new Route("splitCase", this::split),
                new Route("undoCase", this::undo),
                new Route("relatedCases", this::related),
                new Route("reportCase", this::report),
                new Route("casesOfAlert", this::ofAlert));
    }

    private void list(Exchange exchange) {
        var view = exchange.query("view");
        var filter = new CaseFilter(
                view == null ? View.ALL : View.valueOf(view.toUpperCase(Locale.ROOT)),
                exchange.queryList("status").stream().map(CaseStatus::ofWord).collect(Collectors.toUnmodifiableSet()),
                exchange.queryList("severity").stream().map(Severity::ofWord).collect(Collectors.toUnmodifiableSet()),
                exchange.query("assignee"),
                exchange.query("q"));
        var page = cases.list(filter, exchange.queryNumber("limit"), exchange.queryNumber("offset"));
        exchange.json(200, to -> CaseOut.page(to, page, now()));
    }

    private void open(Exchange exchange) {
        var body = exchange.json();
        var id = work.open(text(body, "title"), Severity.ofWord(text(body, "severity")), ids(body, "alerts"));
        answer(exchange, 201, id);
    }

    private void people(Exchange exchange) {
        var people = cases.people();
        exchange.json(200, to -> {
            to.writeStartObject();
            Json.texts(to, "names", people);
            to.writeEndObject();
        });
    }

    private void one(Exchange exchange) {
        var detail = cases.detail(exchange.id());
        exchange.json(200, to -> CaseOut.detail(to, detail, now()));
    }

    private void update(Exchange exchange) {
        var body = exchange.json();
        var severity = Json.text(body, "severity");
        var edit = new CaseWork.Edit(
                Json.text(body, "title"),
                severity == null ? null : Severity.ofWord(severity),
                Json.text(body, "assignee"));
        work.edit(exchange.id(), edit, version(body));
        answer(exchange, 200, exchange.id());
    }

    private void transition(Exchange exchange) {
        var body = exchange.json();
        work.move(exchange.id(), CaseStatus.ofWord(text(body, "to")), text(body, "comment"), version(body));
        answer(exchange, 200, exchange.id());
    }

    private void comment(Exchange exchange) {
        work.comment(exchange.id(), text(exchange.json(), "comment"));
        answer(exchange, 200, exchange.id());
    }

    private void addTask(Exchange exchange) {
        var body = exchange.json();
        work.addTask(exchange.id(), text(body, "title"), Json.text(body, "assignee"));
        answer(exchange, 200, exchange.id());
    }

    private void finishTask(Exchange exchange) {
        var body = exchange.json();
        work.finishTask(
                exchange.id(),
                EventId.parse(text(body, "task")),
                body.get("done").booleanValue());
        answer(exchange, 200, exchange.id());
    }

    private void addObservable(Exchange exchange) {
        var body = exchange.json();
        var kind = Entity.Kind.valueOf(text(body, "type").toUpperCase(Locale.ROOT));
        work.addObservable(exchange.id(), kind, text(body, "value"), text(body, "note"));
        answer(exchange, 200, exchange.id());
    }

    private void link(Exchange exchange) {
        var body = exchange.json();
        var add = ids(body, "add");
        var remove = ids(body, "remove");
        if (!add.isEmpty() || remove.isEmpty()) {
            work.link(exchange.id(), add, text(body, "comment"));
        }
        if (!remove.isEmpty()) {
            work.unlink(exchange.id(), remove, text(body, "comment"));
        }
        answer(exchange, 200, exchange.id());
    }

    private void merge(Exchange exchange) {
        var body = exchange.json();
        work.merge(exchange.id(), ids(body, "cases"), text(body, "comment"));
        answer(exchange, 200, exchange.id());
    }

    private void split(Exchange exchange) {
        var body = exchange.json();
        var made = work.split(exchange.id(), ids(body, "alerts"), text(body, "comment"));
        answer(exchange, 201, made);
    }

    private void undo(Exchange exchange) {
        work.undo(exchange.id(), text(exchange.json(), "comment"));
        answer(exchange, 200, exchange.id());
    }

    private void related(Exchange exchange) {
        var related = cases.related(exchange.id());
        exchange.json(200, to -> CaseOut.related(to, related, now()));
    }

    private void report(Exchange exchange) {
        var detail = cases.detail(exchange.id());
        exchange.header(
                "Content-Disposition",
                "attachment; filename=\"case-" + detail.kase().number() + ".md\"");
        exchange.text(200, "text/markdown; charset=utf-8", cases.report(detail));
    }

    private void ofAlert(Exchange exchange) {
        var all = cases.ofAlert(exchange.id());
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("cases");
            all.forEach(kase -> CaseOut.one(to, kase, now()));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void answer(Exchange exchange, int status, EventId id) {
        var kase = cases.find(id);
        exchange.json(status, to -> CaseOut.one(to, kase, now()));
    }

    private static String text(JsonNode body, String name) {
        var text = Json.text(body, name);
        return text == null ? "" : text;
    }

    private static @Nullable Integer version(JsonNode body) {
        var version = body.get("version");
        return version == null ? null : version.intValue();
    }

    private static Set<EventId> ids(JsonNode body, String name) {
        var ids = new LinkedHashSet<EventId>();
        var named = body.get(name);
        if (named != null) {
            named.forEach(id -> ids.add(EventId.parse(id.stringValue())));
        }
        return ids;
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
