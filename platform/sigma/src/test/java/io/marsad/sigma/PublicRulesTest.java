package io.marsad.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The public rule set loads. */
class PublicRulesTest {
    @Test
    void nearlyAllCompile() throws Exception {
        long start = System.nanoTime();
        var rules = RuleSet.load(List.of(SharedData.folder("sigma")), FieldResolver.UNMAPPED);
        long loaded = System.nanoTime();
        var matcher = rules.compile();
        long compiled = System.nanoTime();
        System.out.printf(
                "PublicRulesTest files %d rules %d refused %d, load %d ms, compile %d ms%n",
                rules.files(),
                rules.rules().size(),
                rules.refusals().size(),
                (loaded - start) / 1_000_000,
                (compiled - loaded) / 1_000_000);
        assertThat(matcher.costs()).hasSize(rules.rules().size());
        assertThat(rules.rules().size()).isGreaterThanOrEqualTo((int) (rules.files() * 0.993));
        assertThat(rules.refusals()).allMatch(r -> r.reason().contains("placeholder") && r.line() > 0);
    }

    @Test
    void allReadWellWhenTheListsAreThere() throws Exception {
        var rules = RuleSet.load(
                List.of(SharedData.folder("sigma/rules-placeholder")), FieldResolver.UNMAPPED, Placeholders.ASSUMED);
        assertThat(rules.refusals()).allMatch(r -> r.reason().contains("is not a network"));
        assertThat(rules.rules().size()).isGreaterThanOrEqualTo(rules.files() - 3);
    }
}
