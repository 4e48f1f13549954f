package io.marsad.api.intel;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.indicator.IndicatorFilter;
import io.marsad.soc.indicator.IndicatorImport;
import io.marsad.soc.indicator.Indicators;
import io.marsad.soc.indicator.Indicators.Wanted;
import io.marsad.soc.indicator.Listed;
import io.marsad.soc.indicator.PastSightings;
import io.marsad.soc.indicator.Tlp;
import io.marsad.soc.intel.IntelFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Everything below {@code /v1/indicators}. */
public final class IndicatorRoutes {
    private static final int LARGEST_IMPORT = 32 << 20;
    private static final int USUAL_PAGE = 100;
    private static final int USUAL_CONFIDENCE = 75;

    private final Indicators indicators;
    private final PastSightings past;
    private final InstantSource clock;

    public IndicatorRoutes(Indicators indicators, PastSightings past, InstantSource clock) {
        this.indicators = indicators;
        this.past = past;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listIndicators", this::list),
                new Route("putIndicator", this::put),
                new Route("importIndicators", this::importAll),
                new Route("getIndicator", this::one),
                new Route("updateIndicator", this::update),
                new Route("deleteIndicator", this::delete),
                new Route("findPastSightings", this::past));
    }

    private void list(Exchange exchange) {
        var filter = new IndicatorFilter(exchange.query("type"), exchange.query("state"), exchange.query("q"));
        int limit = exchange.has("limit") ? exchange.queryNumber("limit") : USUAL_PAGE;
        var page = indicators.list(filter, limit, exchange.query("cursor"));
        exchange.json(200, to -> IndicatorJson.page(to, page, now()));
    }

    private void put(Exchange exchange) {
        var body = exchange.json();
        var value = value(body);
        var made = indicators.put(new Wanted(value, about(body, null), flag(body, "despite_warning")));
        exchange.json(201, to -> {
            to.writeStartObject();
            IndicatorJson.properties(to, made, now());
            to.writeEndObject();
        });
    }

    private void one(Exchange exchange) {
        var detail = indicators.find(exchange.id());
        exchange.json(200, to -> {
            to.writeStartObject();
            IndicatorJson.properties(to, detail.indicator(), now());
            IndicatorJson.sightings(to, "newest", detail.newest());
            to.writeEndObject();
        });
    }

    private void update(Exchange exchange) {
        var body = exchange.json();
        var before = indicators.find(exchange.id()).indicator();
        boolean despite = body.has("despite_warning") ? flag(body, "despite_warning") : before.warning() == null;
        int version = body.get("version").intValue();
        var after = indicators.update(exchange.id(), about(body, before.about()), despite, version);
        exchange.json(200, to -> {
            to.writeStartObject();
            IndicatorJson.properties(to, after, now());
            to.writeEndObject();
        });
    }

    private void delete(Exchange exchange) {
        indicators.delete(exchange.id());
        exchange.noContent();
    }

    private void past(Exchange exchange) {
        var value = indicators.find(exchange.id()).indicator().value();
        try {
            var found = past.of(CallerScope.tenant(), value);
            exchange.json(200, to -> IndicatorJson.past(to, found));
        } catch (IOException e) {
            throw new UncheckedIOException("the past cannot be searched", e);
        }
    }

    private void importAll(Exchange exchange) {
        var body = exchange.json(LARGEST_IMPORT);
        var about = about(body, null);
        var days = body.get("valid_days");
        var defaults = new IndicatorImport.Defaults(
                about.source(),
                about.tlp(),
                about.confidence(),
                about.tags(),
                days == null || days.isNull() ? null : Duration.ofDays(days.intValue()),
                flag(body, "despite_warning"));
        var format = IntelFiles.Format.valueOf(text(body, "format").toUpperCase(Locale.ROOT));
        var read = IndicatorImport.read(format, text(body, "text"), defaults, now());
        boolean dry = flag(body, "dry_run");
        if (read.wanted().isEmpty() && !dry) {
            throw Problem.badRequest(
                            "nothing-to-import",
                            read.faults().isEmpty()
                                    ? "There is no indicator in it."
                                    : "No line of it is an indicator: "
                                            + read.faults().getFirst())
                    .asException();
        }
        if (dry) {
            var trial = indicators.tryAll(read.wanted());
            exchange.json(200, to -> IndicatorJson.tried(to, read, trial));
            return;
        }
        var outcome = indicators.putAll(read.wanted(), defaults.source());
        exchange.json(200, to -> IndicatorJson.imported(to, read, outcome));
    }

    private static Listed.Value value(JsonNode body) {
        try {
            return Listed.Value.of(Json.text(body, "type"), text(body, "value"));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("invalid-indicator", String.valueOf(e.getMessage()))
                    .asException();
        }
    }

    /** @param before what counts where the body says nothing; null: the usual */
    private Listed.About about(JsonNode body, Listed.@Nullable About before) {
        var confidence = body.get("confidence");
        var tlp = Json.text(body, "tlp");
        var source = Json.text(body, "source");
        var description = Json.text(body, "description");
        var tags = body.get("tags");
        var from = time(body, "valid_from");
        var until = time(body, "valid_until");
        boolean saysUntil = body.has("valid_until");
        if (until != null && from != null && !until.isAfter(from)) {
            throw Problem.badRequest("invalid-time", "It has to end after it begins.")
                    .asException();
        }
        return new Listed.About(
                confidence == null ? before == null ? USUAL_CONFIDENCE : before.confidence() : confidence.intValue(),
                tlp == null ? before == null ? Tlp.AMBER : before.tlp() : Tlp.of(tlp),
                source == null || source.isBlank() ? before == null ? "analyst" : before.source() : source.strip(),
                description == null ? before == null ? "" : before.description() : description.strip(),
                tags == null ? before == null ? List.of() : before.tags() : texts(tags),
                from == null ? before == null ? now() : before.from() : from,
                saysUntil || before == null ? until : before.until(),
                body.has("revoked") ? flag(body, "revoked") : before != null && before.revoked());
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(one -> texts.add(one.stringValue().strip()));
        return texts.stream().filter(tag -> !tag.isEmpty()).distinct().toList();
    }

    private static boolean flag(JsonNode body, String name) {
        var flag = body.get(name);
        return flag != null && flag.isBoolean() && flag.booleanValue();
    }

    private static String text(JsonNode body, String name) {
        var text = Json.text(body, name);
        return text == null ? "" : text;
    }

    private static @Nullable Instant time(JsonNode body, String name) {
        var text = Json.text(body, name);
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
