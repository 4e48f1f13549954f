package io.marsad.api.intel;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.soc.indicator.Tlp;
import io.marsad.soc.indicator.feed.Feed;
import io.marsad.soc.indicator.feed.Feeds;
import io.marsad.soc.intel.IntelFiles;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Everything below {@code /v1/intel-feeds}. */
public final class FeedRoutes {
    private static final int USUAL_CONFIDENCE = 60;

    private final Feeds feeds;

    public FeedRoutes(Feeds feeds) {
        this.feeds = feeds;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listIntelFeeds", this::list),
                new Route("createIntelFeed", this::create),
                new Route("updateIntelFeed", this::update),
                new Route("deleteIntelFeed", this::delete),
                new Route("fetchIntelFeed", this::fetch));
    }

    private void list(Exchange exchange) {
        var all = feeds.list();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("feeds");
            all.forEach(one -> feed(to, one));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void create(Exchange exchange) {
        var made = feeds.create(content(exchange.json()));
        exchange.json(201, to -> feed(to, made));
    }

    private void update(Exchange exchange) {
        var body = exchange.json();
        var after =
                feeds.update(exchange.id(), content(body), body.get("version").intValue());
        exchange.json(200, to -> feed(to, after));
    }

    private void delete(Exchange exchange) {
        feeds.delete(exchange.id());
        exchange.noContent();
    }

    private void fetch(Exchange exchange) {
        var feed = feeds.fetchSoon(exchange.id());
        exchange.json(202, to -> feed(to, feed));
    }

    private static Feed.Content content(JsonNode body) {
        var confidence = body.get("confidence");
        var enabled = body.get("enabled");
        var tlp = Json.text(body, "tlp");
        return new Feed.Content(
                text(body, "name").strip(),
                Feeds.address(text(body, "url")),
                IntelFiles.Format.valueOf(text(body, "format").toUpperCase(Locale.ROOT)),
                Duration.ofMinutes(body.get("minutes").intValue()),
                tlp == null ? Tlp.AMBER : Tlp.of(tlp),
                confidence == null ? USUAL_CONFIDENCE : confidence.intValue(),
                enabled == null || enabled.booleanValue());
    }

    private static String text(JsonNode body, String name) {
        return body.get(name).stringValue();
    }

    private static void feed(JsonGenerator to, Feed feed) {
        var content = feed.content();
        var health = feed.health();
        to.writeStartObject();
        to.writeStringProperty("id", feed.id().toString());
        to.writeStringProperty("name", content.name());
        to.writeStringProperty("url", content.url().toString());
        to.writeStringProperty("format", content.format().name().toLowerCase(Locale.ROOT));
        to.writeNumberProperty("minutes", content.every().toMinutes());
        to.writeStringProperty("tlp", content.tlp().word());
        to.writeNumberProperty("confidence", content.confidence());
        to.writeBooleanProperty("enabled", content.enabled());
        to.writeStringProperty("state", feed.state());
        to.writeNumberProperty("indicators", health.indicators());
        Json.texts(to, "faults", health.faults());
        Json.time(to, "fetched_at", health.fetched());
        Json.time(to, "failed_at", health.failed());
        Json.text(to, "failure", health.failure());
        Json.time(to, "next_at", content.enabled() ? health.due() : null);
        to.writeStringProperty("created_by", feed.made().by());
        Json.time(to, "created_at", feed.made().at());
        Json.time(to, "updated_at", feed.made().changed());
        to.writeNumberProperty("version", feed.made().version());
        to.writeEndObject();
    }
}
