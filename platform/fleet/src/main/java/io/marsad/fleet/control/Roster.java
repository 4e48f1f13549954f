package io.marsad.fleet.control;

import io.marsad.fleet.EnrollSecret.Purpose;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Who of a tenant is known by a certificate.
 *
 * @param version of the roster when it was read: another one may say something else
 * @param entries of which single ones may be newer; for several threads
 */
public record Roster(long version, ConcurrentMap<UUID, Entry> entries) {
    /**
     * An endpoint or a relay.
     *
     * @param name as the host calls itself
     * @param good SHA-256 of the certificate that is good
     * @param before of the one that is good, too, until the given time
     */
    public record Entry(
            Purpose kind,
            String name,
            String group,
            boolean revoked,
            byte[] good,
            byte @Nullable [] before,
            @Nullable Instant beforeUntil) {
        /** @param certificate SHA-256 of what is shown */
        public boolean knows(byte[] certificate, Instant now) {
            return !revoked
                    && (MessageDigest.isEqual(good, certificate)
                            || isRenewed(now) && MessageDigest.isEqual(before, certificate));
        }

        /** Whether the certificate before is still good. */
        public boolean isRenewed(Instant now) {
            return before != null && beforeUntil != null && now.isBefore(beforeUntil);
        }
    }
}
