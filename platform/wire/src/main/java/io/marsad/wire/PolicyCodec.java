package io.marsad.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The bytes of a policy and back. */
final class PolicyCodec {
    private PolicyCodec() {}

    static byte[] write(SignedPolicy policy) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("tenant", policy.tenant());
        node.put("group", policy.group());
        node.put("version", policy.version());
        node.set("policy", Fields.JSON.readTree(policy.policy()));
        node.put("issued_by", policy.issuedBy());
        node.put("issued_at", policy.issuedAt().toEpochMilli());
        node.put("expires_at", policy.expiresAt().toEpochMilli());
        return CanonicalJson.write(node).getBytes(StandardCharsets.UTF_8);
    }

    /** @throws EnvelopeRefused when these are not the bytes of a policy */
    static SignedPolicy read(byte[] bytes) throws EnvelopeRefused {
        return Fields.read(bytes, "policy", PolicyCodec::policy, PolicyCodec::write);
    }

    private static SignedPolicy policy(JsonNode node) throws EnvelopeRefused {
        var policy = node.get("policy");
        if (!node.isObject() || node.size() != 7 || policy == null || !policy.isObject()) {
            throw Fields.malformed("it is no policy");
        }
        return new SignedPolicy(
                Fields.text(node, "tenant"),
                Fields.text(node, "group"),
                Fields.whole(node, "version"),
                CanonicalJson.write(policy),
                Fields.text(node, "issued_by"),
                Instant.ofEpochMilli(Fields.whole(node, "issued_at")),
                Instant.ofEpochMilli(Fields.whole(node, "expires_at")));
    }
}
