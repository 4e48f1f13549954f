package io.marsad.soc.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a tenant's audit log goes besides.
 *
 * @param authority PEM of who signs the receiver's certificate; null when the machine knows them
 * @param sent the receiver has all entries up to it
 * @param failedAt null unless the last try failed, for the reason {@code fault}
 */
public record AuditStream(
        String host,
        int port,
        @Nullable String authority,
        long sent,
        @Nullable Instant sentAt,
        @Nullable Instant failedAt,
        @Nullable String fault) {}
