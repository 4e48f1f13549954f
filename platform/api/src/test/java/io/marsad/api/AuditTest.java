package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.http.Json;
import io.marsad.soc.identity.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What was done by whom, as auditors read it. */
class AuditTest {
    private static TestNode node;
    private static TestNode.Tenant tenant;
    private static Calls admin;
    private static Calls auditor;
    private static Calls analyst;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("audit-tenant");
        admin = new Calls(node, node.signIn(tenant.id(), Role.TENANT_ADMIN));
        auditor = new Calls(node, node.signIn(tenant.id(), Role.AUDITOR));
        analyst = new Calls(node, node.signIn(tenant.id(), Role.SOC_ANALYST));
    }

    private static List<JsonNode> entries(JsonNode page) {
        var entries = new ArrayList<JsonNode>();
        page.get("entries").forEach(entries::add);
        return entries;
    }

    @Test
    void whoDidWhatFromWhereIsThere() throws Exception {
        var sent = admin.send("createToken", "/v1/tokens", "{\"name\":\"for the sensor\"}", 201);
        var id = Json.tree(sent.body()).get("id").stringValue();
        var found = entries(auditor.json("listAudit", "/v1/audit?object=token:" + id, ""));
        assertThat(found).singleElement().satisfies(entry -> {
            assertThat(entry.get("action").stringValue()).isEqualTo("token.create");
            assertThat(entry.get("actor").stringValue()).startsWith("user:");
            assertThat(entry.get("actor_name").stringValue()).isEqualTo("tenant_admin");
            assertThat(entry.get("address").stringValue()).isEqualTo("127.0.0.1");
            assertThat(entry.get("request_id").stringValue())
                    .isEqualTo(sent.headers().firstValue("X-Request-Id").orElseThrow());
        });
        assertThat(entries(auditor.json("listAudit", "/v1/audit?action=session.begin", "")))
                .as("who signs in is told with the address, too")
                .isNotEmpty()
                .allSatisfy(
                        entry -> assertThat(entry.get("address").stringValue()).isNotEmpty());
    }

    @Test
    void pagesFollowEachOtherWithoutGaps() throws Exception {
        for (int i = 0; i < 5; i++) {
            admin.send("createToken", "/v1/tokens", "{\"name\":\"token " + i + "\"}", 201);
        }
        var seen = new ArrayList<Long>();
        var path = "/v1/audit?to=2100-01-01T00:00:00Z&limit=2";
        for (JsonNode page = auditor.json("listAudit", path, ""); ; ) {
            entries(page).forEach(entry -> seen.add(entry.get("seq").longValue()));
            var next = Json.text(page, "next");
            if (next == null) {
                break;
            }
            page = auditor.json("listAudit", path + "&cursor=" + next, "");
        }
        for (int i = 0; i < seen.size(); i++) {
            assertThat(seen.get(i)).isEqualTo(seen.size() - i);
        }
        assertThat(auditor.problem("listAudit", "/v1/audit?cursor=second", "", 400))
                .isEqualTo("invalid-cursor");
        assertThat(auditor.problem("listAudit", "/v1/audit?from=yesterday", "", 400))
                .isEqualTo("invalid-parameter");
        assertThat(entries(auditor.json("listAudit", "/v1/audit?to=2000-01-01T00:00:00Z", "")))
                .isEmpty();
    }

    @Test
    void anExportHasAllLinesAndIsRecorded() throws Exception {
        var answer = auditor.send("exportAudit", "/v1/audit/export", "", 200);
        var lines = new String(answer.body(), StandardCharsets.UTF_8).lines().toList();
        long last = 0;
        for (var line : lines) {
            assertThat(Json.tree(line.getBytes(StandardCharsets.UTF_8))
                            .get("seq")
                            .longValue())
                    .isEqualTo(++last);
        }
        assertThat(last).isPositive();
        var exported = entries(auditor.json("listAudit", "/v1/audit?action=audit.export&limit=1", ""));
        assertThat(exported.getFirst().get("seq").longValue()).isGreaterThan(last);
    }

    @Test
    void theChainIsCheckedAndSealed() throws Exception {
        var before = auditor.json("verifyAudit", "/v1/audit/verification", "");
        assertThat(before.get("ok").booleanValue()).isTrue();
        assertThat(before.get("first_bad").isNull()).isTrue();
        node.audit.seal(tenant.id());
        var after = auditor.json("verifyAudit", "/v1/audit/verification", "");
        assertThat(after.get("sealed").longValue()).isPositive();
        assertThat(after.get("checkpoint").stringValue()).startsWith("marsad-audit/" + tenant.id() + "\n");
    }

    @Test
    void analystsAndOutsidersDoNotReadIt() throws Exception {
        for (var path : List.of("/v1/audit", "/v1/audit/export", "/v1/audit/verification")) {
            assertThat(node.send(analyst.as(), "GET", path, "").statusCode()).isEqualTo(403);
            assertThat(node.send(Identity.NOBODY, "GET", path, "").statusCode()).isEqualTo(401);
        }
    }
}
