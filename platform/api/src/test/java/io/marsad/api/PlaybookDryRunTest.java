package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A dry run over HTTP asks what the platform knows itself, and nobody outside. */
class PlaybookDryRunTest {
    private static final String LOOK = "action--55555555-5555-4555-8555-555555555555";
    private static final String IF = "if-condition--66666666-6666-4666-8666-666666666666";
    private static final String ABUSE = "/api/v2/check?maxAgeInDays=90&ipAddress=198.51.100.77";

    private final String id = UUID.randomUUID().toString();

    /** Looks an address up, and isolates the host when it is malicious. */
    private String playbook() {
        return TestRespond.playbook(id, "Look, then isolate")
                .replace("playbook_variables:", """
                        playbook_variables:
                          __address__: {type: ipv4-addr, external: true}
                          __verdict__: {type: string}""")
                .replace("{type: start, on_completion: " + TestRespond.STEP + "}", """
                        {type: start, on_completion: %s}
                          %s:
                            type: action
                            name: Look it up
                            on_completion: %s
                            commands:
                            - {type: manual, command: 'Look __address__:value up.'}
                            agent: group--44444444-4444-4444-8444-444444444444
                            in_args: [__address__]
                            out_args: [__verdict__]
                            step_extensions:
                              extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960:
                                action: look_up
                                with: {type: ip, value: '__address__:value'}
                                outputs: {verdict: __verdict__}
                          %s:
                            type: if-condition
                            name: Is it malicious?
                            condition: "__verdict__:value = 'malicious'"
                            on_true: %s
                            on_completion: end--33333333-3333-4333-8333-333333333333\
                        """.formatted(
                                LOOK, LOOK, IF, IF, TestRespond.STEP));
    }

    @Test
    void whatThePlatformKnowsIsAskedAndDecidesTheWay() throws Exception {
        var node = TestNode.shared();
        var calls = new Calls(node, node.tenant("dry-reading").byToken());
        var service = "{\"enabled\":true,\"per_minute\":60,\"per_day\":100,\"key\":\"key-of-abuseipdb\"}";
        calls.tree("updateIntelSource", "/v1/intel-sources/abuseipdb", service, 200);
        calls.tree("createPlaybook", "/v1/playbooks", TestRespond.source(playbook()), 201);

        var unknown = look(calls);
        assertThat(unknown.get("status").stringValue()).isEqualTo("succeeded");
        assertThat(unknown.get("steps").toString()).doesNotContain("isolate_host");
        assertThat(unknown.get("outbound").intValue()).isZero();

        var listed = "{\"value\":\"198.51.100.77\",\"confidence\":95,\"source\":\"cert\"}";
        calls.tree("putIndicator", "/v1/indicators", listed, 201);
        var known = look(calls);
        var asked = step(known, LOOK);
        assertThat(asked.get("read").booleanValue()).isTrue();
        assertThat(asked.get("assumed").booleanValue()).isFalse();
        assertThat(asked.get("carried_by").stringValue()).isEqualTo("Marsad");
        assertThat(asked.get("would").stringValue()).contains("abuseipdb");
        assertThat(asked.get("values").get("__verdict__").stringValue()).isEqualTo("malicious");
        assertThat(step(known, TestRespond.STEP).get("read").booleanValue()).isFalse();
        assertThat(TestIntel.asked(ABUSE)).isZero();

        var assumed = calls.json(
                "dryRunPlaybook",
                "/v1/playbooks/" + id + "/dry-run",
                "{\"given\":{\"__address__\":\"198.51.100.77\"},\"assume\":{\"" + LOOK + "\":\"failed\"}}");
        assertThat(step(assumed, LOOK).get("assumed").booleanValue()).isTrue();
        assertThat(step(assumed, LOOK).get("read").booleanValue()).isFalse();
    }

    private JsonNode look(Calls calls) throws Exception {
        var given = "{\"given\":{\"__address__\":\"198.51.100.77\",\"__host__\":\"ws-7\"}}";
        return calls.json("dryRunPlaybook", "/v1/playbooks/" + id + "/dry-run", given);
    }

    private static JsonNode step(JsonNode run, String step) {
        for (var one : run.get("steps")) {
            if (one.get("step").stringValue().equals(step)) {
                return one;
            }
        }
        throw new AssertionError("no step " + step + " in " + run);
    }
}
