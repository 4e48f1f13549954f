package io.marsad.respond.provide;

import io.marsad.connect.OutboundHttp;
import io.marsad.connect.OutboundLost;
import io.marsad.db.Database;
import io.marsad.respond.durable.ActionProvider.Order;
import io.marsad.respond.durable.ActionProvider.Result;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A request to an address that a playbook names, by the operator's rules of where anything may go. What may have arrived is
 * not sent again, unless it only asks. Thread-safe.
 */
public final class HttpCalls implements Providers.Own {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int MOST_BODY = 20_000;

    private final Database database;
    private final OutboundHttp http;
    private final InstantSource clock;

    public HttpCalls(Database database, OutboundHttp http, InstantSource clock) {
        this.database = database;
        this.http = http;
        this.clock = clock;
    }

    @Override
    public boolean does(String action) {
        return action.equals("http_call");
    }

    @Override
    public Result perform(Order order) {
        var now = Instant.ofEpochMilli(clock.millis());
        database.inTenant(order.tenant(), connection -> {
            var parameters = JsonNodeFactory.instance.objectNode();
            order.parameters().forEach(parameters::set);
            var call = new CallRows.Call(null, order.action(), parameters, null);
            CallRows.begin(connection, order.tenant(), order.id(), call, "Marsad", now);
            return true;
        });
        return send(order);
    }

    @Override
    public Result settle(Order order) {
        return text(order, "method").equalsIgnoreCase("GET")
                ? send(order)
                : new Result.Unknown("it was interrupted; whether the request arrived is not known");
    }

    private Result send(Order order) {
        var method = text(order, "method").toUpperCase(Locale.ROOT);
        try {
            var headers = headers(order);
            var body = order.parameters().get("body");
            if (body != null) {
                headers.putIfAbsent("Content-Type", "application/json");
            }
            headers.putIfAbsent("Idempotency-Key", order.id().toString());
            var answer = http.exchange(
                    method,
                    URI.create(text(order, "url")),
                    headers,
                    body == null ? null : text(order, "body").getBytes(StandardCharsets.UTF_8));
            if (answer.status() / 100 != 2) {
                boolean again = answer.status() == 429 || answer.status() == 503;
                return new Result.Failed("it was answered with " + answer.status(), again);
            }
            Map<String, @Nullable String> outputs = new LinkedHashMap<>();
            outputs.put("status", Integer.toString(answer.status()));
            var text = answer.text();
            outputs.put("body", text.substring(0, Math.min(MOST_BODY, text.length())));
            return new Result.Completed(outputs);
        } catch (OutboundLost e) {
            return method.equals("GET")
                    ? new Result.Failed("no answer came: " + e.getMessage(), true)
                    : new Result.Unknown("no answer came, and it may have arrived: " + e.getMessage());
        } catch (IOException | IllegalArgumentException e) {
            return new Result.Failed(String.valueOf(e.getMessage()), false);
        }
    }

    private static Map<String, String> headers(Order order) {
        Map<String, String> headers = new LinkedHashMap<>();
        var given = order.parameters().get("headers");
        if (given != null && given.isString()) {
            try {
                given = MAPPER.readTree(given.stringValue());
            } catch (JacksonException e) {
                throw new IllegalArgumentException("'headers' is no object", e);
            }
        }
        if (given != null) {
            given.forEachEntry((name, value) -> headers.put(name, value.asString("")));
        }
        return headers;
    }

    private static String text(Order order, String name) {
        JsonNode value = order.parameters().get(name);
        return value == null ? "" : value.isString() ? value.stringValue() : value.toString();
    }
}
