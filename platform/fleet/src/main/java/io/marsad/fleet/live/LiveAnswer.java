package io.marsad.fleet.live;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a host stands with a query.
 *
 * @param seq the how manieth answer it is, from 1; 0 while there is none
 * @param state {@code waiting} to ask, {@code sent}, {@code answered} or {@code failed}
 * @param status as the host says: 0 went well
 * @param rowCount how many rows the host found
 * @param truncated whether fewer are kept
 * @param rows those kept: a JSON array of objects
 * @param wallMillis how long it took the host, null where it does not say
 */
public record LiveAnswer(
        int seq,
        UUID endpoint,
        String hostname,
        String state,
        int status,
        String message,
        int rowCount,
        boolean truncated,
        String rows,
        @Nullable Long wallMillis,
        @Nullable Instant answeredAt) {}
