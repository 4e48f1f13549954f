package io.marsad.server.node;

import io.marsad.api.platform.Check;
import io.marsad.api.platform.Check.State;
import io.marsad.api.platform.Metrics;
import io.marsad.db.Database;
import io.marsad.ingest.worker.WorkerStatus;
import io.marsad.ingest.worker.Workers;
import io.marsad.kernel.log.EventLog;
import io.marsad.kernel.store.EventStore;
import io.marsad.server.pipeline.LiveRules;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.correlation.CorrelationUsage;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** How the parts of a node are, for {@code /ready} and {@code /metrics}. Says nothing of tenants. */
record NodeHealth(Database database, EventLog log, EventStore store, Workers workers, LiveRules rules) {
    private static final long FAR_BEHIND = 500_000;

    List<Check> checks() {
        return List.of(
                new Check("database", () -> database.answers() ? State.OK : State.down("PostgreSQL does not answer")),
                new Check("event_log", this::logState),
                new Check(
                        "event_store",
                        () -> store.damage().isEmpty()
                                ? State.OK
                                : State.degraded(store.damage().size() + " damaged blocks, see the log")),
                new Check("worker", this::workerState),
                new Check(
                        "rules",
                        () -> set().refusals().isEmpty()
                                ? State.OK
                                : State.degraded(set().refusals().size() + " rules refused")));
    }

    private State logState() {
        var damage = log.damage();
        return damage.isEmpty() ? State.OK : State.degraded(damage.size() + " damaged places, see the log");
    }

    private State workerState() {
        for (WorkerStatus status : workers.status()) {
            if (!status.running()) {
                return State.down("the worker has stopped");
            }
            if (status.trouble() != null) {
                return State.degraded("the worker waits");
            }
            if (status.pending() > FAR_BEHIND) {
                return State.degraded(status.pending() + " records wait");
            }
        }
        return State.OK;
    }

    /** Gives everything that it knows a meter. */
    NodeHealth registered(Metrics metrics, RuleSet set) {
        register(metrics);
        registerCorrelations(metrics, set);
        return this;
    }

    private void register(Metrics metrics) {
        metrics.gauge("marsad.log.bytes", "Bytes of the event log on disk", log::bytes);
        metrics.gauge(
                "marsad.log.damage",
                "Damaged places found in the event log",
                () -> log.damage().size());
        metrics.gauge(
                "marsad.store.damage",
                "Damaged blocks found in the event store",
                () -> store.damage().size());
        metrics.gauge("marsad.worker.pending", "Records that wait in the log", () -> sum(WorkerStatus::pending));
        metrics.counter(
                "marsad.worker.records",
                "Records worked through since the log began",
                () -> sum(WorkerStatus::nextOffset));
        metrics.counter(
                "marsad.worker.rule.faults", "Events on which detection failed", () -> sum(WorkerStatus::ruleFaults));
        metrics.gauge("marsad.rules.loaded", "Rules and correlations in use", () -> set().running());
        metrics.gauge(
                "marsad.rules.refused", "Rules refused", () -> set().refusals().size());
        metrics.gauge(
                "marsad.rules.waiting",
                "Rules that wait for a list",
                () -> set().waiting().size());
        metrics.gauge("marsad.rules.over.budget", "Rules that cost more than they may", rules::overBudget);
        metrics.gauge(
                "marsad.rules.quarantined",
                "Rules that are not asked any more because they cost too much",
                () -> rules.quarantined().size());
    }

    private RuleSet set() {
        return rules.now().rules();
    }

    /** What correlations remember, for all tenants together; those that have meters already keep them. */
    void registerCorrelations(Metrics metrics, RuleSet set) {
        Supplier<List<CorrelationUsage>> usage = rules::usage;
        for (var correlation : set.correlations()) {
            var id = correlation.definition().id();
            metrics.gaugeOfRule(
                    "marsad.correlation.bytes",
                    "Memory of a correlation's groups, about",
                    id,
                    () -> sum(usage, id, CorrelationUsage::bytes));
            metrics.gaugeOfRule(
                    "marsad.correlation.groups",
                    "Groups that a correlation remembers",
                    id,
                    () -> sum(usage, id, CorrelationUsage::groups));
            metrics.gaugeOfRule(
                    "marsad.correlation.events",
                    "Events that a correlation remembers",
                    id,
                    () -> sum(usage, id, CorrelationUsage::events));
            metrics.gaugeOfRule(
                    "marsad.correlation.evicted",
                    "Groups that were dropped because a tenant's memory for a correlation was used up",
                    id,
                    () -> sum(usage, id, CorrelationUsage::evictedGroups));
            metrics.gaugeOfRule(
                    "marsad.correlation.crowded",
                    "Events that were dropped because their group had too many",
                    id,
                    () -> sum(usage, id, CorrelationUsage::crowdedEvents));
            metrics.gaugeOfRule(
                    "marsad.correlation.late",
                    "Events beyond the allowed lateness, correlated among themselves",
                    id,
                    () -> sum(usage, id, CorrelationUsage::lateEvents));
        }
    }

    private static double sum(
            Supplier<List<CorrelationUsage>> usage, String ruleId, ToLongFunction<CorrelationUsage> value) {
        return usage.get().stream()
                .filter(one -> one.ruleId().equals(ruleId))
                .mapToLong(value)
                .sum();
    }

    private double sum(ToLongFunction<WorkerStatus> value) {
        return workers.status().stream().mapToLong(value).sum();
    }
}
