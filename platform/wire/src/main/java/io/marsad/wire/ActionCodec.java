package io.marsad.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The bytes of an action and back: one form only; whatever differs from it by a byte is none. */
final class ActionCodec {
    private ActionCodec() {}

    static byte[] write(SignedAction action) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("id", action.id().toString());
        node.put("tenant", action.tenant());
        node.put("target", action.target());
        node.put("action", action.action());
        node.set("parameters", Fields.JSON.readTree(action.parameters()));
        node.put("requested_by", action.requestedBy());
        var approvers = node.putArray("approved_by");
        action.approvedBy().forEach(approvers::add);
        node.put("policy_version", action.policyVersion());
        node.put("issued_at", action.issuedAt().toEpochMilli());
        node.put("expires_at", action.expiresAt().toEpochMilli());
        node.put("nonce", action.nonce().toString());
        return CanonicalJson.write(node).getBytes(StandardCharsets.UTF_8);
    }

    /** @throws EnvelopeRefused when these are not the bytes of an action */
    static SignedAction read(byte[] bytes) throws EnvelopeRefused {
        return Fields.read(bytes, "action", ActionCodec::action, ActionCodec::write);
    }

    private static SignedAction action(JsonNode node) throws EnvelopeRefused {
        var parameters = node.get("parameters");
        if (!node.isObject() || node.size() != 11 || parameters == null || !parameters.isObject()) {
            throw Fields.malformed("it is no action");
        }
        var approvers = new ArrayList<String>();
        for (Iterator<JsonNode> each = Fields.array(node, "approved_by").iterator(); each.hasNext(); ) {
            approvers.add(Fields.text(each.next()));
        }
        return new SignedAction(
                UUID.fromString(Fields.text(node, "id")),
                Fields.text(node, "tenant"),
                Fields.text(node, "target"),
                Fields.text(node, "action"),
                CanonicalJson.write(parameters),
                Fields.text(node, "requested_by"),
                List.copyOf(approvers),
                Fields.whole(node, "policy_version"),
                Instant.ofEpochMilli(Fields.whole(node, "issued_at")),
                Instant.ofEpochMilli(Fields.whole(node, "expires_at")),
                UUID.fromString(Fields.text(node, "nonce")));
    }
}
