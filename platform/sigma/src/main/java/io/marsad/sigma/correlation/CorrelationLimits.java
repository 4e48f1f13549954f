package io.marsad.sigma.correlation;

import java.time.Duration;

/**
 * How much correlations may remember. Both budgets are a tenant's own: nothing that one tenant sends makes another's state
 * go.
 *
 * @param lateness how much later than a later event of its group an event may arrive and still count exactly as if it had
 *     arrived in order (docs/decisions on correlation)
 * @param ruleBytes memory for one correlation of one tenant; the groups longest without an event go when it is used up
 * @param tenantBytes memory for all correlations of one tenant
 * @param groupEvents how many events one group keeps; the oldest go when there are more
 */
public record CorrelationLimits(Duration lateness, long ruleBytes, long tenantBytes, int groupEvents) {
    public CorrelationLimits {
        if (lateness.isNegative() || ruleBytes < 1 || tenantBytes < 1 || groupEvents < 16) {
            throw new IllegalArgumentException("these limits leave no room");
        }
    }

    /** Ten minutes; 16 MiB, 64 MiB; 50,000 events. */
    public static CorrelationLimits standard() {
        return new CorrelationLimits(Duration.ofMinutes(10), 16 << 20, 64 << 20, 50_000);
    }
}
