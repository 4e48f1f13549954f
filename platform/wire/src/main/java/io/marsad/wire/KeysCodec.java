package io.marsad.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The bytes of a list of keys and back. */
final class KeysCodec {
    private static final int MOST = 100;

    private KeysCodec() {}

    static byte[] write(SignedKeys keys) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("tenant", keys.tenant());
        node.put("version", keys.version());
        var list = node.putArray("keys");
        keys.keys()
                .forEach(key -> list.addObject()
                        .put("key", Base64.getEncoder().encodeToString(key.key().getEncoded()))
                        .put("not_before", key.notBefore().toEpochMilli())
                        .put("not_after", key.notAfter().toEpochMilli()));
        return CanonicalJson.write(node).getBytes(StandardCharsets.UTF_8);
    }

    /** @throws EnvelopeRefused when these are not the bytes of one */
    static SignedKeys read(byte[] bytes) throws EnvelopeRefused {
        return Fields.read(bytes, "list of keys", KeysCodec::keys, KeysCodec::write);
    }

    private static SignedKeys keys(JsonNode node) throws EnvelopeRefused {
        var list = Fields.array(node, "keys");
        if (node.size() != 3 || list.size() > MOST) {
            throw Fields.malformed("it is no list of keys");
        }
        var keys = new ArrayList<Verifier.TrustedKey>();
        for (var one : list) {
            keys.add(new Verifier.TrustedKey(
                    Keys.read(Base64.getDecoder().decode(Fields.text(one, "key"))),
                    Instant.ofEpochMilli(Fields.whole(one, "not_before")),
                    Instant.ofEpochMilli(Fields.whole(one, "not_after"))));
        }
        return new SignedKeys(Fields.text(node, "tenant"), Fields.whole(node, "version"), keys);
    }
}
