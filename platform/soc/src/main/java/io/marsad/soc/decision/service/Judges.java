package io.marsad.soc.decision.service;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.decision.Judge;
import org.jspecify.annotations.Nullable;

/** Which tenant has a model asked about what the rules leave open. Thread-safe. */
@FunctionalInterface
public interface Judges {
    /** Nobody has. */
    Judges NONE = _ -> null;

    /** Null when it has none configured: then a person decides. What is asked is in the tenant's ledger of calls. */
    @Nullable
    Judge of(TenantId tenant);
}
