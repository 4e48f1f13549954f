package io.marsad.soc.alert;

import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * An alert as those who follow it read it, inside a transaction of their own.
 *
 * @param ruleVersion the revision of the rule's text that raised it
 * @param rule as it was when it fired
 * @param narrative what happened, in words
 * @param evidence what it rests on
 */
public record AlertReading(
        Alert alert, String ruleVersion, RuleSnapshot rule, String narrative, List<Evidence> evidence) {
    private static final String SELECT =
            "SELECT " + AlertRows.COLUMNS + ", rule_revision, event_count, evidence, snapshot"
                    + " FROM alerts JOIN rule_snapshots USING (tenant_id, rule_id)"
                    + " WHERE tenant_id = ? AND alert_id = ANY (?) AND revision = rule_revision ORDER BY alert_id";

    public AlertReading {
        evidence = List.copyOf(evidence);
    }

    /** Those that are there, in the order of their ids. */
    public static List<AlertReading> of(Connection connection, TenantId tenant, Collection<UUID> ids)
            throws SQLException {
        var found = new ArrayList<AlertReading>();
        try (var select = connection.prepareStatement(SELECT)) {
            select.setString(1, tenant.value());
            select.setArray(2, connection.createArrayOf("uuid", ids.toArray()));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    var rule = AlertJson.rule(rows.getString("snapshot"));
                    var evidence = AlertJson.evidence(rows.getString("evidence"));
                    var narrative = Narrative.of(rule, evidence, rows.getInt("event_count"));
                    found.add(new AlertReading(
                            AlertRows.read(rows), rows.getString("rule_revision"), rule, narrative, evidence));
                }
            }
        }
        return found;
    }
}
