package io.marsad.respond.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.respond.action.ActionPolicy.Consent;
import io.marsad.respond.action.ActionPolicy.Maturity;
import io.marsad.respond.action.ActionPolicy.Request;
import io.marsad.respond.action.ActionPolicy.Trusted;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

class CatalogueTest {
    private static final Catalogue CATALOGUE = Catalogue.standard();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Test
    void whatCanBeTakenBackIsTakenBackByItsOpposite() {
        assertThat(CATALOGUE.all()).hasSizeGreaterThan(35).allSatisfy(action -> {
            var reverse = action.reverse();
            if (reverse != null) {
                var back = CATALOGUE.find(reverse).orElseThrow();
                assertThat(back.reverse()).isEqualTo(action.name());
                assertThat(action.parameters().keySet())
                        .containsAnyElementsOf(back.parameters().keySet());
                back.parameters().forEach((name, parameter) -> {
                    if (parameter.required()) {
                        assertThat(action.parameters()).containsKey(name);
                    }
                });
            }
        });
    }

    @Test
    void parametersAreChecked() {
        assertThat(CATALOGUE.faults(
                        "block_ip", Map.of("ip", NODES.stringNode("192.0.2.7"), "hours", NODES.numberNode(4))))
                .isEmpty();
        assertThat(CATALOGUE.faults("block_ip", Map.of("ip", NODES.stringNode("2001:db8::1"))))
                .isEmpty();
        assertThat(CATALOGUE.faults("block_ip", Map.of("ip", NODES.stringNode("evil.example"))))
                .containsExactly("'ip' of block_ip has to be an IP address or network");
        assertThat(CATALOGUE.faults("block_ip", Map.of("adress", NODES.stringNode("192.0.2.7"))))
                .containsExactly("block_ip has to be told 'ip'", "block_ip has no parameter 'adress'");
        assertThat(CATALOGUE.faults("block_ip", Map.of("ip", NODES.stringNode("__ip__:value"))))
                .isNotEmpty();
        assertThat(CATALOGUE.faults("nothing", Map.of())).containsExactly("there is no action 'nothing'");
    }

    /** Every level with every radius. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            look_up      | minimal  | AUTOMATIC  AUTOMATIC  AUTOMATIC  AUTOMATIC  AUTOMATIC
            notify       | minimal  | ONE_PERSON AUTOMATIC  AUTOMATIC  AUTOMATIC  AUTOMATIC
            run_av_scan  | low      | ONE_PERSON ONE_PERSON AUTOMATIC  AUTOMATIC  AUTOMATIC
            block_ip     | medium   | ONE_PERSON ONE_PERSON ONE_PERSON AUTOMATIC  AUTOMATIC
            isolate_host | high     | ONE_PERSON ONE_PERSON ONE_PERSON ONE_PERSON ONE_PERSON
            run_script   | critical | TWO_PEOPLE TWO_PEOPLE TWO_PEOPLE TWO_PEOPLE TWO_PEOPLE
            """)
    void levels(String name, String radius, String consents) {
        var action = CATALOGUE.find(name).orElseThrow();
        assertThat(action.radius()).hasToString(radius.toUpperCase(java.util.Locale.ROOT));
        var expected = consents.split(" +");
        for (var maturity : Maturity.values()) {
            var policy = new ActionPolicy(maturity, Set.of(), Set.of(), Set.of());
            assertThat(policy.decide(new Request(action, "ws-7", false, Consent.AUTOMATIC))
                            .consent())
                    .as(maturity + "")
                    .hasToString(expected[maturity.ordinal()]);
        }
    }

    @Test
    void onlyTrustedTargetsAreIsolatedWithoutAsking() {
        var isolate = CATALOGUE.find("isolate_host").orElseThrow();
        var policy = new ActionPolicy(Maturity.L4, Set.of(), Set.of(), Set.of(new Trusted("isolate_host", "ws-7")));
        assertThat(policy.decide(new Request(isolate, "ws-7", false, Consent.AUTOMATIC))
                        .consent())
                .isEqualTo(Consent.AUTOMATIC);
        assertThat(policy.decide(new Request(isolate, "ws-8", false, Consent.AUTOMATIC))
                        .consent())
                .isEqualTo(Consent.ONE_PERSON);
        var jewel = policy.decide(new Request(isolate, "ws-7", true, Consent.AUTOMATIC));
        assertThat(jewel.consent()).isEqualTo(Consent.TWO_PEOPLE);
        assertThat(jewel.reasons()).contains("the target is a crown jewel: radius critical");
        assertThat(policy.decide(new Request(isolate, "ws-7", false, Consent.TWO_PEOPLE))
                        .consent())
                .isEqualTo(Consent.TWO_PEOPLE);
        var strict = new ActionPolicy(
                Maturity.L4, Set.of("notify"), Set.of("isolate_host"), Set.of(new Trusted("isolate_host", "ws-7")));
        assertThat(strict.decide(new Request(isolate, "ws-7", false, Consent.AUTOMATIC))
                        .consent())
                .isEqualTo(Consent.NEVER);
        assertThat(strict.decide(new Request(CATALOGUE.find("notify").orElseThrow(), "soc", false, Consent.AUTOMATIC))
                        .consent())
                .isEqualTo(Consent.ONE_PERSON);
    }
}
