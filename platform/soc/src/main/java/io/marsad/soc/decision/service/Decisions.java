package io.marsad.soc.decision.service;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.outbox.Outbox;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.alert.Act;
import io.marsad.soc.alert.Actors;
import io.marsad.soc.alert.AlertFollowers;
import io.marsad.soc.alert.AlertStatus;
import io.marsad.soc.alert.OwnActs;
import io.marsad.soc.alert.Verdict;
import io.marsad.soc.decision.DecisionJson;
import io.marsad.soc.decision.Ruling;
import io.marsad.soc.record.OutcomeRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was decided in the tenant of the running {@link CallerScope}, what people say of it, and what of the work failed.
 * Thread-safe.
 */
public final class Decisions {
    /** The most that a list has. */
    public static final int MOST = 200;

    private static final int MAX_REASON = 2_000;

    private final Database database;
    private final InstantSource clock;

    public Decisions(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * What became of an alert so far.
     *
     * @param decision null while it waits
     */
    public record Result(EventId alert, @Nullable KeptDecision decision) {}

    /**
     * The newest, and how it stands.
     *
     * @param counts of the last 30 days
     */
    public record Overview(
            List<KeptDecision> newest, Map<Ruling, Long> counts, KeptDecision.Sampled sampled, int dead) {
        public Overview {
            newest = List.copyOf(newest);
        }
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 when there is no such alert */
    public Result result(EventId id) {
        return database.inCallerTenant(connection -> {
            var decision = DecisionRows.find(connection, CallerScope.tenant(), id);
            if (decision == null) {
                requireAlert(connection, id);
            }
            return new Result(id, decision);
        });
    }

    private static void requireAlert(Connection connection, EventId id) throws SQLException {
        try (var select = connection.prepareStatement("SELECT FROM alerts WHERE tenant_id = ? AND alert_id = ?")) {
            select.setString(1, CallerScope.tenant().value());
            select.setObject(2, id.uuid());
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw Problem.notFound("There is no such alert.").asException();
                }
            }
        }
    }

    /**
     * Newest first, at most {@link #MOST}.
     *
     * @param ruling null: all
     * @param sampled only those that are left open for a person to check
     */
    public Overview list(@Nullable Ruling ruling, boolean sampled) {
        var tenant = CallerScope.tenant();
        return database.inCallerTenant(connection -> new Overview(
                DecisionRows.list(connection, tenant, ruling, sampled, MOST),
                DecisionRows.counts(connection, tenant, now().minus(Duration.ofDays(ThresholdPreview.DAYS)), null),
                DecisionRows.sampled(connection, tenant),
                Outbox.dead(connection, tenant, AlertFollowers.DECISIONS, MOST).size()));
    }

    /**
     * Says that something else was right. The decision stays as it was; what is said stands beside it, with the reason, and
     * the alert becomes what is said: escalated, closed (with the verdict, or without one), or open again.
     *
     * @param verdict only with closing
     * @throws io.marsad.kernel.problem.ProblemException 404 when nothing was decided yet; 400 {@code reason-required},
     *     {@code verdict-refused}
     */
    public KeptDecision override(EventId id, Ruling decision, @Nullable Verdict verdict, String reason) {
        requireReason(reason);
        if (verdict != null && decision != Ruling.AUTO_CLOSE) {
            throw Problem.badRequest("verdict-refused", "A verdict comes with closing only.")
                    .asException();
        }
        var at = now();
        var caller = CallerScope.current();
        return database.inCallerTenant(connection -> {
            var me = Actors.name(connection, caller);
            var acts = new OwnActs(connection, caller.tenant(), new OwnActs.By(caller.subject(), me, at));
            acts.lock(List.of(id));
            if (DecisionRows.decided(connection, caller.tenant(), List.of(id.uuid()))
                    .isEmpty()) {
                throw Problem.notFound("Nothing has been decided about such an alert yet.")
                        .asException();
            }
            var told = new KeptDecision.Override(decision, verdict, reason, me, at);
            var entry = new AuditLog.Entry(at, caller.subject(), "decision.override", "alert:" + id, audit(told));
            long seq = AuditLog.append(connection, caller.tenant(), entry);
            DecisionRows.add(connection, caller.tenant(), id, told, caller.subject(), seq);
            acts.act(id, acts(acts, id, told), "overridden: " + reason);
            acts.write();
            OutcomeRows.follow(connection, caller.tenant(), List.of(id.uuid()));
            acts.tell();
            return found(connection, caller, id);
        });
    }

    private static KeptDecision found(Connection connection, Caller caller, EventId id) throws SQLException {
        var found = DecisionRows.find(connection, caller.tenant(), id);
        if (found == null) {
            throw new IllegalStateException("a decision that was there is gone");
        }
        return found;
    }

    private static List<Act> acts(OwnActs acts, EventId id, KeptDecision.Override told) {
        var status = acts.status(id);
        boolean open = status != null && status.open();
        var wanted = new ArrayList<Act>();
        switch (told.decision()) {
            case ESCALATE -> {
                if (!open) {
                    wanted.add(move(AlertStatus.NEW, null));
                }
                if (!acts.escalated(id)) {
                    wanted.add(new Act.Escalate(true));
                }
            }
            case HUMAN_REVIEW -> {
                if (!open) {
                    wanted.add(move(AlertStatus.NEW, null));
                }
            }
            case AUTO_CLOSE -> {
                if (!open) {
                    wanted.add(move(AlertStatus.NEW, null));
                }
                wanted.add(move(told.verdict() == null ? AlertStatus.DISMISSED : AlertStatus.RESOLVED, told.verdict()));
            }
        }
        return wanted;
    }

    private static Act move(AlertStatus to, @Nullable Verdict verdict) {
        return new Act.Move(to, verdict, null, null);
    }

    private static String audit(KeptDecision.Override told) {
        var verdict = told.verdict();
        return DecisionJson.build(to -> {
            to.writeStartObject();
            to.writeStringProperty("decision", told.decision().word());
            if (verdict != null) {
                to.writeStringProperty("verdict", verdict.word());
            }
            to.writeStringProperty("reason", told.reason());
            to.writeEndObject();
        });
    }

    static void requireReason(String reason) {
        if (reason.isBlank() || reason.length() > MAX_REASON) {
            throw Problem.badRequest("reason-required", "Say why, in at most " + MAX_REASON + " characters.")
                    .asException();
        }
    }

    /** What could not be decided about after four tries, newest failure first; at most {@link #MOST}. */
    public List<Outbox.Dead> dead() {
        return database.inCallerTenant(
                connection -> Outbox.dead(connection, CallerScope.tenant(), AlertFollowers.DECISIONS, MOST));
    }

    /**
     * Has it tried anew.
     *
     * @param items null: all
     * @return how many
     */
    public int replay(@Nullable List<Long> items) {
        var at = now();
        var caller = CallerScope.current();
        return database.<Integer>inCallerTenant(connection -> {
            int replayed = Outbox.replay(connection, caller.tenant(), AlertFollowers.DECISIONS, items, at);
            var detail = "{\"items\":" + replayed + "}";
            var entry = new AuditLog.Entry(at, caller.subject(), "decision.replay", "decisions:dead", detail);
            AuditLog.append(connection, caller.tenant(), entry);
            return replayed;
        });
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
