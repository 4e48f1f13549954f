package io.marsad.api.notify;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.notify.Channel;
import io.marsad.soc.notify.Notification;
import io.marsad.soc.notify.Notifications;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Everything below {@code /v1/notifications}. */
public final class NotificationRoutes {
    private final Notifications notifications;

    public NotificationRoutes(Notifications notifications) {
        this.notifications = notifications;
    }

    public List<Route> routes() {
        return List.of(
                new Route("getNotifications", this::overview),
                new Route("createNotificationChannel", this::create),
                new Route("updateNotificationChannel", this::update),
                new Route("deleteNotificationChannel", this::delete),
                new Route("testNotificationChannel", this::test),
                new Route("replayNotifications", this::replay));
    }

    private void overview(Exchange exchange) {
        var now = notifications.overview();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("channels");
            now.channels().forEach(one -> channel(to, one));
            to.writeEndArray();
            to.writeArrayPropertyStart("newest");
            now.newest().forEach(one -> notification(to, one));
            to.writeEndArray();
            to.writeBooleanProperty("mail", now.mail());
            to.writeNumberProperty("dead", now.dead());
            to.writeEndObject();
        });
    }

    private void create(Exchange exchange) {
        var body = exchange.json();
        var made = notifications.create(content(body), Json.text(body, "secret"));
        exchange.json(201, to -> channel(to, made));
    }

    private void update(Exchange exchange) {
        var body = exchange.json();
        var changed = notifications.update(
                exchange.id(),
                content(body),
                Json.text(body, "secret"),
                body.get("version").intValue());
        exchange.json(200, to -> channel(to, changed));
    }

    private void delete(Exchange exchange) {
        notifications.delete(exchange.id());
        exchange.noContent();
    }

    private void test(Exchange exchange) {
        var tried = notifications.test(exchange.id());
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeBooleanProperty("ok", tried.ok());
            to.writeStringProperty("detail", tried.detail());
            to.writeEndObject();
        });
    }

    private void replay(Exchange exchange) {
        int replayed = notifications.replay();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeNumberProperty("replayed", replayed);
            to.writeEndObject();
        });
    }

    private static Channel.Content content(JsonNode body) {
        var target = Json.text(body, "target");
        return new Channel.Content(
                body.get("name").stringValue(),
                Channel.Kind.ofWord(body.get("kind").stringValue()),
                target == null ? "" : target,
                Severity.ofWord(body.get("min_severity").stringValue()),
                body.get("per_hour").intValue(),
                body.get("enabled").booleanValue());
    }

    private static void channel(JsonGenerator to, Channel one) {
        var content = one.content();
        to.writeStartObject();
        to.writeStringProperty("id", one.id().toString());
        to.writeStringProperty("name", content.name());
        to.writeStringProperty("kind", content.kind().word());
        to.writeStringProperty("target", one.target());
        to.writeBooleanProperty("has_secret", one.hasSecret());
        to.writeStringProperty("min_severity", content.least().word());
        to.writeNumberProperty("per_hour", content.perHour());
        to.writeBooleanProperty("enabled", content.enabled());
        to.writeNumberProperty("version", one.version());
        Json.time(to, "sent_at", one.sent());
        Json.time(to, "failed_at", one.failed());
        Json.text(to, "failure", one.failure());
        to.writeEndObject();
    }

    private static void notification(JsonGenerator to, Notification one) {
        to.writeStartObject();
        to.writeStringProperty("alert_id", one.alert().toString());
        to.writeStringProperty("title", one.title());
        to.writeStringProperty("channel", one.channel());
        to.writeStringProperty("state", one.state().word());
        Json.time(to, "at", one.at());
        to.writeEndObject();
    }
}
