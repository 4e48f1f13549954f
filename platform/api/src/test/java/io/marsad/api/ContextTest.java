package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Tenant;
import io.marsad.kernel.event.EventId;
import io.marsad.soc.context.ContextWeighing;
import io.marsad.soc.risk.Promotions;
import io.marsad.soc.risk.RiskFollower;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Crown jewels, people to look after and maintenance, over HTTP; what waits in the queue of risk is done by the test. */
class ContextTest {
    private static final String PATH = "/v1/context";
    private static int tenants;

    private TestNode node;
    private Tenant tenant;
    private Calls calls;
    private String alert = "";

    @BeforeEach
    void start() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("context-" + ++tenants);
        calls = new Calls(node, tenant.byToken());
        alert = node.alert(tenant.id(), node.event(tenant.id(), "vault"), "x")
                .id()
                .toString();
        doWhatWaits();
    }

    /** Whatever is in the outbox for risk. */
    private int doWhatWaits() {
        return node.database.<Integer>inTenant(tenant.id(), connection -> {
            var ids = new ArrayList<EventId>();
            try (var take = connection.prepareStatement(
                    "DELETE FROM outbox WHERE tenant_id = ? AND queue = 'risk' RETURNING subject")) {
                take.setString(1, tenant.id().value());
                try (var rows = take.executeQuery()) {
                    while (rows.next()) {
                        ids.add(EventId.parse(rows.getObject(1, UUID.class).toString()));
                    }
                }
            }
            RiskFollower.standard(new ContextWeighing(), Promotions.NONE, node.clock)
                    .follow(connection, tenant.id(), List.copyOf(ids));
            return ids.size();
        });
    }

    private String body(String pattern, String effect) {
        var end = node.clock.instant().plus(Duration.ofDays(3));
        return "{\"name\":\"Vault\",\"kind\":\"crown_jewel\",\"entity_type\":\"host\",\"pattern\":\"" + pattern + "\","
                + effect + ",\"reason\":\"it has the keys\",\"expires_at\":\"" + end + "\"}";
    }

    @Test
    void aCrownJewelsAlertsWeighMoreAndSayWhyAndWithoutTheFactTheyDoNot() throws Exception {
        var made = calls.tree("createContext", PATH, body("VAULT-*", "\"risk\":0.5,\"severity_shift\":1"), 201);
        assertThat(made.get("state").stringValue()).isEqualTo("active");
        assertThat(doWhatWaits()).isEqualTo(1);
        var now = calls.json("getAlert", "/v1/alerts/" + alert, "");
        assertThat(now.get("severity").stringValue()).isEqualTo("critical");
        assertThat(now.get("version").intValue()).isEqualTo(2);
        assertThat(now.get("history").get(1).get("detail").stringValue())
                .isEqualTo("high to critical: the rule says high; Vault");
        var contributor = calls.json("getEntity", "/v1/entities/host/vault-host", "")
                .get("risk")
                .get("contributors")
                .get(0);
        assertThat(contributor.get("points").doubleValue()).as("40 × 1.5").isEqualTo(60);
        assertThat(contributor.get("facts").get(0).stringValue()).isEqualTo("Vault");
        assertThat(doWhatWaits()).as("its own change waits for nobody").isZero();

        calls.send("deleteContext", PATH + "/" + made.get("id").stringValue(), "", 204);
        doWhatWaits();
        var after = calls.json("getAlert", "/v1/alerts/" + alert, "");
        assertThat(after.get("severity").stringValue()).isEqualTo("high");
        assertThat(after.get("history").get(2).get("detail").stringValue())
                .isEqualTo("critical to high: as the rule has it");
        var audit = calls.json("listAudit", "/v1/audit?limit=100", "").toString();
        assertThat(audit).contains("context.create", "context.delete", "alert.severity");
    }

    @Test
    void maintenanceWeighsLessWhileItLasts() throws Exception {
        var end = node.clock.instant().plus(Duration.ofHours(1));
        var start = node.clock.instant().plus(Duration.ofMinutes(30));
        var later =
                body("vault-host", "\"risk\":-1").replace("\"reason\"", "\"starts_at\":\"" + start + "\",\"reason\"");
        calls.tree("createContext", PATH, later, 201);
        doWhatWaits();
        assertThat(calls.json("listRisk", "/v1/risk?type=host", "").get("total").intValue())
                .as("not yet")
                .isEqualTo(1);
        var made = calls.tree(
                "createContext",
                PATH,
                body("vault-host", "\"risk\":-1,\"severity_shift\":0")
                        .replaceAll(
                                "\"expires_at\":\"[^\"]+\"",
                                "\"starts_at\":\"2026-01-01T00:00:00Z\",\"expires_at\":\"" + end + "\""),
                201);
        doWhatWaits();
        assertThat(calls.json("listRisk", "/v1/risk?type=host", "").get("total").intValue())
                .isZero();
        var changed = body("vault-host", "\"risk\":-0.5")
                .replace("}", ",\"starts_at\":\"2026-01-01T00:00:00Z\",\"version\":1}");
        var path = PATH + "/" + made.get("id").stringValue();
        assertThat(calls.tree("updateContext", path, changed, 200)
                        .get("version")
                        .intValue())
                .isEqualTo(2);
        assertThat(calls.problem("updateContext", path, changed, 409)).isEqualTo("changed-meanwhile");
        doWhatWaits();
        var row =
                calls.json("listRisk", "/v1/risk?type=host", "").get("entities").get(0);
        assertThat(row.get("contributors").get(0).get("points").doubleValue()).isEqualTo(10);
    }

    @Test
    void thePreviewSaysWhatWouldBeOtherwise() throws Exception {
        var asked = "{\"kind\":\"vip\",\"pattern\":\"*-HOST\",\"risk\":1,\"severity_shift\":-2}";
        var preview = calls.json("previewContext", PATH + "/preview", asked);
        assertThat(preview.get("alerts").intValue()).isEqualTo(1);
        assertThat(preview.get("severities").intValue()).isEqualTo(1);
        var example = preview.get("examples").get(0);
        assertThat(example.get("severity_after").stringValue()).isEqualTo("low");
        assertThat(example.get("points").doubleValue()).isEqualTo(20);
        assertThat(example.get("points_after").doubleValue()).isEqualTo(6);
        for (var wrong : List.of("\"pattern\":\"**\",\"risk\":1", "\"pattern\":\"x\"")) {
            assertThat(calls.problem("previewContext", PATH + "/preview", "{\"kind\":\"vip\"," + wrong + "}", 400))
                    .isEqualTo("invalid-fact");
        }
        var percent = "{\"kind\":\"vip\",\"pattern\":\"%-host\",\"risk\":1}";
        assertThat(calls.json("previewContext", PATH + "/preview", percent)
                        .get("alerts")
                        .intValue())
                .as("only * is any text")
                .isZero();
    }
}
