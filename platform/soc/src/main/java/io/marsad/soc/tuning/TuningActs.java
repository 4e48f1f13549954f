package io.marsad.soc.tuning;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.alert.Actors;
import io.marsad.soc.record.RuleRecords;
import io.marsad.soc.record.Tuning;
import io.marsad.soc.stage.Stage;
import io.marsad.soc.stage.Stages;
import io.marsad.soc.suppression.Suppression;
import io.marsad.soc.suppression.Suppressions;
import io.marsad.soc.tuning.TuningAct.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Acts on the rules of the tenant of the running {@link CallerScope}: only people act, each act is in the audit log with
 * what it would have lost, and is undone as long as nobody has changed the same since. Thread-safe.
 */
public final class TuningActs {
    /** How long a suppression that an act makes hides. */
    public static final Duration HIDES = Duration.ofDays(30);

    private static final int SHOWN = 200;
    private static final int RECORD_DAYS = 90;

    private final Database database;
    private final RuleRecords records;
    private final Stages stages;
    private final Suppressions suppressions;
    private final InstantSource clock;
    private final RandomGenerator random;

    public TuningActs(
            Database database, Stages stages, Suppressions suppressions, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.records = new RuleRecords(database, clock);
        this.stages = stages;
        this.suppressions = suppressions;
        this.clock = clock;
        this.random = random;
    }

    /**
     * What is to be done.
     *
     * @param entity whose alerts are hidden, for {@link Kind#SUPPRESS}; null: who caused most false ones
     */
    public record Wanted(String ruleId, Kind kind, @Nullable String entity) {}

    /** The newest acts. */
    public List<TuningAct> newest() {
        return database.inCallerTenant(connection -> TuningRows.newest(connection, CallerScope.tenant(), SHOWN));
    }

    /** What it would have taken from the last 30 days. */
    public TuningPreview preview(Wanted wanted) {
        return database.inCallerTenant(connection -> preview(connection, wanted));
    }

    private TuningPreview preview(Connection connection, Wanted wanted) throws SQLException {
        var tenant = CallerScope.tenant();
        var from = now().minus(Duration.ofDays(TuningPreview.DAYS));
        var culprits = TuningRows.culprits(connection, tenant, wanted.ruleId, from);
        if (wanted.kind != Kind.SUPPRESS) {
            return new TuningPreview(
                    null,
                    TuningRows.lost(connection, tenant, wanted.ruleId, from, null),
                    culprits,
                    TuningRows.attacks(connection, tenant, wanted.ruleId, from, null));
        }
        var named = wanted.entity == null ? "" : wanted.entity.strip().toLowerCase(Locale.ROOT);
        var entity = !named.isEmpty()
                ? named
                : culprits.isEmpty() ? null : culprits.getFirst().value();
        if (entity == null) {
            return new TuningPreview(null, new TuningPreview.Lost(0, 0, 0, 0, 0, 0), culprits, List.of());
        }
        return new TuningPreview(
                entity,
                TuningRows.lost(connection, tenant, wanted.ruleId, from, entity),
                culprits,
                TuningRows.attacks(connection, tenant, wanted.ruleId, from, entity));
    }

