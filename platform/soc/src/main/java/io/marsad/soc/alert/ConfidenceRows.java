package io.marsad.soc.alert;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Confidence.Kind;
import io.marsad.soc.alert.Confidence.Label;
import io.marsad.soc.alert.Confidence.Step;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How sure alerts are, as it was found when they were decided about; in the tenant's transaction. Stateless. */
public final class ConfidenceRows {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final int SCALE = 2;

    private ConfidenceRows() {}

    /**
     * The surest of some alerts.
     *
     * @param decided of how many anything is known
     */
    public record Surest(EventId alert, Confidence confidence, int decided) {}

    /** Null while nothing has been decided about it. */
    static @Nullable Confidence of(Connection connection, TenantId tenant, EventId alert) throws SQLException {
        try (var select =
                connection.prepareStatement("SELECT explanation FROM decisions WHERE tenant_id = ? AND alert_id = ?")) {
            select.setString(1, tenant.value());
            select.setObject(2, alert.uuid());
            try (var rows = select.executeQuery()) {
                return rows.next() ? read(rows.getString(1)) : null;
            }
        }
    }

    /** Of the alerts in a case, the oldest of several; null while nothing has been decided about any. */
    public static @Nullable Surest ofCase(Connection connection, TenantId tenant, EventId kase) throws SQLException {
        try (var select = connection.prepareStatement("SELECT d.alert_id, d.explanation, count(*) OVER () AS decided"
                + " FROM case_alerts c JOIN decisions d ON d.tenant_id = c.tenant_id AND d.alert_id = c.alert_id"
                + " JOIN alerts a ON a.tenant_id = c.tenant_id AND a.alert_id = c.alert_id"
                + " WHERE c.tenant_id = ? AND c.case_id = ?"
                + " ORDER BY d.confidence DESC, a.first_time, d.alert_id LIMIT 1")) {
            select.setString(1, tenant.value());
            select.setObject(2, kase.uuid());
            try (var rows = select.executeQuery()) {
                return rows.next()
                        ? new Surest(
                                AlertRows.id(rows.getObject("alert_id", UUID.class)),
                                read(rows.getString("explanation")),
                                rows.getInt("decided"))
                        : null;
            }
        }
    }

    private static Confidence read(String explanation) {
        var told = MAPPER.readTree(explanation).get("explainability");
        var chain = new ArrayList<Step>();
        for (JsonNode step : told.get("evidence")) {
            chain.add(new Step(
                    Kind.valueOf(upper(step, "kind")),
                    step.get("source").stringValue(),
                    step.get("claim").stringValue(),
                    step.get("norm").decimalValue(),
                    step.get("weight").decimalValue(),
                    points(step, "contribution")));
        }
        return new Confidence(points(told, "confidence_score"), Label.valueOf(upper(told, "confidence_label")), chain);
    }

    private static String upper(JsonNode node, String name) {
        return node.get(name).stringValue().toUpperCase(Locale.ROOT);
    }

    private static BigDecimal points(JsonNode node, String name) {
        return node.get(name).decimalValue().setScale(SCALE);
    }
}
