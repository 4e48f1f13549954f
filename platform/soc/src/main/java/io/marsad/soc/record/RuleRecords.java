package io.marsad.soc.record;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.record.OutcomeRows.Done;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records of rules in the tenant of the running {@link CallerScope}. Thread-safe. */
public final class RuleRecords {
    private static final int MOST_VERSIONS = 200;
    private static final int MOST_RULES = 1_000;

    private final Database database;
    private final InstantSource clock;

    public RuleRecords(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A version of a rule with what should be done about it. */
    public record Lane(Done done, Tuning tuning) {}

    /**
     * By version, newest first; empty when it never fired.
     *
     * @param days of the last days; null: of all time
     */
    public List<Done> of(String ruleId, @Nullable Integer days) {
        var from = days == null ? null : now().minus(Duration.ofDays(days));
        return database.inCallerTenant(
                connection -> OutcomeRows.done(connection, CallerScope.tenant(), ruleId, from, MOST_VERSIONS));
    }

    /** Of the version of the rule that raised the alert; null before anything became of it. */
    public @Nullable Done ofAlert(EventId alert) {
        return database.inCallerTenant(
                connection -> OutcomeRows.ofAlert(connection, CallerScope.tenant(), alert.uuid()));
    }

    /** All that fired in the last days, the most pressing first. */
    public List<Lane> tuning(int days) {
        var now = now();
        var from = now.minus(Duration.ofDays(days));
        return database
                .inCallerTenant(
                        connection -> OutcomeRows.done(connection, CallerScope.tenant(), null, from, MOST_RULES))
                .stream()
                .map(done -> new Lane(done, Tuning.of(done.outcomes(), done.last(), now)))
                .sorted(Comparator.comparing((Lane lane) -> lane.tuning().lane())
                        .thenComparing(lane -> -lane.done().fired()))
                .toList();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
