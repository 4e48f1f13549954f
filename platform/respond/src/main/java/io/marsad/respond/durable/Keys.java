package io.marsad.respond.durable;

import io.marsad.wire.SignedAction;
import java.util.UUID;

/** Ids that come of what they are about, so that a repetition has the same. */
final class Keys {
    private Keys() {}

    /** Of what a run wants done. */
    static UUID action(UUID run, int visit, int attempt) {
        return of("action " + run + " " + visit + " " + attempt);
    }

    /** Of a run that another one calls. */
    static UUID called(UUID run, int visit, int attempt) {
        return of("run " + run + " " + visit + " " + attempt);
    }

    /** Of a run that something starts: the same thing starts a playbook once. */
    static UUID started(UUID playbook, String by) {
        return of("start " + playbook + " " + by);
    }

    /** UUID version 8 (RFC 9562) of a SHA-256. */
    private static UUID of(String text) {
        var hash = SignedAction.hash(text);
        long high = Long.parseUnsignedLong(hash, 0, 16, 16) & ~0xf000L | 0x8000L;
        long low = Long.parseUnsignedLong(hash, 16, 32, 16) & ~(3L << 62) | 1L << 63;
        return new UUID(high, low);
    }
}
