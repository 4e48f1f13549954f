package io.marsad.fleet.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Rules for a Falco are read before anybody signs them. */
class FalcoRulesCheckTest {
    private static final String RULE = """
            - rule: Shell of ours
              desc: somebody has a shell
              condition: spawned_process and proc.name in (our_shells)
              output: a shell (user=%user.name)
              priority: WARNING
              tags: [shell]
            """;

    private static ObjectNode falco(String rules) {
        return JsonNodeFactory.instance.objectNode().put("rules", rules);
    }

    private static List<String> faults(ObjectNode falco) {
        var faults = new ArrayList<Problem.Fault>();
        FalcoRulesCheck.check(falco, faults);
        return faults.stream().map(one -> one.where() + ": " + one.reason()).toList();
    }

    @Test
    void whatAFalcoTakesIsTaken() {
        assertThat(faults(falco("- required_engine_version: 0.40.0\n- list: our_shells\n  items: [zsh, fish]\n"
                        + "- macro: never\n  condition: (evt.num = 0)\n" + RULE
                        + "- rule: Terminal shell in container\n  enabled: false\n"
                        + "- rule: Another\n  condition: and not user.name = bob\n  override: {condition: append}\n")))
                .isEmpty();
        assertThat(faults(falco(""))).isEmpty();
        var switched = JsonNodeFactory.instance.objectNode();
        switched.putArray("disable").add("Terminal shell in container");
        assertThat(faults(switched)).isEmpty();
    }

    @Test
    void aFaultHasItsLineAndItsReason() {
        assertThat(faults(falco(RULE.replace("WARNING", "LOUD"))))
                .containsExactly(
                        "/collectors/falco/rules: line 5: 'LOUD' is no priority; there are alert, critical, debug,"
                                + " emergency, error, info, informational, notice, warning");
        assertThat(faults(falco(RULE.replace("  output", "  outptu"))).getFirst())
                .contains("line 4", "outptu");
        assertThat(faults(falco(RULE.replaceFirst("  desc.*\n", ""))).getFirst())
                .contains("line 1", "'desc' is missing");
        assertThat(faults(falco("rule: x\n")).getFirst()).contains("a list of rules");
        assertThat(faults(falco("- sigma: x\n")).getFirst()).contains("line 1", "it is none of");
        assertThat(faults(falco("- [\n")).getFirst()).startsWith("/collectors/falco/rules: ");
        assertThat(faults(falco("x".repeat(50_000))).getFirst()).contains("at most");
    }

    @Test
    void namesAreShortAndSome() {
        var names = JsonNodeFactory.instance.objectNode();
        names.putArray("enable").add("").add("x");
        assertThat(faults(names)).containsExactly("/collectors/falco/enable: at most 500 names of rules are expected");
        assertThat(faults(JsonNodeFactory.instance.objectNode().put("disable", "all")))
                .containsExactly("/collectors/falco/disable: at most 500 names of rules are expected");
    }
}
