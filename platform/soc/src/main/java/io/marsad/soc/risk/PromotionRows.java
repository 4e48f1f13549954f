package io.marsad.soc.risk;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What was promoted. */
final class PromotionRows {
    private static final int SHOWN = 50;

    private PromotionRows() {}

    static List<Promotion> of(Connection connection, TenantId tenant, EntityKey entity) throws SQLException {
        var promotions = new ArrayList<Promotion>();
        try (var select = connection.prepareStatement(
                "SELECT promotion_id, value, at, points, score, alerts, case_id FROM risk_promotions"
                        + " WHERE tenant_id = ? AND kind = ? AND entity_key = ? ORDER BY at DESC LIMIT " + SHOWN)) {
            select.setString(1, tenant.value());
            select.setString(2, entity.kind().word());
            select.setString(3, entity.key());
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    promotions.add(read(rows, entity));
                }
            }
        }
        return promotions;
    }

    private static Promotion read(ResultSet row, EntityKey entity) throws SQLException {
        var alerts = new ArrayList<EventId>();
        if (row.getArray("alerts").getArray() instanceof UUID[] ids) {
            for (UUID id : ids) {
                alerts.add(RiskRows.id(id));
            }
        }
        return new Promotion(
                RiskRows.id(row, "promotion_id"),
                entity,
                row.getString("value"),
                row.getTimestamp("at").toInstant(),
                row.getBigDecimal("points"),
                row.getBigDecimal("score"),
                alerts,
                row.getObject("case_id") == null ? null : RiskRows.id(row, "case_id"));
    }
}
