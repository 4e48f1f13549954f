package io.marsad.soc.stage;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.alert.Actors;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the tenant of the running {@link CallerScope} lets its rules go; every change is in its audit log, with what a
 * rule in the shadow had found. A change holds from the next batch of events on. Thread-safe.
 */
public final class Stages {
    /** The most rules that a tenant ever gave a stage. */
    public static final int MOST = 20_000;

    private static final int MAX_REASON = 2_000;

    private final Database database;
    private final InstantSource clock;

    public Stages(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A rule's stage, with what it found in the shadow. */
    public record Detail(RuleStage stage, Shadow shadow) {}

    /** Those that are not active, changed last first. */
    public List<RuleStage> notActive() {
        return database.inCallerTenant(connection -> StageRows.notActive(connection, CallerScope.tenant()));
    }

    public Detail of(String rule) {
        return database.inCallerTenant(connection -> new Detail(
                StageRows.find(connection, CallerScope.tenant(), rule, false),
                ShadowRows.read(connection, CallerScope.tenant(), rule)));
    }

    /** In the transaction of who asks: nobody else changes it until its end, as far as it was ever changed. */
    public RuleStage of(Connection connection, String rule) throws SQLException {
        return StageRows.find(connection, CallerScope.tenant(), rule, true);
    }

    /**
     * @param version that the change is based on
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code reason-required}; 409 {@code changed-meanwhile},
     *     {@code too-many-stages}
     */
    public Detail change(String rule, Stage wanted, String reason, int version) {
        return database.inCallerTenant(connection -> {
            var after = change(connection, rule, wanted, reason, version);
            return new Detail(after, ShadowRows.read(connection, CallerScope.tenant(), rule));
        });
    }

    /**
     * In the transaction of who asks.
     *
     * @param version that the change is based on; null: whatever is there
     * @throws io.marsad.kernel.problem.ProblemException as {@link #change(String, Stage, String, int)}
     */
    public RuleStage change(Connection connection, String rule, Stage wanted, String reason, @Nullable Integer version)
            throws SQLException {
        var why = reason.strip();
        if (why.isEmpty() || why.length() > MAX_REASON) {
            throw Problem.badRequest("reason-required", "Say why, in at most " + MAX_REASON + " characters.")
                    .asException();
        }
        var caller = CallerScope.current();
        var tenant = caller.tenant();
        var before = StageRows.find(connection, tenant, rule, true);
        if (version != null && before.version() != version) {
            throw changedMeanwhile(before.version());
        }
        if (before.version() == 0 && StageRows.count(connection, tenant) >= MOST) {
            throw Problem.conflict("too-many-stages", "There are stages of " + MOST + " rules already.")
                    .asException();
        }
        var now = Instant.ofEpochMilli(clock.millis());
        var name = Actors.name(connection, caller);
        var after = new RuleStage(rule, wanted, why, name, now, before.version() + 1);
        var found = ShadowRows.read(connection, tenant, rule);
        if (!StageRows.write(connection, tenant, after)) {
            throw changedMeanwhile(before.version() + 1);
        }
        if (wanted == Stage.SHADOW && before.stage() != Stage.SHADOW) {
            ShadowRows.forget(connection, tenant, rule);
        }
        var detail = AuditLog.detail(
                connection,
                "before",
                before.stage().word(),
                "after",
                wanted.word(),
                "reason",
                why,
                "in_the_shadow",
                before.stage() == Stage.SHADOW
                        ? found.firings() + " firings on " + found.days().size() + " days; the last " + found.kept()
                                + " would have been " + found.alerts() + " alerts"
                        : null);
        AuditLog.append(
                connection, tenant, new AuditLog.Entry(now, caller.subject(), "rule.stage", "rule:" + rule, detail));
        return after;
    }

    private static RuntimeException changedMeanwhile(int version) {
        return Problem.conflict("changed-meanwhile", "It was changed meanwhile: it has version " + version + " now.")
                .asException();
    }
}
