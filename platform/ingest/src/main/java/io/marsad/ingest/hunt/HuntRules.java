package io.marsad.ingest.hunt;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.RuleMatcher;

/** The rules that hunts run. Thread-safe. */
@FunctionalInterface
public interface HuntRules {
    /**
     * The rules asked for, as the tenant has them, compiled; the caller's own.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 when the text cannot be used, with the line; 404 when a rule is
     *     not known
     */
    RuleMatcher rules(TenantId tenant, Hunt.Asked asked);
}
