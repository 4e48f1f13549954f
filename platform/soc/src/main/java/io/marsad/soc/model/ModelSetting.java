package io.marsad.soc.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a tenant has a model asked, and how that goes.
 *
 * @param version changes with each change
 * @param content without its key, which nobody is ever told
 * @param hasKey whether its key is in the vault
 * @param callsUsed of today's, by UTC
 * @param tokensUsed of today's; what is being asked counts as its most
 * @param failure of the last time that it did not answer; null when it never failed
 */
public record ModelSetting(
        long version,
        ModelContent content,
        boolean hasKey,
        int callsUsed,
        long tokensUsed,
        @Nullable Instant answered,
        @Nullable Instant failed,
        @Nullable String failure) {}
