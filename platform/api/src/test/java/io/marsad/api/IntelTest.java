package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestIntel.Reply;
import io.marsad.api.TestNode.Tenant;
import io.marsad.kernel.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Listed indicators and what services say, over HTTP; what the stream makes of a list is PlatformTest's. */
class IntelTest {
    private static final String LIST = "/v1/indicators";
    private static TestNode node;

    @BeforeAll
    static void open() throws Exception {
        node = TestNode.shared();
    }

    private static Calls calls(String name) throws Exception {
        Tenant tenant = node.tenant(name);
        return new Calls(node, tenant.byToken());
    }

    @Test
    void aValueIsListedOnceHoweverItIsWritten() throws Exception {
        var calls = calls("listing");
        var made = calls.tree("putIndicator", LIST, "{\"value\":\"hxxp://Bad[.]example:80/a\",\"tlp\":\"green\"}", 201);
        assertThat(made.get("type").stringValue()).isEqualTo("url");
        assertThat(made.get("value").stringValue()).isEqualTo("http://bad.example/a");
        assertThat(made.get("state").stringValue()).isEqualTo("active");
        var again = calls.tree("putIndicator", LIST, "{\"value\":\"http://bad.example/a\",\"confidence\":10}", 201);
        assertThat(again.get("id")).isEqualTo(made.get("id"));
        assertThat(again.get("confidence").intValue()).isEqualTo(10);
        assertThat(again.get("version").intValue()).isEqualTo(2);
        var page = calls.tree("listIndicators", LIST, "", 200);
        assertThat(page.get("total").intValue()).isEqualTo(1);
        assertThat(calls.problem("putIndicator", LIST, "{\"value\":\"no thing\"}", 400))
                .isEqualTo("invalid-indicator");
        assertThat(calls.problem("putIndicator", LIST, "{\"type\":\"ip\",\"value\":\"0.0.0.0/0\"}", 400))
                .isEqualTo("invalid-indicator");
        var one = LIST + "/" + made.get("id").stringValue();
        assertThat(calls.problem("updateIndicator", one, "{\"revoked\":true,\"version\":1}", 409))
                .isEqualTo("changed-meanwhile");
        var revoked = calls.tree("updateIndicator", one, "{\"revoked\":true,\"version\":2}", 200);
        assertThat(revoked.get("state").stringValue()).isEqualTo("revoked");
        assertThat(revoked.get("confidence").intValue()).isEqualTo(10);
        calls.send("deleteIndicator", one, "", 204);
        calls.send("getIndicator", one, "", 404);
    }

    @Test
    void whatIsOnAWarningListIsKeptAndNotLookedFor() throws Exception {
        var calls = calls("warned");
        for (var value : new String[] {"10.1.2.3", "8.8.8.8", "google.com", "192.168.0.0/16"}) {
            var type = value.contains("/") ? ",\"type\":\"network\"" : "";
            var body = "{\"value\":\"" + value + "\"" + type;
            var made = calls.tree("putIndicator", LIST, body + "}", 201);
            assertThat(made.get("state").stringValue()).as(value).isEqualTo("warned");
            assertThat(made.get("warning").stringValue()).isNotBlank();
            var meant = calls.tree("putIndicator", LIST, body + ",\"despite_warning\":true}", 201);
            assertThat(meant.get("state").stringValue()).as(value).isEqualTo("active");
        }
        var around = calls.tree("putIndicator", LIST, "{\"value\":\"8.8.0.0/16\"}", 201);
        assertThat(around.get("state").stringValue())
                .as("a listed resolver is in it")
                .isEqualTo("warned");
        var below = calls.tree("putIndicator", LIST, "{\"value\":\"evil.google.com\"}", 201);
        assertThat(below.get("state").stringValue()).isEqualTo("active");
    }

    @Test
    void aFeedIsImportedAndItsFaultsAreTold() throws Exception {
        var calls = calls("importing");
        var text = "indicator,type,confidence,valid_until,description\\n203.0.113.9,ip,90,,C2\\n"
                + "evil.example,domain,40,2020-01-01,old\\nnonsense here,ip,1,,\\n";
        var body =
                "{\"format\":\"csv\",\"source\":\"feed\",\"tlp\":\"red\",\"valid_days\":30,\"text\":\"" + text + "\"";
        var dry = calls.tree("importIndicators", LIST + "/import", body + ",\"dry_run\":true}", 200);
        assertThat(dry.get("read").intValue()).isEqualTo(2);
        assertThat(dry.get("faults").get(0).stringValue()).startsWith("feed:4: ");
        assertThat(calls.tree("listIndicators", LIST, "", 200).get("total").intValue())
                .isZero();
        var done = calls.tree("importIndicators", LIST + "/import", body + "}", 200);
        assertThat(done.get("added").intValue()).isEqualTo(2);
        var again = calls.tree("importIndicators", LIST + "/import", body + "}", 200);
        assertThat(again.get("added").intValue()).isZero();
        assertThat(again.get("changed").intValue()).isEqualTo(2);
        var expired =
                calls.tree("listIndicators", LIST + "?state=expired", "", 200).get("indicators");
        assertThat(expired).hasSize(1);
        var active = calls.tree("listIndicators", LIST + "?state=active&q=C2", "", 200)
                .get("indicators");
        assertThat(active.get(0).get("value").stringValue()).isEqualTo("203.0.113.9");
        assertThat(active.get(0).get("confidence").intValue()).isEqualTo(90);
        assertThat(active.get(0).get("valid_until").isNull()).isFalse();
        assertThat(calls.problem(
                        "importIndicators",
                        LIST + "/import",
                        "{\"format\":\"list\",\"source\":\"feed\",\"text\":\"no thing\"}",
                        400))
                .isEqualTo("nothing-to-import");
    }

