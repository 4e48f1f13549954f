package io.marsad.api.sources;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.api.ingest.Durable;
import io.marsad.ingest.ledger.Balance;
import io.marsad.ingest.ledger.DeadLetter;
import io.marsad.ingest.ledger.DeadLetters;
import io.marsad.ingest.ledger.Ledger;
import io.marsad.ingest.ledger.SourceStatus;
import io.marsad.kernel.tenant.CallerScope;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;

/** What arrives at the caller's tenant, what is lost on the way and why. */
public final class SourceRoutes {
    private final Ledger ledger;
    private final DeadLetters letters;
    private final Supplier<RuleCount> rules;

    /** How many rules look at events, and how many could not be used. */
    public record RuleCount(int loaded, int refused) {}

    public SourceRoutes(Ledger ledger, DeadLetters letters, Supplier<RuleCount> rules) {
        this.ledger = ledger;
        this.letters = letters;
        this.rules = rules;
    }

    public List<Route> routes() {
        return List.of(
                new Route("listSources", this::sources),
                new Route("listDeadLetters", this::deadLetters),
                new Route("replayDeadLetter", this::replay));
    }

    private void sources(Exchange exchange) {
        // What is pending first: who then sees nothing pending sees all of it in the sources.
        var balance = ledger.balance(CallerScope.tenant());
        var sources = ledger.sources(CallerScope.tenant());
        var count = rules.get();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("sources");
            sources.forEach(source -> source(to, source));
            to.writeEndArray();
            to.writeObjectPropertyStart("ledger");
            counts(to, balance);
            to.writeNumberProperty("pending", balance.pending());
            to.writeEndObject();
            to.writeObjectPropertyStart("rules");
            to.writeNumberProperty("loaded", count.loaded());
            to.writeNumberProperty("refused", count.refused());
            to.writeEndObject();
            to.writeEndObject();
        });
    }

    private static void source(JsonGenerator to, SourceStatus source) {
        to.writeStartObject();
        to.writeStringProperty("origin", source.origin());
        to.writeStringProperty("format", source.format());
        Json.texts(to, "log_sources", source.logSources());
        counts(to, source.balance());
        to.writeNumberProperty("bytes", source.bytes());
        to.writeNumberProperty("events_per_minute", Math.round(source.eventsPerMinute() * 10) / 10.0);
        to.writeStringProperty("first_received_at", Json.time(source.firstReceivedAt()));
        to.writeStringProperty("last_received_at", Json.time(source.lastReceivedAt()));
        Json.time(to, "last_event_at", source.lastEventAt());
        Json.text(to, "last_error", source.lastError());
        to.writeStringProperty("state", source.state().name().toLowerCase(Locale.ROOT));
        to.writeEndObject();
    }

    private static void counts(JsonGenerator to, Balance balance) {
        to.writeNumberProperty("received", balance.received());
        to.writeNumberProperty("stored", balance.stored());
        to.writeNumberProperty("deduplicated", balance.deduplicated());
        to.writeNumberProperty("dead", balance.dead());
    }

    private void deadLetters(Exchange exchange) {
        int limit = exchange.queryNumber("limit");
        var cursor = exchange.query("cursor");
        var after = cursor == null ? null : LetterCursor.read(cursor);
        var page = letters.list(CallerScope.tenant(), limit, after);
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("dead_letters");
            page.forEach(letter -> letter(to, letter));
            to.writeEndArray();
            // A full page may be the last: then the next one is empty.
            Json.text(
                    to,
                    "next",
                    page.size() < limit
                            ? null
                            : LetterCursor.write(page.getLast().position()));
            to.writeEndObject();
        });
    }

    private static void letter(JsonGenerator to, DeadLetter letter) {
        to.writeStartObject();
        to.writeStringProperty("id", letter.id().toString());
        to.writeStringProperty("received_at", Json.time(letter.receivedAt()));
        to.writeStringProperty("origin", letter.origin());
        to.writeStringProperty("format", letter.format());
        to.writeStringProperty("reason", letter.reason());
        to.writeStringProperty("sample", letter.sample());
        to.writeStringProperty("state", letter.replayed() ? "replayed" : "dead");
        to.writeEndObject();
    }

    private void replay(Exchange exchange) {
        var id = Durable.run(exchange, () -> letters.replay(CallerScope.tenant(), exchange.id()));
        exchange.json(202, to -> {
            to.writeStartObject();
            to.writeStringProperty("event_id", id.toString());
            to.writeStringProperty("status", "accepted");
            to.writeEndObject();
        });
    }
}
