package io.marsad.soc.risk;

import io.marsad.kernel.tenant.TenantId;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** What a tenant knows of its entities besides alerts. */
@FunctionalInterface
public interface Weighing {
    /** Nothing. */
    Weighing NOTHING = (_, _) -> new Known() {
        @Override
        public Weight of(EntityKey entity, Instant at) {
            return new Weight(BigDecimal.ZERO, List.of());
        }

        @Override
        public Shift shift(Collection<EntityKey> entities, Instant at) {
            return new Shift(0, List.of());
        }
    };

    /** What is known now. */
    Known read(Connection connection, TenantId tenant) throws SQLException;

    /** Of entities. */
    interface Known {
        /** How much more or less an alert of that time weighs for the entity. */
        Weight of(EntityKey entity, Instant at);

        /** How much more or less severe an alert of that time is that names these. */
        Shift shift(Collection<EntityKey> entities, Instant at);
    }

    /**
     * @param context −1 to 1
     * @param facts by name, which say so
     */
    record Weight(BigDecimal context, List<String> facts) {
        public Weight {
            facts = List.copyOf(facts);
        }
    }

    /**
     * @param steps of severity
     * @param facts by name, which say so
     */
    record Shift(int steps, List<String> facts) {
        public Shift {
            facts = List.copyOf(facts);
        }
    }
}