    @Test
    void servicesAreAskedAtOnceRememberedAndHeldToTheirBudgets() throws Exception {
        var calls = calls("asking");
        set(calls, "abuseipdb", 60, 3);
        set(calls, "greynoise", 60, 100);
        set(calls, "virustotal", 60, 100);
        var abuse = "/api/v2/check?maxAgeInDays=90&ipAddress=198.51.100.7";
        TestIntel.REPLIES.put(
                abuse, new Reply(200, "{\"data\":{\"ipAddress\":\"198.51.100.7\",\"abuseConfidenceScore\":90}}"));
        TestIntel.REPLIES.put("/v3/community/198.51.100.7", new Reply(500, "<html>"));
        calls.tree("putIndicator", LIST, "{\"value\":\"198.51.100.7\",\"confidence\":80,\"source\":\"cert\"}", 201);

        var first = ask(calls, "198.51.100.7");

        var result = first.get("result");
        // (0.9 × 0.6 + 0.8 × 0.8) / (0.6 + 0.8)
        assertThat(result.get("confidence").doubleValue()).isEqualTo(0.8429);
        assertThat(result.get("risk_level").stringValue()).isEqualTo("critical");
        assertThat(texts(result.get("sources_failed"))).containsExactly("greynoise");
        assertThat(texts(result.get("sources_queried")))
                .containsExactly("abuseipdb", "feed:indicators", "greynoise", "virustotal");
        assertThat(TestIntel.KEYS.get(abuse)).isEqualTo("key-of-abuseipdb");
        assertThat(first.get("cached").booleanValue()).isFalse();

        ask(calls, "198.51.100.7");
        assertThat(TestIntel.asked(abuse)).isEqualTo(1);
        assertThat(TestIntel.asked("/v3/community/198.51.100.7"))
                .as("what failed is not remembered")
                .isEqualTo(2);

        expire("asking");
        ask(calls, "198.51.100.7");
        assertThat(TestIntel.asked(abuse)).isEqualTo(2);

        // Two of three a day are used: of thirty at once, one more is asked.
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var many = new ArrayList<Callable<JsonNode>>();
            for (int i = 0; i < 30; i++) {
                int last = i;
                many.add(() -> ask(calls, "198.51.100." + (100 + last)));
            }
            threads.invokeAll(many);
        }
        int asked = 0;
        for (int i = 0; i < 30; i++) {
            asked += TestIntel.asked("/api/v2/check?maxAgeInDays=90&ipAddress=198.51.100." + (100 + i));
        }
        assertThat(asked).isEqualTo(1);
        var settings =
                calls.tree("listIntelSources", "/v1/intel-sources", "", 200).toString();
        assertThat(settings).contains("\"used_today\":3").doesNotContain("key-of-");
    }

    @Test
    void aServiceThatNeverAnswersIsNamedAndDoesNotHoldUpTheOthers() throws Exception {
        var calls = calls("slow");
        set(calls, "greynoise", 60, 100);
        set(calls, "abuseipdb", 60, 100);
        TestIntel.REPLIES.put("/v3/community/198.51.100.8", Reply.NEVER);
        TestIntel.REPLIES.put(
                "/api/v2/check?maxAgeInDays=90&ipAddress=198.51.100.8",
                new Reply(200, "{\"data\":{\"ipAddress\":\"198.51.100.8\",\"abuseConfidenceScore\":0}}"));
        long start = System.nanoTime();
        var result = ask(calls, "198.51.100.8").get("result");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        assertThat(texts(result.get("sources_failed"))).containsExactly("greynoise");
        assertThat(result.get("risk_level").stringValue()).isEqualTo("unknown");
    }

    @Test
    void aServiceNeedsAKeyAndAValueHasToBeOne() throws Exception {
        var calls = calls("keyless");
        assertThat(calls.problem(
                        "updateIntelSource",
                        "/v1/intel-sources/greynoise",
                        "{\"enabled\":true,\"per_minute\":1,\"per_day\":1}",
                        400))
                .isEqualTo("key-required");
        assertThat(calls.problem("getIntel", "/v1/intel/ip/999.1.1.1", "", 400)).isEqualTo("invalid-indicator");
        assertThat(calls.problem("getIntel", "/v1/intel/shoe/9", "", 400)).isEqualTo("invalid-indicator");
        var nothing =
                calls.tree("getIntel", "/v1/intel/domain/www.example", "", 200).get("result");
        assertThat(nothing.get("risk_level").stringValue()).isEqualTo("unknown");
        assertThat(nothing.get("sources_failed")).isEmpty();
    }

    /** An hour goes by. */
    private static void expire(String tenant) {
        node.database.inTenant(new TenantId(tenant), connection -> {
            try (var update = connection.prepareStatement("UPDATE intel_answers SET expires_at = asked_at")) {
                return update.executeUpdate();
            }
        });
    }

    private static void set(Calls calls, String source, int minute, int day) throws Exception {
        var body = "{\"enabled\":true,\"per_minute\":" + minute + ",\"per_day\":" + day + ",\"key\":\"key-of-" + source
                + "\"}";
        var set = calls.tree("updateIntelSource", "/v1/intel-sources/" + source, body, 200);
        assertThat(set.get("has_key").booleanValue()).isTrue();
    }

    private static JsonNode ask(Calls calls, String address) throws Exception {
        return calls.tree("getIntel", "/v1/intel/ip/" + address, "", 200);
    }

    private static ArrayList<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(one -> texts.add(one.stringValue()));
        return texts;
    }
}
