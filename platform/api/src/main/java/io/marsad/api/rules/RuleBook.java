package io.marsad.api.rules;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.problem.Problem;
import io.marsad.sigma.Level;
import io.marsad.sigma.SigmaRule;
import io.marsad.sigma.Status;
import io.marsad.soc.rule.RuleCatalog;
import io.marsad.soc.rule.RuleCatalog.Filter;
import io.marsad.soc.rule.RuleCatalog.Position;
import io.marsad.soc.rule.RuleCatalog.RuleEntry;
import io.marsad.soc.stage.RuleStage;
import io.marsad.soc.stage.Stage;
import io.marsad.soc.stage.Stages;
import io.marsad.store.query.Query;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** The rules in use, to be looked through and to be searched with. */
public final class RuleBook {
    private final RuleCatalog rules;
    private final Stages stages;

    public RuleBook(RuleCatalog rules, Stages stages) {
        this.rules = rules;
        this.stages = stages;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listRules", this::list),
                new Route("getRule", this::one),
                new Route("getRuleQuery", this::query));
    }

    private void list(Exchange exchange) {
        var words = exchange.query("q");
        var filter = new Filter(
                words == null || words.isBlank()
                        ? List.of()
                        : List.of(words.strip().split("\\s+")),
                exchange.queryList("level").stream()
                        .map(word -> Level.valueOf(word.toUpperCase(Locale.ROOT)))
                        .toList(),
                exchange.queryList("status").stream()
                        .map(word -> Status.valueOf(word.toUpperCase(Locale.ROOT)))
                        .toList());
        var cursor = exchange.query("cursor");
        var page = rules.list(filter, cursor == null ? null : position(cursor), exchange.queryNumber("limit"));
        var staged = staged();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("rules");
            for (var entry : page.rules()) {
                to.writeStartObject();
                summary(to, entry);
                stage(to, entry, staged);
                to.writeEndObject();
            }
            to.writeEndArray();
            var next = page.next();
            Json.text(to, "next", next == null ? null : cursor(next));
            to.writeNumberProperty("total", page.total());
            to.writeEndObject();
        });
    }

    private Map<String, Stage> staged() {
        return stages.notActive().stream().collect(Collectors.toMap(RuleStage::ruleId, RuleStage::stage));
    }

    private static void stage(JsonGenerator to, RuleEntry entry, Map<String, Stage> staged) {
        var stage = staged.getOrDefault(entry.document().id(), Stage.ACTIVE);
        to.writeStringProperty("stage", stage.word());
    }

    private static String cursor(Position position) {
        var plain = position.id() + "\n" + position.title();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    private static Position position(String cursor) {
        try {
            var plain = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            int end = plain.indexOf('\n');
            if (end > 0) {
                return new Position(plain.substring(end + 1), plain.substring(0, end));
            }
        } catch (IllegalArgumentException e) {
            throw notOurs();
        }
        throw notOurs();
    }

    private static RuntimeException notOurs() {
        return Problem.badRequest("invalid-cursor", "The cursor is none that this API gave.")
                .asException();
    }

    private static void summary(JsonGenerator to, RuleEntry entry) {
        var about = entry.document().about();
        var rule = entry.document() instanceof SigmaRule one ? one : null;
        to.writeStringProperty("id", about.id());
        to.writeStringProperty("title", about.title());
        to.writeStringProperty("kind", rule == null ? "correlation" : "rule");
        to.writeStringProperty("level", about.level().text());
        to.writeStringProperty("status", about.status().text());
        source(to, rule == null ? LogSource.NONE : rule.logSource());
        Json.texts(to, "tags", about.tags());
        to.writeStringProperty("set", entry.origin().set());
        to.writeStringProperty(
                "license", about.license().isEmpty() ? entry.origin().licence() : about.license());
        to.writeBooleanProperty("searchable", rule != null && !entry.waiting());
        to.writeBooleanProperty("waiting", entry.waiting());
    }

    private static void source(JsonGenerator to, LogSource source) {
        to.writeObjectPropertyStart("log_source");
        Json.text(to, "product", source.product());
        Json.text(to, "category", source.category());
        Json.text(to, "service", source.service());
        to.writeEndObject();
    }

    private void one(Exchange exchange) {
        var entry = rules.find(exchange.path("rule"));
        var about = entry.document().about();
        var staged = staged();
        exchange.json(200, to -> {
            to.writeStartObject();
            summary(to, entry);
            stage(to, entry, staged);
            to.writeStringProperty("description", about.description());
            to.writeStringProperty("author", about.author());
            Json.texts(to, "references", about.references());
            Json.texts(to, "falsepositives", about.falsePositives());
            to.writeStringProperty("source", about.source());
            to.writeStringProperty("set_address", entry.origin().address());
            to.writeStringProperty("set_revision", entry.origin().revision());
            to.writeEndObject();
        });
    }

    private void query(Exchange exchange) {
        var rule = rules.searched(exchange.path("rule"));
        var said = Query.of(rule.predicate(), rule.logSource());
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeStringProperty("rule_id", rule.id());
            to.writeStringProperty("title", rule.title());
            to.writeStringProperty("query", said.query().toString());
            to.writeBooleanProperty("exact", said.missing().isEmpty());
            Json.texts(to, "missing", said.missing());
            source(to, rule.logSource());
            to.writeEndObject();
        });
    }
}
