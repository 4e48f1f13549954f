package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Tenant;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is not to become an alert, over HTTP; that it hides is HidingTest's. */
class SuppressionTest {
    private static final String PATH = "/v1/suppressions";
    private static TestNode node;
    private static Tenant tenant;
    private static Calls calls;

    @BeforeAll
    static void raise() throws Exception {
        node = TestNode.shared();
        tenant = node.tenant("suppressing");
        calls = new Calls(node, tenant.byToken());
        for (var word : new String[] {"backup", "backup", "break-in"}) {
            node.alert(tenant.id(), node.event(tenant.id(), word), word);
        }
    }

    @Test
    void thePreviewSaysWhatItWouldHaveHidden() throws Exception {
        var all = calls.tree("previewSuppression", PATH + "/preview", "{\"rules\":[\"rule-backup\"]}", 200);
        assertThat(all.get("hidden").intValue()).isEqualTo(2);
        assertThat(all.get("rules").get(0).get("title").stringValue()).isEqualTo("Title backup");
        var some = calls.tree("previewSuppression", PATH + "/preview", "{\"query\":\"\\\"break-in\\\"\"}", 200);
        assertThat(some.get("candidates").intValue()).isEqualTo(3);
        assertThat(some.get("hidden").intValue()).isEqualTo(1);
        assertThat(some.get("examples").get(0).get("title").stringValue()).isEqualTo("Title break-in");
        assertThat(calls.problem("previewSuppression", PATH + "/preview", "{}", 400))
                .isEqualTo("too-wide");
    }

    @Test
    void madeChangedAndDeleted() throws Exception {
        var end = node.clock.instant().plus(Duration.ofDays(3));
        var body = "{\"entity\":\"WS-1\",\"query\":\"host = x\",\"reason\":\"why\",\"expires_at\":\"" + end + "\"";
        var made = calls.tree("createSuppression", PATH, body + "}", 201);
        assertThat(made.get("state").stringValue()).isEqualTo("active");
        assertThat(made.get("entity").stringValue()).isEqualTo("ws-1");
        var one = PATH + "/" + made.get("id").stringValue();
        assertThat(calls.tree("listSuppressions", PATH, "", 200).get("suppressions"))
                .hasSize(1);
        var changed = calls.tree("updateSuppression", one, body + ",\"version\":1}", 200);
        assertThat(changed.get("version").intValue()).isEqualTo(2);
        assertThat(calls.problem("updateSuppression", one, body + ",\"version\":1}", 409))
                .isEqualTo("changed-meanwhile");
        assertThat(calls.tree("getSuppression", one, "", 200).get("newest")).isEmpty();
        calls.send("deleteSuppression", one, "", 204);
        calls.send("getSuppression", one, "", 404);
    }

    @Test
    void aQueryIsAFilterOfEvents() throws Exception {
        var end = node.clock.instant().plus(Duration.ofDays(3));
        for (var query : new String[] {"host = ", "host = x | stats count", "last 5m host = x"}) {
            var body = "{\"query\":\"" + query + "\",\"reason\":\"why\",\"expires_at\":\"" + end + "\"}";
            assertThat(calls.problem("createSuppression", PATH, body, 400))
                    .as(query)
                    .isEqualTo("invalid-query");
        }
    }
}
