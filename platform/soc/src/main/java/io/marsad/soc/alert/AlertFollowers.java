package io.marsad.soc.alert;

import io.marsad.db.outbox.Outbox;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The queues of what follows an alert (see {@link Outbox}); its id is put into them in the transaction that makes or
 * changes it. What is done follows the alert's present row.
 */
public final class AlertFollowers {
    /** What an alert adds to the risk of those whom it names. */
    public static final String RISK = "risk";

    /** The case that it belongs to. */
    public static final String CASES = "cases";

    /** Whether it is escalated, closed or left to a person, and what its rule's record says. */
    public static final String DECISIONS = "decisions";

    /** Whom to tell outside of an alert that was escalated. */
    public static final String NOTIFICATIONS = "notifications";

    /** The playbooks that it starts; also of cases. */
    public static final String PLAYBOOKS = "playbook-triggers";

    private static final List<String> ALL = List.of(RISK, CASES, DECISIONS);
    private static final List<String> OF_NEW = List.of(RISK, CASES, DECISIONS, PLAYBOOKS);
    private static final List<String> OF_EVIDENCE = List.of(RISK, CASES);

    private AlertFollowers() {}

    /** Alerts were made, or rest on more or other evidence. */
    static void put(Connection connection, TenantId tenant, Instant now, Intake intake) throws SQLException {
        put(connection, tenant, now, OF_NEW, intake.created());
        var changed = new ArrayList<>(intake.grown());
        changed.addAll(intake.revised());
        put(connection, tenant, now, OF_EVIDENCE, changed);
    }

    /** People or the platform made something else of alerts. */
    static void put(Connection connection, TenantId tenant, Instant now, List<ActRows.Change> changes)
            throws SQLException {
        Outbox.put(
                connection,
                tenant,
                now,
                ALL,
                changes.stream()
                        .filter(AlertFollowers::matters)
                        .map(change -> change.before().id().uuid())
                        .toList());
        Outbox.put(
                connection,
                tenant,
                now,
                List.of(NOTIFICATIONS, PLAYBOOKS),
                changes.stream()
                        .filter(change -> change.after().escalated()
                                && !change.before().state().escalated())
                        .map(change -> change.before().id().uuid())
                        .toList());
    }

    /** Those that are more severe now may start playbooks that they did not start before. */
    static void severer(Connection connection, TenantId tenant, Instant now, List<SeverityChange> changes)
            throws SQLException {
        Outbox.put(
                connection,
                tenant,
                now,
                List.of(PLAYBOOKS),
                changes.stream()
                        .filter(change -> change.to().rank() > change.from().rank())
                        .map(change -> change.alert().uuid())
                        .toList());
    }

    private static boolean matters(ActRows.Change change) {
        var before = change.before().state();
        return before.status() != change.after().status()
                || before.verdict() != change.after().verdict();
    }

    private static void put(
            Connection connection, TenantId tenant, Instant now, List<String> queues, Collection<Alert> alerts)
            throws SQLException {
        Outbox.put(
                connection,
                tenant,
                now,
                queues,
                alerts.stream().map(alert -> alert.id().uuid()).toList());
    }
}
