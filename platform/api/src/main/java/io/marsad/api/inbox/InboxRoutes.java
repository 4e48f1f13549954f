package io.marsad.api.inbox;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.event.EventId;
import io.marsad.soc.inbox.Inbox;
import io.marsad.soc.inbox.InboxEntry;
import io.marsad.soc.notify.Notifications;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Everything below {@code /v1/inbox}: always of whoever is signed in. */
public final class InboxRoutes {
    private final Inbox inbox;
    private final Notifications notifications;

    /** @param notifications who knows whether e-mail is sent here */
    public InboxRoutes(Inbox inbox, Notifications notifications) {
        this.inbox = inbox;
        this.notifications = notifications;
    }

    public List<Route> routes() {
        return List.of(
                new Route("getInbox", this::view),
                new Route("readInbox", this::read),
                new Route("setInbox", this::set));
    }

    private void view(Exchange exchange) {
        var view = inbox.view(exchange.queryNumber("limit"));
        boolean mails = notifications.mailsPeople();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("entries");
            view.entries().forEach(entry -> entry(to, entry));
            to.writeEndArray();
            to.writeNumberProperty("unread", view.unread());
            to.writeBooleanProperty("mail_possible", mails);
            setting(to, view.setting());
            to.writeEndObject();
        });
    }

    private void read(Exchange exchange) {
        var named = exchange.json().get("ids");
        List<EventId> ids = null;
        if (named != null) {
            ids = new ArrayList<>();
            for (var one : named) {
                ids.add(EventId.parse(one.stringValue()));
            }
        }
        int unread = inbox.read(ids);
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeNumberProperty("unread", unread);
            to.writeEndObject();
        });
    }

    private void set(Exchange exchange) {
        var body = exchange.json();
        var address = Json.text(body, "address");
        var approvals = body.get("approvals");
        var now = inbox.set(
                body.get("mail").booleanValue(),
                approvals == null ? null : approvals.booleanValue(),
                address == null ? "" : address.strip());
        exchange.json(200, to -> {
            to.writeStartObject();
            setting(to, now);
            to.writeEndObject();
        });
    }

    private static void setting(JsonGenerator to, Inbox.Setting setting) {
        to.writeBooleanProperty("mail", setting.mail());
        to.writeBooleanProperty("approvals", setting.approvals());
        to.writeStringProperty("address", setting.address());
    }

    private static void entry(JsonGenerator to, InboxEntry entry) {
        to.writeStartObject();
        to.writeStringProperty("id", entry.id().toString());
        Json.time(to, "at", entry.at());
        to.writeStringProperty("kind", entry.kind().word());
        to.writeStringProperty("about", entry.about().word());
        to.writeStringProperty("about_id", entry.subject().toString());
        var number = entry.number();
        if (number == null) {
            to.writeNullProperty("number");
        } else {
            to.writeNumberProperty("number", number);
        }
        to.writeNumberProperty("count", entry.count());
        to.writeStringProperty("title", entry.title());
        to.writeStringProperty("by", entry.by());
        Json.time(to, "read_at", entry.read());
        to.writeEndObject();
    }
}
