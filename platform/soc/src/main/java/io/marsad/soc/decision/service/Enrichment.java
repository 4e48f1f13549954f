package io.marsad.soc.decision.service;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.intel.IntelResult;
import io.marsad.soc.intel.IntelSource;
import java.time.InstantSource;
import java.util.List;

/** Who is asked what intelligence says; outside any transaction, and bounded in time. Thread-safe. */
@FunctionalInterface
public interface Enrichment {
    /** What all sources of the tenant that know such indicators say; those that fail are in the result. Never throws. */
    IntelResult ask(TenantId tenant, Indicator indicator);

    /** Of sources that every tenant has; none at all is a result without answers. */
    static Enrichment of(List<IntelSource> sources, InstantSource clock) {
        return (_, indicator) -> IntelResult.of(
                indicator,
                sources.stream()
                        .filter(source -> source.knows(indicator))
                        .map(source -> source.lookup(indicator, clock.instant()))
                        .toList());
    }
}
