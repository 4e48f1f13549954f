package io.marsad.api.inbox;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.live.Presence;
import io.marsad.soc.live.Presence.Person;
import io.marsad.soc.live.Presence.Thing;
import java.util.List;

/** Who looks at an alert or a case: one says that one does, and hears who else. A token is nobody, and only hears. */
public final class PresenceRoutes {
    private final Presence presence;

    public PresenceRoutes(Presence presence) {
        this.presence = presence;
    }

    public List<Route> routes() {
        return List.of(
                new Route("lookAtAlert", exchange -> say(exchange, Thing.ALERT)),
                new Route("lookAtCase", exchange -> say(exchange, Thing.CASE)));
    }

    private void say(Exchange exchange, Thing thing) {
        var body = exchange.json();
        var state = Presence.state(body.get("state").stringValue());
        var session = exchange.credential().session();
        var caller = CallerScope.current();
        var who = session == null
                ? null
                : new Presence.Window(caller.subject(), body.get("tab").stringValue());
        var acting = session == null ? null : session.acting();
        var person = session == null || state == null
                ? null
                : new Person(session.username(), acting == null ? null : session.tenantName(), state);
        var others = presence.say(caller.tenant(), thing, exchange.id(), who, person);
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("people");
            for (Person other : others) {
                to.writeStartObject();
                to.writeStringProperty("name", other.name());
                Json.text(to, "provider", other.provider());
                to.writeStringProperty("state", other.state().word());
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }
}
