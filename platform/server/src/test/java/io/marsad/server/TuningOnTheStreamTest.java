package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.server.client.PlatformClient;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What is done about a rule changes what events do from then on; events come in at the door, alerts are read there. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TuningOnTheStreamTest extends RunningPlatform {
    private static final String TITLE = "Security log is cleared";

    private PlatformClient admin;

    TuningOnTheStreamTest() {
        super("tuning");
    }

    @BeforeEach
    void signIn() throws Exception {
        admin = clientOfAdmin("suppressions:write");
    }

    @AfterEach
    void signOut() {
        admin.close();
    }

    private String ruleId() throws Exception {
        for (JsonNode rule : client.get("/v1/rules?q=log%20cleared").body().path("rules")) {
            if (rule.path("title").asString().equals(TITLE)) {
                return rule.path("id").asString();
            }
        }
        throw new AssertionError("the rule is shipped");
    }

    private void stage(String rule, String stage) throws Exception {
        var path = "/v1/rules/" + rule + "/stage";
        int version = client.get(path).body().path("version").asInt();
        var answer = admin.put(path, Map.of("stage", stage, "reason", "a test", "version", version));
        assertThat(answer.status()).as(answer.problem()).isEqualTo(200);
    }

    private boolean raised(String host) throws Exception {
        for (JsonNode alert : client.get("/v1/alerts?limit=500").body().path("alerts")) {
            if (alert.path("title").asString().equals(TITLE)
                    && alert.path("entities").toString().contains(host)) {
                return true;
            }
        }
        return false;
    }

    private JsonNode shadowed(String rule, String host) throws IOException, InterruptedException {
        for (JsonNode firing :
                client.get("/v1/rules/" + rule + "/stage").body().path("shadow").path("newest")) {
            if (firing.path("entities").toString().contains(host)) {
                return firing;
            }
        }
        return JSON.nullNode();
    }

    @Test
    void aRuleInTheShadowIsWatchedAndMakesNoWork() throws Exception {
        var rule = ruleId();
        stage(rule, "shadow");
        var quiet = mark();
        clearLog(quiet, "carol");
        await("what it would have raised", () -> shadowed(rule, quiet).isObject());
        assertThat(raised(quiet)).isFalse();
        var would = shadowed(rule, quiet);
        assertThat(would.path("title").asString()).isEqualTo(TITLE);

        stage(rule, "active");
        var loud = mark();
        clearLog(loud, "carol");
        alert(TITLE, loud);
        assertThat(raised(quiet)).isFalse();
        assertThat(shadowed(rule, loud).isNull()).isTrue();

        // A hunt over the time in the shadow raises that very alert.
        var asked = Map.of(
                "rule_ids",
                List.of(rule),
                "raise",
                true,
                "from",
                Instant.now().minusSeconds(600).toString(),
                "to",
                Instant.now().plusSeconds(600).toString());
        var hunt = client.post("/v1/hunts", asked);
        assertThat(hunt.status()).as(hunt.problem()).isBetween(200, 299);
        assertThat(alert(TITLE, quiet)).isEqualTo(would.path("alert_id").asString());
    }

    @Test
    void aDisabledRuleIsNotHeard() throws Exception {
        var rule = ruleId();
        stage(rule, "disabled");
        var quiet = mark();
        clearLog(quiet, "carol");
        await(quiet, 1);
        awaitAllProcessed();
        assertThat(raised(quiet)).isFalse();
        assertThat(shadowed(rule, quiet).isNull()).isTrue();
        stage(rule, "active");
        var loud = mark();
        clearLog(loud, "carol");
        alert(TITLE, loud);
    }

    private String tune(String rule, String act) throws Exception {
        var body = Map.of("rule_id", rule, "act", act, "reason", "false again and again");
        var answer = admin.post("/v1/tuning/acts", body);
        assertThat(answer.status()).as(answer.problem()).isEqualTo(201);
        return answer.body().path("id").asString();
    }

    private void undo(String act) throws Exception {
        var answer = admin.post("/v1/tuning/acts/" + act + "/undo", Map.of());
        assertThat(answer.status()).as(answer.problem()).isEqualTo(200);
        assertThat(answer.body().path("undone_by").asString()).isNotEmpty();
    }

    /** The event is through, and nobody has work from it. */
    private void assertQuiet(String user) throws Exception {
        var host = mark();
        clearLog(host, user);
        await(host, 1);
        awaitAllProcessed();
        assertThat(raised(host)).isFalse();
    }

    private void assertLoud(String user) throws Exception {
        var host = mark();
        clearLog(host, user);
        alert(TITLE, host);
    }

    @Test
    void oneClickAndItsUndoingChangeTheStream() throws Exception {
        var rule = ruleId();
        var user = mark();
        var host = mark();
        clearLog(host, user);
        var wrong = alert(TITLE, host);
        var close = Map.of("to", "resolved", "verdict", "false_positive");
        assertThat(client.post("/v1/alerts/" + wrong + "/transition", close).status())
                .isEqualTo(200);

        var asked = Map.of("rule_id", rule, "act", "suppress");
        var preview = client.post("/v1/tuning/preview", asked).body();
        assertThat(preview.path("entity").asString()).isEqualTo(user);
        assertThat(preview.path("alerts").asInt()).isEqualTo(1);
        assertThat(preview.path("false_positives").asInt()).isEqualTo(1);
        assertThat(preview.path("true_positives").asInt()).isZero();

        var hidden = tune(rule, "suppress");
        assertQuiet(user);
        assertLoud(mark()); // somebody else
        undo(hidden);
        assertLoud(user);

        for (var kind : List.of("disable", "shadow")) {
            var act = tune(rule, kind);
            assertQuiet(user);
            undo(act);
            assertLoud(user);
        }
        assertThat(client.get("/v1/tuning/acts").body().path("acts")).hasSize(3);
        var first = admin.post("/v1/tuning/acts/" + hidden + "/undo", Map.of());
        assertThat(first.status()).isEqualTo(409);
        var act = tune(rule, "disable");
        stage(rule, "active"); // somebody changes it elsewhere
        assertThat(admin.post("/v1/tuning/acts/" + act + "/undo", Map.of()).status())
                .isEqualTo(409);
    }
}
