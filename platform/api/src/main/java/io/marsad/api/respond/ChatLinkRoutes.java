package io.marsad.api.respond;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Json;
import io.marsad.api.http.Route;
import io.marsad.respond.chat.ChatPeople;
import java.util.List;

/** Everything below {@code /v1/me/chat-links}: which chats whoever is signed in works from. */
public final class ChatLinkRoutes {
    private final ChatPeople people;

    public ChatLinkRoutes(RespondServices services) {
        this.people = services.chat().people();
    }

    public List<Route> routes() {
        return List.of(
                new Route("listChatLinks", this::list),
                new Route("beginChatLink", this::begin),
                new Route("deleteChatLink", this::delete));
    }

    private void list(Exchange exchange) {
        var all = people.mine();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeArrayPropertyStart("links");
            for (var one : all) {
                to.writeStartObject();
                to.writeStringProperty("id", one.id().toString());
                to.writeStringProperty("chat", one.chat());
                to.writeStringProperty("chat_user", one.chatUser());
                Json.time(to, "linked_at", one.at());
                to.writeEndObject();
            }
            to.writeEndArray();
            to.writeEndObject();
        });
    }

    private void begin(Exchange exchange) {
        var code = people.code();
        exchange.json(201, to -> {
            to.writeStartObject();
            to.writeStringProperty("code", code.text());
            Json.time(to, "expires_at", code.expires());
            to.writeEndObject();
        });
    }

    private void delete(Exchange exchange) {
        people.unlink(exchange.id().uuid());
        exchange.noContent();
    }
}
