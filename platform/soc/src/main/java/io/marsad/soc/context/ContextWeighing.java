package io.marsad.soc.context;

import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.risk.EntityKey;
import io.marsad.soc.risk.Weighing;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Weighs alerts by what the tenant knows of those whom they name. Thread-safe. */
public final class ContextWeighing implements Weighing {
    @Override
    public Known read(Connection connection, TenantId tenant) throws SQLException {
        return new Facts(ContextRows.list(connection, tenant));
    }

    private record Facts(List<ContextFact> all) implements Known {
        @Override
        public Weight of(EntityKey entity, Instant at) {
            var sum = BigDecimal.ZERO;
            var names = new ArrayList<String>();
            for (var fact : all) {
                if (fact.content().risk().signum() != 0 && fact.counts(at) && fact.about(entity)) {
                    sum = sum.add(fact.content().risk());
                    names.add(fact.content().name());
                }
            }
            return new Weight(sum.max(BigDecimal.ONE.negate()).min(BigDecimal.ONE), names);
        }

        @Override
        public Shift shift(Collection<EntityKey> entities, Instant at) {
            int steps = 0;
            var names = new TreeSet<String>();
            for (var fact : all) {
                boolean about = fact.content().severityShift() != 0
                        && fact.counts(at)
                        && entities.stream().anyMatch(fact::about);
                if (about) {
                    steps += fact.content().severityShift();
                    names.add(fact.content().name());
                }
            }
            return new Shift(steps, List.copyOf(names));
        }
    }
}
