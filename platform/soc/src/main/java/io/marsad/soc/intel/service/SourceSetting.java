package io.marsad.soc.intel.service;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a tenant asks a service, and how that goes.
 *
 * @param hasKey whether its key is in the vault; nobody is ever told the key
 * @param usedThisMinute of {@code perMinute}
 * @param usedToday of {@code perDay}, by UTC
 * @param failure of the last time that it did not answer; null when it never failed
 */
public record SourceSetting(
        RemoteService service,
        boolean enabled,
        boolean hasKey,
        int perMinute,
        int perDay,
        int usedThisMinute,
        int usedToday,
        @Nullable Instant answered,
        @Nullable Instant failed,
        @Nullable String failure) {}
