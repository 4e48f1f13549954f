package io.marsad.soc.notify;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.Severity;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people are told of an alert, or in somebody's own words. Its texts come from events, so whoever attacks has a hand in
 * them.
 *
 * @param alert what it is about; of somebody's own words what tells them from others
 * @param ruleId null when it is of no alert: somebody's own words
 * @param summary what happened, in words
 * @param decision null when a person escalated it
 * @param link to it in the console; null where only the platform's own machine reaches that
 */
record Notice(
        TenantId tenant,
        EventId alert,
        String title,
        Severity severity,
        @Nullable String ruleId,
        Instant time,
        List<Entity> entities,
        String summary,
        @Nullable Decided decision,
        @Nullable URI link) {
    Notice {
        entities = List.copyOf(entities);
    }

    /** Somebody's own words. */
    static Notice said(TenantId tenant, EventId id, String title, Severity severity, Instant time, String text) {
        return new Notice(tenant, id, title, severity, null, time, List.of(), text, null, null);
    }

    /**
     * By the platform.
     *
     * @param confidence 0 to 1
     */
    record Decided(String decision, BigDecimal confidence, String reason) {}
}
