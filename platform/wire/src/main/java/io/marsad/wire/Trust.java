package io.marsad.wire;

import java.time.Instant;

/** The keys by which envelopes are good: those that there are when one is looked at. Thread-safe if they are. */
final class Trust {
    private final Iterable<Verifier.TrustedKey> trusted;

    Trust(Iterable<Verifier.TrustedKey> trusted) {
        this.trusted = trusted;
    }

    /** @throws EnvelopeRefused when none of them that is good now has signed it */
    void require(Envelope envelope, Instant now) throws EnvelopeRefused {
        var bytes = Envelope.signed(envelope.type(), envelope.payload());
        for (var key : trusted) {
            if (now.isBefore(key.notBefore()) || !now.isBefore(key.notAfter())) {
                continue;
            }
            var id = Keys.id(key.key());
            for (var signature : envelope.signatures()) {
                if (signature.key().equals(id) && Keys.verifies(key.key(), bytes, signature.value())) {
                    return;
                }
            }
        }
        throw new EnvelopeRefused(EnvelopeRefused.Reason.UNTRUSTED, "nobody who is trusted has signed it");
    }
}
