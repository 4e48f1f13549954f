package io.marsad.api.searches;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.search.SavedView;
import io.marsad.soc.search.SavedViews;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Saved views of the caller's tenant. */
public final class ViewRoutes {
    private static final Pattern LAST = Pattern.compile("[1-9][0-9]{0,5}[mhdw]");

    private final SavedViews views;
    private final KeptQueries queries;

    /** @param queries says whether a query can be run at all */
    public ViewRoutes(SavedViews views, KeptQueries queries) {
        this.views = views;
        this.queries = queries;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listViews", this::list),
                new Route("createView", this::create),
                new Route("getView", this::one),
                new Route("updateView", this::update),
                new Route("deleteView", this::delete));
    }

    private void list(Exchange exchange) {
        var all = views.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("views");
            all.forEach(view -> write(to, view));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void create(Exchange exchange) {
        var view = views.create(content(exchange.json()));
        exchange.json(201, to -> write(to, view));
    }

    private void one(Exchange exchange) {
        var view = views.find(exchange.id());
        exchange.json(200, to -> write(to, view));
    }

    private void update(Exchange exchange) {
        var body = exchange.json();
        var view =
                views.update(exchange.id(), content(body), body.get("version").intValue());
        exchange.json(200, to -> write(to, view));
    }

    private void delete(Exchange exchange) {
        views.delete(exchange.id());
        exchange.noContent();
    }

    /** A query with a mistake is not saved: it would be found by whoever opens the view. */
    private SavedView.Content content(JsonNode body) {
        var query = body.get("query").stringValue();
        var rule = Json.text(body, "rule");
        queries.check(query, rule);
        var columns = new ArrayList<String>();
        body.path("columns").forEach(column -> columns.add(column.stringValue()));
        var display = Json.text(body, "display");
        var name = body.get("name").stringValue().strip();
        if (name.isEmpty()) {
            throw Problem.badRequest("invalid-body", "A view has a name.").asException();
        }
        return new SavedView.Content(
                name,
                KeptQueries.text(body, "description"),
                query,
                rule,
                range(body),
                columns,
                display == null ? SavedView.Display.EVENTS : SavedView.Display.ofWord(display),
                body.path("shared").asBoolean(false));
    }

    private static SavedView.Range range(JsonNode body) {
        var last = Json.text(body, "last");
        var from = time(body, "from");
        var to = time(body, "to");
        boolean fits = last == null
                ? from == null && to == null || from != null && to != null && from.isBefore(to)
                : from == null && to == null && LAST.matcher(last).matches();
        if (!fits) {
            throw Problem.badRequest(
                            "invalid-range",
                            "A view's range is `last` such as 24h, or `from` before `to`, or none of them.")
                    .asException();
        }
        return new SavedView.Range(last, from, to);
    }

    private static @Nullable Instant time(JsonNode body, String name) {
        var text = Json.text(body, name);
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }

    private static void write(JsonGenerator to, SavedView view) {
        var content = view.content();
        to.writeStartObject();
        to.writeStringProperty("id", view.id().toString());
        to.writeStringProperty("name", content.name());
        to.writeStringProperty("description", content.description());
        to.writeStringProperty("query", content.query());
        Json.text(to, "rule", content.ruleId());
        Json.text(to, "last", content.range().last());
        Json.time(to, "from", content.range().from());
        Json.time(to, "to", content.range().to());
        Json.texts(to, "columns", content.columns());
        to.writeStringProperty("display", content.display().word());
        to.writeBooleanProperty("shared", content.shared());
        to.writeStringProperty("owner", view.ownerName());
        to.writeBooleanProperty(
                "mine", view.owner().equals(CallerScope.current().subject()));
        to.writeBooleanProperty("editable", SavedViews.mayChange(view));
        to.writeStringProperty("created_at", Json.time(view.createdAt()));
        to.writeStringProperty("updated_at", Json.time(view.updatedAt()));
        to.writeNumberProperty("version", view.version());
        to.writeEndObject();
    }
}
