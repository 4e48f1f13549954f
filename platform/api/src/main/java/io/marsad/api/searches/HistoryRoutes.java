package io.marsad.api.searches;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.soc.search.SearchHistory;
import java.util.List;

/** What the caller asked lately. */
public final class HistoryRoutes {
    private final SearchHistory history;

    public HistoryRoutes(SearchHistory history) {
        this.history = history;
    }

    public List<Route> routes() {
        return List.of(new Route("listSearchHistory", this::list), new Route("clearSearchHistory", this::clear));
    }

    private void list(Exchange exchange) {
        var entries = history.list(exchange.queryNumber("limit"));
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("entries");
            for (var entry : entries) {
                to.writeStartObject();
                to.writeStringProperty("id", entry.id().toString());
                to.writeStringProperty("query", entry.asked().query());
                Json.text(to, "rule", entry.asked().ruleId());
                to.writeStringProperty("from", Json.time(entry.asked().from()));
                to.writeStringProperty("to", Json.time(entry.asked().to()));
                to.writeStringProperty("at", Json.time(entry.at()));
                to.writeNumberProperty("runs", entry.runs());
                to.writeNumberProperty("took_ms", entry.cost().tookMillis());
                to.writeNumberProperty("rows", entry.cost().rows());
                to.writeNumberProperty("scanned", entry.cost().scannedEvents());
                to.writeNumberProperty("scanned_bytes", entry.cost().scannedBytes());
                to.writeStringProperty("outcome", entry.cost().outcome().word());
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void clear(Exchange exchange) {
        history.clear();
        exchange.noContent();
    }
}
