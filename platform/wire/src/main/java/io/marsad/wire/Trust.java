package io.marsad.wire;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The keys by which envelopes are good. Thread-safe. */
final class Trust {
    private final Map<String, Verifier.TrustedKey> keys = new HashMap<>();

    Trust(Iterable<Verifier.TrustedKey> trusted) {
        trusted.forEach(key -> keys.put(Keys.id(key.key()), key));
    }

    /** @throws EnvelopeRefused when none of them that is good now has signed it */
    void require(Envelope envelope, Instant now) throws EnvelopeRefused {
        var bytes = Envelope.signed(envelope.type(), envelope.payload());
        for (var signature : envelope.signatures()) {
            var trusted = keys.get(signature.key());
            if (trusted != null
                    && !now.isBefore(trusted.notBefore())
                    && now.isBefore(trusted.notAfter())
                    && Keys.verifies(trusted.key(), bytes, signature.value())) {
                return;
            }
        }
        throw new EnvelopeRefused(EnvelopeRefused.Reason.UNTRUSTED, "nobody who is trusted has signed it");
    }
}
