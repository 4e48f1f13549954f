package io.marsad.api.respond;

import io.marsad.api.http.Json;
import io.marsad.respond.action.ActionKind;
import io.marsad.respond.service.ActionView;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Actions as the contract writes them. */
final class ActionOut {
    private ActionOut() {}

    static void action(JsonGenerator to, ActionView one) {
        to.writeStartObject();
        to.writeStringProperty("id", one.id().toString());
        origin(to, one);
        to.writeStringProperty("action", one.action());
        to.writeStringProperty("title", one.title());
        Json.text(to, "about", one.about());
        Json.text(to, "about_title", one.aboutTitle());
        PlaybookOut.tree(to, "parameters", one.parameters());
        to.writeStringProperty("parameters_hash", one.hash());
        to.writeStringProperty("target", one.target());
        to.writeStringProperty("radius", one.radius());
        to.writeStringProperty("consent", one.consent());
        to.writeStringProperty("permission", one.permission());
        Json.texts(to, "reasons", one.reasons());
        to.writeStringProperty("status", one.status());
        Json.text(to, "reason", one.reason());
        to.writeStringProperty("requested_by", one.requestedBy());
        Json.time(to, "requested_at", one.times().requested());
        Json.time(to, "expires_at", one.times().expires());
        Json.time(to, "dispatched_at", one.times().dispatched());
        Json.time(to, "ended_at", one.times().ended());
        PlaybookOut.tree(to, "outputs", one.outputs());
        carried(to, one.carried());
        Json.text(to, "reverse", one.reverse());
        PlaybookOut.id(to, "reverses", one.reverses());
        PlaybookOut.id(to, "reversed_by", one.reversedBy());
        people(to, one);
        to.writeEndObject();
    }

    private static void origin(JsonGenerator to, ActionView one) {
        PlaybookOut.id(to, "run", one.run());
        if (one.playbook() == null) {
            to.writeNullProperty("playbook");
        } else {
            to.writeObjectPropertyStart("playbook");
            to.writeStringProperty("id", one.playbook().toString());
            to.writeStringProperty("name", String.valueOf(one.playbookName()));
            to.writeEndObject();
        }
        Json.text(to, "step", one.step());
        Json.text(to, "step_name", one.stepName());
        number(to, "visit", one.visit());
        number(to, "attempt", one.attempt());
    }

    /** Who carried it out, whether it is so, and what it was signed with. */
    private static void carried(JsonGenerator to, ActionView.Carried one) {
        Json.text(to, "carried_by", one.by());
        if (one.verification() == null) {
            to.writeNullProperty("verification");
        } else {
            to.writeObjectPropertyStart("verification");
            to.writeStringProperty("state", one.verification());
            Json.text(to, "detail", one.detail());
            Json.time(to, "at", one.verifiedAt());
            to.writeEndObject();
        }
        if (one.key() == null) {
            to.writeNullProperty("envelope");
        } else {
            to.writeObjectPropertyStart("envelope");
            to.writeStringProperty("key", one.key());
            Json.text(to, "sha256", one.sha256());
            to.writeEndObject();
        }
    }

    private static void people(JsonGenerator to, ActionView one) {
        to.writeArrayPropertyStart("approvals");
        for (var said : one.approvals()) {
            to.writeStartObject();
            to.writeStringProperty("person", said.person());
            to.writeBooleanProperty("agrees", said.agrees());
            Json.text(to, "comment", said.comment());
            Json.time(to, "at", said.at());
            to.writeEndObject();
        }
        to.writeEndArray();
        var task = one.task();
        if (task == null) {
            to.writeNullProperty("task");
        } else {
            to.writeObjectPropertyStart("task");
            to.writeStringProperty("text", task.text());
            Json.texts(to, "asks_for", task.asksFor());
            to.writeEndObject();
        }
        to.writeObjectPropertyStart("may");
        to.writeBooleanProperty("approve", one.may().approve());
        to.writeBooleanProperty("refuse", one.may().refuse());
        to.writeBooleanProperty("answer", one.may().answer());
        to.writeBooleanProperty("roll_back", one.may().rollBack());
        to.writeEndObject();
        Json.text(to, "why_not", one.whyNot());
    }

    private static void number(JsonGenerator to, String name, @Nullable Integer number) {
        if (number == null) {
            to.writeNullProperty(name);
        } else {
            to.writeNumberProperty(name, number);
        }
    }

    static void kind(JsonGenerator to, ActionKind one, List<String> carriedBy) {
        to.writeStartObject();
        to.writeStringProperty("action", one.name());
        to.writeStringProperty("title", one.title());
        to.writeStringProperty("says", one.says());
        to.writeStringProperty("about", one.about());
        to.writeStringProperty("radius", one.radius().name().toLowerCase(Locale.ROOT));
        to.writeStringProperty("effect", one.effect().name().toLowerCase(Locale.ROOT));
        to.writeStringProperty("permission", "actions:" + one.permission());
        Json.text(to, "reverse", one.reverse());
        to.writeArrayPropertyStart("parameters");
        one.parameters().forEach((name, parameter) -> {
            to.writeStartObject();
            to.writeStringProperty("name", name);
            to.writeStringProperty("type", type(parameter.type()));
            to.writeBooleanProperty("required", parameter.required());
            to.writeEndObject();
        });
        to.writeEndArray();
        to.writeArrayPropertyStart("outputs");
        one.outputs().forEach((name, type) -> {
            to.writeStartObject();
            to.writeStringProperty("name", name);
            to.writeStringProperty("type", type.word());
            to.writeEndObject();
        });
        to.writeEndArray();
        Json.texts(to, "carried_by", carriedBy);
        to.writeEndObject();
    }

    private static String type(ActionKind.Type type) {
        return switch (type) {
            case ActionKind.Type.One one -> one.type().word();
            case ActionKind.Type.Query _ -> "mql";
            case ActionKind.Type.Address _ -> "ip";
        };
    }
}
