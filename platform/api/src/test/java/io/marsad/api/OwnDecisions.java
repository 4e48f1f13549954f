package io.marsad.api;

import io.marsad.db.outbox.Claim;
import io.marsad.db.outbox.Outbox;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.decision.service.DecisionWorker;
import io.marsad.soc.decision.service.Enrichment;
import io.marsad.soc.decision.service.Judges;
import io.marsad.soc.record.RuleRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What a tenant has of decisions, with a word in all of it. */
final class OwnDecisions {
    private static final String THRESHOLDS = "\"escalate\":0.85,\"close\":0.15,\"model\":0.6,\"auto_close\":true";

    private OwnDecisions() {}

    /** @return the ids of alerts that something was decided about */
    static List<String> things(Belongings of, TestNode node, String alert) throws Exception {
        var tenant = of.tenant().id();
        var word = of.word();
        of.send("/v1/alerts", body("submitAlert", word));
        decide(node, tenant, alert);
        of.send("/v1/alerts/" + alert + "/decision/override", body("overrideDecision", word));
        node.send(
                of.tenant().byToken(),
                "PUT",
                "/v1/decisions/thresholds",
                body("setThresholds", word).replace("1}", "0}"));
        of.send("/v1/decisions/stop", "{\"reason\":\"" + word + "\"}");
        node.database.inTenant(tenant, connection -> {
            var call =
                    "INSERT INTO model_calls SELECT ?, gen_random_uuid(), ?::uuid, ?, 'hash', now(), now(), 'said', ?"
                            + " FROM generate_series(1, 2)"; // a second page to point to
            try (var insert = connection.prepareStatement(call)) {
                insert.setString(1, tenant.value());
                insert.setString(2, alert);
                insert.setString(3, word);
                insert.setString(4, word);
                return insert.executeUpdate();
            }
        });
        node.database.inTenant(tenant, connection -> {
            try (var key = connection.prepareStatement(
                    "UPDATE submitted_alerts SET idempotency_key = ? WHERE tenant_id = ?")) {
                key.setString(1, word);
                key.setString(2, tenant.value());
                return key.executeUpdate();
            }
        });
        return List.of(alert);
    }

    private static void decide(TestNode node, TenantId tenant, String alert) {
        node.database.inTenant(tenant, connection -> {
            Outbox.put(connection, tenant, node.clock.instant(), List.of("decisions"), List.of(UUID.fromString(alert)));
            return 1;
        });
        new DecisionWorker(
                        node.database,
                        Enrichment.of(List.of(), node.clock),
                        Judges.NONE,
                        _ -> RuleRecord.Proof.UNKNOWN,
                        node.clock,
                        node.random)
                .follow(claim(node, tenant));
    }

    /** All that is to be decided about. */
    static Claim claim(TestNode node, TenantId tenant) {
        var token = UUID.randomUUID();
        return node.database.inTenant(tenant, connection -> {
            var items = new ArrayList<Claim.Item>();
            try (var update = connection.prepareStatement("UPDATE outbox SET claim = ? WHERE tenant_id = ?"
                    + " AND queue = 'decisions' AND NOT dead RETURNING item_id, subject, failures")) {
                update.setObject(1, token);
                update.setString(2, tenant.value());
                try (var rows = update.executeQuery()) {
                    while (rows.next()) {
                        items.add(new Claim.Item(rows.getLong(1), rows.getObject(2, UUID.class), rows.getInt(3)));
                    }
                }
            }
            return new Claim(tenant, "decisions", token, items);
        });
    }

    static String body(String operation, String word) {
        return switch (operation) {
            case "submitAlert" ->
                "{\"source\":\"" + word + "\",\"rule_id\":\"" + word + "\",\"rule_name\":\"" + word
                        + "\",\"severity\":\"low\",\"indicator\":{\"type\":\"domain\",\"value\":\"" + word
                        + ".example\"},\"raw_log\":\"" + word + "\"}";
            case "overrideDecision" -> "{\"decision\":\"human_review\",\"reason\":\"" + word + "\"}";
            case "setThresholds" ->
                "{" + THRESHOLDS + ",\"sample_percent\":10,\"reason\":\"" + word + "\",\"version\":1}";
            default -> "{" + THRESHOLDS + "}";
        };
    }
}
