package io.marsad.api.tenants;

import io.marsad.ingest.intake.Intake;
import io.marsad.ingest.intake.IntakeLimits;
import io.marsad.ingest.worker.Workers;
import io.marsad.kernel.log.EventLog;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.identity.Installation;
import io.marsad.soc.tenant.Delegations;
import io.marsad.soc.tenant.Flow;
import io.marsad.soc.tenant.Standings;
import io.marsad.soc.tenant.TenantTemplates;
import io.marsad.soc.tenant.Tenants;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Who the tenants are, and how they stand.
 *
 * @param tenants for those who run the installation
 * @param templates that tenants are made from
 * @param delegations who of a provider may act in a tenant
 * @param standings for everything that asks whether a tenant may
 */
public record Tenancy(Tenants tenants, TenantTemplates templates, Delegations delegations, Standings standings) {
    /** What the doors let in as the tenants stand, and what the workers have still to do of it. */
    public record Doors(Intake intake, IntakeLimits limits, Workers workers) implements Flow {
        private static final Duration PATIENCE = Duration.ofSeconds(20);

        /** @param random not to be guessed: ids of records are made with it */
        public static Doors open(
                Standings standings,
                EventStore store,
                EventLog log,
                Workers workers,
                InstantSource clock,
                RandomGenerator random) {
            var limits = new IntakeLimits(
                    new Source(standings), tenant -> store.usage(tenant).bytes(), clock);
            return new Doors(new Intake(log, clock, random, limits), limits, workers);
        }

        @Override
        public double eventsPerSecond(TenantId tenant) {
            return intake.perSecond(tenant);
        }

        @Override
        public long refused(TenantId tenant) {
            return limits.refused(tenant);
        }

        @Override
        public long pending(TenantId tenant) {
            return intake.appended(tenant) - workers.processed(tenant);
        }

        @Override
        public boolean forget(TenantId tenant) {
            try {
                return workers.forget(tenant, PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** @param random ids are made with it */
    public static Tenancy of(
            Standings standings,
            Installation installation,
            TenantTemplates templates,
            EventStore store,
            Doors doors,
            RandomGenerator random) {
        return new Tenancy(
                new Tenants(installation, templates, store, standings, doors),
                templates,
                new Delegations(installation.database(), standings, installation.clock(), random),
                standings);
    }

    private record Source(Standings standings) implements IntakeLimits.Source {
        @Override
        public boolean any() {
            return !standings.isUsual();
        }

        @Override
        public IntakeLimits.Limit of(TenantId tenant) {
            var quota = standings.quota(tenant);
            var perSecond = quota.eventsPerSecond();
            var bytes = quota.storageBytes();
            return new IntakeLimits.Limit(
                    standings.isActive(tenant), perSecond == null ? 0 : perSecond, bytes == null ? 0 : bytes);
        }
    }
}
