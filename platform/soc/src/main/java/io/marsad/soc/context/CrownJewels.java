package io.marsad.soc.context;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.risk.EntityKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What a tenant must not lose, and whom it looks after: alerts about these are for people. Immutable. */
public final class CrownJewels {
    private static final Set<String> KINDS = Set.of("crown_jewel", "vip");

    private final List<ContextFact> facts;

    private CrownJewels(List<ContextFact> facts) {
        this.facts = facts;
    }

    /** As they are in the tenant's transaction. */
    public static CrownJewels read(Connection connection, TenantId tenant) throws SQLException {
        return new CrownJewels(ContextRows.list(connection, tenant).stream()
                .filter(fact -> KINDS.contains(fact.content().kind()))
                .toList());
    }

    /** Whether one of them is one, at that time. */
    public boolean among(Collection<Entity> entities, Instant at) {
        return facts.stream()
                .anyMatch(fact ->
                        fact.counts(at) && entities.stream().map(EntityKey::of).anyMatch(fact::about));
    }
}
