package io.marsad.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Bytes with their signatures, as DSSE 1.0 has it: {@code {"payloadType", "payload", "signatures": [{"keyid", "sig"}]}}.
 * What is signed is type and bytes together, so that nothing signed for one use is good for another.
 *
 * @param payload the bytes; not copied
 */
record Envelope(String type, byte[] payload, List<Signature> signatures) {
    private static final int MOST_SIGNATURES = 4;

    /** @param value not copied */
    record Signature(String key, byte[] value) {}

    Envelope {
        signatures = List.copyOf(signatures);
    }

    /** What a signature is made over (DSSE's PAE). */
    static byte[] signed(String type, byte[] payload) {
        var out = new ByteArrayOutputStream(payload.length + 128);
        var typed = type.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(("DSSEv1 " + typed.length + " ").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(typed);
        out.writeBytes((" " + payload.length + " ").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(payload);
        return out.toByteArray();
    }

    String json() {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("payloadType", type);
        node.put("payload", Base64.getEncoder().encodeToString(payload));
        var list = node.putArray("signatures");
        signatures.forEach(signature -> list.addObject()
                .put("keyid", signature.key())
                .put("sig", Base64.getEncoder().encodeToString(signature.value())));
        return CanonicalJson.write(node);
    }

    static Envelope read(String json) throws EnvelopeRefused {
        if (json.length() > 2 * Fields.MOST_BYTES) {
            throw Fields.malformed("the envelope is too large");
        }
        try {
            var node = Fields.JSON.readTree(json);
            var type = node.path("payloadType");
            var payload = node.path("payload");
            var list = node.path("signatures");
            if (!type.isString() || !payload.isString() || !list.isArray() || node.size() != 3) {
                throw Fields.malformed("it is no envelope");
            }
            if (list.isEmpty() || list.size() > MOST_SIGNATURES) {
                throw list.isEmpty()
                        ? new EnvelopeRefused(EnvelopeRefused.Reason.UNTRUSTED, "it is not signed")
                        : Fields.malformed("it has too many signatures");
            }
            var signatures = new ArrayList<Signature>();
            for (var one : list) {
                if (!one.path("keyid").isString() || !one.path("sig").isString() || one.size() != 2) {
                    throw Fields.malformed("a signature is none");
                }
                signatures.add(new Signature(
                        one.path("keyid").stringValue(),
                        Base64.getDecoder().decode(one.path("sig").stringValue())));
            }
            var envelope =
                    new Envelope(type.stringValue(), Base64.getDecoder().decode(payload.stringValue()), signatures);
            if (!envelope.json().equals(json)) { // base64 and JSON can say one thing in several ways; here in one
                throw Fields.malformed("the envelope is not in its canonical form");
            }
            return envelope;
        } catch (JacksonException | IllegalArgumentException e) {
            throw Fields.malformed("it is no envelope");
        }
    }
}
