package io.marsad.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.tenant.TenantId;
import org.junit.jupiter.api.Test;

class QuerySlotsTest {
    @Test
    void aTenantsQuotaIsItsOwn() {
        var limited = new TenantId("limited");
        var slots = new QuerySlots(tenant -> tenant.equals(limited) ? 1 : null);
        var first = slots.take(limited);
        assertThatThrownBy(() -> slots.take(limited)).hasMessageContaining("quota-queries");
        for (int i = 0; i < 20; i++) {
            assertThat(slots.take(new TenantId("another"))).isNotNull();
        }
        assertThatThrownBy(() -> slots.take(new TenantId("another"))).hasMessageContaining("overloaded");
        first.close();
        assertThat(slots.take(limited)).isNotNull();
    }
}
