package io.marsad.api.hunts;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.ingest.hunt.Hunt;
import io.marsad.ingest.hunt.Hunts;
import io.marsad.ingest.hunt.RuleHits;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.identity.Accounts;
import io.marsad.soc.identity.Permission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Runs rules over the stored events of the caller's tenant: started, followed, cancelled. */
public final class HuntRoutes {
    private static final Duration DEFAULT_RANGE = Duration.ofDays(30);

    private final Hunts hunts;
    private final Accounts accounts;
    private final InstantSource clock;

    public HuntRoutes(Hunts hunts, Accounts accounts, InstantSource clock) {
        this.hunts = hunts;
        this.accounts = accounts;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                new Route("startHunt", this::start),
                new Route("listHunts", this::list),
                new Route("getHunt", this::one),
                new Route("cancelHunt", this::cancel));
    }

    private void start(Exchange exchange) {
        var body = exchange.json();
        var raise = body.path("raise").asBoolean(false);
        if (raise && !CallerScope.current().may(Permission.ALERTS_WRITE)) {
            throw Problem.forbidden("To raise alerts you need " + Permission.ALERTS_WRITE + ".")
                    .asException();
        }
        var to = time(body, "to");
        var end = to == null ? clock.instant() : to;
        var from = time(body, "from");
        var ids = new ArrayList<String>();
        body.path("rule_ids").forEach(id -> ids.add(id.asString()));
        var text = Json.text(body, "rule");
        if (text != null && !ids.isEmpty()) {
            throw Problem.badRequest("invalid-hunt", "Give `rule` or `rule_ids`, not both.")
                    .asException();
        }
        var hunt = hunts.start(new Hunt.Asked(text, ids, from == null ? end.minus(DEFAULT_RANGE) : from, end, raise));
        answer(exchange, 202, hunt);
    }

    private static @Nullable Instant time(JsonNode body, String name) {
        var text = Json.text(body, name);
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }

    private void list(Exchange exchange) {
        var all = hunts.list();
        var names = accounts.names(all.stream().map(Hunt::createdBy).toList());
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("hunts");
            all.forEach(hunt -> write(to, hunt, names));
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void one(Exchange exchange) {
        var hunt = hunts.find(exchange.id());
        answer(exchange, 200, hunt);
    }

    private void cancel(Exchange exchange) {
        var hunt = hunts.cancel(exchange.id());
        answer(exchange, 202, hunt);
    }

    private void answer(Exchange exchange, int status, Hunt hunt) {
        var names = accounts.names(List.of(hunt.createdBy()));
        exchange.json(status, to -> write(to, hunt, names));
    }

    private static void write(JsonGenerator to, Hunt hunt, Map<String, String> names) {
        to.writeStartObject();
        to.writeStringProperty("id", hunt.id().toString());
        to.writeStringProperty("title", hunt.title());
        Json.text(to, "rule", hunt.asked().ruleText());
        Json.texts(to, "rule_ids", hunt.asked().ruleIds());
        to.writeStringProperty("from", Json.time(hunt.asked().from()));
        to.writeStringProperty("to", Json.time(hunt.asked().to()));
        to.writeBooleanProperty("raise", hunt.asked().raise());
        to.writeStringProperty("state", hunt.state().word());
        to.writeStringProperty("created_by", hunt.createdBy());
        to.writeStringProperty("created_by_name", names.getOrDefault(hunt.createdBy(), hunt.createdBy()));
        to.writeStringProperty("created_at", Json.time(hunt.createdAt()));
        Json.time(to, "ended_at", hunt.endedAt());
        to.writeNumberProperty("progress", Math.round(hunt.progress() * 1000) / 1000.0);
        to.writeNumberProperty("scanned_events", hunt.scannedEvents());
        to.writeNumberProperty("hits", hunt.hits());
        Json.text(to, "note", hunt.note());
        to.writeArrayPropertyStart("rules");
        hunt.rules().forEach(rule -> write(to, rule, hunt.asked()));
        to.writeEndArray();
        to.writeEndObject();
    }

    private static void write(JsonGenerator to, RuleHits rule, Hunt.Asked asked) {
        to.writeStartObject();
        to.writeStringProperty("rule_id", rule.id());
        to.writeStringProperty("title", rule.title());
        to.writeStringProperty("level", rule.level().text());
        to.writeNumberProperty("hits", rule.hits());
        double days = Math.max(1, Duration.between(asked.from(), asked.to()).toMillis() / 86_400_000.0);
        to.writeNumberProperty("per_day", Math.round(rule.hits() / days * 100) / 100.0);
        to.writeArrayPropertyStart("days");
        rule.days().forEach((day, hits) -> {
            to.writeStartObject();
            to.writeStringProperty("day", day.toString());
            to.writeNumberProperty("hits", hits);
            to.writeEndObject();
        });
        to.writeEndArray();
        to.writeArrayPropertyStart("newest");
        rule.newest().forEach(hit -> {
            to.writeStartObject();
            to.writeStringProperty("event_id", hit.event().toString());
            to.writeStringProperty("time", Json.time(hit.time()));
            to.writeEndObject();
        });
        to.writeEndArray();
        to.writeEndObject();
    }
}
