package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Alert;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A case as those who follow it read it, inside a transaction of their own.
 *
 * @param alerts the most severe first, the newest first among equals
 */
public record CaseReading(Case kase, List<Alert> alerts) {
    public CaseReading {
        alerts = List.copyOf(alerts);
    }

    /** Those that are there, in the order of the ids. */
    public static List<CaseReading> of(Connection connection, TenantId tenant, Collection<UUID> ids)
            throws SQLException {
        var found = new ArrayList<CaseReading>();
        for (Case kase : CaseReader.cases(
                connection, tenant, ids.stream().map(CaseReading::id).toList())) {
            var alerts = new ArrayList<Alert>();
            CaseReader.alerts(connection, tenant, kase.id()).forEach(linked -> alerts.add(linked.alert()));
            alerts.sort(Comparator.comparing(Alert::severity)
                    .thenComparing(Alert::time)
                    .reversed());
            found.add(new CaseReading(kase, alerts));
        }
        return found;
    }

    /** In which case each of the alerts is; those that are in none are left out. */
    public static Map<UUID, UUID> casesOf(Connection connection, TenantId tenant, Collection<UUID> alerts)
            throws SQLException {
        var cases = new HashMap<UUID, UUID>();
        Sql.list(
                connection,
                "SELECT alert_id, case_id FROM case_alerts WHERE tenant_id = ? AND alert_id = ANY (?)",
                row -> cases.put(row.getObject(1, UUID.class), row.getObject(2, UUID.class)),
                tenant.value(),
                connection.createArrayOf("uuid", alerts.toArray()));
        return cases;
    }

    private static EventId id(UUID id) {
        return new EventId(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