    /**
     * Does it, from the next batch of events on.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code reason-required}; 404 when it is to hide
     *     alerts of a rule that has raised none; 409 {@code already-so}, {@code no-entity}, {@code too-many-suppressions}, {@code too-many-stages}
     */
    public TuningAct act(Wanted wanted, String reason) {
        var lane = records.tuning(RECORD_DAYS).stream()
                .filter(one -> one.done().version().ruleId().equals(wanted.ruleId))
                .map(one -> one.tuning().lane())
                .findFirst()
                .orElse(Tuning.Lane.NOT_MEASURED);
        return database.inCallerTenant(connection -> {
            var caller = CallerScope.current();
            var now = now();
            var preview = preview(connection, wanted);
            var does = switch (wanted.kind) {
                case DISABLE -> stage(connection, wanted, Stage.DISABLED, reason);
                case SHADOW -> stage(connection, wanted, Stage.SHADOW, reason);
                case SUPPRESS -> suppress(connection, wanted.ruleId, preview.entity(), reason);
            };
            var act = new TuningAct(
                    EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong()),
                    wanted.ruleId,
                    lane.word(),
                    does,
                    reason.strip(),
                    preview.lost().alerts(),
                    preview.lost().truePositives(),
                    Actors.name(connection, caller),
                    now,
                    null);
            TuningRows.insert(connection, caller.tenant(), act);
            audit(connection, "tuning.act", act, now);
            return act;
        });
    }

    private TuningAct.Does stage(Connection connection, Wanted wanted, Stage to, String reason) throws SQLException {
        var before = stages.of(connection, wanted.ruleId);
        if (before.stage() == to) {
            throw Problem.conflict("already-so", "The rule is " + to.word() + " already.")
                    .asException();
        }
        var after = stages.change(connection, wanted.ruleId, to, reason, before.version());
        return new TuningAct.Staged(wanted.kind, before.stage(), after.version());
    }

    private TuningAct.Does suppress(Connection connection, String rule, @Nullable String entity, String reason)
            throws SQLException {
        if (!TuningRows.hasAlerts(connection, CallerScope.tenant(), rule)) {
            throw Problem.notFound("There is no alert of such a rule that could be hidden.")
                    .asException();
        }
        if (entity == null) {
            throw Problem.conflict(
                            "no-entity",
                            "No entity is in a false alert of this rule of the last " + TuningPreview.DAYS
                                    + " days: name one.")
                    .asException();
        }
        var now = now();
        var content = new Suppression.Content(List.of(rule), "", entity, reason, now, now.plus(HIDES));
        var made = suppressions.create(connection, content);
        return new TuningAct.Suppressed(entity, made.id());
    }

    /**
     * Makes it as it was.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404; 409 {@code already-undone}, {@code changed-meanwhile}
     */
    public TuningAct undo(EventId id) {
        return database.inCallerTenant(connection -> {
            var caller = CallerScope.current();
            var act = TuningRows.lock(connection, caller.tenant(), id);
            if (act == null) {
                throw Problem.notFound("There is no such act.").asException();
            }
            if (act.undone() != null) {
                throw Problem.conflict("already-undone", "It was undone already.")
                        .asException();
            }
            switch (act.does()) {
                case TuningAct.Staged one ->
                    stages.change(
                            connection,
                            act.ruleId(),
                            one.before(),
                            "undone: " + shortened(act.reason()),
                            one.version());
                case TuningAct.Suppressed one -> suppressions.deleteUnchanged(connection, one.suppression());
            }
            var now = now();
            var undone = new TuningAct.Undone(Actors.name(connection, caller), now);
            TuningRows.undone(connection, caller.tenant(), id, undone);
            audit(connection, "tuning.undo", act, now);
            return new TuningAct(
                    act.id(),
                    act.ruleId(),
                    act.lane(),
                    act.does(),
                    act.reason(),
                    act.lost(),
                    act.lostAttacks(),
                    act.madeByName(),
                    act.madeAt(),
                    undone);
        });
    }

    private static String shortened(String reason) {
        return reason.substring(0, Math.min(1_900, reason.length()));
    }

    private static void audit(Connection connection, String action, TuningAct act, Instant now) throws SQLException {
        var detail = AuditLog.detail(
                connection,
                "act",
                act.does().kind().word(),
                "lane",
                act.lane(),
                "entity",
                act.does() instanceof TuningAct.Suppressed one ? one.entity() : null,
                "reason",
                act.reason(),
                "lost",
                act.lost() + " alerts of " + TuningPreview.DAYS + " days, " + act.lostAttacks() + " of them attacks");
        var caller = CallerScope.current();
        AuditLog.append(
                connection,
                caller.tenant(),
                new AuditLog.Entry(now, caller.subject(), action, "rule:" + act.ruleId(), detail));
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
