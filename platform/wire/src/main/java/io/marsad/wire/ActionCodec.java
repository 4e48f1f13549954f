package io.marsad.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** The bytes of an action and back: one form only; whatever differs from it by a byte is none. */
final class ActionCodec {
    static final int MOST_BYTES = 256 << 10;

    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(32)
                            .maxNameLength(256)
                            .maxNumberLength(40)
                            .maxStringLength(2 * MOST_BYTES)
                            .maxTokenCount(20_000)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ActionCodec() {}

    static byte[] write(SignedAction action) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("id", action.id().toString());
        node.put("tenant", action.tenant());
        node.put("target", action.target());
        node.put("action", action.action());
        node.set("parameters", JSON.readTree(action.parameters()));
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
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            var node = JSON.readTree(text);
            var action = action(node);
            if (!java.util.Arrays.equals(write(action), bytes)) {
                throw malformed("it is not in its canonical form");
            }
            return action;
        } catch (JacksonException | CharacterCodingException | IllegalArgumentException | DateTimeException e) {
            throw malformed("it is no action");
        }
    }

    private static SignedAction action(JsonNode node) throws EnvelopeRefused {
        var parameters = node.get("parameters");
        if (!node.isObject() || node.size() != 11 || parameters == null || !parameters.isObject()) {
            throw malformed("it is no action");
        }
        var approvers = new ArrayList<String>();
        for (Iterator<JsonNode> each = array(node, "approved_by").iterator(); each.hasNext(); ) {
            approvers.add(text(each.next()));
        }
        return new SignedAction(
                UUID.fromString(text(node, "id")),
                text(node, "tenant"),
                text(node, "target"),
                text(node, "action"),
                CanonicalJson.write(parameters),
                text(node, "requested_by"),
                List.copyOf(approvers),
                whole(node, "policy_version"),
                Instant.ofEpochMilli(whole(node, "issued_at")),
                Instant.ofEpochMilli(whole(node, "expires_at")),
                UUID.fromString(text(node, "nonce")));
    }

    private static JsonNode array(JsonNode node, String name) throws EnvelopeRefused {
        var value = node.get(name);
        if (value == null || !value.isArray()) {
            throw malformed("'" + name + "' is no list");
        }
        return value;
    }

    private static String text(JsonNode node, String name) throws EnvelopeRefused {
        var value = node.get(name);
        if (value == null) {
            throw malformed("'" + name + "' is missing");
        }
        return text(value);
    }

    private static String text(JsonNode value) throws EnvelopeRefused {
        if (!value.isString()) {
            throw malformed("a text is expected");
        }
        return value.stringValue();
    }

    private static long whole(JsonNode node, String name) throws EnvelopeRefused {
        var value = node.get(name);
        // Canonical JSON has doubles: beyond 2^53 two numbers would look the same.
        if (value == null || !value.isIntegralNumber() || Math.abs(value.doubleValue()) > 1L << 53) {
            throw malformed("'" + name + "' is no whole number");
        }
        return value.longValue();
    }

    private static EnvelopeRefused malformed(String why) {
        return new EnvelopeRefused(EnvelopeRefused.Reason.MALFORMED, why);
    }
}
