package io.marsad.respond.provide;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.durable.ActionProvider.Order;
import io.marsad.respond.durable.ActionProvider.Result;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.notify.Announcing;
import io.marsad.soc.notify.Channel;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Messages over the tenant's notification channels, where no product is connected that brings them: {@code notify} to those
 * that want its severity, {@code page_on_call} to those that wake somebody, which are PagerDuty's. A message that may have
 * arrived is sent again only where the receiver knows it by its id. Thread-safe.
 */
public final class OwnMessages implements Providers.Own {
    private static final String PAGE = "page_on_call";
    private static final int TITLE = 120;

    private final Database database;
    private final Announcing announcing;
    private final InstantSource clock;

    public OwnMessages(Database database, Announcing announcing, InstantSource clock) {
        this.database = database;
        this.announcing = announcing;
        this.clock = clock;
    }

    @Override
    public boolean does(String action) {
        return action.equals("notify") || action.equals(PAGE);
    }

    /** A product that is connected for it knows more: who is on call, threads, which room. */
    @Override
    public boolean yields(String action) {
        return true;
    }

    @Override
    public boolean ready(Connection connection, TenantId tenant, String action) throws SQLException {
        return Announcing.channels(connection, tenant).stream()
                .anyMatch(one -> one.content().enabled()
                        && (!action.equals(PAGE) || one.content().kind() == Channel.Kind.PAGERDUTY));
    }

    @Override
    public Result perform(Order order) {
        try {
            var words = words(order);
            var channels = channels(order, words.severity());
            if (channels.isEmpty()) {
                return new Result.Failed(nobody(order, words.severity()), false);
            }
            var now = Instant.ofEpochMilli(clock.millis());
            var before = database.<CallRows.@Nullable Call>inTenant(order.tenant(), connection -> {
                var call = CallRows.find(connection, order.tenant(), order.id());
                if (call == null || call.outputs() == null) {
                    var parameters = JsonNodeFactory.instance.objectNode();
                    order.parameters().forEach(parameters::set);
                    var begun = new CallRows.Call(null, order.action(), parameters, null);
                    CallRows.begin(connection, order.tenant(), order.id(), begun, by(channels), now);
                }
                return call;
            });
            var made = before == null ? null : before.outputs();
            return made == null ? tell(order, words, channels) : completed(made, null);
        } catch (IllegalArgumentException e) {
            return new Result.Failed(order.action() + ": " + e.getMessage(), false);
        }
    }

    @Override
    public Result settle(Order order) {
        var call = database.<CallRows.@Nullable Call>inTenant(
                order.tenant(), connection -> CallRows.find(connection, order.tenant(), order.id()));
        var made = call == null ? null : call.outputs();
        if (made != null) {
            return completed(made, null);
        }
        boolean again = channels(order, words(order).severity()).stream().allMatch(Announcing::repeats);
        return again
                ? perform(order)
                : new Result.Unknown("it was interrupted; whether the message arrived is not known");
    }

    private Result tell(Order order, Announcing.Words words, List<Channel> channels) {
        var told = announcing.tell(order.tenant(), channels, words);
        var left = String.join("; ", told.left());
        if (told.took().isEmpty()) {
            return told.maybe()
                    ? new Result.Unknown(
                            "no channel has said that it took the message, and it may have arrived: " + left)
                    : new Result.Failed("no channel took the message: " + left, true);
        }
        var outputs = JsonNodeFactory.instance.objectNode();
        if (order.action().equals(PAGE)) {
            outputs.put("incident", order.tenant().value() + "/" + words.id());
        }
        database.inTenant(order.tenant(), connection -> {
            CallRows.done(connection, order.tenant(), order.id(), outputs);
            return true;
        });
        var took = "taken by " + String.join(", ", told.took());
        return completed(outputs, left.isEmpty() ? took : took + "; not by " + left);
    }

    private static Result completed(ObjectNode given, @Nullable String note) {
        Map<String, @Nullable String> outputs = new LinkedHashMap<>();
        given.forEachEntry((name, value) -> outputs.put(name, value.asString("")));
        return new Result.Completed(outputs, note, false);
    }

    private List<Channel> channels(Order order, Severity severity) {
        boolean pages = order.action().equals(PAGE);
        var named = pages ? null : text(order, "channel");
        var all = database.<List<Channel>>inTenant(
                order.tenant(), connection -> Announcing.channels(connection, order.tenant()));
        return all.stream()
                .filter(one -> one.content().enabled())
                .filter(one -> !pages || one.content().kind() == Channel.Kind.PAGERDUTY)
                .filter(one -> named == null
                        ? pages || severity.compareTo(one.content().least()) >= 0
                        : one.content().name().equalsIgnoreCase(named.strip()))
                .toList();
    }

    private static String by(List<Channel> channels) {
        return "Marsad ("
                + String.join(
                        ", ", channels.stream().map(one -> one.content().name()).toList()) + ")";
    }

    private static String nobody(Order order, Severity severity) {
        if (order.action().equals(PAGE)) {
            return "nothing here wakes anybody: connect PagerDuty or Opsgenie (Settings, Connectors), or make a channel of"
                    + " the kind PagerDuty (Settings, Notifications)";
        }
        var named = text(order, "channel");
        return named == null
                ? "no channel that is switched on wants messages of severity " + severity.word()
                        + ": make one (Settings, Notifications), or connect Slack, Teams or a webhook (Settings, Connectors)"
                : "there is no channel '" + named + "' that is switched on (Settings, Notifications)";
    }

    private static Announcing.Words words(Order order) {
        boolean pages = order.action().equals(PAGE);
        var text = text(order, "text");
        var title = pages
                ? text(order, "title")
                : text == null ? null : text.lines().findFirst().orElse("");
        if (title == null) {
            throw new IllegalArgumentException("'" + (pages ? "title" : "text") + "' is missing");
        }
        var severity = text(order, "severity");
        var key = text(order, "key");
        var id = key == null
                ? order.id()
                : UUID.nameUUIDFromBytes((order.tenant().value() + "/" + key).getBytes(StandardCharsets.UTF_8));
        return new Announcing.Words(
                new EventId(id.getMostSignificantBits(), id.getLeastSignificantBits()),
                title.length() > TITLE
                        ? title.substring(0, title.offsetByCodePoints(0, title.codePointCount(0, TITLE))) + "…"
                        : title,
                text == null ? title : text,
                severity == null
                        ? pages ? Severity.CRITICAL : Severity.MEDIUM
                        : Severity.ofWord(severity.strip().toLowerCase(java.util.Locale.ROOT)));
    }

    private static @Nullable String text(Order order, String name) {
        var value = order.parameters().get(name);
        return value == null || value.isNull() ? null : value.isString() ? value.stringValue() : value.toString();
    }
}
