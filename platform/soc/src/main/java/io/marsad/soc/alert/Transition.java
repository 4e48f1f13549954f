package io.marsad.soc.alert;

import org.jspecify.annotations.Nullable;

/**
 * A wanted change of an alert's status.
 *
 * @param verdict needed for resolving, refused otherwise
 * @param comment at most 4,000 characters
 * @param version refused when the alert is no longer at it
 */
public record Transition(
        AlertStatus to,
        @Nullable Verdict verdict,
        @Nullable String comment,
        @Nullable Integer version) {}
