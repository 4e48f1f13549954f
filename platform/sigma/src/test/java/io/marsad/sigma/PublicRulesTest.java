package io.marsad.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The public rule set loads. */
class PublicRulesTest {
    /** Rules of the public set that ask for lists which only a tenant knows. */
    private static final int ASK_FOR_LISTS = 25;

    @Test
    void everyRuleThatAsksForNoListIsLoaded() throws Exception {
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
        assertThat(rules.rules()).hasSizeGreaterThanOrEqualTo(rules.files() - ASK_FOR_LISTS);
        assertThat(rules.refusals()).allMatch(r -> r.reason().contains("without them") && r.line() > 0);
    }

    @Test
    void everyRuleReadsWellWhenTheListsAreAssumed() throws Exception {
        var rules = RuleSet.load(
                List.of(SharedData.folder("sigma/rules-placeholder")), FieldResolver.UNMAPPED, Placeholders.ASSUMED);
        assertThat(rules.refusals()).isEmpty();
        assertThat(rules.rules())
                .hasSize(rules.files())
                .allMatch(rule -> !rule.missingLists().isEmpty());
    }

    @Test
    void oldRulesAreReadOrToldWhatToWriteInstead() throws Exception {
        var rules =
                RuleSet.load(List.of(SharedData.folder("sigma-legacy")), FieldResolver.UNMAPPED, Placeholders.ASSUMED);
        var refused = rules.refusals();
        System.out.println("PublicRulesTest legacy files " + rules.files() + " rules "
                + rules.rules().size() + " refused " + refused.size());
        assertThat(refused)
                .filteredOn(r -> r.reason().contains("correlation rule"))
                .hasSizeGreaterThanOrEqualTo(54);
        assertThat(refused)
                .allMatch(r -> r.line() > 0)
                .allMatch(r -> r.reason().contains("obsolete") || r.reason().contains("'write' is not one of"));
    }
}
